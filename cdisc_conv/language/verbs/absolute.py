"""absolute: a number without its sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Number


@verb(returns="number", sentence="absolute value of {number}")
def absolute(ctx: Context, number: Number) -> Number:
    """The number without its sign.

        AWTDIFF: absolute(ADY - AWTARGET)

    Missing stays missing.
    """
    return number.abs()
