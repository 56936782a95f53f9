"""Which rows of a comparison a page shows when it cannot show all: some of every variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from cdisc_conv.model.difference import DatasetDiff, Lines
from cdisc_conv.model.lines import first_of_each, gathered


@dataclass(frozen=True, slots=True)
class Shown:
    """Some rows of a table, as columns of Python values; `left_out` more are not among them."""

    rows: list[dict[str, Any]]
    left_out: int

    @property
    def whole(self) -> int:
        """How many rows there are."""
        return len(self.rows) + self.left_out


def head(lines: Lines | None, limit: int) -> Shown:
    """The first rows of a table."""
    if lines is None:
        return Shown([], 0)
    rows = lines.head(min(limit, lines.rows)).to_pylist()
    return Shown(rows, lines.rows - len(rows))


def most(lines: Lines | None, by: tuple[str, ...], limit: int) -> Shown:
    """The rows with the greatest sum of some columns, greatest first; ties in the table's order."""
    if lines is None:
        return Shown([], 0)
    kept: pa.Table = lines.schema.empty_table()
    for batch in gathered(lines):
        kept = pa.concat_tables([kept, pa.Table.from_batches([batch])])
        kept = kept.take(_greatest(kept, by)[:limit])
    return Shown(kept.to_pylist(), lines.rows - kept.num_rows)


def _greatest(table: pa.Table, by: tuple[str, ...]) -> Any:
    columns = [table[name].to_numpy(zero_copy_only=False).astype(float) for name in by]
    return np.argsort(-np.nan_to_num(np.sum(columns, axis=0)), kind="stable")


def quota(counts: Mapping[str, int], limit: int) -> int:
    """The most rows that every variable may show so that all together stay within `limit` (at least 1).

    >>> quota({"A": 2, "B": 50, "C": 500}, 102)
    50
    """
    left, share = limit, max(limit, 1)
    for number, count in enumerate(sorted(counts.values())):
        share = max(left // (len(counts) - number), 1)
        if count > share:
            break
        left -= count
    return share


def differences(diff: DatasetDiff, limit: int) -> Shown:
    """Differing values: all when they fit, else the first of every variable, as many of each as go."""
    lines = diff.differences
    if lines is None or lines.rows <= limit:
        return head(lines, limit)
    counts = {v.name: v.unequal for v in diff.variables if v.unequal}
    share = quota(counts, limit)
    wanted = {name: min(count, share) for name, count in counts.items()}
    rows = first_of_each(lines, "variable", wanted)
    rows = sorted(rows, key=_order(diff))[:limit] if not diff.sorted else rows[:limit]
    return Shown(rows, lines.rows - len(rows))


def _order(diff: DatasetDiff) -> Any:
    position = {v.name: n for n, v in enumerate(diff.variables)}
    return lambda row: (position.get(row["variable"], len(position)), row["base_row"] or 0)
