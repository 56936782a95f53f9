"""iso_date: a collected date, with or without a time, as ISO 8601 text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.dates_join import read_and_join
from cdisc_conv.language.dates_read import rules_for
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Consts, Dtc, Text


@verb(returns="dtc", drops=True, sentence="{date}{time: with } in ISO 8601 format, unknown parts left out")
def iso_date(
    ctx: Context,
    date: Text,
    time: Text | None = None,
    format: Consts | None = None,
    unknown: Consts | None = None,
) -> Dtc:
    """A collected date (and time) as ISO 8601 text, as precise as it was collected and no more.

        AESTDTC: iso_date(STARTDT, STARTTM)
        CMSTDTC: iso_date(CMDATE, format=["YYYY年M月D日", "YYYY/M/D"], unknown=["UN", "UK"])

    The formats are those declared for the form or the column in study.yaml, or `format`; `unknown` are words
    for an unknown part, in place of the declared ones.  `2021-03-UN` gives `2021-03`, an unknown month with a
    known day gives `2021---05`, a date of unknown words only is missing.  `time` is HH:MM, H:MM, HH:MM:SS or
    HHMM.

    Reported, and missing: a value in none of the formats (DATA010, DATA011), one that is two different dates
    under two of them (DATA012), no day of the calendar (DATA013), a year outside 1850-2100 or the policy
    `years` (DATA014), a time without a date (DATA016).  Reported, and the date kept without the time: no
    time of the day (DATA015; 24:00 is none), a time with a partial date (DATA017), two times that differ
    (DATA018).
    Missing stays missing.  No time zone is ever added.  Source: SDTMIG 3.4 section 4.4.
    """
    return read_and_join(ctx, date, time, rules_for(ctx, date, format, unknown))
