"""Tables of any length as one `.xlsx`: written batch by batch, never held whole; same tables, same bytes.

Text is always written as text (an inline string), so a spreadsheet never takes it for a formula. What a
sheet cannot hold is told: `SheetTold` counts rows beyond its last one, texts cut at the greatest length of
a cell, and characters that XML cannot hold. Office Open XML, ECMA-376 part 1.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

ROWS = 1_048_576
"""Rows of a sheet, the header among them."""
CHARACTERS = 32_767
"""Characters of a cell."""
_CUT = " …[cut]"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_BOLD, _BOLD_END = '<c s="2" t="inlineStr"><is><t>', "</t></is></c>"
_LONG = pa.large_string()
_TEXT, _END, _VALUE, _VALUE_END, _EMPTY, _ROW, _ROW_END, _NOTHING = (
    pa.scalar(text, _LONG)
    for text in (
        '<c s="1" t="inlineStr"><is><t xml:space="preserve">',
        "</t></is></c>",
        "<c><v>",
        "</v></c>",
        "<c/>",
        "<row>",
        "</row>",
        "",
    )
)
_ESCAPED = r"_(x[0-9A-Fa-f]{4}_)"
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BAD_ARROW = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    "</cellXfs>"
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(slots=True)
class SheetTold:
    """What a sheet could not hold as it is: `rows` not written, `cut` texts, `characters` shown by number."""

    title: str
    written: int = 0
    rows: int = 0
    cut: int = 0
    characters: int = 0

    def notes(self) -> list[str]:
        """The same in words; nothing when everything was written as it is."""
        most = f"a cell holds {CHARACTERS:,} characters"
        said = {
            f"{self.rows:,} rows are left out: a sheet holds {ROWS:,}": self.rows,
            f"{self.cut:,} texts are cut (they end in “{_CUT.strip()}”): {most}": self.cut,
            f"{self.characters:,} texts hold characters that no workbook can: [U+…]": self.characters,
        }
        return [words for words, number in said.items() if number]


class Workbook:
    """A workbook being written; sheets in the order in which they are given."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w")
        self._titles: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()
        self._zip.close()

    def sheet(
        self,
        title: str,
        header: Mapping[str, int],
        batches: Iterable[pa.RecordBatch],
        *,
        most_rows: int = ROWS,
    ) -> SheetTold:
        """Write a sheet: names of the columns with their widths, then rows (columns in that order)."""
        self._titles.append(title)
        told = SheetTold(title)
        with self._entry(f"xl/worksheets/sheet{len(self._titles)}.xml") as out:
            out.write(_sheet_head(header).encode())
            for batch in batches:
                fits = batch.slice(0, max(most_rows - 1 - told.written, 0))
                told.rows += batch.num_rows - fits.num_rows
                told.written += fits.num_rows
                if fits.num_rows:
                    out.write(_rows(fits, told))
            last = f"{_letters(len(header))}{told.written + 1}"
            out.write(f'</sheetData><autoFilter ref="A1:{last}"/></worksheet>'.encode())
        return told

    def _entry(self, name: str) -> IO[bytes]:
        entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 0
        return self._zip.open(entry, "w", force_zip64=True)

    def _finish(self) -> None:
        targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(self._titles) + 1)]
        parts = {
            "xl/styles.xml": _STYLES,
            "xl/workbook.xml": _workbook(self._titles),
            "xl/_rels/workbook.xml.rels": _relations([*targets, ("styles", "styles.xml")]),
            "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
            "[Content_Types].xml": _content_types(len(self._titles)),
        }
        for name, text in parts.items():
            with self._entry(name) as out:
                out.write(text.encode())


def clean(text: str) -> str:
    """Text as a workbook can hold it, characters of no XML as `[U+0007]`."""
    return _BAD.sub(lambda m: f"[U+{ord(m[0]):04X}]", text)


def _rows(batch: pa.RecordBatch, told: SheetTold) -> memoryview:
    """The XML of rows, made column by column; a column of text lies in memory as one text."""
    cells = [_cells(column, told) for column in batch.columns]
    whole = pc.binary_join_element_wise(_ROW, *cells, _ROW_END, _NOTHING)
    _, offsets, text = whole.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[whole.offset : whole.offset + len(whole) + 1]
    return memoryview(text)[int(ends[0]) : int(ends[-1])]


def _cells(column: Any, told: SheetTold) -> Any:
    kind = column.type
    if pa.types.is_boolean(kind):
        column = pc.if_else(column, "yes", "no")
    if pa.types.is_integer(kind):
        return _numbers(column.cast(_LONG))
    if pa.types.is_floating(kind):
        text = column.cast(_LONG)
        return pc.if_else(pc.is_finite(column).fill_null(False), _numbers(text), _texts(text))
    return _texts(_safe(column.cast(_LONG), told))


def _numbers(text: Any) -> Any:
    return pc.binary_join_element_wise(_VALUE, text, _VALUE_END, _NOTHING).fill_null(_EMPTY)


def _texts(text: Any) -> Any:
    made = pc.binary_join_element_wise(_TEXT, text, _END, _NOTHING)
    return pc.if_else(pc.equal(text, "").fill_null(True), _EMPTY, made)


def _safe(text: Any, told: SheetTold) -> Any:
    """Text with what XML and a cell cannot hold told and replaced."""
    bad = pc.match_substring_regex(text, _BAD_ARROW).fill_null(False)
    if pc.any(bad).as_py():
        told.characters += pc.sum(bad).as_py()
        text = pa.array([None if t is None else clean(t) for t in text.to_pylist()], _LONG)
    long = pc.greater(pc.utf8_length(text), CHARACTERS).fill_null(False)
    if pc.any(long).as_py():
        told.cut += pc.sum(long).as_py()
        short = pc.utf8_slice_codeunits(text, 0, CHARACTERS - len(_CUT))
        text = pc.if_else(long, pc.binary_join_element_wise(short, pa.scalar(_CUT, _LONG), _NOTHING), text)
    text = pc.replace_substring_regex(text, _ESCAPED, r"_x005F_\1")
    for what, how in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "_x000D_")):
        text = pc.replace_substring(text, what, how)
    return text


def _sheet_head(header: Mapping[str, int]) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(header.values(), 1)
    )
    names = "".join(f"{_BOLD}{escape(clean(name))}{_BOLD_END}" for name in header)
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    start = f'{_HEAD}<worksheet xmlns="{_MAIN}">{view}<cols>{widths}</cols><sheetData>'
    return f"{start}<row>{names}</row>"


def _letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def _workbook(titles: list[str]) -> str:
    sheets = "".join(
        f'<sheet name="{escape(t)}" sheetId="{n}" r:id="rId{n}"/>' for n, t in enumerate(titles, 1)
    )
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{sheets}</sheets></workbook>"
    )


def _relations(targets: list[tuple[str, str]]) -> str:
    every = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{every}</Relationships>'


def _content_types(sheets: int) -> str:
    parts = {"/xl/workbook.xml": "sheet.main", "/xl/styles.xml": "styles"}
    parts |= {f"/xl/worksheets/sheet{n}.xml": "worksheet" for n in range(1, sheets + 1)}
    every = "".join(
        f'<Override PartName="{name}" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in parts.items()
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{every}</Types>'
    )
