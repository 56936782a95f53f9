"""The kind of every column, in the order of the plan; slips of kind become findings."""

from __future__ import annotations

from cdisc_conv.codes.map import MAP025, MAP027
from cdisc_conv.engine.plan import TTE_GIVEN, Derivation, Plan, PlannedDataset
from cdisc_conv.findings import Findings
from cdisc_conv.language import nodes as n
from cdisc_conv.language.kinds import KindReader, agree

_NUMERIC = ("integer", "float")
_SHOWN = {"dtc": "ISO 8601 text", "text": "text", "number": "a number", "date": "a date"}


def check_kinds(plan: Plan, findings: Findings) -> dict[tuple[str, str], str]:
    """Kinds of all dataset columns; `findings` grows by what does not fit."""
    kinds: dict[tuple[str, str], str] = {}
    for step in plan.steps:
        dataset = plan.datasets[step.dataset]
        reader = _Reader(plan, dataset, kinds, findings)
        if step.variable:
            kinds[step.dataset, step.variable] = reader.variable(step.variable)
        else:
            reader.rows()
    for dataset in plan.datasets.values():
        _Reader(plan, dataset, kinds, findings).checks()
    return kinds


class _Reader:
    def __init__(
        self, plan: Plan, dataset: PlannedDataset, kinds: dict[tuple[str, str], str], findings: Findings
    ) -> None:
        self.plan, self.dataset, self.kinds, self.findings = plan, dataset, kinds, findings

    def reader(self, d: Derivation, sources: list[str]) -> KindReader:
        def kind_of(name: n.Name) -> str:
            if name.owner == "form":
                found = {self.kinds.get((s, name.column), "text" if s in self.plan.study.forms else "any")
                         for s in sources}  # fmt: skip
                return found.pop() if len(found) == 1 else "any"
            if name.owner in self.plan.datasets:
                return self.kinds.get(
                    (name.owner, name.column), "text" if name.column == "USUBJID" else "any"
                )
            return "text"

        return KindReader(d.words, kind_of, self.plan.verbs, self.findings)

    def rows(self) -> None:
        d = self.dataset
        sources = [b.block.source.text for b in d.blocks]
        for b in d.blocks:
            if b.where:
                self.reader(b.where, [b.block.source.text]).condition(b.where.node)
        for p in d.parameters:
            for h in (*p.events, *p.censors):
                inner = [h.source] if h.source else sources
                if h.where:
                    self.reader(h.where, inner).condition(h.where.node)
                self.reader(h.date, inner).column(h.date.node)

    def checks(self) -> None:
        """The study's own checks: conditions must be conditions."""
        sources = [b.block.source.text for b in self.dataset.blocks]
        for c in self.dataset.checks:
            inner = [c.check.source.text] if c.check.source else sources
            self.reader(c.where, inner).condition(c.where.node)

    def variable(self, variable: str) -> str:
        d = self.dataset
        if d.parameters and variable in TTE_GIVEN and variable not in d.variables:
            return TTE_GIVEN[variable]
        sources = [b.block.source.text for b in d.blocks]
        found = "any"
        for derivation, inner in self._each(variable, sources):
            kind = self.reader(derivation, inner).column(derivation.node)
            both = agree(found, kind)
            if both is None:
                words = derivation.words
                self.findings.add(
                    MAP025.at(
                        words.place, variable=variable, first=_SHOWN[found], second=_SHOWN.get(kind, kind)
                    )
                )
            found = both or found
            self._against_spec(variable, kind, derivation)
        return found

    def _each(self, variable: str, sources: list[str]) -> list[tuple[Derivation, list[str]]]:
        d = self.dataset
        found = [(b.variables[variable], [b.block.source.text]) for b in d.blocks if variable in b.variables]
        if variable in d.variables:
            found.append((d.variables[variable], sources))
        for p in d.parameters:
            if variable in p.constants:
                found.append((p.constants[variable], sources))
            for h in (*p.events, *p.censors):
                if variable in h.variables:
                    found.append((h.variables[variable], [h.source] if h.source else sources))
        return found

    def _against_spec(self, variable: str, kind: str, derivation: Derivation) -> None:
        place = derivation.words.place
        spec = self.dataset.spec.variables.get(variable)
        if (
            spec is None
            and variable in self.plan.supplemental(self.dataset.name)
            and kind in ("number", "date")
        ):
            self.findings.add(
                MAP027.at(place, variable=variable, kind=_SHOWN[kind], data_type="text (QVAL is text)")
            )
        if spec is None or kind == "any" or not spec.data_type:
            return
        if self.dataset.kind == "adam" and spec.data_type in ("date", "datetime", "time"):
            return  # a SAS date, or ISO 8601 text taken over from SDTM
        numeric = spec.data_type in _NUMERIC
        if numeric != (kind in ("number", "date")):
            self.findings.add(
                MAP027.at(
                    derivation.words.place, variable=variable, kind=_SHOWN[kind], data_type=spec.data_type
                )
            )
