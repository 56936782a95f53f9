"""on_or_before: whether one date is on or before another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.dates import compare, not_before
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Const, Flag


@verb(
    returns="flag",
    sentence="{a} is on or before {b} (by day unless both have times{partial:; if open })",
)
def on_or_before(ctx: Context, a: Column, b: Column, partial: Const = None) -> Flag:
    """Whether `a` is on or before `b`; each is ISO 8601 text, whole or partial, or a date.

        ONTRT: when(on_or_before(CMSTDTC, DM.RFXENDTC), "Y")

    False where one of them is missing.  Two dates with times compare by the smaller precision of the times,
    all others by day.  A partial date is the span of its days: 2021-03 is before 2021-04-02, but may be on
    either side of 2021-03-12; such open cases count as `partial` ("true" or "false"; else the policy
    `partial_dates`, else "false") and are noted (DATA020).
    """
    return compare(ctx, not_before, b, a, partial)
