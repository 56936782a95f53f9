"""decode: the decoded value of a codelist's term."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.codes import data
from cdisc_conv.language.codelists import terms_of
from cdisc_conv.language.texts import distinct
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Const, Text


@verb(returns="text", sentence="decoded value of {value}", drops=True)
def decode(ctx: Context, value: Text, codelist: Const = "") -> Text:
    """The decoded value of a term, as a codelist of the spec has it.

        ARM:    decode(ARMCD, "ARMCD")          # "PBO" gives "Placebo"
        VSTEST: decode(VSTESTCD, "VSTESTCD")

    Without `codelist` that of the variable being derived.  A value that is no term of it, or a term without
    decoded value, is a finding and gives missing.  Missing stays missing.
    """
    terms = terms_of(ctx, "decode", str(codelist))
    found = distinct(value, terms.decode)
    ctx.report(data.DATA048, value.notna() & found.isna(), value, codelist=terms.name)
    return found
