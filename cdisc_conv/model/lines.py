"""The first rows of each group of a long table, read once and no further than needed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cdisc_conv.model.difference import Lines


def first_of_each(lines: Lines, column: str, wanted: dict[str, int]) -> list[dict[str, Any]]:
    """Of every value of a text column the first rows, as many as are `wanted`, in the table's order."""
    left = dict(wanted)
    rows: list[dict[str, Any]] = []
    for batch in lines:
        rows.extend(_first(batch, column, left))
        if not any(left.values()):
            break
    return rows


def _first(batch: pa.RecordBatch, column: str, left: dict[str, int]) -> list[dict[str, Any]]:
    names = pc.dictionary_encode(batch.column(column))
    codes = names.indices.to_numpy(zero_copy_only=False)
    order = np.argsort(codes, kind="stable")
    known = names.dictionary.to_pylist()
    starts = np.searchsorted(codes[order], np.arange(len(known) + 1))
    kept = [np.zeros(0, dtype=np.int64)]
    for code, name in enumerate(known):
        chosen = order[starts[code] : min(starts[code] + left.get(name, 0), starts[code + 1])]
        left[name] = left.get(name, 0) - len(chosen)
        kept.append(chosen)
    picked: list[dict[str, Any]] = batch.take(pa.array(np.sort(np.concatenate(kept)))).to_pylist()
    return picked
