"""Records of another table in time: in force from a first to a last day, or dated with one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cdisc_conv.codes.data import DATA020
from cdisc_conv.language.arguments import refused
from cdisc_conv.language.dates import moments, moments_of
from cdisc_conv.language.matching import table_of
from cdisc_conv.language.ordering import group_numbers

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context, Foreign
    from cdisc_conv.language.dates import Moments
    from cdisc_conv.language.dates_iso import Bools, Ints
    from cdisc_conv.language.verb import Column

EVER = np.int64(10_000_000)
"""More days than any two dates are apart: subject and day as one number to search by."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """Subjects of both sides as numbers; -1 where one of our rows has none."""

    theirs: Ints
    ours: Ints


def subjects_of(ctx: Context, verb: str, *rows: Foreign | None) -> Subjects:
    """Both sides' subjects; refused for a table without subjects, or for columns of several tables."""
    given = [r for r in rows if r is not None]
    tables = sorted({table_of(r) for r in given})
    if len(tables) > 1:
        raise refused(ctx, verb, f"looks into one table at a time, not into {' and '.join(tables)}")
    subject = given[0].subject
    if subject is None or ctx.subject is None:
        raise refused(ctx, verb, f"looks into {tables[0]}: both sides must know subjects")
    both = pd.concat([subject, ctx.subject], ignore_index=True)
    numbers = np.where(both.notna(), group_numbers([both], len(both)), -1)
    return Subjects(numbers[: len(subject)], numbers[len(subject) :])


def taken(where: Foreign | None, size: int) -> Bools:
    """The rows for which a condition over the other table holds; all without one."""
    return np.ones(size, dtype=bool) if where is None else where.values.to_numpy(dtype=bool)


@dataclass(frozen=True, slots=True)
class Dated:
    """Rows of another table by subject and day: `rows` are their positions, `keys` what to search in."""

    rows: Ints
    keys: Ints
    subjects: Subjects

    def until(self, day: Ints, known: Bools, *, included: bool) -> Ints:
        """For each of our rows how many of the sorted rows lie on or before (or before) its day.

        Rows of earlier subjects count as well: only differences and the row before mean something.
        """
        ours = self.subjects.ours * EVER + np.where(known, day, 0)
        return np.searchsorted(self.keys, ours, side="right" if included else "left")

    def begins(self) -> Ints:
        """For each of our rows where its subject's rows begin."""
        return np.searchsorted(self.keys, self.subjects.ours * EVER - EVER // 2)


def dated(subjects: Subjects, day: Moments, keep: Bools) -> Dated:
    """Rows with a day, in order of subject, day and time; a partial date counts as its last possible day."""
    rows = np.flatnonzero(keep & day.known & (subjects.theirs >= 0))
    last = day.last[rows]
    order = np.lexsort((day.rank(unknown_last=True)[rows], last, subjects.theirs[rows]))
    rows = rows[order]
    return Dated(rows, subjects.theirs[rows] * EVER + day.last[rows], subjects)


def within(
    ctx: Context, subjects: Subjects, date: Foreign, keep: Bools, after: Column, until: Column
) -> tuple[Ints, Ints]:
    """Pairs of one of our rows and a row of its subject dated after one and until another of its dates.

    A partial date counts where all of its possible days lie between; where only some of them do, it does
    not count and is noted.
    """
    day = moments_of(ctx, date)
    found = dated(subjects, day, keep)
    low, high = moments(ctx, after), moments(ctx, until)
    both = low.complete & high.complete & (subjects.ours >= 0)
    first = found.until(low.first, both, included=True)
    last = np.maximum(found.until(high.first, both, included=True), first)
    which, at = spread(first, np.where(both, last, first))
    rows = found.rows[at]
    sure = day.first[rows] > low.first[which]
    _note_open(ctx, subjects, day.where(keep), low.where(both), high)
    return which[sure], rows[sure]


def _note_open(ctx: Context, subjects: Subjects, day: Moments, low: Moments, high: Moments) -> None:
    """A note for each of our rows between whose dates a partial date may lie, or may not."""
    partial = np.flatnonzero(day.known & (day.first < day.last) & (subjects.theirs >= 0))
    partial = partial[np.argsort(subjects.theirs[partial], kind="stable")]
    asked = np.flatnonzero(low.known)
    ours, theirs = subjects.ours[asked], subjects.theirs[partial]
    which, at = spread(np.searchsorted(theirs, ours), np.searchsorted(theirs, ours, side="right"))
    mine, first, last = asked[which], day.first[partial][at], day.last[partial][at]
    may = (last > low.first[mine]) & (first <= high.first[mine])
    must = (first > low.first[mine]) & (last <= high.first[mine])
    is_open = np.bincount(mine[may & ~must], minlength=len(ctx.index)) > 0
    ctx.report(DATA020, pd.Series(is_open, index=ctx.index), counts="false")


def spread(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Slices as pairs: the number of the slice and each place in it."""
    count = last - first
    which = np.repeat(np.arange(len(first)), count)
    begin = np.repeat(first - np.append(0, np.cumsum(count)[:-1]) if len(first) else first, count)
    return which, begin + np.arange(len(which))


@dataclass(frozen=True, slots=True)
class Amounts:
    """Pairs of one of our rows and a record of its subject, with the record's amount and days."""

    row: Ints
    amount: Any
    first: Ints
    last: Ints
    size: int

    def total(self, weight: Any) -> Any:
        """The amounts times their weights added up for each of our rows.

        Missing for a row without any pair of a weight above 0, and where one such amount is not known.
        """
        used = weight > 0
        row, amount = self.row[used], self.amount[used] * weight[used]
        sums = np.bincount(row, weights=amount, minlength=self.size)
        return np.where(np.bincount(row, minlength=self.size) > 0, sums, np.nan)


def amounts(
    ctx: Context,
    verb: str,
    dose: Foreign,
    start: Foreign,
    end: Foreign,
    drug: Foreign | None,
    where: Foreign | None,
) -> Amounts:
    """Each of our rows with every record of its subject that has taken part.

    A partial start counts as its first possible day, a partial end as its last; without a start a record
    was always in force, without an end it stays so; with `drug` until the next record of that drug starts.
    """
    subjects = subjects_of(ctx, verb, dose, start, end, drug, where)
    begin, finish = moments_of(ctx, start), moments_of(ctx, end)
    keep = np.flatnonzero(taken(where, len(dose.values)) & (subjects.theirs >= 0))
    keep = keep[np.argsort(subjects.theirs[keep], kind="stable")]
    first = np.where(begin.known, begin.first, -EVER // 3)[keep]
    last = np.where(finish.known, finish.last, EVER // 3)[keep]
    who = subjects.theirs[keep]
    if drug is not None:
        group = group_numbers([pd.Series(who), drug.values.take(keep)], len(keep))
        last = np.where(finish.known[keep], last, np.minimum(last, _next_start(group, first) - 1))
    low, high = (np.searchsorted(who, subjects.ours, side=s) for s in ("left", "right"))
    row, at = spread(low, np.where(subjects.ours >= 0, high, low))
    values = dose.values.to_numpy(dtype="float64", na_value=np.nan)[keep]
    return Amounts(row, values[at], first[at], last[at], len(ctx.index))


def _next_start(group: Ints, first: Ints) -> Ints:
    """For each record the first day of the next later start in its group, far away where there is none."""
    keys = group * EVER + first
    ordered = np.sort(keys)
    at = np.searchsorted(ordered, keys, side="right")
    later = np.append(ordered, EVER * (len(keys) + 2))[at]
    same = later - group * EVER < EVER // 2
    return np.where(same, later - group * EVER, EVER // 3 + 1)
