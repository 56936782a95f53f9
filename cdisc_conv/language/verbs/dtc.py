"""dtc: a date as ISO 8601 text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.dates import as_iso
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Date, Dtc


@verb(returns="dtc", sentence="{date} as ISO 8601 text")
def dtc(ctx: Context, date: Date) -> Dtc:
    """A date as ISO 8601 text `YYYY-MM-DD`.

        RFPENDTC: dtc(latest_of(date(EOSDTC), date(LASTDTC)))

    Missing stays missing.
    """
    return as_iso(date)
