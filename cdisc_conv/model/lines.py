"""The first rows of each group of a long table, read once and no further than needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cdisc_conv.model.difference import Lines

GATHERED = 16_384
"""Rows of a batch that is worth the work."""


def first_of_each(lines: Lines, column: str, wanted: dict[str, int]) -> list[dict[str, Any]]:
    """Of every value of a text column the first rows, as many as are `wanted`, in the table's order."""
    left = dict(wanted)
    rows: list[dict[str, Any]] = []
    for batch in gathered(lines):
        rows.extend(_first(batch, column, left))
        if not any(left.values()):
            break
    return rows


def gathered(lines: Lines, least: int = GATHERED) -> Iterator[pa.RecordBatch]:
    """The same rows in batches that are worth the work: small ones, as of many variables, put together."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in lines:
        held.append(batch)
        rows += batch.num_rows
        if rows >= least:
            yield _joined(held)
            held, rows = [], 0
    if held:
        yield _joined(held)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)


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
