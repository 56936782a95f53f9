"""round: a number rounded half away from zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.arguments import whole
from cdisc_conv.language.numbers import round_half_away
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Const, Number


@verb(returns="number", sentence="{number} rounded to {digits} decimals")
def round_(ctx: Context, number: Number, digits: Const = 0) -> Number:
    """The number rounded to `digits` decimals, half away from zero, as one does on paper and as SAS does.

        EXDOSE: round(ACTUAL / WEIGHT, 3)       # 2.675 to 2 decimals gives 2.68, -0.5 to none gives -1

    What looks like a tie in decimals is one, though its double is a little less (2.675): right for every
    decimal of up to 14 significant digits.  `digits` below 0 rounds to tens, hundreds, ….
    Missing stays missing.
    """
    whole(ctx, "round", "digits", digits, -15, 15)
    return round_half_away(number, digits)
