"""A spec in the model as sheets again: what `write_sheets` writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdisc_conv.model.spec import Codelist, DatasetSpec, Spec
from cdisc_conv.read import spec_layout as layouts
from cdisc_conv.read.spec_layout import LAYOUT, SheetLayout
from cdisc_conv.read.spec_sheets import Sheet, Sheets
from cdisc_conv.read.spec_where import format_where

Row = dict[str, str]


def sheets_of(spec: Spec) -> Sheets:
    """A spec's sheets as the model holds them; columns of the user's own stand at the right.

    Where clauses stand in the clause itself, a codelist's attributes in each of its rows.
    """
    tables: dict[str, list[Row]] = {
        "Define": [{"Attribute": name, "Value": value} for name, value in spec.define.items()],
        "Datasets": [_dataset(d) for d in spec.datasets.values()],
        "Variables": [row for d in spec.datasets.values() for row in _variables(d)],
        "ValueLevel": [row for d in spec.datasets.values() for row in _values(d)],
        "Codelists": [row for c in spec.codelists.values() for row in _codelist(c)],
        "Dictionaries": [_row(item, layouts.DICTIONARIES) for item in spec.dictionaries.values()],
        "Methods": [_row(item, layouts.METHODS) for item in spec.methods.values()],
        "Comments": [_row(item, layouts.COMMENTS) for item in spec.comments.values()],
        "Documents": [_row(item, layouts.DOCUMENTS) for item in spec.documents.values()],
        "Analysis Displays": [_headed(cells, layouts.DISPLAYS) for cells in spec.displays],
        "Analysis Results": [_headed(cells, layouts.RESULTS) for cells in spec.results],
    }
    return Sheets("", {s.title: _sheet(s, rows) for s in LAYOUT if (rows := tables.get(s.title))})


def _dataset(d: DatasetSpec) -> Row:
    return _row(
        d, layouts.DATASETS, {"dataset": d.name, "class": d.class_, "key_variables": ", ".join(d.keys)}
    )


def _variables(d: DatasetSpec) -> Iterator[Row]:
    for v in d.variables.values():
        yield _row(v, layouts.VARIABLES, {"variable": v.name})


def _values(d: DatasetSpec) -> Iterator[Row]:
    for v in d.values:
        yield _row(v, layouts.VALUE_LEVEL, {"where_clause": format_where(v.where)})


def _codelist(c: Codelist) -> Iterator[Row]:
    head = _row(c, layouts.CODELISTS, {"nci_codelist_code": c.nci_code})
    for t in c.terms.values():
        order = "" if t.order is None else str(t.order)
        term = {"Order": order, "Term": t.value, "NCI Term Code": t.nci_code, "Decoded Value": t.decode}
        yield head | term | {"Only When": t.only_when}
    if not c.terms:
        yield head


def _row(item: Any, layout: SheetLayout, given: Row | None = None) -> Row:
    """An item's fields by header, those `given` where the model names them otherwise."""
    cells = {c.name: (given or {}).get(c.field, _text(getattr(item, c.field, ""))) for c in layout.columns}
    return cells | dict(getattr(item, "extra", {}))


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _headed(cells: Any, layout: SheetLayout) -> Row:
    headers = {c.field: c.name for c in layout.columns}
    return {headers.get(name, name): text for name, text in cells.items()}


def _sheet(layout: SheetLayout, rows: list[Row]) -> Sheet:
    header = list(dict.fromkeys([*(c.name for c in layout.columns), *(name for row in rows for name in row)]))
    cells = tuple(tuple(row.get(name, "") for name in header) for row in rows)
    return Sheet(layout.title, "", tuple(header), cells, tuple(range(2, len(rows) + 2)))
