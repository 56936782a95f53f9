"""Time to event: for each subject at risk the first event, else the first censoring that fits.

AVAL = ADT - STARTDT + 1 (ADaM BDS for Time-to-Event Analyses 1.0, section 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cdisc_conv.codes.adam import ADAM001, ADAM002, ADAM003
from cdisc_conv.engine.evaluate import Evaluator
from cdisc_conv.engine.plan import PlannedDataset, PlannedHappening, PlannedParameter
from cdisc_conv.engine.rows import chosen, from_pieces
from cdisc_conv.engine.table import Piece, Rows, Table, stack
from cdisc_conv.engine.view import View, Workshop
from cdisc_conv.findings import Place


@dataclass(slots=True)
class _Found:
    """For each subject row the date of a happening, and which row of its source it was (-1: none)."""

    date: Any
    row: Rows


def make_time_to_event(shop: Workshop, dataset: PlannedDataset) -> Table:
    """All rows of a time-to-event dataset with its given variables: one a subject and parameter."""
    assert dataset.start is not None
    block = dataset.blocks[0]
    source = shop.tables[block.block.source.text]
    rows = chosen(shop, dataset.name, block)
    parts = [_parameter(shop, dataset, Piece(source, rows), p) for p in dataset.parameters]
    whole = from_pieces(dataset.name, [p.pieces[0] for p in parts])
    whole.origin = np.concatenate([p.origin for p in parts])
    chosen_rows = [p.cache["happened"] for p in parts]
    whole.cache["happened"] = tuple(np.concatenate([c[i] for c in chosen_rows]) for i in (0, 1))
    for name in dict.fromkeys(k for p in parts for k in p.columns):
        whole.columns[name] = stack([p.columns[name] for p in parts])
    return whole


def _parameter(shop: Workshop, dataset: PlannedDataset, piece: Piece, p: PlannedParameter) -> Table:
    table = from_pieces(dataset.name, [piece])
    view = View(table, dataset=dataset.name, variable="ADT")
    evaluator = Evaluator(shop, view)
    assert dataset.start is not None
    start = evaluator.column(dataset.start.node)
    chosen_of = np.full(table.length, -1)
    date = pd.Series(pd.NaT, index=table.index, dtype="datetime64[s]")
    happenings = (*p.events, *p.censors)
    found = [_happening(shop, dataset, evaluator, h) for h in happenings]
    for h in p.events:
        _undated(shop, dataset, evaluator, p, h)
    event_dates = [f.date for f in found[: len(p.events)]]
    for at in range(len(p.events)):
        better = event_dates[at].notna() & (date.isna() | (event_dates[at] < date))
        date = date.mask(better, event_dates[at])
        chosen_of[better.to_numpy()] = at
    for at in range(len(p.events), len(happenings)):
        free = (chosen_of < 0) & found[at].date.notna().to_numpy()
        date = date.mask(pd.Series(free, index=table.index), found[at].date)
        chosen_of[free] = at
    happened = np.full(table.length, -1, dtype=np.int64)
    for at, f in enumerate(found):
        happened[chosen_of == at] = f.row[chosen_of == at]
    table.cache["happened"] = (chosen_of, happened)
    table.columns |= {"STARTDT": start, "ADT": date}
    table.columns["AVAL"] = (date - start).dt.days.astype("float64") + 1
    for name, derivation in p.constants.items():
        table.columns[name] = evaluator.column(derivation.node)
    _variables(shop, dataset, table, p, found, chosen_of)
    _check(shop, dataset, table, chosen_of)
    return table


def _happening(shop: Workshop, dataset: PlannedDataset, subjects: Evaluator, h: PlannedHappening) -> _Found:
    """Where and when it happened to each subject."""
    index = subjects.view.index
    if not h.source:
        date = subjects.column(h.date.node)
        if h.where is not None:
            date = date.mask(~subjects.mask(h.where.node))
        return _Found(date, np.full(len(index), -1, dtype=np.int64))
    table = shop.tables[h.source]
    inner = Evaluator(shop, View(table, dataset=dataset.name, variable="ADT", is_source=True))
    date = inner.column(h.date.node)
    if h.where is not None:
        date = date.mask(~inner.mask(h.where.node))
    frame = pd.DataFrame({"s": table.subject, "d": date}).dropna()
    frame["row"] = frame.index
    ordered = frame.sort_values(["d", "row"], ascending=[h.pick == "first", True], kind="stable")
    best = ordered.drop_duplicates("s").set_index("s").reindex(subjects.view.subject)
    return _Found(
        best["d"].set_axis(index).astype("datetime64[s]"),
        best["row"].fillna(-1).to_numpy().astype(np.int64),
    )


def _undated(
    shop: Workshop, dataset: PlannedDataset, subjects: Evaluator, p: PlannedParameter, h: PlannedHappening
) -> None:
    """Rows that are events by their condition and have no date are told: the subject would count as free."""
    if h.where is None:
        return
    table = shop.tables[h.source] if h.source else None
    inner = subjects
    if table is not None:
        inner = Evaluator(shop, View(table, dataset=dataset.name, variable="ADT", is_source=True))
    lost = (inner.mask(h.where.node) & inner.column(h.date.node).isna()).to_numpy(dtype=bool)
    if table is not None:
        lost = lost & np.isin(np.asarray(table.subject), np.asarray(subjects.view.subject))
    if lost.any():
        rows = shop.sources.rows((subjects.view.table if table is None else table).origin[lost])
        place = Place(dataset=dataset.name, variable="ADT")
        code = p.constants["PARAMCD"].words.text.strip('"')
        shop.findings.add(ADAM003.at(place, parameter=code, rows=rows, count=int(lost.sum())))


def _variables(
    shop: Workshop,
    dataset: PlannedDataset,
    table: Table,
    p: PlannedParameter,
    found: list[_Found],
    chosen_of: Rows,
) -> None:
    """Texts, CNSR and SRC* of what was chosen, read from the rows where it happened."""
    happenings = (*p.events, *p.censors)
    names = dict.fromkeys(v for h in happenings for v in h.variables)
    parts: dict[str, list[Any]] = {name: [] for name in names}
    order = []
    origin = table.origin.copy()
    for at, h in enumerate(happenings):
        at_subjects = np.flatnonzero(chosen_of == at)
        order.append(at_subjects)
        source, rows = (
            (shop.tables[h.source], found[at].row[at_subjects]) if h.source else (table, at_subjects)
        )
        view = View(source, dataset=dataset.name, is_source=bool(h.source))
        for name in names:
            view.variable = name
            if name in h.variables:
                whole = Evaluator(shop, view).column(h.variables[name].node)
                parts[name].append(whole.take(rows))
            else:
                parts[name].append(pd.Series(np.nan, index=range(len(rows)), dtype="float64"))
        if h.source:
            origin[at_subjects] = source.origin[rows]
    back = np.concatenate(order) if order else np.zeros(0, dtype=np.int64)
    for name in names:
        typed = [x for x in parts[name] if len(x) and x.notna().any()]
        dtype = typed[0].dtype if typed else "str"
        joined = pd.concat([x.astype(dtype) for x in parts[name]], ignore_index=True)
        joined.index = pd.Index(back)
        table.columns[name] = joined.reindex(table.index)
    table.origin = origin


def _check(shop: Workshop, dataset: PlannedDataset, table: Table, chosen_of: Rows) -> None:
    """A subject at risk without event or censoring, and a date before the start, are findings."""
    place = Place(dataset=dataset.name, variable="ADT")
    none = chosen_of < 0
    early = (table.columns["ADT"] < table.columns["STARTDT"]).to_numpy()
    for code, mask in ((ADAM001, none), (ADAM002, early)):
        if mask.any():
            shop.findings.add(
                code.at(place, rows=shop.sources.rows(table.origin[mask]), count=int(mask.sum()))
            )
