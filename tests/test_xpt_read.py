"""Files that are cut, broken, ambiguous, of several datasets or of version 8."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from cdisc_conv.errors import CannotRun, UsageMistake
from cdisc_conv.findings import Findings
from cdisc_conv.read.xpt import iter_xpt, read_xpt
from cdisc_conv.write.xpt import write_xpt

FOLDER = Path(__file__).parent / "data" / "xpt"
DM = FOLDER / "dm.xpt"
HEADERS = (
    640 + 25 * 140 + 20 + 80
)  # of dm.xpt: 25 variables, padded to a record; 306 rows of 245 bytes follow


def stopped(path, **options) -> str:
    with pytest.raises(CannotRun) as caught:
        read_xpt(path, **options)
    (finding,) = caught.value.findings
    assert finding.place.file == str(path)
    return f"{finding.code.id} {finding.message}"


def blanks(*values: str) -> pd.DataFrame:
    return pd.DataFrame({"A": pd.Series(values, dtype="str")})


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "FILE001"),
        (79, "FILE003"),
        (100, "FILE003"),
        (700, "FILE003"),
        (HEADERS - 80, "FILE003"),
        (HEADERS + 245 * 100 + 80, "FILE003"),
        (HEADERS + 245 * 100 + 1, "FILE003"),
    ],
)
def test_cut_files(size, said, tmp_path):
    path = tmp_path / "dm.xpt"
    path.write_bytes(DM.read_bytes()[:size])
    expected = "FILE001 this is no SAS transport file: it is empty" if size == 0 else said
    assert stopped(path).startswith(expected)


def test_whole_rows_of_a_cut_file_can_be_read(tmp_path):
    path = tmp_path / "dm.xpt"
    path.write_bytes(DM.read_bytes()[: HEADERS + 245 * 100 + 90])
    findings = Findings()
    frame = read_xpt(path, partial=True, findings=findings)
    pd.testing.assert_frame_equal(frame, read_xpt(DM).iloc[:100])
    assert [f.code.id for f in findings] == ["FILE003"]
    assert "90 bytes of a row of 245 remain after 100 whole rows" in findings.items[0].message


def test_missing_padding_is_said(tmp_path):
    path = tmp_path / "dm.xpt"
    path.write_bytes(DM.read_bytes()[: HEADERS + 245 * 306])
    frame = read_xpt(path)
    pd.testing.assert_frame_equal(frame, read_xpt(DM))
    assert [f["code"] for f in frame.attrs["findings"]] == ["FILE009"]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"STUDYID,USUBJID\n" * 40, "its first record is not the library header"),
        (b"**COMPRESSED** **COMPRESSED** " * 20, "it was made by PROC CPORT"),
        (bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf" + bytes(500), "it is a SAS7BDAT file"),
    ],
)
def test_other_files(head, said, tmp_path):
    path = tmp_path / "x.xpt"
    path.write_bytes(head)
    assert stopped(path) == f"FILE001 this is no SAS transport file: {said}"


def test_no_file(tmp_path):
    assert stopped(tmp_path / "none.xpt") == "FILE013 the file cannot be read: No such file or directory"


@pytest.mark.parametrize(
    ("at", "new", "said"),
    [
        (240, b"X", "no MEMBER record at byte 240"),
        (314, b"0999", "namestr records of 999 bytes"),
        (240 + 74, b"01x0", "the size of the namestr records is no number"),
        (320 + 20, b"XXX", "no DSCRPTR record at byte 320"),
        (640, b"\0\3", "variable 1 has type 3 and length 12"),
        (640 + 4, b"\0\0", "variable 1 has type 2 and length 0"),
        (640 + 140 + 84, b"\0\0\0\3", "variable 2 begins within the one before"),
        (640 + 140 + 8, b"STUDYID ", "two variables have one name"),
        (HEADERS - 80 + 20, b"XXX", "no OBS record after the variables"),
    ],
)
def test_broken_headers(at, new, said, tmp_path):
    path = tmp_path / "dm.xpt"
    data = bytearray(DM.read_bytes())
    data[at : at + len(new)] = new
    path.write_bytes(data)
    assert stopped(path) == f"FILE002 the headers of this SAS transport file do not hold: {said}"


def test_several_datasets(tmp_path):
    path = tmp_path / "both.xpt"
    dm, ts = DM.read_bytes(), (FOLDER / "ts.xpt").read_bytes()
    path.write_bytes(dm + ts[240:] + dm[240:].replace(b"DM      SASDATA", b"DM2     SASDATA"))
    assert stopped(path) == "FILE004 the file holds 3 datasets (DM, TS, DM2)"
    assert stopped(path, member="AE") == "FILE005 the file holds no dataset AE; it has DM, TS, DM2"
    pd.testing.assert_frame_equal(read_xpt(path, member="DM"), read_xpt(DM))
    pd.testing.assert_frame_equal(read_xpt(path, member="ts"), read_xpt(FOLDER / "ts.xpt"))
    pd.testing.assert_frame_equal(read_xpt(path, member="DM2"), read_xpt(DM))
    assert read_xpt(path, member="DM2").attrs["xpt"]["name"] == "DM2"


def test_encodings(tmp_path):
    path = tmp_path / "t.xpt"
    frame = pd.DataFrame({"A": pd.Series(["x", "≤ 5 µg", "中文"], dtype="str"), "N": [1.0, 2, 3]})
    write_xpt(frame, path, encoding="utf-8", labels={"A": "Größe"})
    read = read_xpt(path)
    pd.testing.assert_frame_equal(read, frame)
    assert read.attrs["xpt"]["encoding"] == "utf-8"
    assert read.attrs["xpt"]["variables"]["A"]["label"] == "Größe"
    assert [(f["code"], f["count"]) for f in read.attrs["findings"]] == [("FILE006", 2)]
    write_xpt(frame, path, encoding="gb18030")
    assert "中文" not in read_xpt(path)["A"].tolist()
    pd.testing.assert_frame_equal(read_xpt(path, encoding="gb18030"), frame)
    assert stopped(path, encoding="ascii") == "FILE007 text that is not ascii"
    with pytest.raises(UsageMistake):
        read_xpt(path, encoding="klingon")
    assert {p.attrs["xpt"]["encoding"] for p in iter_xpt(path, 1)} == {"cp1252"}


BLANK_ENDS = [
    ("one-letter rows, blank to the end", ["x", "", "", ""], ["FILE034"]),
    ("nothing but blank rows", ["", "", ""], ["FILE034"]),
    ("one blank row", [""], []),
    ("last row not blank", ["", "", "x"], []),
    ("a whole record of blank rows", ["x" * 20, *[""] * 9], ["FILE034"]),
    ("rows of half a record", ["x" * 40, ""], ["FILE034"]),
    ("rows of 41 bytes, as SAS keeps them", ["x" * 41, ""], []),
    ("rows of 60 bytes, as long as padding may be", ["x" * 60, *[""] * 3], ["FILE034"]),
    ("rows of 60 bytes, two", ["x" * 60, ""], []),
    ("rows of 80 bytes", ["x" * 80, "", ""], []),
    ("no rows", [], []),
]  # fmt: skip


@pytest.mark.parametrize(("values", "said"), [c[1:] for c in BLANK_ENDS], ids=[c[0] for c in BLANK_ENDS])
def test_blank_rows_at_the_end_come_back(values, said, tmp_path):
    path = tmp_path / "t.xpt"
    found = write_xpt(blanks(*values), path)
    assert [f.code.id for f in found] == said
    read = read_xpt(path)
    pd.testing.assert_frame_equal(read, blanks(*values))
    assert not [f for f in read.attrs["findings"] if said]
    write_xpt(read, tmp_path / "again.xpt", name="T")
    assert (tmp_path / "again.xpt").read_bytes() == path.read_bytes()


def test_blank_rows_of_other_writers_are_padding_and_said(tmp_path):
    path = tmp_path / "t.xpt"
    write_xpt(
        blanks("x" * 20, *[""] * 9), path
    )  # 200 bytes of 240: the last 120 bytes hold 5 rows and padding
    data = bytearray(path.read_bytes())
    assert data[496:512] == b"ROWS          10"
    data[496:512] = b" " * 16
    path.write_bytes(data)
    read = read_xpt(path)
    assert len(read) == 9  # 8 whole records of rows cannot be padding; the last 80 bytes may be, less one row
    (finding,) = read.attrs["findings"]
    assert (finding["code"], finding["severity"]) == ("FILE008", "note")
    assert "up to 3 blank rows" in finding["message"]


def test_padding_beside_numbers_is_no_question(tmp_path):
    path = tmp_path / "t.xpt"
    write_xpt(blanks("", "").assign(N=[np.nan, np.nan]), path)
    read = read_xpt(path)
    assert len(read) == 2 and not read.attrs["findings"]


def test_version_8(tmp_path):
    path = tmp_path / "v8.xpt"
    frame = pd.DataFrame({"a_long_variable_name": ["x", "y" * 300], "NUM": [1.5, np.nan]}).astype(
        {"a_long_variable_name": "str"}
    )
    label = "a label of more than forty bytes, as version 8 allows"
    pyreadstat.write_xport(
        frame, path, table_name="a_long_table", file_format_version=8, column_labels=[label, "short"]
    )
    read = read_xpt(path)
    pd.testing.assert_frame_equal(read, frame)
    facts = read.attrs["xpt"]
    assert (facts["version"], facts["name"]) == (8, "a_long_table")
    assert [v["label"] for v in facts["variables"].values()] == [label, "short"]
    assert [f["code"] for f in read.attrs["findings"]] == ["FILE012"]
    with pytest.raises(CannotRun) as caught:
        write_xpt(read, tmp_path / "v5.xpt")
    assert sorted({f.code.id for f in caught.value.findings}) == ["FILE020", "FILE021", "FILE022", "FILE023"]
    write_xpt(read[["NUM"]], tmp_path / "v5.xpt", name="T")
    assert pyreadstat.read_xport(tmp_path / "v5.xpt")[1].column_labels == ["short"]
