"""A small `.xlsx` writer for sheets of text: the same cells always give the same bytes.

Every cell is text (an inline string), the header bold and frozen; nothing in the file comes from the
clock or the machine. Office Open XML, ECMA-376 part 1.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from cdisc_conv.codes import spec as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Place
from cdisc_conv.model.spec import column_letters

CELL_LIMIT = 32_767
"""Characters that a cell of a workbook can hold."""
_TITLE = re.compile(r"(?!')[^\[\]:*?/\\\x00-\x1f]{1,31}(?<!')")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    "</cellXfs>"
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def workbook_bytes(sheets: Mapping[str, Sequence[Sequence[str]]], shown: str) -> bytes:
    """The workbook of these sheets (title -> header and rows).

    Raises `CannotRun` (SPEC058) for a title or cell that a workbook cannot hold; `shown` names the file.
    """
    titles = list(sheets)
    folded = [t.casefold() for t in titles]
    for title in titles:
        if not _TITLE.fullmatch(title) or folded.count(title.casefold()) > 1:
            raise CannotRun(
                codes.NOT_WRITABLE.at(Place(file=shown, sheet=title), reason="no title for a sheet")
            )
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(titles) + 1)]
    parts = {
        "[Content_Types].xml": _content_types(len(titles)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(titles),
        "xl/_rels/workbook.xml.rels": _relations([*targets, ("styles", "styles.xml")]),
        "xl/styles.xml": _STYLES,
    }
    for n, (title, rows) in enumerate(sheets.items(), 1):
        parts[f"xl/worksheets/sheet{n}.xml"] = _worksheet(rows, Place(file=shown, sheet=title))
    return _zipped(parts)


def _zipped(parts: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, text.encode("utf-8"))
    return out.getvalue()


def _content_types(count: int) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in range(1, count + 1)
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{sheets}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'


def _workbook(titles: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{n}" r:id="rId{n}"/>' for n, title in enumerate(titles, 1)
    )
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>'


def _worksheet(rows: Sequence[Sequence[str]], place: Place) -> str:
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    body = "".join(_row(n, row, place) for n, row in enumerate(rows, 1))
    return f'{_HEAD}<worksheet xmlns="{_MAIN}">{view}<sheetData>{body}</sheetData></worksheet>'


def _row(number: int, row: Sequence[str], place: Place) -> str:
    cells = "".join(
        _cell(f"{column_letters(at)}{number}", text, number, place) for at, text in enumerate(row) if text
    )
    return f'<row r="{number}">{cells}</row>'


def _cell(name: str, text: str, number: int, place: Place) -> str:
    if len(text) > CELL_LIMIT:
        reason = f"{len(text)} characters; a cell of a workbook holds {CELL_LIMIT}"
        raise CannotRun(
            codes.NOT_WRITABLE.at(Place(file=place.file, sheet=place.sheet, cell=name), reason=reason)
        )
    style = 1 if number == 1 else 0
    body = f'<is><t xml:space="preserve">{_xml(text)}</t></is>'
    return f'<c r="{name}" s="{style}" t="inlineStr">{body}</c>'


def _xml(text: str) -> str:
    """Text for a cell: characters that XML cannot hold as `_x000B_`, as workbooks write them."""
    text = _ESCAPED.sub("_x005F_", text)
    text = _CONTROL.sub(lambda m: f"_x{ord(m[0]):04X}_", text)
    return escape(text, {"\r": "&#13;"})
