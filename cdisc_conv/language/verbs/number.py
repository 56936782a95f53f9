"""number: the number that a text stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.codes import data
from cdisc_conv.language.arguments import one_of
from cdisc_conv.language.numbers import read_decimals
from cdisc_conv.language.signs import plain_number, split_sign
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Const, Number, Text

GROUPED = r"^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?$"


@verb(
    returns="number",
    sentence="{text} as a number{comma: with the comma for }",
    drops=True,
)
def number(ctx: Context, text: Text, comma: Const = "", qualifier: Const = "error") -> Number:
    """The number that a decimal text stands for.

        LBSTRESN: number(RESULT)                        # "12.50" gives 12.5, "1.2e3" gives 1200
        EXDOSE:   number(DOSE, comma="thousands")       # "1,200" gives 1200
        AVAL:     number(RESULT, qualifier="drop")      # "<0.5" gives missing

    Full-width digits are digits.  A comma is a slip unless `comma` says that it parts thousands
    ("thousands") or decimals ("decimal").  For a number with a sign (`<0.5`, `>800`, `≤3`) `qualifier` says
    what to do: "error" is a finding and gives missing, "drop" gives missing, "strip" gives the number.
    Any other text (`3..5`, `ND`, one beyond the range of a double) is a finding and gives missing.
    Missing stays missing.
    """
    one_of(ctx, "number", "comma", comma, ("", "thousands", "decimal"))
    one_of(ctx, "number", "qualifier", qualifier, ("error", "drop", "strip"))
    sign, rest = split_sign(plain_number(text))
    found = read_decimals(_points(rest, comma))
    signed = sign.notna() & found.notna()
    ctx.report(data.DATA049, text.notna() & found.isna(), text)
    if qualifier == "error":
        ctx.report(data.DATA050, signed, text)
    return found if qualifier == "strip" else found.where(~signed)


def _points(text: Text, comma: str) -> Text:
    """The text with its comma read as told; one that is not so placed stays, and is then no number."""
    if comma == "decimal":
        return text.where(
            text.str.contains(".", regex=False, na=False), text.str.replace(",", ".", regex=False)
        )
    if comma == "thousands":
        grouped = text.str.contains(GROUPED, na=False)
        return text.where(~grouped, text.str.replace(",", "", regex=False))
    return text
