"""Rows of both sides brought together by their keys; a key that is there twice pairs with nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from cdisc_conv.diff.data import Part
from cdisc_conv.diff.factor import Codes, counts, encode, together
from cdisc_conv.diff.frame import NUMBER, Bools, Ints, decoded, number_array, one_chunk
from cdisc_conv.diff.match import Pair
from cdisc_conv.diff.numbers import normalised, sas_numbers, shown
from cdisc_conv.diff.threads import at_once


@dataclass(frozen=True)
class Paired:
    """Positions in a part, from 0. `base` and `compare` run in parallel: the rows that are paired.

    `only_*` have no row with their key on the other side; `double_*` are all rows whose key is there more
    than once on their own side; `open_*` those whose key is on both sides and more than once on one.
    """

    base: Ints
    compare: Ints
    only_base: Ints
    only_compare: Ints
    double_base: Ints
    double_compare: Ints
    open_base: Ints
    open_compare: Ints
    codes: Codes
    times_base: Ints
    times_compare: Ints

    def taken(self, values: Any, side: str) -> Any:
        """The paired rows of a column of a side; the very column when these are all rows, in order."""
        at = getattr(self, side)
        return values if getattr(self, f"{side}_whole") else values.take(pa.array(at))

    @cached_property
    def base_whole(self) -> bool:
        """Whether all rows of BASE are paired, in their order."""
        return _is_whole(self.base, len(self.codes.base))

    @cached_property
    def compare_whole(self) -> bool:
        """Whether all rows of COMPARE are paired, in their order."""
        return _is_whole(self.compare, len(self.codes.compare))


def _is_whole(at: Ints, rows: int) -> bool:
    return len(at) == rows and bool((at == np.arange(rows)).all())


def column(part: Part, pair: Pair, side: str) -> Any:
    """A column of a part as it is compared: large_string or float64."""
    found = one_chunk(getattr(part, side).column(getattr(pair, side).name))
    if not getattr(pair, f"{side}_parsed"):
        return found
    numbers, bad = sas_numbers(found, pair.format)
    if numbers is None:
        raise AssertionError(f"{pair.name} was found to be numeric and is not: {bad!r}")
    return number_array(numbers)


def as_text(values: Any, pair: Pair) -> Any:
    """A column as a reader wants to see it."""
    if pair.kind != NUMBER:
        return decoded(values)
    return shown(values.to_numpy(zero_copy_only=False), pair.format)


def pair_rows(part: Part, keys: Sequence[Pair], normalise: tuple[str, ...]) -> Paired:
    """Pair rows by key; without keys by their position."""
    rows = part.base.num_rows, part.compare.num_rows
    if not keys:
        return _by_position(part)

    def encoded(pair: Pair) -> Codes:
        sides = [column(part, pair, s) for s in ("base", "compare")]
        if pair.kind != NUMBER:
            sides = [normalised(s, normalise) for s in sides]
        return encode(*sides)

    return _paired(together(list(at_once(encoded, keys)), rows))


def _paired(codes: Codes) -> Paired:
    a, b = counts(codes.base, codes.size), counts(codes.compare, codes.size)
    once = (a == 1) & (b == 1)
    if len(codes.base) == len(codes.compare) and once.all() and (codes.base == codes.compare).all():
        at = np.arange(len(codes.base), dtype=np.int64)
        none = np.zeros(0, np.int64)
        return Paired(at, at, none, none, none, none, none, none, codes, a, b)
    where = np.full(codes.size, -1, np.int64)
    where[codes.compare] = np.arange(len(codes.compare))
    base = np.flatnonzero(once[codes.base])
    compare = where[codes.base[base]]
    shared = (a > 0) & (b > 0) & ~once

    def at_rows(mask: Bools, side: Ints) -> Ints:
        return np.flatnonzero(mask[side]) if mask.any() else np.zeros(0, np.int64)

    return Paired(
        base,
        compare,
        at_rows(b == 0, codes.base),
        at_rows(a == 0, codes.compare),
        at_rows(a > 1, codes.base),
        at_rows(b > 1, codes.compare),
        at_rows(shared, codes.base),
        at_rows(shared, codes.compare),
        codes,
        a,
        b,
    )


def _by_position(part: Part) -> Paired:
    """Row n with row n."""
    size = int(max(part.base_rows.max(initial=0), part.compare_rows.max(initial=0)))
    return _paired(Codes(part.base_rows - 1, part.compare_rows - 1, size))


def agreeing(
    part: Part, paired: Paired, pairs: Sequence[Pair], normalise: tuple[str, ...]
) -> tuple[Bools, Bools]:
    """Of the rows left open: whether the rows of their key are the very same set on both sides."""
    base, compare = paired.open_base, paired.open_compare
    if not len(base):
        return np.zeros(0, bool), np.zeros(0, bool)
    encoded = []
    for pair in pairs:
        a = column(part, pair, "base").take(base)
        b = column(part, pair, "compare").take(compare)
        if pair.kind != NUMBER:
            a, b = normalised(a, normalise), normalised(b, normalise)
        encoded.append(encode(a, b))
    rows = together(encoded, (len(base), len(compare)))
    keys = paired.codes.base[base], paired.codes.compare[compare]
    same = paired.times_base == paired.times_compare
    one, other = np.lexsort((rows.base, keys[0])), np.lexsort((rows.compare, keys[1]))
    one, other = one[same[keys[0][one]]], other[same[keys[1][other]]]
    unlike = rows.base[one] != rows.compare[other]
    same[keys[0][one][unlike]] = False
    return same[keys[0]], same[keys[1]]
