"""What a study's texts do with raw columns: which datasets read one, which codelists decode it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cdisc_conv.engine.plan import Derivation, Plan, PlannedDataset
from cdisc_conv.engine.sources import Sources
from cdisc_conv.engine.stage import stage
from cdisc_conv.engine.view import Workshop
from cdisc_conv.findings import Findings
from cdisc_conv.language import nodes as n
from cdisc_conv.language.codelists import Terms
from cdisc_conv.model.raw import RawTable
from cdisc_conv.model.study import Form

DECODES = ("ct", "decode")
"""Verbs that look a raw value (`value`) up in a codelist (`codelist`, or that of the variable)."""
_SLOTS = ("value", "codelist")
_STUDY = "study.yaml"


@dataclass(slots=True)
class Uses:
    """What a plan does with raw columns, by form and the column's name in the file."""

    plan: Plan
    readers: Mapping[tuple[str, str], list[str]]
    lists: Mapping[tuple[str, str], dict[str, Terms]]

    def who(self, form: Form | None, column: str) -> str:
        """The datasets that read a column, as words; "" when nothing does."""
        if form is None:
            return ""
        found = list(self.readers.get((form.name, column), ()))
        if not found and column in self.plan.raw_columns_read.get(form.name, ()):
            found = ["the mapping"]
        if column in (form.row_key, form.modified) or column in self.subject_columns(form):
            found.append(_STUDY)
        return ", ".join(found)

    def terms(self, form: Form | None, column: str) -> dict[str, Terms]:
        """The codelists that decode a column, by id."""
        return self.lists.get((form.name, column), {}) if form else {}

    def subject_columns(self, form: Form) -> list[str]:
        """The columns that make up the subject, in the order of the derivation."""
        derivation = self.plan.subjects.get(form.name)
        if derivation is None:
            return []
        found = [form.columns.get(c, c) for owner, c in derivation.reads if owner in ("form", form.name, "")]
        return sorted(found, key=lambda c: (derivation.words.text.find(c), c))

    def subjects(self, form: Form, table: RawTable) -> Any:
        """USUBJID of the rows that have one, with their row numbers as index; None without subjects."""
        import pandas as pd

        derivation = self.plan.subjects.get(form.name)
        columns = self.subject_columns(form)
        if derivation is None or any(c not in table.frame.columns for c in columns):
            return None
        shop = Workshop(self.plan.study, self.plan.verbs, {}, Sources(), Findings(), {}, {})
        staged, _ = stage(shop, form, table, 0, derivation, columns)
        return pd.Series(staged.subject.to_numpy(), index=staged.origin)


def uses_of(plan: Plan) -> Uses:
    """Gather what a plan does with raw columns."""
    readers: dict[tuple[str, str], list[str]] = {}
    lists: dict[tuple[str, str], dict[str, Terms]] = {}
    for name, dataset in plan.datasets.items():
        for variable, derivation in _derivations(dataset):
            mine = set(_raw(plan, derivation))
            for key in mine:
                known = readers.setdefault(key, [])
                if name not in known:
                    known.append(name)
            for column, codelist in _decoded(plan, dataset, variable, derivation):
                for key in mine:
                    if key[1] == column or plan.study.forms[key[0]].columns.get(column) == key[1]:
                        lists.setdefault(key, {})[codelist] = _terms(plan, codelist)
    return Uses(plan, readers, lists)


def _derivations(dataset: PlannedDataset) -> Iterator[tuple[str, Derivation]]:
    for variable in dataset.made():
        for derivation in dataset.derivations(variable):
            yield variable, derivation
    for derivation in dataset.every():
        yield "", derivation


def _raw(plan: Plan, derivation: Derivation) -> Iterator[tuple[str, str]]:
    """Form and raw column of what a derivation reads of raw tables."""
    for owner, column in derivation.reads:
        form = plan.study.forms.get(owner)
        if form is not None:
            yield form.name, form.columns.get(column, column)


def _decoded(
    plan: Plan, dataset: PlannedDataset, variable: str, derivation: Derivation
) -> Iterator[tuple[str, str]]:
    """Columns that a derivation decodes, each with the id of the codelist."""
    spec = dataset.spec.variables.get(variable)
    usual = spec.codelist if spec else ""
    for node in derivation.node.walk():
        if isinstance(node, n.Bound) and node.verb in DECODES:
            value, named = (g.parts[0] if g and g.parts else None for g in map(node.argument, _SLOTS))
            codelist = str(named.value) if isinstance(named, n.Literal) and named.value else usual
            if codelist and isinstance(value, n.Name):
                yield value.column, codelist


def _terms(plan: Plan, id: str) -> Terms:
    """The terms of a codelist with the study's code map for it."""
    codelist = next((s.codelists[id] for s in plan.specs.values() if id in s.codelists), None)
    folded: dict[str, str] = {}
    for term in codelist.terms if codelist else ():
        folded.setdefault(term.lower(), term)
    return Terms(id, codelist, plan.mapping.codes.get(id, {}), folded)
