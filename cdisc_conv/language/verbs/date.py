"""date: the calendar day of ISO 8601 text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.dates import as_dates, moments
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Date, Dtc


@verb(returns="date", drops=True, sentence="Date part of {dtc}, where complete")
def date(ctx: Context, dtc: Dtc) -> Date:
    """The calendar day of ISO 8601 text, for the numeric dates of ADaM.

        TRTSDT: date(DM.RFXSTDTC)

    The time falls away.  A partial date gives missing: see impute_date().  Missing stays missing.
    """
    found = moments(ctx, dtc)
    return as_dates(found.first, found.complete, ctx.index)
