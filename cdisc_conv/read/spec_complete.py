"""A spec completed: what is blank, as the standards say; and what disagrees with them.

    spec, findings = complete(spec, load_standards("sdtm", "3.4", "2025-03-28"))

Filled: dataset label, class, structure, repeating and reference data; variable label, role, core,
mandatory, codelist and data type. A data type stays "" for numbers (integer or float, as the data are);
ISO 8601 variables get `datetime` or `durationDatetime`, of which the build may say less (`date`,
`partialDate`). Origin, source, method and length are the build's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cdisc_conv.codes import spec as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Finding, Findings, Place, Severity
from cdisc_conv.model.spec import DatasetSpec, Spec, ValueSpec, VariableSpec
from cdisc_conv.model.standards import IGVariable
from cdisc_conv.read.spec_cells import did_you_mean
from cdisc_conv.read.spec_guides import Said, Standards, load_standards
from cdisc_conv.read.spec_layout import implied_variables, is_supplemental, parent_of
from cdisc_conv.read.spec_terms import Codelists

__all__ = ["Standards", "complete", "load_standards"]

LABEL_SIZE = 40


def complete(spec: Spec, standards: Standards | Mapping[str, str]) -> tuple[Spec, Findings]:
    """The spec with its blanks filled from the standards, and where it disagrees with them.

    `standards` may be the versions that a study declares: `{"sdtm": "3.4", "adam": "1.3", "ct":
    "2025-03-28"}`; one that is not shipped is a finding (SPEC001), and the spec stays as it is.
    """
    findings = Findings()
    if isinstance(standards, Mapping):
        try:
            standards = load_standards(spec.kind, standards.get(spec.kind, ""), standards.get("ct", ""))
        except CannotRun as stop:
            findings.extend(stop.findings)
            return spec, findings
    codelists = Codelists(spec, standards, findings)
    codelists.complete()
    work = _Completion(spec, standards, findings, codelists)
    datasets = {d.name: work.dataset(d) for d in spec.datasets.values()}
    return replace(spec, datasets=datasets, codelists=codelists.done), findings


class _Completion:
    def __init__(self, spec: Spec, standards: Standards, findings: Findings, codelists: Codelists) -> None:
        self.spec, self.guide = spec, standards.guide
        self.findings, self.codelists = findings, codelists

    def add(self, finding: Finding) -> None:
        self.findings.add(finding)

    def dataset(self, d: DatasetSpec) -> DatasetSpec:
        d = replace(self.guide.dataset(d), standard=d.standard or self.guide.title)
        for column, text in (("label", d.label), ("class", d.class_), ("structure", d.structure)):
            if not text:
                place = self.spec.cell(d.place, "Datasets", column)
                title = column.title()
                self.add(codes.DATASET_BLANK.at(place, column=title, dataset=d.name, guide=self.guide.title))
        if not self.guide.knows(d) and d.class_:
            self.add(codes.NOT_A_DOMAIN.at(d.place, dataset=d.name, guide=self.guide.title, class_=d.class_))
        if not d.variables and implied_variables(d.name):
            d = replace(d, variables=self._implied(d))
        if is_supplemental(d.name) and (parent := parent_of(d.name)) not in self.spec.datasets:
            self.add(codes.NO_PARENT.at(d.place, dataset=d.name, parent=parent))
        self._missing(d)
        variables = {v.name: self.variable(d, v) for v in d.variables.values()}
        return replace(d, variables=variables, values=tuple(self.value(v) for v in d.values))

    def _missing(self, d: DatasetSpec) -> None:
        """Required variables one by one; expected ones, which a study may leave out, in one note."""
        wanted = list(self.guide.wanted(d)) if d.variables else []
        for v in wanted:
            if v.core == "Req":
                finding = codes.REQUIRED_MISSING.at
                self.add(finding(d.place, dataset=d.name, variable=v.name, guide=self.guide.title))
        if expected := [v.name for v in wanted if v.core == "Exp"]:
            names = ", ".join(expected)
            self.add(codes.EXPECTED_MISSING.at(d.place, dataset=d.name, names=names, guide=self.guide.title))

    def _implied(self, d: DatasetSpec) -> dict[str, VariableSpec]:
        """The variables of a dataset that is always alike (SUPP--, RELREC), at the dataset's place."""
        return {name: VariableSpec(d.name, name, d.place) for name in implied_variables(d.name)}

    def variable(self, d: DatasetSpec, v: VariableSpec) -> VariableSpec:
        said = self.guide.variable(d, v.name, v.predecessor)
        self._standing(d, v, said)
        codelist = self.codelists.refer(v.codelist, v.place, "Variables")
        if said.variable is None:
            self._label(d, v, v.label)
            return replace(v, codelist=codelist)
        standard = said.variable
        self._compare(d, v, said)
        label = v.label or ("" if standard.label.startswith("{") else standard.label)
        self._label(d, v, label)
        domain = standard.values[0] if v.name == "DOMAIN" and len(standard.values) == 1 else ""
        return replace(
            v,
            label=label,
            data_type=v.data_type or data_type_of(standard),
            role=v.role or standard.role,
            core=standard.core if said.standing == "guide" else v.core,
            mandatory=v.mandatory or ("Yes" if standard.core == "Req" else "No"),
            assigned_value=v.assigned_value or domain,
            codelist=codelist or self._default_list(d, v, standard),
        )

    def _default_list(self, d: DatasetSpec, v: VariableSpec, standard: IGVariable) -> str:
        """The guide's codelist, unless the variable's value list says what holds when."""
        if any(value.variable == v.name and value.codelist for value in d.values):
            return ""
        return self.codelists.default(standard, d.name, v.place)

    def value(self, v: ValueSpec) -> ValueSpec:
        return replace(v, codelist=self.codelists.refer(v.codelist, v.place, "ValueLevel"))

    def _standing(self, d: DatasetSpec, v: VariableSpec, said: Said) -> None:
        about: dict[str, Any] = {"dataset": d.name, "variable": v.name, "guide": self.guide.title}
        if said.standing == "class" and self.guide.knows(d):
            self.add(codes.MODEL_VARIABLE.at(v.place, domain=self.guide.domain(d), **about))
        if said.variable is None and self.guide.strict(d) and (self.guide.knows(d) or d.class_):
            hint = did_you_mean(v.name, list(self.guide.variables(d)), cutoff=0.8)
            hint = hint or f"a qualifier of the sponsor's own goes to SUPP{d.name} as QNAM {v.name}"
            self.add(codes.NOT_IN_GUIDE.at(v.place, domain=self.guide.domain(d), hint=hint, **about))

    def _compare(self, d: DatasetSpec, v: VariableSpec, said: Said) -> None:
        standard = said.variable
        assert standard is not None
        about: dict[str, Any] = {"dataset": d.name, "variable": v.name, "guide": said.guide}
        fixed = said.standing != "class" and not standard.label.startswith("{")
        if v.label and fixed and v.label != standard.label:
            place = self._cell(v, "label")
            self.add(codes.LABEL_DIFFERS.at(place, label=v.label, standard=standard.label, **about))
        if v.data_type and not self._type_fits(v.data_type, standard):
            place = self._cell(v, "data_type")
            severity = Severity.WARNING if said.standing == "copied" else Severity.ERROR
            self.add(
                codes.TYPE_DIFFERS.at(
                    place, severity=severity, data_type=v.data_type, standard=standard.type, **about
                )
            )

    def _type_fits(self, data_type: str, standard: IGVariable) -> bool:
        numbers = ("integer", "float")
        if standard.type == "Char":
            return data_type not in numbers
        dates = ("date", "time", "datetime") if self.spec.kind == "adam" else ()
        return data_type in (*numbers, *dates)

    def _label(self, d: DatasetSpec, v: VariableSpec, label: str) -> None:
        place = self._cell(v, "label")
        if not label:
            self.add(codes.LABEL_BLANK.at(place, dataset=d.name, variable=v.name))
        elif not v.label and len(label) > LABEL_SIZE:
            self.add(codes.TOO_LONG.at(place, column="Label", size=len(label), limit=LABEL_SIZE))

    def _cell(self, v: VariableSpec, column: str) -> Place:
        return self.spec.cell(v.place, "Variables", column)


def data_type_of(variable: IGVariable) -> str:
    """The guide's type as a data type of Define-XML; "" for a number (integer or float, as built)."""
    if variable.type == "Num":
        return ""
    if variable.described.startswith("ISO 8601 datetime"):
        return "datetime"
    return "durationDatetime" if variable.described.startswith("ISO 8601 duration") else "text"
