"""text: a number as decimal text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.numbers import shortest
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Number, Text


@verb(returns="text", sentence="{number} as text")
def text(ctx: Context, number: Number) -> Text:
    """The shortest decimal text of a number, as --STRESC wants it.

        LBSTRESC: text(LBSTRESN)        # 12.0 gives "12", 0.5 gives "0.5"

    Never an exponent, never binary noise (0.8 * 88.42 gives "70.736"): at most 15 significant digits, which
    is what a double holds; whole numbers below 2**53 in full.  Missing stays missing.
    """
    return shortest(number)
