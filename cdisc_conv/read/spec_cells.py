"""Rows of a spec's sheet read by field, every slip noted at its cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from cdisc_conv.codes import spec as codes
from cdisc_conv.findings import Code, Findings, Place
from cdisc_conv.read.pages import prefixed
from cdisc_conv.read.spec_layout import DEFINE_ATTRIBUTES, LAYOUT, SHEETS, Column, SheetLayout, plain
from cdisc_conv.read.spec_sheets import Sheet, Sheets

_WHOLE = re.compile(r"[0-9]+")
_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")


def did_you_mean(text: str, known: Sequence[str], *, cutoff: float = 0.6) -> str:
    """A hint with the nearest of the known words, in any case; "" if none is near."""
    by_plain = {k.casefold(): k for k in known}
    near = get_close_matches(text.casefold(), by_plain, n=1, cutoff=cutoff)
    return f"did you mean {by_plain[near[0]]!r}?" if near else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet matched to its layout: where each field stands, and the columns of the user's own."""

    layout: SheetLayout
    sheet: Sheet
    fields: Mapping[str, int]
    extra: Mapping[str, int]
    findings: Findings

    def lines(self) -> Iterator[Line]:
        """The rows that are not blank."""
        for number, row in zip(self.sheet.lines, self.sheet.rows, strict=True):
            if any(cell.strip() for cell in row):
                yield from (Line(self, number, r) for r in self._of_each_dataset(row))

    def _of_each_dataset(self, row: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """The row, or one a dataset where it is written for several (`QS RS`, `SUPPQS SUPPRS`).

        In those `--` stands for the domain's code, as in a mapping page for several domains.
        """
        column = self.fields.get("dataset")
        datasets = row[column].split() if column is not None else []
        if len(datasets) < 2:
            yield row
            return
        for dataset in datasets:
            code = dataset.removeprefix("SUPP")
            yield tuple(dataset if at == column else prefixed(cell, code) for at, cell in enumerate(row))


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table."""

    table: Table
    number: int
    row: tuple[str, ...]

    def text(self, field: str) -> str:
        """The cell's text, trimmed; "" when blank or when the sheet has no such column."""
        column = self.table.fields.get(field)
        return "" if column is None else self.row[column].strip()

    def place(self, field: str) -> Place:
        """The cell's place; the row's first cell when the sheet has no such column."""
        return self.table.sheet.place(self.number, self.table.fields.get(field, 0))

    def note(self, code: Code, field: str, *, hint: str | None = None, **fields: Any) -> None:
        """A finding at a cell; `{column}` is filled with the cell's header."""
        fields.setdefault("column", self.header(field))
        self.table.findings.add(code.at(self.place(field), hint=hint or None, **fields))

    def header(self, field: str) -> str:
        """The column's name in the layout."""
        return next(c.name for c in self.table.layout.columns if c.field == field)

    def need(self, field: str) -> str:
        """The cell's text; blank is a finding (SPEC013)."""
        if not (text := self.text(field)) and field in self.table.fields:
            self.note(codes.CELL_BLANK, field)
        return text

    def whole(self, field: str, *, least: int = 1) -> int | None:
        """A whole number, None when blank or (with a finding, SPEC016) something else."""
        if not (text := self.text(field)):
            return None
        if _WHOLE.fullmatch(text) and int(text) >= least:
            return int(text)
        self.note(codes.NOT_WHOLE, field, text=text, least=least)
        return None

    def short(self, field: str, limit: int = 40) -> str:
        """A text of at most `limit` characters; a longer one is kept with a finding (SPEC017)."""
        text = self.text(field)
        if len(text) > limit:
            self.note(codes.TOO_LONG, field, size=len(text), limit=limit)
        return text

    def name(self, field: str, what: str) -> str:
        """A name of a dataset or variable that XPT v5 allows; another is kept with a finding (SPEC018)."""
        text = self.need(field)
        if text and not _NAME.fullmatch(text):
            self.note(codes.NAME_INVALID, field, name=text, what=what)
        return text

    def one_of(
        self, field: str, words: Sequence[str], code: Code, others: Mapping[str, str] | None = None
    ) -> str:
        """A word of a closed list, in any case; `others` are words that stand for one (a note, SPEC026).

        A word that is not known is dropped with the finding `code`.
        """
        text = self.text(field)
        if not text or text in words:
            return text
        meant = {w.casefold(): w for w in words} | dict(others or {})
        if (found := meant.get(text.casefold())) is not None:
            self.note(codes.READ_AS, field, text=text, meant=found or "integer or float, as the data are")
            return found
        self.note(code, field, text=text, hint=did_you_mean(text, words) or "one of: " + ", ".join(words))
        return ""

    def yes_no(self, field: str) -> str:
        """Yes, No or blank."""
        return self.one_of(field, ("Yes", "No"), codes.YES_NO, {"y": "Yes", "n": "No"})

    def extras(self) -> dict[str, str]:
        """The cells of the user's own columns that are not blank, by header."""
        return {name: text for name, at in self.table.extra.items() if (text := self.row[at].strip())}


class UnknownDatasets:
    """Datasets that the sheet Datasets lacks: each is said once, at its first row."""

    def __init__(self, known: list[str]) -> None:
        self.known, self.rows = known, dict[str, int]()

    def note(self, line: Line, dataset: str) -> bool:
        """Whether a row's dataset is unknown; the first row of each is a finding (SPEC015)."""
        if dataset in self.known:
            return False
        self.rows[dataset] = self.rows.get(dataset, 0) + 1
        if self.rows[dataset] == 1:
            hint = did_you_mean(dataset, self.known)
            line.note(codes.DATASET_UNKNOWN, "dataset", dataset=dataset, hint=hint)
        return True


def tables_of(sheets: Sheets, findings: Findings) -> dict[str, Table]:
    """The sheets matched to the layout, by the layout's title; slips in titles and headers are findings."""
    found: dict[str, Table] = {}
    for sheet in sheets.sheets.values():
        layout = SHEETS.get(plain(sheet.title))
        if layout is None:
            hint = did_you_mean(sheet.title, [s.title for s in LAYOUT], cutoff=0.75)
            finding = codes.SHEET_UNKNOWN.at(_whole(sheet), sheet=sheet.title, hint=hint)
            severity = codes.WARNING if hint else finding.severity
            findings.add(replace(finding, severity=severity))
        elif layout.title in found:
            first = found[layout.title].sheet.title
            findings.add(codes.SHEET_TWICE.at(_whole(sheet), sheet=layout.title, first=first))
        else:
            found[layout.title] = _matched(layout, sheet, findings)
    for layout in LAYOUT:
        if layout.must and layout.title not in found:
            findings.add(codes.SHEET_MISSING.at(Place(file=sheets.file), sheet=layout.title))
    return found


def _whole(sheet: Sheet) -> Place:
    return Place(file=sheet.file, sheet=sheet.title if sheet.workbook else "")


def _matched(layout: SheetLayout, sheet: Sheet, findings: Findings) -> Table:
    first: dict[str, int] = {}
    for at, header in enumerate(sheet.header):
        if not plain(header):
            _without_header(sheet, at, findings)
        elif plain(header) in first:
            findings.add(codes.COLUMN_TWICE.at(sheet.place(1, at), column=header))
        else:
            first[plain(header)] = at
    fields = {c.field: n for c in layout.columns if (n := _column(c, first)) is not None}
    missing = [c for c in layout.columns if c.field not in fields]
    extra = {sheet.header[at].strip(): at for at in first.values() if at not in fields.values()}
    for name, column in extra.items():
        if hint := did_you_mean(name, [c.name for c in missing], cutoff=0.75):
            place = sheet.place(1, column)
            findings.add(codes.COLUMN_UNKNOWN.at(place, sheet=layout.title, column=name, hint=hint))
    for c in missing:
        if c.required:
            findings.add(codes.COLUMN_MISSING.at(_whole(sheet), sheet=layout.title, column=c.name))
    return Table(layout, sheet, fields, extra, findings)


def _column(column: Column, first: Mapping[str, int]) -> int | None:
    names = (column.name, *column.also)
    return next((first[plain(name)] for name in names if plain(name) in first), None)


def _without_header(sheet: Sheet, column: int, findings: Findings) -> None:
    lines = [n for n, row in zip(sheet.lines, sheet.rows, strict=True) if row[column].strip()]
    if lines:
        findings.add(codes.CELL_WITHOUT_HEADER.at(sheet.place(lines[0], column), count=len(lines)))


def define_of(table: Table | None) -> dict[str, str]:
    """The Define sheet's attributes, up to its legend."""
    found: dict[str, str] = {}
    for line in table.lines() if table else ():
        name = line.text("attribute")
        if plain(name) == "legend":
            break
        known = next((a for a in DEFINE_ATTRIBUTES if plain(a) == plain(name)), "")
        if name in found or known in found:
            line.note(codes.ROW_TWICE, "attribute", what=f"the attribute {name}")
        elif line.need("attribute") and not known:
            hint = did_you_mean(name, DEFINE_ATTRIBUTES, cutoff=0.75)
            line.note(codes.ATTRIBUTE_UNKNOWN, "attribute", attribute=name, hint=hint)
        if name:
            found.setdefault(known or name, line.text("value"))
    return found
