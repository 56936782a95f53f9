"""What a column of dates means: ISO 8601 text, whole or partial, or calendar days, and how two compare.

A date of less than a day is a span of days (2021-03 is 1 to 31 March).  Two dates with times compare by the
smaller precision of the two times, all others by day; of two spans that overlap the answer is open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pandas as pd

from cdisc_conv.codes.data import DATA019, DATA020, DATA029
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Place
from cdisc_conv.language.dates_iso import (
    DAY,
    HOUR,
    MINUTE,
    MONTH,
    SECOND,
    YEAR,
    day_number,
    iso_parts,
    month_length,
)

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context, Foreign
    from cdisc_conv.language.dates_iso import Bools, Ints

DAY_SECONDS = 86400
_UNITS = np.array([DAY_SECONDS, DAY_SECONDS, DAY_SECONDS, 3600, 60, 1], dtype=np.int64)
_FAR_PAST, _FAR_FUTURE = np.datetime64("0001-01-01"), np.datetime64("9999-12-31")


@dataclass(frozen=True, slots=True)
class Moments:
    """Dates taken apart: `parts` is rows x 6 (year to second), -1 where unknown; `known` is not missing.

    `first` and `last` bound the span of days (days since 1970-01-01); `precision` is the finest part of an
    unbroken run from the year (YEAR to SECOND), -1 without a year.
    """

    parts: Ints
    known: Bools
    first: Ints
    last: Ints
    precision: Ints

    def take(self, rows: Any) -> Moments:
        """The same for other rows, by position."""
        return Moments(
            self.parts[rows], self.known[rows], self.first[rows], self.last[rows], self.precision[rows]
        )

    def where(self, mask: Bools) -> Moments:
        """The same, missing where `mask` is False."""
        return Moments(self.parts, self.known & mask, self.first, self.last, self.precision)

    @property
    def complete(self) -> Bools:
        """Where at least the day is known."""
        return self.known & (self.precision >= DAY)

    @property
    def timed(self) -> Bools:
        """Where there is a time of at least the hour."""
        return self.known & (self.precision >= HOUR)

    def rank(self, *, unknown_last: bool) -> Ints:
        """One number a row to sort by; an unknown part sorts behind (or else before) all known ones."""
        key = np.zeros(len(self.known), dtype=np.int64)
        for column, size in zip(range(6), (10000, 100, 100, 100, 100, 100), strict=True):
            part = self.parts[:, column]
            key = key * size + np.where(part < 0, size - 1 if unknown_last else 0, part + (column > DAY))
        return key


def moments(ctx: Context, column: pd.Series[Any]) -> Moments:
    """Take a column of ISO 8601 text or of dates apart; text that is no ISO 8601 is reported and missing."""
    found, bad = take_apart(column)
    if bad.any():
        ctx.report(DATA019, pd.Series(bad, index=column.index), column)
    return found


def moments_of(ctx: Context, rows: Foreign) -> Moments:
    """The same for a column of another table; text that is no ISO 8601 there stops the run."""
    found, bad = take_apart(rows.values)
    if bad.any():
        place = Place(dataset=ctx.dataset, variable=ctx.variable)
        raise CannotRun(DATA019.at(place, hint=f"{rows.name} must be ISO 8601: make it so with iso_date()"))
    return found


def take_apart(column: pd.Series[Any]) -> tuple[Moments, Bools]:
    """As `moments`, without a report: the second is True where a value was no ISO 8601."""
    if column.dtype.kind == "M":
        return _of_days(column), np.zeros(len(column), dtype=bool)
    codes, uniques = pd.factorize(column)
    parts, good = iso_parts([*uniques.astype("str").to_numpy(dtype=object), ""])
    bad = ~good
    bad[-1] = False
    return _moments(parts, good).take(codes), bad[codes]


def _of_days(column: pd.Series[Any]) -> Moments:
    days = column.to_numpy().astype("datetime64[D]")
    known = ~np.isnat(days)
    number = np.where(known, days, np.datetime64(0, "D")).astype(np.int64)
    filled = np.where(known, days, np.datetime64(0, "D"))
    month = filled.astype("datetime64[M]").astype(np.int64)
    parts = np.full((len(column), 6), -1, dtype=np.int64)
    parts[:, YEAR] = np.where(known, month // 12 + 1970, -1)
    parts[:, MONTH] = np.where(known, month % 12 + 1, -1)
    parts[:, DAY] = np.where(known, (filled - filled.astype("datetime64[M]")).astype(np.int64) + 1, -1)
    return Moments(parts, known, number, number, np.where(known, DAY, -1))


def _moments(parts: Ints, known: Bools) -> Moments:
    precision = np.cumprod(parts >= 0, axis=1).sum(axis=1) - 1
    return Moments(parts, known, _bound(parts, last=False), _bound(parts, last=True), precision)


def _bound(parts: Ints, *, last: bool) -> Ints:
    """The first or last day that the known parts leave open, in days since 1970-01-01."""
    no_year = parts[:, YEAR] < 0
    month = np.where(parts[:, MONTH] < 0, 12 if last else 1, parts[:, MONTH])
    start = day_number(np.where(no_year, 2000, parts[:, YEAR]), month, np.ones(len(parts), dtype=np.int64))
    length = month_length(np.where(no_year, 2000, parts[:, YEAR]), month)
    day = np.where(parts[:, DAY] < 0, length if last else 1, np.minimum(parts[:, DAY], length))
    open_end = (_FAR_FUTURE if last else _FAR_PAST).astype("datetime64[D]").astype(np.int64)
    return np.where(no_year, open_end, start + day - 1)


def seconds(m: Moments, days: Ints) -> Ints:
    """Seconds since 1970 of `days` (first or last of `m`) with the known part of the time."""
    hour, minute, second = (np.maximum(m.parts[:, p], 0) for p in (HOUR, MINUTE, SECOND))
    timed = hour * 3600 + minute * 60 + second
    return days * DAY_SECONDS + np.where(m.precision >= HOUR, timed, 0)


Decided = tuple["Bools", "Bools"]
"""Where the answer is surely yes, and where it may be yes."""


def not_before(a: Moments, b: Moments) -> Decided:
    """Whether a is on or after b; both answers are False where one of them is missing."""
    unit = _UNITS[np.maximum(np.minimum(a.precision, b.precision), 0)]
    both = a.known & b.known
    a_first, a_last = (seconds(a, d) // unit for d in (a.first, a.last))
    b_first, b_last = (seconds(b, d) // unit for d in (b.first, b.last))
    return both & (a_first >= b_last), both & (a_last >= b_first)


def before(a: Moments, b: Moments) -> Decided:
    """Whether a is before b; both answers are False where one of them is missing."""
    surely_not, maybe_not = not_before(a, b)
    both = a.known & b.known
    return both & ~maybe_not, both & ~surely_not


def compare(
    ctx: Context,
    test: Callable[[Moments, Moments], Decided],
    left: pd.Series[Any],
    right: pd.Series[Any],
    partial: Any,
) -> pd.Series[Any]:
    """A flag for `test(left, right)`; where a partial date leaves it open the policy decides, with a note."""
    counts = choice(ctx, "partial", partial or ctx.policies.get("partial_dates", "false"), ("true", "false"))
    surely, maybe = test(moments(ctx, left), moments(ctx, right))
    is_open = pd.Series(maybe & ~surely, index=ctx.index)
    if is_open.any():
        ctx.report(DATA020, is_open, counts=counts)
    return pd.Series(maybe if counts == "true" else surely, index=ctx.index)


def choice(ctx: Context, name: str, value: Any, allowed: tuple[str, ...]) -> str:
    """A literal argument that must be one of a few words; `CannotRun` when it is not."""
    if value not in allowed:
        refuse(ctx, name, value, "one of " + ", ".join(allowed))
    return str(value)


def refuse(ctx: Context, name: str, value: Any, reason: str) -> NoReturn:
    """Stop because a literal argument of the mapping cannot be meant."""
    place = Place(dataset=ctx.dataset, variable=ctx.variable)
    raise CannotRun(DATA029.at(place, argument=name, value=repr(value), reason=reason))


def as_dates(days: Ints, known: Bools, index: pd.Index[Any]) -> pd.Series[Any]:
    """Days since 1970-01-01 as a date column, missing where not known."""
    values = np.where(known, days, 0).astype("datetime64[D]").astype("datetime64[s]")
    values[~known] = np.datetime64("NaT", "s")
    return pd.Series(values, index=index)


def as_iso(column: pd.Series[Any]) -> pd.Series[Any]:
    """A date column as ISO 8601 text `YYYY-MM-DD`; text stays as it is."""
    if column.dtype.kind != "M":
        return column
    days = column.to_numpy().astype("datetime64[D]")
    codes, uniques = pd.factorize(days)
    texts = pd.array([*np.datetime_as_string(uniques).tolist(), None], dtype="str")
    return pd.Series(texts.take(codes), index=column.index)
