"""The export as a whole: folder and zip, manifest, names that are not there, files that change."""

from __future__ import annotations

import csv
import hashlib
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from cdisc_conv.errors import CannotRun
from cdisc_conv.read.raw import RawExport

BTRIAL = Path(__file__).parent.parent / "examples" / "btrial" / "raw"


def listed() -> dict[str, dict[str, str]]:
    with (BTRIAL / "manifest.csv").open(encoding="utf-8-sig", newline="") as f:
        return {r["file"]: r for r in csv.DictReader(f)}


@pytest.fixture(scope="module")
def btrial() -> RawExport:
    return RawExport.open(BTRIAL)


def test_btrial_agrees_with_its_manifest(btrial: RawExport) -> None:
    assert not len(btrial.check_manifest())
    assert btrial.files() == sorted([*listed(), "manifest.csv"])
    assert (btrial.exported_at, btrial.data_cutoff) == (datetime(2023, 7, 14, 18, 30), date(2023, 6, 30))
    assert btrial.newest() == datetime(2023, 7, 14, 18, 30)


@pytest.mark.parametrize("file", listed())
def test_btrial_file(file: str, btrial: RawExport) -> None:
    tables = [btrial.read(file, sheet) for sheet in btrial.sheets(file) or [""]]
    assert sum(len(t.frame) for t in tables) == int(listed()[file]["rows"])
    assert {t.sha256 for t in tables} == {listed()[file]["sha256"]}
    for table in tables:
        assert {str(t) for t in table.frame.dtypes} == {"str"}
        assert table.rows.tolist() == list(range(2, len(table.frame) + 2))
        assert {f.code.id for f in table.findings} <= {"RAW020"}  # GB18030, seen by its bytes
        assert btrial.header(file, table.source.sheet) == tuple(table.frame.columns)
    if file.endswith(".csv"):
        data = (BTRIAL / file).read_bytes()
        encoding = "gb18030" if tables[0].encoding == "gb18030" else "utf-8-sig"
        rows = list(csv.reader(data.decode(encoding).splitlines(keepends=True)))
        assert tables[0].frame.to_numpy().tolist() == rows[1:]


def test_header_without_reading_all() -> None:
    export = RawExport.open(BTRIAL)
    assert export.header("lab/central_lab.xlsx", "results")[:2] == ("STUDYID", "SITE_NO")
    assert export.size("edc/ae.csv") == (BTRIAL / "edc/ae.csv").stat().st_size


def packed(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as z:
        for name, data in members.items():
            z.writestr(zipfile.ZipInfo(name, (2023, 7, 14, 18, 30, 0)), data)
    return path


def test_zip_reads_as_its_folder(tmp_path: Path) -> None:
    members = {
        "raw/edc/a.csv": b"A\n1\n",
        "raw/manifest.csv": b"file,sha256\n",
        "__MACOSX/x": b"",
        "raw/~$a.xlsx": b"",
    }
    export = RawExport.open(packed(tmp_path / "raw.zip", members))
    assert export.files() == ["edc/a.csv", "manifest.csv"]
    assert export.read("edc/a.csv").frame["A"].tolist() == ["1"]
    assert export.newest() == datetime(2023, 7, 14, 18, 30)
    assert {f.code.id for f in export.findings} == {"RAW008"}


@pytest.mark.parametrize("name", ["../a.csv", "/a.csv", "a/../../b.csv", "..\\a.csv", "c:/a.csv"])
def test_a_zip_stays_within_its_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="RAW002"):
        RawExport.open(packed(tmp_path / "a.zip", {name: b"A\n"})).files()


def test_chinese_names_packed_on_windows(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"XXXX.csv": b"A\n1\n"})
    path.write_bytes(path.read_bytes().replace(b"XXXX", "化验".encode("gb18030")))
    assert RawExport.open(path).files() == ["化验.csv"]


def test_damaged_zip(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04 no more")
    with pytest.raises(CannotRun, match="RAW003"):
        RawExport.open(path).files()
    with pytest.raises(CannotRun, match="RAW001"):
        RawExport.open(tmp_path / "nothing")


def test_names_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "ae.csv").write_bytes(b"SERIOUS,AE_TERM\nY,x\n")
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    (tmp_path / "book.csv").write_bytes(b"PK\x03\x04\x00")
    export = RawExport.open(tmp_path)
    (found,) = export.read("ae.csv", expect=["SERIUS", "AE_TERM"]).findings
    assert (found.code.id, found.hint) == ("RAW010", "did you mean 'SERIOUS'?")
    assert not len(export.read("ae.csv", expect=["SERIOUS"]).findings)
    for file, code, hint in (
        ("AE.csv", "RAW004", "did you mean 'ae.csv'?"),
        ("../ae.csv", "RAW004", "'ae.csv'"),
        ("old.xls", "RAW006", "save it as .xlsx"),
        ("book.csv", "RAW007", "name it by its kind"),
    ):
        with pytest.raises(CannotRun) as stop:
            export.read(file)
        assert stop.value.findings[0].code.id == code
        assert hint in stop.value.findings[0].hint


def test_a_file_that_changes_or_vanishes_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"A\n1\n")
    export = RawExport.open(tmp_path)
    export.read("a.csv")
    path.write_bytes(b"A\n2\n")
    with pytest.raises(CannotRun, match="RAW005"):
        export.read("a.csv", delimiter=";")
    path.unlink()
    with pytest.raises(CannotRun, match="RAW005"):
        export.read("a.csv", delimiter="|")


def test_manifest_that_does_not_agree(tmp_path: Path) -> None:
    data = b"A\n1\n2\n"
    for name in ("a.csv", "b.csv", "c.csv", "d.csv"):
        (tmp_path / name).write_bytes(data)
    good, bad = hashlib.sha256(data).hexdigest(), "0" * 64
    lines = [
        "File,ROWS,sha256,exported_at,data_cutoff",
        f"a.csv,2,{good.upper()},2023-07-14T18:30:00+08:00,2023-06-30",
        f"b.csv,3,{good},2023-07-13,2023-06-29",
        f"c.csv,2,{bad},yesterday,",
        f"e.csv,2,{good},,",
    ]
    (tmp_path / "manifest.csv").write_text("\n".join(lines), encoding="utf-8")
    export = RawExport.open(tmp_path)
    found = {(f.code.id, f.place.file) for f in export.check_manifest()}
    assert found == {
        ("RAW058", "b.csv"),
        ("RAW055", "manifest.csv"),
        ("RAW057", "c.csv"),
        ("RAW004", "e.csv"),
        ("RAW056", "d.csv"),
    }
    assert export.newest() == datetime(2023, 7, 14, 10, 30)  # UTC
    assert export.data_cutoff == date(2023, 6, 30)
    (missing,) = export.check_manifest("list.csv")
    assert missing.code.id == "RAW054"
