"""A plan for some datasets only: they and all that they read."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

from cdisc_conv.codes.map import MAP031
from cdisc_conv.engine.plan import Plan
from cdisc_conv.engine.planner import in_file_order, raw_columns
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Place


def only(plan: Plan, wanted: tuple[str, ...]) -> Plan:
    """The plan cut down to what the wanted datasets need."""
    for name in wanted:
        if name not in plan.datasets:
            near = get_close_matches(name, plan.datasets, 1)
            hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(plan.datasets)}"
            raise CannotRun(MAP031.at(Place(dataset=name), dataset=name, hint=hint))
    needed = set(wanted)
    todo = list(wanted)
    while todo:
        for other in _reads(plan, todo.pop()):
            if other not in needed:
                needed.add(other)
                todo.append(other)
    datasets = {n: d for n, d in plan.datasets.items() if n in needed}
    cut = replace(plan, datasets=datasets, steps=tuple(s for s in plan.steps if s.dataset in needed))
    read = raw_columns(cut)
    return replace(
        cut, forms_used=in_file_order(plan.study, read), raw_columns_read=read, wanted=frozenset(wanted)
    )


def _reads(plan: Plan, name: str) -> set[str]:
    dataset = plan.datasets[name]
    owners = {owner for d in dataset.every() for owner, _ in d.reads}
    owners |= {b.block.source.text for b in dataset.blocks}
    return {o for o in owners if o in plan.datasets}
