"""Delimited text: every irregularity a hospital sends, and that nothing of it changes a value."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cdisc_conv.errors import CannotRun
from cdisc_conv.model.raw import RawTable
from cdisc_conv.read.csv import read_csv
from cdisc_conv.read.csv_encoding import to_text
from cdisc_conv.read.raw_table import Content, Options


def read(data: bytes, **options: object) -> RawTable:
    return read_csv(Content("x.csv", data, "", datetime(2023, 1, 1)), Options(**options))  # type: ignore[arg-type]


def listed(table: RawTable) -> list[list[str]]:
    assert {str(t) for t in table.frame.dtypes} <= {"str"}
    return [list(table.frame.columns), *table.frame.to_numpy().tolist()]


CASES = {
    "plain": (b"A,B\n1,2\n", [["A", "B"], ["1", "2"]], [2], []),
    "text stays": (
        b"A,B,C\n001,NA,None\nnull,nan, x \n1.50,-,N/A\n",
        [["A", "B", "C"], ["001", "NA", "None"], ["null", "nan", " x "], ["1.50", "-", "N/A"]],
        [2, 3, 4],
        [],
    ),
    "quotes": (
        b'A,B\r\n"a,""b""","c\r\nd"\r\n"",e\r\n',
        [["A", "B"], ['a,"b"', "c\r\nd"], ["", "e"]],
        [2, 3],
        [],
    ),
    "CR": (b"A,B\r1,2\r3,4\r", [["A", "B"], ["1", "2"], ["3", "4"]], [2, 3], []),
    "no last line end": (b"A,B\n1,2", [["A", "B"], ["1", "2"]], [2], []),
    "semicolon": (b"A;B\n1,5;2\n", [["A", "B"], ["1,5", "2"]], [2], []),
    "tab": (b"A\tB\n1, 2\t3\n", [["A", "B"], ["1, 2", "3"]], [2], []),
    "pipe": (b"A|B\n1|2\n", [["A", "B"], ["1", "2"]], [2], []),
    "one column": (b"A\nx\n\ny\n", [["A"], ["x"], ["y"]], [2, 4], ["RAW029"]),
    "header only": (b"A,B\n", [["A", "B"]], [], []),
    "header only, no line end": (b"A,B", [["A", "B"]], [], []),
    "blank lines": (b"A,B\n\n1,2\n\n\n3,4\n", [["A", "B"], ["1", "2"], ["3", "4"]], [3, 6], ["RAW029"]),
    "trailing delimiter": (b"A,B\n1,2,\n3,4,\n", [["A", "B"], ["1", "2"], ["3", "4"]], [2, 3], ["RAW028"]),
    "trailing delimiter in the header too": (b"A,B,\n1,2,\n", [["A", "B"], ["1", "2"]], [2], ["RAW014"]),
    "nameless column": (b"A,,B\n1,x,2\n", [["A", "(column B)", "B"], ["1", "x", "2"]], [2], ["RAW013"]),
    "too few": (
        b"A,B,C\n1,2\n3,4,5\n",
        [["A", "B", "C"], ["1", "2", ""], ["3", "4", "5"]],
        [2, 3],
        ["RAW027"],
    ),
    "too many": (b"A,B\n1,2,9\n3,4\n", [["A", "B"], ["1", "2"], ["3", "4"]], [2, 3], ["RAW027"]),
    "twice": (b"A,B,A\n1,2,3\n", [["A", "B", "A (2)"], ["1", "2", "3"]], [2], ["RAW011"]),
    "header blanks": (b" A ,B\n1,2\n", [["A", "B"], ["1", "2"]], [2], ["RAW012"]),
    "EOF": (b"A,B\n1,2\nEOF\n", [["A", "B"], ["1", "2"]], [2], ["RAW032"]),
    "EOF, all fields": (b'A,B\n1,2\n"EOF",\n\n', [["A", "B"], ["1", "2"]], [2], ["RAW032"]),
    "cut in a row": (b"A,B\n1,2\n3", [["A", "B"], ["1", "2"], ["3", ""]], [2, 3], ["RAW030", "RAW027"]),
    "cut in a quote": (b'A,B\n1,"2\n3,4\n', [["A", "B"], ["1", "2\n3,4\n"]], [2], ["RAW030"]),
    "stray quote": (b'A,B\n"1"x,2\n', [["A", "B"], ["1x", "2"]], [2], ["RAW031"]),
    "an inch is no quote": (b'A,B\n5" tall,2\n', [["A", "B"], ['5" tall', "2"]], [2], []),
    "row of blanks": (b"A,B\n,\n1,2\n", [["A", "B"], ["", ""], ["1", "2"]], [2, 3], ["RAW033"]),
    "lost characters": ("A,B\nx\ufffd,2\n".encode(), [["A", "B"], ["x\ufffd", "2"]], [2], ["RAW024"]),
}


@pytest.mark.parametrize("name", CASES)
def test_text_to_table(name: str) -> None:
    data, expected, rows, found = CASES[name]
    table = read(data)
    assert listed(table) == expected
    assert table.rows.tolist() == rows
    assert [f.code.id for f in table.findings] == found


def test_findings_name_their_rows_and_keep_values_apart() -> None:
    (found,) = read(b"A,B\n1,2\n1,2,secret,9\n").findings
    assert [(r.file, r.row, r.value) for r in found.rows] == [("x.csv", 3, "secret,9")]
    assert "secret" not in found.message


def test_header_row() -> None:
    table = read(b"Lab report\n\nA,B\n1,2\n", header_row=3)
    assert (listed(table), table.rows.tolist()) == ([["A", "B"], ["1", "2"]], [4])
    assert [f.code.id for f in table.findings] == ["RAW016"]


CHINESE = "受试者,备注\n001,系统性红斑狼疮；轻度\n002,头痛，2021年3月\n"
WESTERN = "SITE,NOTE\n01,née à Orléans\n02,37.5 °C ± 0.2 µg/mL\n03,It’s – ok\n"


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (CHINESE.encode("utf-8"), "utf-8", CHINESE),
        (CHINESE.encode("utf-8-sig"), "utf-8-sig", CHINESE),
        (CHINESE.encode("gb18030"), "gb18030", CHINESE),
        (CHINESE.encode("utf-16"), "utf-16", CHINESE),
        (b"\xfe\xff" + CHINESE.encode("utf-16-be"), "utf-16", CHINESE),
        (WESTERN.encode("cp1252"), "cp1252", WESTERN),
        ("A,B\n男,1\n".encode("gb18030"), "gb18030", "A,B\n男,1\n"),
        ("A,B\n5×10⁹/L,女\n".encode("gb18030"), "gb18030", "A,B\n5×10⁹/L,女\n"),
        ("A,B\ncafé,1\n".encode("cp1252"), "cp1252", "A,B\ncafé,1\n"),
        ("A,B\nMüller,5 µg\n".encode("cp1252"), "cp1252", "A,B\nMüller,5 µg\n"),
    ],
)
def test_encoding_by_the_bytes(data: bytes, encoding: str, text: str) -> None:
    table = read(data)
    assert table.encoding == encoding
    assert listed(table) == list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("data", "declared", "code", "row"),
    [
        (b"A,B\n1,2\n\xff\xff,3\n", "utf-8", "RAW022", 3),
        (CHINESE.encode("utf-8").replace("头".encode(), b"\xe5\xa4"), "auto", "RAW022", 3),
        (CHINESE.encode("gb18030").replace("痛".encode("gb18030"), b"\xff\xff"), "auto", "RAW022", 3),
        (b"A,B\n\x001,2\n", "auto", "RAW034", None),
        (b"A\n1\n", "klingon", "RAW023", None),
        (b"", "auto", "RAW009", None),
        (b"\xef\xbb\xbf\n", "auto", "RAW009", None),
    ],
)
def test_what_cannot_be_read(data: bytes, declared: str, code: str, row: int | None) -> None:
    with pytest.raises(CannotRun) as stop:
        read(data, encoding=declared)
    (found,) = stop.value.findings
    assert found.code.id == code
    assert row is None or [r.row for r in found.rows] == [row]


def test_offset_of_the_first_bad_byte() -> None:
    with pytest.raises(CannotRun, match=r"offset 10 \(row 3\)"):
        read(b"A,B\n1,2\n3,\xff\n", encoding="utf-8")


def test_declared_delimiter_and_encoding_win() -> None:
    table = read("A;B,C\n1;é,2\n".encode("gb18030"), encoding="gb18030", delimiter=",")
    assert listed(table) == [["A;B", "C"], ["1;é", "2"]]
    assert not len(table.findings)


def test_delimiter_unsure() -> None:
    assert [f.code.id for f in read(b"A;B,C\n1;2,3\n").findings] == ["RAW025"]


fields = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(fields, min_size=n, max_size=n), max_size=6)),
    st.sampled_from(",;\t|"),
    st.sampled_from([("\n", csv.QUOTE_ALL), ("\r", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL)]),
)
def test_what_csv_writes_reads_back(rows: list[list[str]], delimiter: str, way: tuple[str, int]) -> None:
    assume(not rows or not re.search(r"eof|end of file|rows?|\x1a", "".join(rows[-1]), re.IGNORECASE))
    header = [f"C{i}" for i in range(len(rows[0]) if rows else 2)]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=way[0], quoting=way[1]).writerows([header, *rows])
    table = read(out.getvalue().encode("utf-8"), delimiter=delimiter, encoding="utf-8")
    assert listed(table) == [header, *rows]
    assert table.rows.tolist() == list(range(2, len(rows) + 2))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_give_a_table_or_a_finding(data: bytes) -> None:
    try:
        read(data)
    except CannotRun as stop:
        assert stop.findings


def test_utf8_bytes_pass_unchanged() -> None:
    from cdisc_conv.findings import Findings

    assert to_text(CHINESE.encode(), "auto", "x.csv", Findings()).utf8 == CHINESE.encode()
