"""iso_parts: a date collected as year, month and day in columns of their own, as ISO 8601 text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.dates_join import join_parts
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Dtc, Text


@verb(
    returns="dtc",
    drops=True,
    sentence="{year}{month:, }{day:, }{time: with } in ISO 8601 format, unknown parts left out",
)
def iso_parts(
    ctx: Context,
    year: Column,
    month: Column | None = None,
    day: Column | None = None,
    time: Text | None = None,
) -> Dtc:
    """A date in several columns as ISO 8601 text.

        MHSTDTC: iso_parts(STARTYY, STARTMM, STARTDD)

    Each part is a number, text of one, or a word for unknown; a month may be an English name.  A missing part
    is an unknown one.  Findings and times are as in iso_date(); the date in a finding reads year/month/day.
    """
    return join_parts(ctx, year, month, day, time)
