"""Finished datasets: records in key order, variables in spec order, supplemental qualifiers in SUPP--."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cdisc_conv.codes.sdtm import SDTM010
from cdisc_conv.engine.plan import Plan, PlannedDataset
from cdisc_conv.engine.table import Rows, Table, constant, stack, take
from cdisc_conv.engine.view import Workshop
from cdisc_conv.findings import Place
from cdisc_conv.model.spec import ValueSpec

SAS_EPOCH = pd.Timestamp("1960-01-01")


@dataclass(slots=True)
class Finished:
    """A dataset as it is shipped: text columns of `str`, numbers (SAS dates included) of float64."""

    name: str
    frame: pd.DataFrame
    origin: Rows


def finish(plan: Plan, shop: Workshop, name: str) -> dict[str, Finished]:
    """A dataset and, if it has supplemental qualifiers, its SUPP--."""
    dataset = plan.datasets[name]
    table = shop.tables[name]
    order, twice = _sorted_by_keys(dataset, table)
    columns = {v: take(_shipped(plan, table, v, dataset), order) for v in dataset.spec.variables}
    frame = pd.DataFrame(columns, index=pd.RangeIndex(len(order)))
    made = {name: Finished(name, frame, table.origin[order])}
    _unique_keys(shop, dataset, made[name], twice)
    if plan.supplemental(name):
        made[f"SUPP{name}"] = _supplemental(plan, dataset, table, order)
    return made


def key_order(dataset: PlannedDataset, table: Table) -> Rows:
    """The rows in order of the spec's keys: text by code point, missing first; ties as they came."""
    return _sorted_by_keys(dataset, table)[0]


def _sorted_by_keys(dataset: PlannedDataset, table: Table) -> tuple[Rows, Any]:
    """The rows in order of the keys, and which of them (in that order) share all keys with another."""
    keys = [k for k in dataset.spec.keys if k in table.columns]
    if not keys or not table.length:
        return np.arange(table.length, dtype=np.int64), np.zeros(table.length, dtype=bool)
    ranks = [_rank(table.columns[k]) for k in keys]
    order = np.lexsort(ranks[::-1]).astype(np.int64)
    in_order = [rank[order] for rank in ranks]
    same = np.logical_and.reduce([rank[1:] == rank[:-1] for rank in in_order])
    return order, np.append(False, same) | np.append(same, False)


def _rank(series: Any) -> Any:
    """Dense ranks from 1, missing 0: text by code point, numbers by size, dates by time."""
    codes, values = pd.factorize(series)
    ranked = pc.rank(pa.array(values, from_pandas=True), tiebreaker="dense").to_numpy().astype(np.int64)
    return np.append(ranked, 0)[codes]


def _shipped(plan: Plan, table: Table, variable: str, dataset: PlannedDataset) -> Any:
    """A column in the type it is shipped in: dates become SAS days or seconds."""
    spec = dataset.spec.variables[variable]
    kind = plan.kinds.get((dataset.name, variable), "any")
    numeric = kind in ("number", "date") or (kind == "any" and spec.data_type in ("integer", "float", ""))
    series = table.columns.get(variable)
    if series is None or (kind == "any" and series.isna().all()):
        empty = constant(None, table.index)
        return empty if numeric else empty.astype("str")
    if series.dtype.kind == "M":
        timed = spec.format.upper().startswith(("DATETIME", "E8601DT"))
        return (series - SAS_EPOCH) / (pd.Timedelta(seconds=1) if timed else pd.Timedelta(days=1))
    return series


def _unique_keys(shop: Workshop, dataset: PlannedDataset, made: Finished, twice: Any) -> None:
    if twice.any():
        keys = [k for k in dataset.spec.keys if k in made.frame.columns]
        place = Place(dataset=dataset.name)
        rows = shop.sources.rows(made.origin[twice])
        shop.findings.add(SDTM010.at(place, keys=" ".join(keys), rows=rows, count=int(twice.sum())))


def _supplemental(plan: Plan, dataset: PlannedDataset, table: Table, order: Rows) -> Finished:
    """The SUPP-- records of a dataset: by parent record, then QNAM in the spec's order (SDTMIG 8.4)."""
    spec = plan.specs[dataset.kind].datasets[f"SUPP{dataset.name}"]
    values = [v for v in spec.values if v.variable == "QVAL" and v.where]
    name = dataset.name
    sequence = f"{name}SEQ" if f"{name}SEQ" in table.columns else ""
    parts, at_rows, ranks = [], [], []
    for rank, value in enumerate(values):
        column = table.columns.get(value.where[0].values[0])
        if column is None:
            continue
        text = column.take(order)
        rows = np.flatnonzero(text.notna().to_numpy())
        parts.append(_qualifier(plan, dataset, table, order[rows], value, sequence))
        at_rows.append(rows)
        ranks.append(np.full(len(rows), rank))
    names = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL", "QORIG", "QEVAL")
    if not parts:
        empty = pd.DataFrame({n: pd.Series(dtype="str") for n in names})
        return Finished(spec.name, empty, np.zeros(0, dtype=np.int64))
    where = np.concatenate(at_rows)
    sort = np.lexsort((np.concatenate(ranks), where))
    frame = pd.DataFrame(
        {n: stack([p[n] for p in parts]).take(sort).set_axis(range(len(sort))) for n in names}
    )
    return Finished(spec.name, frame, table.origin[order][where][sort])


def _qualifier(
    plan: Plan, dataset: PlannedDataset, table: Table, rows: Rows, value: ValueSpec, sequence: str
) -> dict[str, Any]:
    index = pd.RangeIndex(len(rows))
    qnam = value.where[0].values[0]

    def same(text: str) -> Any:
        return constant(text or None, index).astype("str")

    number = table.columns[sequence].take(rows).set_axis(index) if sequence else None
    return {
        "STUDYID": same(plan.study.id),
        "RDOMAIN": same(dataset.name),
        "USUBJID": table.subject.take(rows).set_axis(index),
        "IDVAR": same(sequence),
        "IDVARVAL": same("") if number is None else number.astype("int64").astype("str"),
        "QNAM": same(qnam),
        "QLABEL": same(value.label),
        "QVAL": table.columns[qnam].take(rows).set_axis(index),
        "QORIG": same(value.extra.get("QORIG", value.origin)),
        "QEVAL": same(value.extra.get("QEVAL", "")),
    }
