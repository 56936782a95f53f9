"""Raw rows by number: what a row of any dataset came from, told as file, sheet, row and row key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cdisc_conv.findings import KEPT_ROWS, Row

SHIFT = 32
"""An origin is `source number << SHIFT | row number`."""


@dataclass(slots=True)
class SourceRows:
    """The rows of one raw table that are at hand: ascending origins with the export's row keys."""

    file: str
    sheet: str
    origins: np.ndarray[Any, np.dtype[np.int64]]
    keys: Any = None  # Series of text, None when the form has no row key


@dataclass(slots=True)
class Sources:
    """All raw tables by source number."""

    tables: dict[int, SourceRows] = field(default_factory=dict)

    def row(self, origin: int, value: str | None = None) -> Row | None:
        """The raw row behind an origin, None for -1 or an unknown source."""
        table = self.tables.get(int(origin) >> SHIFT)
        if origin < 0 or table is None:
            return None
        number = int(origin) & ((1 << SHIFT) - 1)
        key = ""
        if table.keys is not None:
            at = int(np.searchsorted(table.origins, origin))
            if at < len(table.origins) and table.origins[at] == origin:
                found = table.keys.iloc[at]
                key = found if isinstance(found, str) else ""
        return Row(table.file, number, table.sheet, key, value)

    def rows(self, origins: Any, values: Any = None) -> tuple[Row, ...]:
        """Raw rows behind origins with their values, if given; the first `KEPT_ROWS` of them."""
        order = np.argsort(origins, kind="stable")
        order = order[origins[order] >= 0][:KEPT_ROWS]
        shown = [None] * len(order) if values is None else list(values.iloc[order])
        made = []
        for origin, value in zip(origins[order].tolist(), shown, strict=True):
            row = self.row(origin, None if value is None or value != value else str(value))
            made += [row] if row else []
        return tuple(made)
