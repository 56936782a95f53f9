"""A spec read whole: every sheet into the model, every slip at once, each at its cell.

    spec, findings = read_spec(Path("specs/btrial/sdtm"), "sdtm")

The folder (CSV sheets) or workbook has the layout of `spec_layout`. What is blank stays blank here;
`complete` fills it from the standards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cdisc_conv.codes import spec as codes
from cdisc_conv.findings import Findings
from cdisc_conv.model.spec import Condition, DatasetSpec, Spec, ValueSpec, VariableSpec
from cdisc_conv.read.spec_cells import Line, Table, UnknownDatasets, define_of, did_you_mean, tables_of
from cdisc_conv.read.spec_complete import complete
from cdisc_conv.read.spec_layout import (
    DATA_TYPE_WORDS,
    DATA_TYPES,
    DATE_TYPES,
    implied_variables,
    is_supplemental,
)
from cdisc_conv.read.spec_lists import Lists, read_lists
from cdisc_conv.read.spec_sheets import Sheets, read_sheets
from cdisc_conv.read.spec_where import WhereSlip, parse_where
from cdisc_conv.read.spec_words import Words, load_words

__all__ = ["complete", "read_spec", "spec_of"]


def read_spec(path: Path, kind: str, *, shown: str = "") -> tuple[Spec, Findings]:
    """The spec in a folder of CSV sheets or an `.xlsx` workbook, and all slips found in it.

    `kind` is "sdtm" or "adam"; `shown` is how places name the folder or file (default: its own name).
    Raises `CannotRun` (SPEC003) when there is nothing that can be read.
    """
    findings = Findings()
    sheets = read_sheets(path, findings, shown=shown)
    return spec_of(sheets, kind, findings), findings


def spec_of(sheets: Sheets, kind: str, findings: Findings) -> Spec:
    """The model of a spec's sheets; slips are added to `findings`."""
    tables = tables_of(sheets, findings)
    lists = read_lists(tables, findings)
    datasets = _Datasets(tables, lists).read()
    return Spec(
        kind=kind,
        define=define_of(tables.get("Define")),
        datasets=datasets,
        codelists=lists.codelists,
        dictionaries=lists.dictionaries,
        methods=lists.methods,
        comments=lists.comments,
        documents=lists.documents,
        displays=lists.displays,
        results=lists.results,
        result_places=lists.result_places,
        columns={title: table.fields for title, table in tables.items()},
    )


class _Datasets:
    """Datasets with their variables and value-level rows."""

    def __init__(self, tables: Mapping[str, Table], lists: Lists) -> None:
        self.tables, self.lists = tables, lists
        self.words: Words = load_words()
        self.known: dict[str, Line] = {}

    def lines(self, title: str) -> list[Line]:
        table = self.tables.get(title)
        return list(table.lines()) if table else []

    def read(self) -> dict[str, DatasetSpec]:
        for line in self.lines("Datasets"):
            name = line.name("dataset", "dataset")
            if name and name in self.known:
                line.note(codes.ROW_TWICE, "dataset", what=f"dataset {name}")
            elif name:
                self.known[name] = line
        variables = self._variables()
        values = self._values(variables)
        return {n: self._dataset(n, line, variables[n], values[n]) for n, line in self.known.items()}

    def _dataset(
        self, name: str, line: Line, variables: Mapping[str, VariableSpec], values: Sequence[ValueSpec]
    ) -> DatasetSpec:
        names = _names(name, variables)
        if not names and "Variables" in self.tables:
            line.note(codes.NO_VARIABLES, "dataset", dataset=name)
        keys = tuple(line.text("key_variables").replace(",", " ").split())
        for key in keys if names else ():
            if key not in names:
                hint = did_you_mean(key, list(names))
                line.note(codes.KEY_UNKNOWN, "key_variables", variable=key, dataset=name, hint=hint)
        class_ = self.words.take(line, "class", "class", codes.CLASS_UNKNOWN)
        return DatasetSpec(
            name=name,
            place=line.place("dataset"),
            label=line.short("label"),
            class_=class_,
            subclass=self.words.take(line, "subclass", "subclass", codes.SUBCLASS_UNKNOWN),
            structure=line.text("structure"),
            keys=keys,
            standard=line.text("standard"),
            has_no_data=line.yes_no("has_no_data"),
            repeating=line.yes_no("repeating"),
            reference_data=line.yes_no("reference_data"),
            comment=self.lists.refer(line, "comment", "Comments"),
            variables=variables,
            values=tuple(values),
            extra=line.extras(),
        )

    def _variables(self) -> dict[str, dict[str, VariableSpec]]:
        found: dict[str, dict[str, VariableSpec]] = {name: {} for name in self.known}
        unknown = UnknownDatasets(list(self.known))
        for line in self.lines("Variables"):
            dataset, name = line.need("dataset"), line.name("variable", "variable")
            item = self._item(line)
            if not dataset or not name or unknown.note(line, dataset):
                continue
            if name in found[dataset]:
                line.note(codes.ROW_TWICE, "variable", what=f"variable {dataset}.{name}")
                continue
            line.yes_no("common")
            common = {"Common": line.text("common")} if line.text("common") else {}
            found[dataset][name] = VariableSpec(
                dataset=dataset,
                name=name,
                place=line.place("variable"),
                role=line.text("role"),
                only_when=line.text("only_when"),
                has_no_data=line.yes_no("has_no_data"),
                extra=common | line.extras(),
                **item,
            )
        return {d: {v.name: v for v in sorted(vs.values(), key=_order)} for d, vs in found.items()}

    def _values(self, variables: Mapping[str, Mapping[str, VariableSpec]]) -> dict[str, list[ValueSpec]]:
        found: dict[str, list[ValueSpec]] = {name: [] for name in self.known}
        unknown = UnknownDatasets(list(self.known))
        seen: set[tuple[str, str, tuple[Condition, ...]]] = set()
        for line in self.lines("ValueLevel"):
            dataset, variable = line.need("dataset"), line.need("variable")
            item = self._item(line)
            where = self._where(line)
            if not dataset or not variable or unknown.note(line, dataset):
                continue
            self._check_value(line, dataset, variable, where, variables)
            if where and (dataset, variable, where) in seen:
                line.note(
                    codes.ROW_TWICE, "where_clause", what=f"the value {dataset}.{variable} of this clause"
                )
                continue
            seen.add((dataset, variable, where))
            place = line.place("where_clause")
            found[dataset].append(ValueSpec(dataset, variable, where, place, extra=line.extras(), **item))
        return {d: sorted(vs, key=_order) for d, vs in found.items()}

    def _where(self, line: Line) -> tuple[Condition, ...]:
        text = line.need("where_clause")
        if text in self.lists.clauses:
            return self.lists.clauses[text]
        try:
            return parse_where(text) if text else ()
        except WhereSlip as slip:
            line.note(codes.WHERE_SYNTAX, "where_clause", reason=slip)
            return ()

    def _check_value(
        self,
        line: Line,
        dataset: str,
        variable: str,
        where: tuple[Condition, ...],
        variables: Mapping[str, Mapping[str, VariableSpec]],
    ) -> None:
        names = _names(dataset, variables[dataset])
        if names and variable not in names:
            hint = did_you_mean(variable, list(names))
            line.note(codes.VALUE_VARIABLE, "variable", variable=variable, dataset=dataset, hint=hint)
        for leg in where:
            other = leg.dataset or dataset
            if other not in self.known:
                hint = did_you_mean(other, list(self.known))
                line.note(codes.DATASET_UNKNOWN, "where_clause", dataset=other, hint=hint)
                continue
            there = _names(other, variables[other])
            if there and leg.variable not in there:
                hint = did_you_mean(leg.variable, list(there))
                line.note(
                    codes.WHERE_VARIABLE, "where_clause", variable=leg.variable, dataset=other, hint=hint
                )
        if is_supplemental(dataset) and variable == "QVAL" and where:
            _check_qualifier(line, dataset, where)

    def _item(self, line: Line) -> dict[str, Any]:
        """The cells that Variables and ValueLevel have in common."""
        data_type = line.one_of("data_type", DATA_TYPES, codes.TYPE_UNKNOWN, DATA_TYPE_WORDS)
        length = line.whole("length")
        if length is not None and data_type in ("text", "") and length > 200:
            line.note(codes.LENGTH_OVER, "length", length=length)
        if length is not None and data_type in DATE_TYPES:
            line.note(codes.LENGTH_UNUSED, "length", data_type=data_type)
        return {
            "order": line.whole("order", least=0),
            "label": line.short("label"),
            "data_type": data_type,
            "length": length,
            "significant_digits": line.whole("significant_digits", least=0),
            "format": line.text("format"),
            "mandatory": line.yes_no("mandatory"),
            "assigned_value": line.text("assigned_value"),
            "codelist": line.text("codelist"),
            "origin": self.words.take(line, "origin", "origin", codes.ORIGIN_UNKNOWN),
            "source": self.words.take(line, "source", "source", codes.SOURCE_UNKNOWN),
            "pages": line.text("pages"),
            "method": self.lists.refer(line, "method", "Methods"),
            "predecessor": line.text("predecessor"),
            "comment": self.lists.refer(line, "comment", "Comments"),
        }


def _order(item: VariableSpec | ValueSpec) -> tuple[bool, int]:
    return (item.order is None, item.order or 0)


def _names(dataset: str, variables: Mapping[str, VariableSpec]) -> tuple[str, ...]:
    """A dataset's variables; those of SUPP-- and RELREC need not be written."""
    return tuple(variables) or implied_variables(dataset)


def _check_qualifier(line: Line, dataset: str, where: tuple[Condition, ...]) -> None:
    leg = where[0]
    if len(where) != 1 or (leg.variable, leg.comparator) != ("QNAM", "EQ"):
        line.note(codes.QUALIFIER_WHERE, "where_clause", dataset=dataset)
        return
    name = leg.values[0]
    if len(name) > 8 or not name.isidentifier() or not name.isascii() or name != name.upper():
        line.note(codes.NAME_INVALID, "where_clause", name=name, what="qualifier (QNAM)")
    if not line.text("label"):
        line.note(codes.QUALIFIER_LABEL, "label", name=name)
