"""Rows in order within subject and group: dense ranks, group numbers, starts of groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Flag


def ranks(column: Column) -> Any:
    """Dense rank of each value from 1, equal values alike, missing before all others (numpy int64).

    Text is ordered by code point, numbers by size, dates by time.
    """
    codes, values = pd.factorize(column)
    ranked = pc.rank(pa.array(values, from_pandas=True), tiebreaker="dense").to_numpy().astype("int64")
    return np.append(ranked, 0)[codes]


def moments(column: Column) -> Column:
    """A column to order by: a partial ISO 8601 date counts as its first possible moment.

    `2021-05` comes before `2021-05-01` and `2021-06`, `2021---15` counts as 2021-01-15; a date without
    year (`--05-12`) is missing, it has no place in time.  Numbers and dates stay.
    """
    if not pd.api.types.is_string_dtype(column.dtype):
        return column
    if not column.str.contains("--", regex=False, na=False).any():
        return column
    known = column.where(~column.str.startswith("--", na=False))
    return known.str.replace(r"^(\d{4})---", r"\1-01-", regex=True)


def group_numbers(columns: Sequence[Column], size: int) -> Any:
    """A number for each distinct combination of the columns' values, missing being a value (numpy int64)."""
    numbers = np.zeros(size, dtype="int64")
    for column in columns:
        codes, values = pd.factorize(column, use_na_sentinel=False)
        numbers, _ = pd.factorize(numbers * (len(values) + 1) + codes)
    return numbers


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows in order: `rows` are positions, group after group; the others have an entry per such row."""

    rows: Any
    starts: Any  # the row is the first of its group
    ends: Any  # the row is the last of its group
    ties: Any  # the row has the same group and order values as the row before it

    @property
    def tied(self) -> Any:
        """The row has the same group and order values as one of its neighbours."""
        return self.ties | np.append(self.ties[1:], False) if len(self.ties) else self.ties

    def at_end(self, *, last: bool) -> Any:
        """The row has the order values of the first (or last) row of its group."""
        if not len(self.rows):
            return np.zeros(0, dtype=bool)
        block = np.cumsum(~self.ties)
        group = np.cumsum(self.starts) - 1
        return block == block[self.ends if last else self.starts][group]


def in_order(groups: Any, order: Sequence[Column], keep: Any = None) -> Sorted:
    """Positions of the rows (those of `keep`, if given), by group and then by the order columns.

    Rows that are equal in all of them stay in row order.
    """
    taken = np.arange(len(groups)) if keep is None else np.flatnonzero(keep)
    keys = [ranks(column)[taken] for column in order]
    group = groups[taken]
    sorting = np.lexsort([*reversed(keys), group])
    new = _changes(group[sorting])
    tie = ~new
    for key in keys:
        tie &= ~_changes(key[sorting])
    ends = np.append(new[1:], True) if len(new) else new
    return Sorted(taken[sorting], new, ends, tie)


def _changes(values: Any) -> Any:
    """Whether each value differs from the one before; True for the first."""
    return np.append(True, values[1:] != values[:-1]) if len(values) else np.zeros(0, dtype=bool)


def subject_groups(ctx: Context, by: Sequence[Column] = ()) -> Any:
    """A number for each subject and combination of the `by` columns; one subject where there is none."""
    columns = [*by] if ctx.subject is None else [ctx.subject, *by]
    return group_numbers(columns, len(ctx.index))


def group_rows(ctx: Context, by: Sequence[Column], order: Sequence[Column], where: Flag | None) -> Sorted:
    """The dataset's rows by subject and group, in order: those of `where` with a first order value."""
    keep = np.ones(len(ctx.index), dtype=bool) if where is None else where.to_numpy(dtype=bool, copy=True)
    if order:
        keep &= order[0].notna().to_numpy()
    return in_order(subject_groups(ctx, by), order, keep)


def places(found: Sorted) -> Any:
    """The place of each row within its group, from 1, in the order of the rows (float64)."""
    at = np.arange(len(found.rows))
    first = np.maximum.accumulate(np.where(found.starts, at, 0))
    result = np.empty(len(at), dtype="float64")
    result[found.rows] = at - first + 1
    return result
