"""Many distinct raw dates read at once: those alike but for their digits are cut at the same places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.codes import data
from cdisc_conv.language.dates_iso import DAY, HOUR, YEAR, are_possible
from cdisc_conv.language.dates_read import Reading, Rules, as_numbers, clean, read_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdisc_conv.findings import Code
    from cdisc_conv.language.dates_formats import Layout
    from cdisc_conv.language.dates_iso import Bools, Ints

PROBLEMS: tuple[Code | None, ...] = (
    None,
    data.DATA010,
    data.DATA011,
    data.DATA012,
    data.DATA013,
    data.DATA014,
    data.DATA015,
    data.DATA016,
    data.DATA017,
    data.DATA018,
)
"""What can be wrong with a raw date or time; a problem is kept as its place here, 0 for none."""
_FEW = 50  # of one shape: not worth the arrays
_WIDE = 40
_SERIAL_SHAPE = re.compile(r"0{5}(\.0+)?")


@dataclass(frozen=True, slots=True)
class Readings:
    """Distinct raw values as read: `parts` is values x 6, -1 for an unknown part."""

    parts: Ints
    problem: Ints

    def take(self, rows: Ints) -> Readings:
        """The same for other rows, by position."""
        return Readings(self.parts[rows], self.problem[rows])


def problem_number(code: Code | None) -> int:
    """The place of a problem in `PROBLEMS`."""
    return PROBLEMS.index(code)


def from_list(read: Sequence[Reading]) -> Readings:
    """Single readings as one."""
    parts = np.array([as_numbers(r.parts) for r in read], dtype=np.int64).reshape(len(read), 6)
    return Readings(parts, np.array([problem_number(r.problem) for r in read], dtype=np.int64))


def read_dates(texts: Sequence[str], rules: Rules) -> Readings:
    """What each raw value means; see `read_date`, which reads values of a rare shape."""
    if len(texts) <= _FEW or not rules.by_shape:
        return from_list([read_date(t, rules) for t in texts])
    cleaned = [clean(t) for t in texts]
    letters = np.array(cleaned, dtype=f"U{_WIDE}").view(np.uint32).reshape(len(texts), _WIDE)
    digit = (letters >= ord("0")) & (letters <= ord("9"))
    shapes = np.where(digit, np.uint32(ord("0")), letters).view(f"U{_WIDE}").ravel()
    codes, distinct = pd.factorize(shapes.astype(object))
    found = Readings(np.full((len(texts), 6), -1, dtype=np.int64), np.zeros(len(texts), dtype=np.int64))
    order = np.argsort(codes, kind="stable")
    for shape, rows in zip(distinct, np.split(order, np.flatnonzero(np.diff(codes[order])) + 1), strict=True):
        layout = _layout(shape, rules) if len(rows) > _FEW and len(shape) < _WIDE else None
        if layout is None:
            some = from_list([read_date(cleaned[i], rules) for i in rows])
        else:
            some = _cut(letters[rows].astype(np.int64) - ord("0"), layout, rules)
        found.parts[rows], found.problem[rows] = some.parts, some.problem
    return found


def _layout(shape: str, rules: Rules) -> Layout | None:
    """The one layout that all formats agree on, None when values of the shape must be read one by one."""
    if _SERIAL_SHAPE.fullmatch(shape) and any(f.serial for f in rules.formats):
        return None
    layouts = {found for f in rules.formats if (found := f.layout(shape)) is not None}
    return layouts.pop() if len(layouts) == 1 else None


def _cut(digits: Ints, layout: Layout, rules: Rules) -> Readings:
    parts = np.full((len(digits), 6), -1, dtype=np.int64)
    for part, start, end in layout:
        powers = 10 ** np.arange(end - start, dtype=np.int64)[::-1]
        parts[:, part] = start if end < 0 else digits[:, start:end] @ powers
    return _checked(parts, rules)


def _checked(parts: Ints, rules: Rules) -> Readings:
    """The checks of one reading, on arrays."""
    date = np.where(np.arange(6) <= DAY, parts, -1)
    year, timed = parts[:, YEAR], parts[:, HOUR] >= 0
    no_day = ~are_possible(date)
    off = (year >= 0) & ((year < rules.years[0]) | (year > rules.years[1]))
    partial = timed & (date[:, : DAY + 1] < 0).any(axis=1)
    nothing = (date < 0).all(axis=1)
    cases: list[tuple[Bools, Code]] = [
        (no_day, data.DATA013),
        (off, data.DATA014),
        (~are_possible(parts), data.DATA015),
        (partial & nothing, data.DATA016),
        (partial, data.DATA017),
    ]
    problem = np.select([c for c, _ in cases], [problem_number(p) for _, p in cases], default=0)
    parts = np.where((problem > 0)[:, None], date, parts)
    parts[no_day | off] = -1
    return Readings(parts, problem)
