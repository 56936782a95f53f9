"""One partition: the plan's steps over staged tables, in order; then every dataset finished."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cdisc_conv.engine.conform import conform
from cdisc_conv.engine.evaluate import Evaluator
from cdisc_conv.engine.finish import Finished, finish
from cdisc_conv.engine.page_checks import run_checks
from cdisc_conv.engine.plan import Plan, PlannedDataset, Step
from cdisc_conv.engine.rows import make_rows
from cdisc_conv.engine.table import Table, constant, stack_alike
from cdisc_conv.engine.tte import make_time_to_event
from cdisc_conv.engine.view import View, Workshop
from cdisc_conv.model.mapping import TextTable


@dataclass(slots=True)
class Partition:
    """What one partition gave: finished datasets, and the origins that each block took."""

    datasets: dict[str, Finished]
    shop: Workshop


def build_partition(plan: Plan, shop: Workshop, staged: Mapping[str, Table]) -> Partition:
    """All datasets of some subjects; `shop.findings` grows by what was noticed."""
    shop.tables.update(staged)
    for name, table in plan.tables.items():
        shop.tables.setdefault(name, as_table(table))
    for step in plan.steps:
        take_step(plan, shop, step)
    return Partition(finish_all(plan, shop, list(plan.datasets)), shop)


def finish_all(plan: Plan, shop: Workshop, names: list[str]) -> dict[str, Finished]:
    """Datasets whose variables are all there: the study's own checks, finished, held to the standard."""
    for name in names:
        run_checks(shop, plan.datasets[name])
    finished: dict[str, Finished] = {}
    for name in names:
        finished.update(finish(plan, shop, name))
    conform(plan, shop, finished)
    return finished


def take_step(plan: Plan, shop: Workshop, step: Step) -> None:
    """The rows of a dataset, or one of its variables."""
    dataset = plan.datasets[step.dataset]
    if not step.variable:
        make = make_time_to_event if dataset.parameters else make_rows
        shop.tables[step.dataset] = make(shop, dataset)
        return
    table = shop.tables[step.dataset]
    if step.variable not in table.columns:
        table.columns[step.variable] = _variable(plan, shop, dataset, table, step.variable)
    kind = plan.kinds.get((step.dataset, step.variable), "any")
    spec = dataset.spec.variables.get(step.variable)
    if kind == "any" and spec is not None and spec.data_type == "text":
        kind = "text"  # no derivation is left that tells it
    table.columns[step.variable] = typed(table.columns[step.variable], kind)


def _variable(plan: Plan, shop: Workshop, dataset: PlannedDataset, table: Table, variable: str) -> Any:
    spec = dataset.spec.variables.get(variable)
    codelist = spec.codelist if spec else _supplemental_codelist(plan, dataset, variable)
    if variable in dataset.variables:
        view = View(table, codelist=codelist, variable=variable, dataset=dataset.name)
        return Evaluator(shop, view).column(dataset.variables[variable].node)
    return _by_piece(shop, dataset, table, variable, codelist)


def _by_piece(shop: Workshop, dataset: PlannedDataset, table: Table, variable: str, codelist: str) -> Any:
    parts = []
    for block, piece, (start, stop) in zip(dataset.blocks, table.pieces, table.bounds(), strict=True):
        view = View(table, piece, start, stop, codelist, dataset.name, variable)
        if variable in block.variables:
            parts.append(Evaluator(shop, view).column(block.variables[variable].node))
        else:
            parts.append(constant(None, view.index))
    return stack_alike(parts)


def _supplemental_codelist(plan: Plan, dataset: PlannedDataset, variable: str) -> str:
    supp = plan.specs[dataset.kind].datasets.get(f"SUPP{dataset.name}")
    for value in supp.values if supp else ():
        if value.where and value.where[0].values == (variable,):
            return value.codelist
    return ""


def typed(series: Any, kind: str) -> Any:
    """An all-missing column in the type of its kind."""
    wanted = {"text": "str", "dtc": "str", "date": "datetime64[s]", "number": "float64"}.get(kind)
    if wanted and series.isna().all() and str(series.dtype) != wanted:
        empty: Any = pd.Series(np.nan, index=series.index)
        return empty.astype(wanted)
    return series


def as_table(table: TextTable) -> Table:
    """A table beside the mapping pages: text columns, no subjects, blank cells null."""
    columns = {
        name: pd.Series([c or None for c in table.column(name)], dtype="str", name=f"{table.name}|{name}")
        for name in table.header
    }
    return Table(table.name, len(table.rows), np.full(len(table.rows), -1, dtype=np.int64), None, columns)
