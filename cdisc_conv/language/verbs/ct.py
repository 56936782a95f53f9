"""ct: a raw value as a term of a codelist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cdisc_conv.codes import data
from cdisc_conv.language.arguments import one_of
from cdisc_conv.language.codelists import terms_of
from cdisc_conv.language.texts import distinct
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Const, Text

UNMAPPED = {"error": data.DATA002, "keep": data.DATA045, "null": data.DATA046}


@verb(returns="text", sentence="{value} as a term of its codelist", drops=True)
def ct(ctx: Context, value: Text, codelist: Const = "", unmapped: Const = "") -> Text:
    """The submission value of a codelist for a raw value.

        AESER: ct(SERIOUS)                      # the spec knows the variable's codelist
        SEX:   ct(GENDER, "SEX", unmapped="keep")

    A raw value (trimmed) is taken as a term of the codelist; else from the study's code map (any case);
    else as a term in any case; else the same with full-width characters made plain (NFKC).  For one that
    is none of these `unmapped` decides, or else the policy `unmapped_codes` of study.yaml, or else "error":
    "error" is a finding and gives missing, "keep" a warning and keeps the trimmed value, "null" a note and
    gives missing.  A code map entry that is no term of a non-extensible codelist is a finding; its value is
    kept.  Missing stays missing.
    """
    policy = unmapped or ctx.policies.get("unmapped_codes", "error")
    one_of(ctx, "ct", "unmapped", policy, tuple(UNMAPPED))
    terms = terms_of(ctx, "ct", str(codelist))
    found = distinct(value, terms.find)
    lost = value.notna() & found.isna()
    ctx.report(UNMAPPED[policy], lost, value, codelist=terms.name)
    wrong = found.isin([v for v in pd.unique(found.dropna()) if terms.refuses(v)])
    ctx.report(data.DATA047, wrong, value, codelist=terms.name)
    return found.where(~lost, value.str.strip()) if policy == "keep" else found
