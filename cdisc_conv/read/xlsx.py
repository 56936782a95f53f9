"""A workbook's sheet as a raw table: every cell as the text a person sees, dates as ISO 8601."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from cdisc_conv.codes import raw as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings
from cdisc_conv.model.raw import RawTable, Source
from cdisc_conv.read.raw_table import STR, Content, Options, letters, raw_table, rows_of
from cdisc_conv.read.xlsx_cells import Cell, Sheet, Stored, UnusualXml, position, quick, slow, stored
from cdisc_conv.read.xlsx_format import DateFormat, Problem, Shown, show, show_in_full
from cdisc_conv.read.xlsx_parts import Style, Workbook

Numbers = npt.NDArray[np.int64]
Lane = Callable[[Workbook, str, Sheet], Iterator[list[Cell]]]


def sheet_names(content: Content) -> list[str]:
    """The workbook's sheets in their order."""
    return list(Workbook(content).sheets)


def read_xlsx(content: Content, options: Options) -> RawTable:
    """The table of a sheet; raises `CannotRun` when the workbook or the sheet cannot be read."""
    book = Workbook(content)
    part = book.part(options.sheet)
    name = next(n for n, p in book.sheets.items() if p == part)
    source = Source(content.file, name)
    head = options.header_row if options.head else None
    with _without_gc():
        try:
            found = _gather(book, part, quick, head, in_full=options.in_full)
        except UnusualXml:
            found = _gather(book, part, slow, head, in_full=options.in_full)
    findings = _notes(found.sheet, source)
    header, frame, rows = _grid(found, options.header_row, source, findings)
    findings.extend(_problems(found, header, source))
    return raw_table(content, source, header, frame, rows, "xlsx", findings)


@contextmanager
def _without_gc() -> Iterator[None]:
    """No search for cycles meanwhile: a million tuples without any would take a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Columns(dict[str, int]):
    """Numbers of columns by their letters, worked out when first asked for."""

    def __missing__(self, letters: str) -> int:
        self[letters] = number = position(letters)
        return number


class _Texts(dict[str, str]):
    """The text of every kind of cell, worked out when first met; its problems beside it."""

    def __init__(self, book: Workbook, *, in_full: bool) -> None:
        super().__init__()
        self.book = book
        self.show = show_in_full if in_full else show
        self.shared = book.shared
        self.problems: dict[str, Problem] = {}

    def __missing__(self, rest: str) -> str:
        try:
            shown = self._shown(stored(rest))
        except (ValueError, IndexError, OverflowError):
            why = "it is damaged (a cell that no spreadsheet writes)"
            raise CannotRun(codes.WORKBOOK_UNREADABLE.at(self.book.place, why=why)) from None
        if shown.problem:
            self.problems[rest] = shown.problem
        self[rest] = shown.text
        return shown.text

    def _shown(self, cell: Stored) -> Shown:
        value = cell.value
        if cell.formula and not value and cell.type != "str":
            return Shown("", Problem(codes.FORMULA_UNCOMPUTED))
        if cell.type in ("inlineStr", "str") or not value:
            return Shown(value)
        if cell.type == "s":
            return Shown(self.shared[int(value)])
        if cell.type == "b":
            return Shown("TRUE" if value in ("1", "true") else "FALSE")
        if cell.type == "e":
            return Shown(value, Problem(codes.ERROR_CELL, value))
        styles = self.book.styles
        style = styles[cell.style] if styles else Style("General", None)
        if cell.type == "d":
            if not isinstance(style.format, DateFormat):
                return Shown(value)
            value = _serial(value, date1904=self.book.date1904)
        return self.show(value, style.format, style.code, date1904=self.book.date1904)


def _serial(iso: str, *, date1904: bool) -> str:
    """A cell that is stored as ISO 8601, as the number that stands for it elsewhere."""
    first = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)
    return repr((datetime.fromisoformat(iso).replace(tzinfo=None) - first).total_seconds() / 86_400)


@dataclass(slots=True)
class _Found:
    """The cells that hold something: column, row and text of each, and what is odd about some."""

    sheet: Sheet
    columns: list[Numbers] = field(default_factory=list)
    rows: list[Numbers] = field(default_factory=list)
    texts: list[npt.NDArray[np.object_]] = field(default_factory=list)
    odd: dict[tuple[int, Problem], list[tuple[int, str]]] = field(default_factory=dict)


def _gather(book: Workbook, part: str, lane: Lane, head: int | None, *, in_full: bool) -> _Found:
    """The cells of a sheet; with `head` no more than is needed to reach that row."""
    found = _Found(Sheet())
    texts, numbers = _Texts(book, in_full=in_full), _Columns()
    for chunk in lane(book, part, found.sheet):
        if not chunk:
            continue
        letters_, rows_, rests = zip(*chunk, strict=True)
        columns = np.fromiter(map(numbers.__getitem__, letters_), np.int64, len(chunk))
        rows = np.fromiter(map(int, rows_), np.int64, len(chunk))
        values = np.array([texts[r] for r in rests], dtype=object)
        kept = values != ""
        found.columns.append(columns[kept])
        found.rows.append(rows[kept])
        found.texts.append(values[kept])
        if texts.problems:
            for i in [i for i, r in enumerate(rests) if r in texts.problems]:
                key = int(columns[i]), texts.problems[rests[i]]
                found.odd.setdefault(key, []).append((int(rows[i]), values[i]))
        if head is not None and rows[-1] > head:
            break
    return found


def _notes(sheet: Sheet, source: Source) -> Findings:
    findings = Findings()
    if sheet.merged:
        findings.add(codes.MERGED.at(source.place, n=sheet.merged))
    if sheet.hidden:
        findings.add(codes.HIDDEN.at(source.place, what=" and ".join(sorted(sheet.hidden))))
    return findings


def _grid(
    found: _Found, header_row: int, source: Source, findings: Findings
) -> tuple[list[str], pd.DataFrame, Numbers]:
    """Header, text columns and row numbers; wholly blank rows left out."""
    if not found.texts or not sum(map(len, found.texts)):
        raise CannotRun(codes.EMPTY.at(source.place))
    columns, rows = np.concatenate(found.columns), np.concatenate(found.rows)
    texts = np.concatenate(found.texts)
    width = int(columns.max())
    header = [""] * width
    for c, text in zip(columns[rows == header_row], texts[rows == header_row], strict=True):
        header[c - 1] = text
    if not any(h.strip() for h in header):
        raise CannotRun(codes.NO_HEADER_ROW.at(source.place, row=header_row))
    below = rows > header_row
    if above := len(np.unique(rows[rows < header_row])):
        findings.add(codes.ABOVE_HEADER.at(source.place, n=above))
    columns, rows, texts = columns[below], rows[below], texts[below]
    present = np.unique(rows)
    _note_gaps(present, header_row, source, findings)
    return header, _frame(width, columns, np.searchsorted(present, rows), texts, len(present)), present


def _note_gaps(present: Numbers, header_row: int, source: Source, findings: Findings) -> None:
    if len(present) and (gaps := int(present[-1]) - header_row - len(present)):
        missing = np.setdiff1d(np.arange(header_row + 1, present[-1]), present)
        findings.add(codes.BLANK_LINES.at(source.place, rows=rows_of(source, missing), count=gaps))


def _frame(
    width: int, columns: Numbers, at: Numbers, texts: npt.NDArray[np.object_], height: int
) -> pd.DataFrame:
    """The cells spread out: one `str` column each, "" where there is no cell."""
    order = np.argsort(columns, kind="stable")
    bounds = np.searchsorted(columns[order], np.arange(1, width + 2))
    out = {}
    for i in range(width):
        mine = order[bounds[i] : bounds[i + 1]]
        column = np.full(height, "", dtype=object)
        column[at[mine]] = texts[mine]
        out[str(i)] = pd.array(column, dtype=STR)
    return pd.DataFrame(out)


def _problems(found: _Found, header: list[str], source: Source) -> Findings:
    findings = Findings()
    for (column, problem), cells in found.odd.items():
        name = header[column - 1].strip() if column <= len(header) else ""
        rows = rows_of(source, [n for n, _ in cells], [v for _, v in cells])
        label = name or letters(column)
        w = problem.words
        found_here = problem.code.at(
            source.place, column=label, error=w, what=w, format=w, rows=rows, count=len(cells)
        )
        findings.add(found_here)
    return findings
