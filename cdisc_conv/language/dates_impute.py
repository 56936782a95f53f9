"""Days for partial dates: the rules of impute_date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cdisc_conv.language.dates import Moments, refuse
from cdisc_conv.language.dates_iso import DAY, MONTH, YEAR, day_number, month_length

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.dates_iso import Bools, Ints

_LAST = 31


@dataclass(frozen=True, slots=True)
class MonthRule:
    """The month taken for an unknown one, and the day that goes with it (None: by the rule for days)."""

    month: int
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Spans:
    """For each row the days that the known parts leave open; a date without a year leaves all of them."""

    first: Ints
    last: Ints
    known: Bools  # a day can be given
    open: Bools  # and it must be imputed
    filled: Bools  # the stand-in `fill` takes the place of a date without a year
    fill: Ints

    def holds(self, limit: Moments, day: Ints) -> Bools:
        """Where the limit is one of the open days."""
        return self.open & limit.known & (self.first <= day) & (day <= self.last)


def spans(found: Moments, stand_in: Moments | None) -> Spans:
    """The open days of each date; a date without a year needs a stand-in."""
    has_year = found.known & (found.precision >= YEAR)
    none = np.zeros(len(has_year), dtype=np.int64)
    filled = ~has_year & stand_in.complete if stand_in else np.zeros(len(has_year), dtype=bool)
    known = has_year | filled
    return Spans(
        np.where(filled, np.iinfo(np.int64).min, found.first),
        np.where(filled, np.iinfo(np.int64).max, found.last),
        known,
        known & ~found.complete,
        filled,
        stand_in.first if stand_in else none,
    )


def day_rule(ctx: Context, day: Any) -> int:
    """The day of the month for "first", "last", "mid" or a number 1-31."""
    number = {"first": 1, "mid": 15, "last": _LAST}.get(str(day)) or _whole(day)
    if number is None or not 1 <= number <= 31:
        refuse(ctx, "day", day, 'one of "first", "mid", "last" or a day of the month')
    return number


def month_rule(ctx: Context, month: Any, day: Any) -> MonthRule:
    """The month for an unknown one: as given, else going with the rule for days."""
    if month is None:
        return {"mid": MonthRule(7, 1), "last": MonthRule(12)}.get(str(day), MonthRule(1))
    number = {"first": 1, "mid": 7, "last": 12}.get(str(month)) or _whole(month)
    if number is None or not 1 <= number <= 12:
        refuse(ctx, "month", month, 'one of "first", "mid", "last" or a month 1 to 12')
    return MonthRule(number)


def _whole(value: Any) -> int | None:
    return int(value) if str(value).isdigit() else None


def imputed_days(found: Moments, day: int, month: MonthRule) -> Ints:
    """Days since 1970-01-01, unknown months and days by rule; a year is made up where there is none."""
    year = np.where(found.parts[:, YEAR] < 0, 2000, found.parts[:, YEAR])
    no_month = found.parts[:, MONTH] < 0
    months = np.where(no_month, month.month, found.parts[:, MONTH])
    by_rule = np.where(no_month & (month.day is not None), month.day or 1, day)
    wanted = np.where(found.parts[:, DAY] < 0, by_rule, found.parts[:, DAY])
    return day_number(year, months, np.minimum(wanted, month_length(year, months)))
