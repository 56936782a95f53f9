"""Workbooks: cells as a person sees them. Workbooks are made with openpyxl, or by hand where it cannot."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cdisc_conv.errors import CannotRun
from cdisc_conv.model.raw import RawTable
from cdisc_conv.read.raw_table import Content, Options
from cdisc_conv.read.xlsx import read_xlsx, sheet_names


def saved(fill: Callable[[Any], object], *, mac: bool = False) -> bytes:
    book = openpyxl.Workbook()
    if mac:
        book.epoch = CALENDAR_MAC_1904
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet(*rows: list[object]) -> Callable[[Any], None]:
    def fill(book: Any) -> None:
        for row in rows:
            book.active.append(row)

    return fill


def read(data: bytes, **options: object) -> RawTable:
    return read_xlsx(Content("x.xlsx", data, "", datetime(2023, 1, 1)), Options(**options))  # type: ignore[arg-type]


def codes(table: RawTable) -> list[str]:
    return [f.code.id for f in table.findings]


def one(value: object, number_format: str = "General", *, mac: bool = False) -> RawTable:
    def fill(book: Any) -> None:
        book.active.append(["A"])
        cell = book.active.cell(2, 1, value)
        cell.number_format = number_format

    return read(saved(fill, mac=mac))


CHINESE_DATE = 'yyyy"年"m"月"d"日"'

# By hand, from the rules of ECMA-376 part 1, 18.8.31; not checked in Excel itself. On purpose unlike Excel:
# dates are ISO 8601, thousands are not separated, a negative number keeps its minus sign.
CELLS: list[tuple[object, str, str, list[str]]] = [
    ("001", "General", "001", []),
    (" NA ", "General", " NA ", []),
    ("a\nb & <c>", "General", "a\nb & <c>", []),
    (44274, "General", "44274", []),
    (12.0, "General", "12", []),
    (0.1, "General", "0.1", []),
    (0.1 + 0.2, "General", "0.3", []),
    (5.5400000000000003, "General", "5.54", []),
    (-1.5, "General", "-1.5", []),
    (0.00001, "General", "0.00001", []),
    (123456789012345, "General", "123456789012345", []),
    (12345678901234567, "General", "12345678901234570", ["RAW050"]),  # openpyxl writes 16 digits
    (True, "General", "TRUE", []),
    (False, "General", "FALSE", []),
    (5.5, "0.00", "5.50", []),
    (2.345, "0.00", "2.35", ["RAW048"]),
    (7, "000", "007", []),
    (1003, "00-000", "01-003", []),
    (1004, '"R"0000', "R1004", []),
    (0.256, "0.0%", "25.6%", []),
    (0.256, "0%", "26%", ["RAW048"]),
    (1234.5, "#,##0.00", "1234.50", []),
    (-5, "0.00_);[Red](0.00)", "-5.00", []),
    (-3, "0;[Red]0", "-3", []),
    (1.5, "0.##", "1.5", []),
    (12345, "0.00E+00", "1.23E+04", ["RAW048"]),
    (5, "@", "5", []),
    (0.5, "# ?/?", "0.5", ["RAW049"]),
    (5, ";;;", "5", ["RAW049"]),
    (date(2021, 3, 19), "yyyy-mm-dd", "2021-03-19", []),
    (date(2021, 3, 19), "mm-dd-yy", "2021-03-19", []),
    (date(2021, 3, 19), CHINESE_DATE, "2021-03-19", []),
    (date(2021, 3, 19), "[$-804]yyyy年m月d日", "2021-03-19", []),
    (date(2021, 3, 19), "d-mmm", "2021-03-19", []),
    (date(2021, 3, 1), "mmm-yy", "2021-03-01", ["RAW051"]),
    (datetime(2021, 3, 19, 8, 24), "m/d/yy h:mm", "2021-03-19T08:24", []),
    (datetime(2021, 3, 19, 8, 24, 5), "yyyy-mm-dd hh:mm:ss", "2021-03-19T08:24:05", []),
    (datetime(2021, 3, 19, 8, 24, 5), "yyyy-mm-dd hh:mm", "2021-03-19T08:24", ["RAW048"]),
    (datetime(2021, 3, 19, 8, 24), "yyyy-mm-dd", "2021-03-19", ["RAW048"]),
    (datetime(2021, 3, 19), "yyyy-mm-dd hh:mm", "2021-03-19T00:00", []),
    (time(8, 24), "h:mm", "08:24", []),
    (time(8, 24, 5), "h:mm:ss AM/PM", "08:24:05", []),
    (time(14, 24), '上午/下午h"时"mm"分"', "14:24", []),
    (1.5, "[h]:mm", "36:00", []),
    (time(0, 3, 7), "mm:ss", "00:03:07", []),
    (1, "yyyy-mm-dd", "1900-01-01", []),
    (59, "yyyy-mm-dd", "1900-02-28", []),
    (60, "yyyy-mm-dd", "1900-02-29", ["RAW047"]),
    (61, "yyyy-mm-dd", "1900-03-01", []),
    (0, "yyyy-mm-dd", "1900-01-00", ["RAW047"]),
    (-1, "yyyy-mm-dd", "-1", ["RAW047"]),
]


@pytest.mark.parametrize(("value", "number_format", "text", "found"), CELLS)
def test_cell_as_seen(value: object, number_format: str, text: str, found: list[str]) -> None:
    table = one(value, number_format)
    assert (table.frame["A"].tolist(), codes(table)) == ([text], found)
    assert str(table.frame["A"].dtype) == "str"


def test_1904() -> None:
    assert one(date(2021, 3, 19), "yyyy-mm-dd", mac=True).frame["A"].tolist() == ["2021-03-19"]
    assert one(0, "yyyy-mm-dd", mac=True).frame["A"].tolist() == ["1904-01-01"]


def test_blank_rows_and_columns_beyond_the_data_do_not_count() -> None:
    def fill(book: Any) -> None:
        for row in (["A", "B"], [1, None], [None, None], [None, "x"]):
            book.active.append(row)
        book.active.cell(900, 16384).number_format = "0.00"

    table = read(saved(fill))
    assert table.frame.to_dict("list") == {"A": ["1", ""], "B": ["", "x"]}
    assert (table.rows.tolist(), codes(table)) == ([2, 4], ["RAW029"])


def test_header_row_twins_and_nameless_columns() -> None:
    table = read(saved(sheet(["Report"], [], ["A", " A ", None], [1, 2, 3])), header_row=3)
    assert table.frame.to_dict("list") == {"A": ["1"], "A (2)": ["2"], "(column C)": ["3"]}
    assert codes(table) == ["RAW016", "RAW012", "RAW013", "RAW011"]


def test_formulas_errors_merged_and_hidden() -> None:
    def fill(book: Any) -> None:
        for row in (["A", "B"], ["=1+1", "#N/A"], ["x", None]):
            book.active.append(row)
        book.active.merge_cells("A3:B3")
        book.active.row_dimensions[3].hidden = True

    table = read(saved(fill))
    assert table.frame.to_dict("list") == {"A": ["", "x"], "B": ["#N/A", ""]}
    assert sorted(codes(table)) == ["RAW043", "RAW044", "RAW045", "RAW046"]
    rows = {f.code.id: [r.row for r in f.rows] for f in table.findings}
    assert (rows["RAW043"], rows["RAW044"]) == ([2], [2])


def test_sheets() -> None:
    def fill(book: Any) -> None:
        book.active.title = "results"
        book.create_sheet("ranges").append(["A"])

    data = saved(fill)
    assert sheet_names(Content("x.xlsx", data, "", datetime(2023, 1, 1))) == ["results", "ranges"]
    assert list(read(data, sheet="ranges").frame.columns) == ["A"]
    for name, code, hint in (("result", "RAW040", "did you mean 'results'?"), ("", "RAW041", "say which")):
        with pytest.raises(CannotRun) as stop:
            read(data, sheet=name)
        (found,) = stop.value.findings
        assert (found.code.id, hint in found.hint) == (code, True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password"),
        (b"PK\x03\x04 cut short", "damaged"),
        (b"", "empty"),
        (b"<html><table>", "web page"),
        (b"A,B\n1,2\n", "no workbook"),
    ],
)
def test_no_workbook(data: bytes, words: str) -> None:
    with pytest.raises(CannotRun, match=words):
        read(data)


def rewritten(data: bytes, change: Callable[[str], str], part: str = "xl/worksheets/sheet1.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()).encode() if name == part else text)
    return out.getvalue()


BODY = (
    '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>A</t></is></c><c r="C1" t="str"><v>C</v></c></row>'
    '<row r="3"><c r="A3" s="0" t="inlineStr"><is><r><t>x &amp; </t></r><r><t xml:space="preserve">y </t></r>'
    '<rPh sb="0" eb="1"><t>no</t></rPh></is></c><c r="C3" t="str"><f>"a"</f><v>a_x000D_b&#10;&#x4e2d;</v></c>'
    "</row></sheetData>"
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PLAIN = f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">{BODY}</worksheet>'
FORMS = {
    "as usual": PLAIN,
    "with a comment": PLAIN.replace("<sheetData>", "<!-- made by a tool --><sheetData>"),
    "with a prefix": PLAIN.replace("<", "<x:")
    .replace("<x:/", "</x:")
    .replace("<x:?", "<?")
    .replace("xmlns=", "xmlns:x="),
    "without references": PLAIN.replace(' r="A1"', "").replace('<c r="A3"', "<c"),
    "other order": PLAIN.replace('<c r="A3" s="0"', '<c s="0" r="A3"'),
    "strict": PLAIN.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_xml_reads_alike(form: str) -> None:
    table = read(rewritten(saved(sheet(["A"])), lambda _: FORMS[form]))
    assert table.frame.to_dict("list") == {"A": ["x & y "], "C": ["a\rb\n中"]}
    assert (table.rows.tolist(), codes(table)) == ([3], ["RAW029", "RAW014"])


def test_built_in_chinese_date_formats() -> None:
    data = one(date(2021, 3, 19), "yyyy-mm-dd")
    assert data.frame["A"].tolist() == ["2021-03-19"]

    def fill(book: Any) -> None:
        book.active.append(["A"])
        book.active.append([44274])
        book.active["A2"].number_format = "mm-dd-yy"

    for number in (31, 58, 28, 30):
        changed = rewritten(
            saved(fill), lambda s, n=number: s.replace('numFmtId="14"', f'numFmtId="{n}"'), "xl/styles.xml"
        )
        assert read(changed).frame["A"].tolist() == ["2021-03-19"]


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(texts.filter(lambda t: not t.startswith("=")), min_size=3, max_size=3), max_size=4))
def test_text_reads_back(rows: list[list[str]]) -> None:
    errors = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}
    rows = [["key", *("" if t in errors or "\ufffd" in t else t for t in r)] for r in rows]
    table = read(saved(sheet(["K", "A", "B", "C"], *rows)))
    assert table.frame.to_numpy().tolist() == rows
