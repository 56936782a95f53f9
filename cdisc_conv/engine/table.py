"""A table while it is worked on: columns over the same rows, each row's subject and origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

Rows = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(slots=True)
class Piece:
    """Rows of a table that came from one source: which of its rows, and what the tests table added."""

    source: Table
    rows: Rows
    tests: dict[str, Any] = field(default_factory=dict)  # column of the tests table -> Series

    def form(self, column: str) -> Any:
        """A column of the source, brought to these rows."""
        return take(self.source.column(column), self.rows)


@dataclass(slots=True)
class Table:
    """Columns by name; `origin` names the raw row behind each row, -1 where there is none."""

    name: str
    length: int
    origin: Rows
    subject: Any = None  # Series of USUBJID, None for a table without subjects
    columns: dict[str, Any] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    cache: dict[str, Any] = field(default_factory=dict)

    @property
    def index(self) -> pd.Index[Any]:
        """The rows: 0 … length-1."""
        return pd.RangeIndex(self.length)

    def column(self, name: str) -> Any:
        """A column; KeyError when it was not made (a bug of the plan)."""
        if name not in self.columns and name == "USUBJID" and self.subject is not None:
            return self.subject
        return self.columns[name]

    def form(self, column: str) -> Any:
        """A column of the sources, over all pieces."""
        if column not in self.cache:
            self.cache[column] = stack([p.form(column) for p in self.pieces])
        return self.cache[column]

    def test(self, column: str) -> Any:
        """A column of the tests tables, over all pieces."""
        return stack([p.tests[column] for p in self.pieces])

    def bounds(self) -> list[tuple[int, int]]:
        """First row and the row after the last of each piece."""
        ends = np.cumsum([len(p.rows) for p in self.pieces]).tolist()
        return list(zip([0, *ends[:-1]], ends, strict=True))


def take(series: Any, rows: Rows) -> Any:
    """Rows of a Series under a fresh index; the name (which tells the raw column) is kept."""
    if len(rows) == len(series) and (len(rows) == 0 or (rows[0] == 0 and (np.diff(rows) == 1).all())):
        return series
    made = series.take(rows)
    made.index = pd.RangeIndex(len(rows))
    return made


def stack(parts: Sequence[Any]) -> Any:
    """Series one below the other under a fresh index; the name stays if they share it."""
    if len(parts) == 1:
        return parts[0]
    filled = [p for p in parts if len(p)] or list(parts[:1])
    made = pd.concat(filled, ignore_index=True)
    names = {p.name for p in parts}
    made.name = names.pop() if len(names) == 1 else None
    return made


def stack_alike(parts: Sequence[Any]) -> Any:
    """As `stack`, where parts without any value take the type of those that have some."""
    given = [p for p in parts if p.notna().any()]
    alike = len({p.dtype for p in parts}) == 1  # without any value a type says nothing, so none is put on it
    dtype = given[0].dtype if given else parts[0].dtype if alike else "str"
    return stack([p if p.dtype == dtype else p.astype(dtype) for p in parts])


def constant(value: str | float | bool | None, index: pd.Index[Any]) -> Any:
    """A Series of one value."""
    if value is None:
        return pd.Series(np.nan, index=index, dtype="float64")
    if isinstance(value, str):
        return pd.Series([value], dtype="str").repeat(len(index)).set_axis(index)
    return pd.Series(value, index=index, dtype="bool" if isinstance(value, bool) else "float64")
