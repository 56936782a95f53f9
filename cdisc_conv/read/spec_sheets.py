"""A spec's sheets as text, each cell with its place: a folder of CSV files, or one `.xlsx` workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cdisc_conv.codes import spec as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.spec import column_letters
from cdisc_conv.read.spec_layout import SHEETS, plain


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it is written: header and rows of one width, blank cells "".

    `lines` say where each row begins: a workbook's row number, or the line of a CSV file (a row with
    line breaks within quotes takes several lines). Rows that are wholly blank are kept between others.
    """

    title: str
    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    workbook: bool = False

    def place(self, line: int, column: int) -> Place:
        """The place of a cell; `column` counts from 0 and shows as `C17` or as the field's number."""
        if self.workbook:
            return Place(file=self.file, sheet=self.title, cell=f"{column_letters(column)}{line}")
        return Place(file=self.file, line=line, column=column + 1)


@dataclass(frozen=True, slots=True)
class Sheets:
    """All sheets of a spec by title, in order, whichever container they came from."""

    file: str
    sheets: Mapping[str, Sheet] = field(default_factory=dict)

    def cells(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """Header and rows of each sheet by title, without places: what a round trip must keep."""
        return {title: (s.header, *s.rows) for title, s in self.sheets.items()}


def read_sheets(path: Path, findings: Findings, *, shown: str = "") -> Sheets:
    """The sheets of a folder of CSV files or of an `.xlsx` workbook.

    `shown` is how places name the folder or file (default: its own name). Slips that leave a sheet or a
    cell unread go to `findings`. Raises `CannotRun` (SPEC003) when nothing can be read at all.
    """
    shown = shown or path.name
    if path.is_dir():
        files = [p for p in path.iterdir() if p.suffix.lower() == ".csv" and p.is_file()]
        if not files:
            raise _unreadable(shown, "the folder holds no .csv file")
        found = [_read_csv(p, f"{shown}/{p.name}", findings) for p in sorted(files, key=_order)]
        return Sheets(shown, {s.title: s for s in found if s is not None})
    if not path.is_file():
        raise _unreadable(shown, "there is no such folder or file")
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        raise _unreadable(shown, "a spec is a folder of .csv files or an .xlsx workbook")
    from cdisc_conv.read.spec_xlsx import read_workbook

    return Sheets(shown, {s.title: s for s in read_workbook(path, shown, findings)})


def _order(path: Path) -> tuple[int, str]:
    """The layout's sheets in its order, then others by name."""
    title = plain(path.stem)
    titles = list(SHEETS)
    return (titles.index(title) if title in titles else len(titles), path.name)


def _unreadable(shown: str, reason: str) -> CannotRun:
    return CannotRun(codes.SPEC_UNREADABLE.at(Place(file=shown), reason=reason))


def _read_csv(path: Path, shown: str, findings: Findings) -> Sheet | None:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = data[: e.start].count(b"\n") + 1
        findings.add(codes.SHEET_UNREADABLE.at(Place(file=shown, line=line), reason="the text is not UTF-8"))
        return None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        findings.add(
            codes.SHEET_UNREADABLE.at(Place(file=shown, line=line), reason="it holds a NUL character")
        )
        return None
    rows = list(_csv_rows(text))
    return sheet_of(path.stem, shown, rows)


def _csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV text with the line each begins on."""
    reader = csv.reader(io.StringIO(text, newline=""))
    line = 1
    for row in reader:
        yield line, row
        line = reader.line_num + 1


def sheet_of(title: str, file: str, rows: list[tuple[int, list[str]]], *, workbook: bool = False) -> Sheet:
    """A sheet from numbered rows, trimmed of blank rows at the end and blank columns at the right."""
    width = max((len(_trimmed(cells)) for _, cells in rows), default=0)
    if not width:
        return Sheet(title, file, (), (), (), workbook)
    whole = [(line, (*cells[:width], *[""] * (width - len(cells)))) for line, cells in rows]
    while not any(whole[-1][1]):
        whole.pop()
    (_, header), *body = whole
    return Sheet(title, file, header, tuple(c for _, c in body), tuple(n for n, _ in body), workbook)


def _trimmed(cells: list[str]) -> list[str]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]
