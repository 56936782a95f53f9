"""after: whether one date is after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.dates import before as is_before
from cdisc_conv.language.dates import compare
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Const, Flag


@verb(
    returns="flag",
    sentence="{a} is after {b} (by day unless both have times{partial:; if open })",
)
def after(ctx: Context, a: Column, b: Column, partial: Const = None) -> Flag:
    """Whether `a` is after `b`; each is ISO 8601 text, whole or partial, or a date.

        FUPFL: when(after(AESTDTC, DM.RFXENDTC), "Y")

    False where one of them is missing.  Two dates with times compare by the smaller precision of the times,
    all others by day.  A partial date is the span of its days: 2021-03 is before 2021-04-02, but may be on
    either side of 2021-03-12; such open cases count as `partial` ("true" or "false"; else the policy
    `partial_dates`, else "false") and are noted (DATA020).
    """
    return compare(ctx, is_before, b, a, partial)
