"""standard_result: a laboratory's result in standard format and unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cdisc_conv.codes import data
from cdisc_conv.language.results import standard
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Number, Text


@verb(
    returns="text",
    sentence="{result} in standard format{factor:, times }{digits:, rounded to significant digits: }",
    drops=True,
)
def standard_result(
    ctx: Context, result: Text, factor: Number | None = None, digits: Number | None = None
) -> Text:
    """A numeric result, one with a sign, a span or a titre as --STRESC shows it, converted if asked.

        LBSTRESC: standard_result(LBORRES, factor, digits)

        "12.0 *"      "12"          a laboratory's mark (`*`, H, L, arrows) falls away
        "≤0.5"        "<=0.5"       signs stay; with factor 10 it is "<=5"
        "0-2/HP"      "0-2"         so does a span; "/HP" and "/LP" are its unit
        "1：320"      "1:320"       a titre has no unit and is never converted
        "0.8"         "70.7"        factor 88.42, digits 3

    A number times a factor other than 1 is rounded to `digits` significant digits, half away from zero;
    without digits to the 15 that a double holds.  Other text is a finding (DATA057) and gives missing: look
    words such as "negative" up in a table first.  A missing result or factor gives missing.
    """
    one, none = pd.Series(1.0, index=ctx.index), pd.Series(float("nan"), index=ctx.index)
    made = standard(result, one if factor is None else factor, none if digits is None else digits)
    there = result.notna() if factor is None else result.notna() & factor.notna()
    ctx.report(data.DATA057, there & made.isna(), result)
    return made
