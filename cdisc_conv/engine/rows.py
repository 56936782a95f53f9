"""Row makers: which rows a dataset has, before any of its variables is derived."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cdisc_conv.engine.evaluate import Evaluator
from cdisc_conv.engine.plan import PlannedBlock, PlannedDataset
from cdisc_conv.engine.table import Piece, Rows, Table, constant, stack
from cdisc_conv.engine.view import View, Workshop
from cdisc_conv.model.mapping import form_column


def make_rows(shop: Workshop, dataset: PlannedDataset) -> Table:
    """The rows of a dataset: those of each block, stacked; none of its variables yet.

    Rows without subject among those of subjects (RELREC about whole datasets) are made once, in the first
    piece of the study.
    """
    pieces = [make_piece(shop, dataset.name, block) for block in dataset.blocks]
    if shop.piece and any(p.source.subject is not None for p in pieces):
        pieces = [replace(p, rows=p.rows[:0]) if p.source.subject is None else p for p in pieces]
    return from_pieces(dataset.name, pieces)


def from_pieces(name: str, pieces: list[Piece]) -> Table:
    """A table over pieces: its origins and subjects are those of their sources."""
    origin = np.concatenate([p.source.origin[p.rows] for p in pieces])
    subject = None
    if any(p.source.subject is not None for p in pieces):
        subject = stack([_subject(p) for p in pieces])
    return Table(name, len(origin), origin, subject, pieces=pieces)


def _subject(piece: Piece) -> Any:
    """The subject of each row of a piece, null where the source knows none."""
    subject = piece.source.subject
    if subject is None:
        return constant(None, pd.RangeIndex(len(piece.rows))).astype("str")
    return subject.take(piece.rows).reset_index(drop=True)


def chosen(shop: Workshop, dataset: str, block: PlannedBlock) -> Rows:
    """The rows of a block's source that its `where` takes."""
    source = shop.tables[block.block.source.text]
    if block.where is None:
        return np.arange(source.length, dtype=np.int64)
    mask = Evaluator(shop, View(source, dataset=dataset, variable="where", is_source=True)).mask(
        block.where.node
    )
    return np.flatnonzero(mask.to_numpy()).astype(np.int64)


def make_piece(shop: Workshop, dataset: str, block: PlannedBlock) -> Piece:
    """The rows of one block, spread over its tests if it has any."""
    source = shop.tables[block.block.source.text]
    rows = chosen(shop, dataset, block)
    if block.block.tests is None:
        return Piece(source, rows)
    return _spread(source, rows, block)


def _spread(source: Table, rows: Rows, block: PlannedBlock) -> Piece:
    """One row a source row and test, in that order; blank values dropped when the block says so."""
    table = block.block.tests
    assert table is not None
    count = len(table.rows)
    spread = np.repeat(rows, count)
    tests: dict[str, Any] = {}
    for at, column in enumerate(table.header):
        cells = [row[at] for row in table.rows]
        tests[column] = _cells(source, rows, cells)
    if block.block.empty == "drop" and len(spread):
        keep = tests["value"].notna().to_numpy()
        at_rows = np.flatnonzero(keep)
        spread = spread[keep]
        tests = {k: v.take(at_rows).reset_index(drop=True) for k, v in tests.items()}
    return Piece(source, spread, tests)


def _cells(source: Table, rows: Rows, cells: list[str]) -> Any:
    """One column of the tests table over all (row, test) pairs; a cell `form.X` is the form's column X."""
    count = len(cells)
    index = pd.RangeIndex(len(rows) * count)
    if not any(form_column(c) for c in cells):
        texts = pd.array([c or None for c in cells], dtype="str")
        return pd.Series(texts.take(np.tile(np.arange(count), len(rows))), index=index)
    parts = []
    for cell in cells:
        column = form_column(cell)
        part = (
            source.column(column).take(rows) if column else constant(cell or None, pd.RangeIndex(len(rows)))
        )
        parts.append(part.astype("str"))
    stacked = pd.concat(parts, ignore_index=True)
    order = np.arange(len(rows) * count).reshape(count, len(rows)).T.ravel()
    made = stacked.take(order).set_axis(index)
    made.name = None
    return made
