"""latest_of: the latest of several dates of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.dates_pick import pick
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column


@verb(returns="same", sentence="Latest of {dates}")
def latest_of(ctx: Context, *dates: Column) -> Column:
    """The latest of several dates of the same row, each ISO 8601 text or a date.

        RFPENDTC: latest_of(EOSDTC, LASTDTC, DTHDTC)

    Missing ones are passed over; missing only where all are.  Dates of different precision compare by what
    they share; where that is equal the more precise one is taken.
    """
    return pick(ctx, dates, latest=True)
