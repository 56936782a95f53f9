"""Why a value is what it is: one subject built again with every step at hand, and walked backwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cdisc_conv.engine.build import as_table, take_step
from cdisc_conv.engine.evaluate import Evaluator
from cdisc_conv.engine.finish import key_order
from cdisc_conv.engine.partition import subject_piece
from cdisc_conv.engine.plan import Derivation, Plan, PlannedHappening
from cdisc_conv.engine.shown import alike, as_text
from cdisc_conv.engine.table import Piece, Table
from cdisc_conv.engine.view import View, Workshop
from cdisc_conv.findings import Findings, Row
from cdisc_conv.language import nodes as n
from cdisc_conv.language.sentences import sentence
from cdisc_conv.model.lineage import Trace
from cdisc_conv.read.raw import RawExport

SHOWN = 3
"""Rows of another table shown for a look into it."""


@dataclass(slots=True)
class Explainer:
    """One subject's tables, complete, and how to walk back through them."""

    plan: Plan
    shop: Workshop
    seen: set[tuple[str, int, str]] = field(default_factory=set)

    @property
    def findings(self) -> Findings:
        """What was noticed while the subject was built."""
        return self.shop.findings

    def records(self, dataset: str) -> list[int]:
        """The subject's records of a dataset, in key order."""
        table = self.shop.tables[dataset]
        return [int(i) for i in key_order(self.plan.datasets[dataset], table)]

    def value(self, dataset: str, record: int, variable: str) -> str:
        """A value as text; "" when missing or when there is no such variable."""
        column = self.shop.tables[dataset].columns.get(variable)
        return "" if column is None else as_text(column.iloc[record])

    def variables(self, dataset: str) -> list[str]:
        """The variables shipped, supplemental qualifiers included."""
        planned = self.plan.datasets[dataset]
        made = self.shop.tables[dataset].columns
        return [v for v in (*planned.spec.variables, *self.plan.supplemental(dataset)) if v in made]

    def parent(self, dataset: str) -> str:
        """The dataset whose supplemental qualifiers a SUPP-- holds; "" when it is no such dataset."""
        return next((d for d in self.plan.datasets if dataset == f"SUPP{d}"), "")

    def knows(self) -> bool:
        """Whether any raw form has rows of the subject."""
        staged = [t for n, t in self.shop.tables.items() if n not in self.plan.datasets]
        return any(t.subject is not None and t.length for t in staged)

    def of_subjects(self, dataset: str) -> bool:
        """Whether records of the dataset belong to subjects."""
        return self.shop.tables[dataset].subject is not None

    def locate(self, dataset: str, variable: str, keys: Mapping[str, str]) -> list[tuple[str, int, str]]:
        """Dataset, record and variable behind a row as shipped, given its keys as text.

        A row of a SUPP-- is a value of its parent: `QNAM` is the variable, `IDVAR` names the record.
        """
        wanted, parent = dict(keys), self.parent(dataset)
        if parent:
            dataset, variable = parent, keys.get("QNAM", "")
            wanted = {keys["IDVAR"]: keys.get("IDVARVAL", "")} if keys.get("IDVAR") else {}
            wanted |= {k: keys[k] for k in ("USUBJID",) if k in keys}
        if dataset not in self.shop.tables or variable not in self.variables(dataset):
            return []
        table = self.shop.tables[dataset]
        known = {k: v for k, v in wanted.items() if k in table.columns}
        fits = [r for r in self.records(dataset) if self._fits(dataset, r, known)]
        return [(dataset, r, variable) for r in fits]

    def _fits(self, dataset: str, record: int, keys: Mapping[str, str]) -> bool:
        return all(alike(self.value(dataset, record, k), v) for k, v in keys.items())

    def trace(self, dataset: str, record: int, variable: str) -> Trace:
        """The way back from one value."""
        self.seen = set()
        return self._variable(self.shop.tables[dataset], record, variable)

    def _variable(self, table: Table, at: int, variable: str) -> Trace:
        made = Trace(f"{table.name}.{variable}", as_text(table.column(variable).iloc[at]))
        made.record = self._record(table, at)
        if (table.name, at, variable) in self.seen:
            made.note = "as above"
            return made
        self.seen.add((table.name, at, variable))
        happening = self._happening(table, at, variable)
        derivation, piece, inner = self._derivation(table, at, variable)
        if derivation is not None and happening is None:
            self._tell(made, derivation)
            made.inputs = list(self._inputs(derivation.node, table, at, piece, inner, made.value))
        elif happening is not None:
            made.derivation, made.inputs = self._from_happening(table, at, variable, happening)
        return made

    def _tell(self, made: Trace, derivation: Derivation) -> None:
        made.derivation = derivation.words.text.strip()
        made.sentence = sentence(derivation.node, self.plan.verbs)
        made.place = derivation.words.place

    def _record(self, table: Table, at: int) -> str:
        planned = self.plan.datasets.get(table.name)
        keys = [k for k in planned.spec.keys if k not in ("STUDYID", "USUBJID")] if planned else []
        return " ".join(f"{k}={as_text(table.columns[k].iloc[at])}" for k in keys if k in table.columns)

    def _derivation(
        self, table: Table, at: int, variable: str
    ) -> tuple[Derivation | None, Piece | None, int]:
        """The derivation that made the value, the piece that its row is in, and the row within that."""
        planned = self.plan.datasets.get(table.name)
        if planned is None:
            return None, None, at
        piece, inner, derivation = None, at, planned.variables.get(variable)
        for number, (start, stop) in enumerate(table.bounds()):
            if start <= at < stop:
                piece, inner = table.pieces[number], at - start
                if derivation is None and not planned.parameters:
                    derivation = planned.blocks[number].variables.get(variable)
                if derivation is None and planned.parameters:
                    constants = planned.parameters[number].constants
                    derivation = planned.start if variable == "STARTDT" else constants.get(variable)
        return derivation, piece, inner

    def _inputs(
        self, node: n.Node, table: Table, at: int, piece: Piece | None, inner: int, result: str
    ) -> Iterator[Trace]:
        """What the parts of a derivation stood for, in the order they are written."""
        if isinstance(node, n.Name):
            yield from self._name(node, table, at, piece, inner)
            return
        if isinstance(node, n.Bound):
            for given in node.given:
                if given.looks_into:
                    if given.param != "where":
                        where = [g for g in node.given if g.param == "where" and g.looks_into]
                        yield from self._look(given, where, table, at, result)
                    continue
                for part in given.parts:
                    yield from self._inputs(part, table, at, piece, inner, result)
            for part in (*node.star, *(k.value for k in node.named)):
                yield from self._inputs(part, table, at, piece, inner, result)
            return
        for child in node.children():
            yield from self._inputs(child, table, at, piece, inner, result)

    def _name(self, node: n.Name, table: Table, at: int, piece: Piece | None, inner: int) -> Iterator[Trace]:
        if node.owner == "form" and piece is not None:
            yield self._cell(piece.source, int(piece.rows[inner]), node.column)
        elif node.owner == "test" and piece is not None:
            value = as_text(piece.tests[node.column].iloc[inner])
            if node.column == "value":
                row = self.shop.sources.row(int(table.origin[at]))
                yield Trace("raw value of the test", value, row=row)
            else:
                yield Trace(f"test.{node.column}", value)
        elif node.owner == table.name:
            yield self._variable(table, at, node.column)
        elif node.owner in self.shop.tables:
            other = self.shop.tables[node.owner]
            subject = None if table.subject is None else table.subject.iloc[at]
            rows: list[int] = []
            if other.subject is not None:
                rows = np.flatnonzero((other.subject == subject).to_numpy()).tolist()
            for there in rows[:SHOWN]:
                yield self._cell(other, there, node.column)
            if not len(rows):
                yield Trace(f"{node.owner}.{node.column}", "", note="the subject has no row there")

    def _cell(self, table: Table, at: int, column: str) -> Trace:
        """A dataset's value, traced on, or a raw cell."""
        if table.name in self.plan.datasets:
            return self._variable(table, at, column)
        row = self.shop.sources.row(int(table.origin[at]))
        if row is None and table.name in self.plan.tables:
            text = self.plan.tables[table.name]
            row = Row(text.file, text.lines[at])
        return Trace(column, as_text(table.column(column).iloc[at]), row=row)

    def _look(
        self, given: n.Given, where: list[n.Given], table: Table, at: int, result: str
    ) -> Iterator[Trace]:
        """Rows of another table that gave the result; some of the others when none alone did."""
        other = self.shop.tables[given.looks_into]
        looked = Evaluator(self.shop, View(other, dataset=table.name))
        texts = looked.column(given.parts[0]).map(as_text)
        mine = np.ones(other.length, dtype=bool)
        if other.subject is not None and table.subject is not None:
            mine = (other.subject == table.subject.iloc[at]).to_numpy()
        fits = mine.copy()
        for condition in where:
            if condition.looks_into == given.looks_into:
                fits &= looked.column(condition.parts[0]).fillna(False).to_numpy(dtype=bool)
        rows = np.flatnonzero(fits if fits.any() else mine)
        for same in (texts == result, texts.map(lambda text: text.startswith(result))):
            found = np.flatnonzero(fits & same.to_numpy(dtype=bool)) if result else rows[:0]
            if len(found):
                rows = found
                break
        names = [x for x in given.parts[0].walk() if isinstance(x, n.Name)]
        for row in rows[:SHOWN]:
            for name in names:
                if name.owner == given.looks_into:
                    made = self._cell(other, int(row), name.column)
                    made.note = made.note or _looked_at(fits, mine, given.looks_into)
                    yield made

    def _happening(self, table: Table, at: int, variable: str) -> tuple[PlannedHappening, int] | None:
        """The event or censoring behind a time-to-event value, and its row."""
        planned = self.plan.datasets.get(table.name)
        if planned is None or not planned.parameters or variable in planned.variables:
            return None
        for number, (start, stop) in enumerate(table.bounds()):
            parameter = planned.parameters[number]
            if start <= at < stop and variable not in parameter.constants and variable != "STARTDT":
                chosen, row = table.cache["happened"]
                every = (*parameter.events, *parameter.censors)
                return (every[int(chosen[at])], int(row[at])) if chosen[at] >= 0 else None
        return None

    def _from_happening(
        self, table: Table, at: int, variable: str, found: tuple[PlannedHappening, int]
    ) -> tuple[str, list[Trace]]:
        happening, row = found
        text = happening.variables.get(variable, happening.date)
        words = f"{text.words.text.strip()}"
        if variable == "AVAL":
            return "ADT - STARTDT + 1", [
                self._variable(table, at, "ADT"),
                self._variable(table, at, "STARTDT"),
            ]
        if happening.source:
            source = self.shop.tables[happening.source]
            which = self._record(source, row)
            words = (
                f"{words}  (the {happening.pick} row of {happening.source} that fits{which and ': '}{which})"
            )
            names = [x for x in text.node.walk() if isinstance(x, n.Name)]
            inputs = [
                self._cell(source, row, x.column) for x in names if x.owner in ("form", happening.source)
            ]
            return words, inputs
        piece = next(p for p, (a, b) in zip(table.pieces, table.bounds(), strict=True) if a <= at < b)
        start = next(a for a, b in table.bounds() if a <= at < b)
        return words, list(self._inputs(text.node, table, at, piece, at - start, ""))


def explain(plan: Plan, raw: RawExport, *subjects: str) -> Explainer:
    """Build one subject, or some at once, with all steps kept."""
    shop, staged = subject_piece(plan, raw, *subjects)
    shop.tables.update(staged)
    for name, table in plan.tables.items():
        shop.tables.setdefault(name, as_table(table))
    for step in plan.steps:
        take_step(plan, shop, step)
    return Explainer(plan, shop)


def _looked_at(fits: Any, mine: Any, table: str) -> str:
    """`from 5 rows of DS`, `from 1 of 5 rows of DS`."""
    number = f"{int(fits.sum())} of " if fits.sum() < mine.sum() else ""
    return f"from {number}{int(mine.sum())} rows of {table}"
