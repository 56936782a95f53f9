"""Datasets without subjects (trial design): made once, after all pieces, with study-wide numbers."""

from __future__ import annotations

from collections.abc import Mapping

from cdisc_conv.engine.build import as_table, finish_all, take_step
from cdisc_conv.engine.finish import Finished
from cdisc_conv.engine.plan import Plan
from cdisc_conv.engine.table import Table
from cdisc_conv.engine.view import Workshop


def references(plan: Plan) -> frozenset[str]:
    """Datasets whose rows come from tables without subjects only."""
    found: set[str] = set()
    for name, dataset in plan.datasets.items():
        sources = [b.block.source.text for b in dataset.blocks]
        if sources and not any(s in plan.subjects or s in plan.datasets for s in sources):
            found.add(name)
    return frozenset(found)


def build_references(
    plan: Plan, shop: Workshop, tables: Mapping[str, Table], numbers: Mapping[str, float]
) -> dict[str, Finished]:
    """The datasets without subjects; `numbers` are the study-wide counts added up over all pieces."""
    names = references(plan)
    shop.numbers = dict(numbers)
    shop.tables.update(tables)
    for name, table in plan.tables.items():
        shop.tables.setdefault(name, as_table(table))
    for step in plan.steps:
        if step.dataset in names:
            take_step(plan, shop, step)
    return finish_all(plan, shop, [n for n in plan.datasets if n in names])
