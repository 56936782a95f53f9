"""The sheets Analysis Displays and Analysis Results of an ADaM spec as analyses, every slip a finding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdisc_conv.codes import spec as codes
from cdisc_conv.findings import Code, Findings, Place
from cdisc_conv.model.analysis import METHODS, Analysis, Display
from cdisc_conv.model.spec import Condition, Spec
from cdisc_conv.read.spec_cells import did_you_mean
from cdisc_conv.read.spec_where import WhereSlip, parse_where

REASONS = (*("SPECIFIED IN SAP", "SPECIFIED IN PROTOCOL", "DATA DRIVEN", "REQUESTED BY REGULATORY AGENCY"),)
PURPOSES = (*("PRIMARY OUTCOME MEASURE", "SECONDARY OUTCOME MEASURE", "EXPLORATORY OUTCOME MEASURE"),)
"""The terms of the ADaM codelists ANALREAS (C117744) and ANALPURP (C117745), both extensible."""


def displays_of(spec: Spec) -> list[Display]:
    """The displays in the order of their sheet."""
    return [
        Display(d.get("id", ""), d.get("title", ""), d.get("document", ""), d.get("pages", ""))
        for d in spec.displays
    ]


def analyses_of(spec: Spec) -> tuple[list[Analysis], Findings]:
    """The analyses in the order of their sheet; one with a slip is left out."""
    findings = Findings()
    found = []
    seen: set[str] = set()
    for cells, place in zip(spec.results, spec.result_places, strict=True):
        reader = _Reader(spec, cells, place, Findings())
        made = reader.analysis()
        if made.id in seen:
            reader.note(codes.ROW_TWICE, "id", what=f"analysis {made.id}")
        seen.add(made.id)
        if not len(reader.findings):
            found.append(made)
        findings.extend(reader.findings)
    return found, findings


class _Reader:
    def __init__(self, spec: Spec, cells: Mapping[str, str], place: Place, findings: Findings) -> None:
        self.spec, self.cells, self.place, self.findings = spec, cells, place, findings

    def text(self, field: str) -> str:
        return self.cells.get(field, "")

    def note(self, code: Code, field: str, *, hint: str = "", **words: str) -> None:
        place = self.spec.cell(self.place, "Analysis Results", field)
        fields: dict[str, Any] = dict(words)
        self.findings.add(code.at(place, hint=hint or None, **fields))

    def analysis(self) -> Analysis:
        variables = self.variables("variables")
        main = variables[0][0] if variables else ""
        treatment = self.text("treatment")
        by = tuple(self.text("by").split())
        for field, names in (("treatment", (treatment,) if treatment else ()), ("by", by)):
            for name in names:
                self.must_know(field, name, *dict.fromkeys((main, "ADSL")))
        return Analysis(
            id=self.text("id"),
            display=self.text("display"),
            description=self.text("description"),
            variables=variables,
            where=self.where(main),
            selection=self.text("selection_criteria"),
            reason=self.text("reason"),
            purpose=self.text("purpose"),
            documentation=self.text("documentation"),
            join_comment=self.text("join_comment"),
            code=self.text("programming_code"),
            code_context=self.text("programming_context"),
            method=self.method(),
            treatment=treatment,
            by=by,
            response=self.text("response") or "Y",
            times=self.times(),
            place=self.place,
        )

    def must_know(self, field: str, variable: str, *datasets: str) -> None:
        """Note a variable that none of the datasets has, with the nearest name that there is."""
        specs = [self.spec.datasets[d] for d in datasets if d in self.spec.datasets]
        if any(variable in d.variables for d in specs):
            return
        names = [v for d in specs for v in d.variables] if specs else list(self.spec.datasets)
        near = did_you_mean(variable if specs else datasets[0], names)
        if not any(datasets):
            near = "write DATASET.VARIABLE"
        where = " or ".join(datasets) or "?"
        self.note(codes.ANALYSIS_VARIABLE, field, variable=variable, dataset=where, hint=near)

    def variables(self, field: str) -> tuple[tuple[str, str], ...]:
        """`ADTTE.AVAL, ADTTE.CNSR`; a variable without a dataset is of the one before."""
        found: list[tuple[str, str]] = []
        for word in self.text(field).replace(",", " ").split():
            dataset, _, variable = word.rpartition(".")
            dataset = dataset or (found[-1][0] if found else "")
            self.must_know(field, variable, dataset)
            found.append((dataset, variable))
        if not found:
            self.note(codes.CELL_BLANK, field, column="Variables")
        return tuple(found)

    def where(self, main: str) -> tuple[Condition, ...]:
        text = self.text("selection_criteria")
        try:
            conditions = parse_where(text) if text else ()
        except WhereSlip as slip:
            self.note(codes.WHERE_SYNTAX, "selection_criteria", reason=str(slip))
            return ()
        for c in conditions:
            self.must_know("selection_criteria", c.variable, c.dataset or main)
        return conditions

    def method(self) -> str:
        text = self.text("method")
        if text and text not in METHODS:
            hint = did_you_mean(text, METHODS) or f"one of: {', '.join(METHODS)}"
            self.note(codes.ANALYSIS_METHOD, "method", method=text, hint=hint)
        return text

    def times(self) -> tuple[float, ...]:
        words = self.text("times").replace(",", " ").split()
        try:
            return tuple(float(word) for word in words)
        except ValueError:
            self.note(codes.ANALYSIS_TIMES, "times", text=self.text("times"))
            return ()
