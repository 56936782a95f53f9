"""The values of paired rows, a variable at a time: which differ, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cdisc_conv.diff.data import Part
from cdisc_conv.diff.factor import same_words
from cdisc_conv.diff.frame import NUMBER, Bools, Floats, Ints, decoded, is_coded
from cdisc_conv.diff.match import Pair
from cdisc_conv.diff.numbers import normalised
from cdisc_conv.diff.pairing import Paired, column
from cdisc_conv.model.difference import Tolerance, VariableDiff
from cdisc_conv.model.ibm import missing_letters

_NONE = np.zeros(0, np.int64)


@dataclass(slots=True)
class Unequal:
    """The unequal values of a variable in a part: positions among the paired rows, and both values."""

    at: Ints
    base: Any
    compare: Any
    difference: Floats | None = None
    percent: Floats | None = None


@dataclass(slots=True)
class Tally:
    """What a variable's values gave so far."""

    values: int = 0
    unequal: int = 0
    only_base_filled: int = 0
    only_compare_filled: int = 0
    within_tolerance: int = 0
    largest: float | None = None
    largest_percent: float | None = None
    total: float = 0.0
    measured: int = 0

    def done(self, pair: Pair, *, key: bool) -> VariableDiff:
        """The finished account of a variable."""
        return VariableDiff(
            base=pair.base,
            compare=pair.compare,
            compared=pair.compared and not key,
            why="key" if key else pair.why,
            tolerance=pair.tolerance if pair.kind == NUMBER else Tolerance(),
            values=self.values,
            unequal=self.unequal,
            only_base_filled=self.only_base_filled,
            only_compare_filled=self.only_compare_filled,
            within_tolerance=self.within_tolerance,
            max_difference=self.largest,
            max_percent=self.largest_percent,
            mean_difference=self.total / self.measured if self.measured else None,
        )


def compare_values(
    part: Part, paired: Paired, pair: Pair, normalise: tuple[str, ...], tally: Tally
) -> Unequal | None:
    """The unequal values of a pair of variables, None when there are none; the tally is kept up."""
    base = paired.taken(column(part, pair, "base"), "base")
    compare = paired.taken(column(part, pair, "compare"), "compare")
    tally.values += len(paired.base)
    if pair.kind == NUMBER:
        found = _numbers(base, compare, pair.tolerance, tally)
    else:
        found = _texts(base, compare, normalise, tally)
    if found is not None:
        tally.unequal += len(found.at)
    return found


def _texts(base: Any, compare: Any, normalise: tuple[str, ...], tally: Tally) -> Unequal | None:
    one, other = normalised(base, normalise), normalised(compare, normalise)
    if is_coded(one) and is_coded(other):
        codes = same_words(one, other)
        at = np.flatnonzero(codes[0] != codes[1])
    else:
        differs = pc.not_equal(decoded(one), decoded(other))
        at = np.flatnonzero(np.asarray(differs)) if pc.any(differs, min_count=0).as_py() else _NONE
    if not len(at):
        return None
    a, b = (decoded(side.take(pa.array(at))) for side in (base, compare))
    tally.only_base_filled += pc.sum(pc.equal(b, "")).as_py()
    tally.only_compare_filled += pc.sum(pc.equal(a, "")).as_py()
    return Unequal(at, a, b)


def _numbers(base: Any, compare: Any, tolerance: Tolerance, tally: Tally) -> Unequal | None:
    x, y = base.to_numpy(zero_copy_only=False), compare.to_numpy(zero_copy_only=False)
    at = np.flatnonzero(x != y)  # a NaN differs from all, itself included
    a, b = x[at], y[at]
    keep = ~_same_missing(a, b)
    at, a, b = at[keep], a[keep], b[keep]
    if not len(at):
        return None
    within = equal_within(a, b, tolerance)
    tally.within_tolerance += int(within.sum())
    at, a, b = at[~within], a[~within], b[~within]
    if not len(at):
        return None
    no_base, no_compare = np.isnan(a), np.isnan(b)
    tally.only_base_filled += int((no_compare & ~no_base).sum())
    tally.only_compare_filled += int((no_base & ~no_compare).sum())
    with np.errstate(all="ignore"):
        difference = b - a
        percent = np.where(a == 0, np.nan, 100.0 * difference / a)
    difference[no_base | no_compare] = np.nan
    percent[no_base | no_compare] = np.nan
    _measure(difference, percent, tally)
    return Unequal(at, pa.array(a), pa.array(b), difference, percent)


def _same_missing(a: Floats, b: Floats) -> Bools:
    """Both missing in the same way: `.` with `.`, `.A` with `.A`."""
    both = np.isnan(a) & np.isnan(b)
    if both.any():
        both[both] = missing_letters(a[both]) == missing_letters(b[both])
    return both


def equal_within(x: Floats, y: Floats, tolerance: Tolerance) -> Bools:
    """Which pairs of unequal numbers count as equal; see `Tolerance` for what the methods mean."""
    if tolerance.method == "exact":
        return np.zeros(len(x), dtype=bool)
    with np.errstate(all="ignore"):
        apart = np.abs(y - x)
        if tolerance.method == "relative":
            apart = apart / ((np.abs(x) + np.abs(y)) / 2)
        elif tolerance.method == "percent":
            apart = np.where(x == 0, np.inf, 100.0 * apart / np.abs(x))
        return np.asarray(apart <= tolerance.criterion)


def _measure(difference: Floats, percent: Floats, tally: Tally) -> None:
    there = ~np.isnan(difference)
    if there.any():
        tally.largest = max(tally.largest or 0.0, float(np.abs(difference[there]).max()))
        tally.total += float(difference[there].sum())
        tally.measured += int(there.sum())
    share = percent[~np.isnan(percent)]
    if len(share):
        tally.largest_percent = max(tally.largest_percent or 0.0, float(np.abs(share).max()))
