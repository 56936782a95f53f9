"""Sheets written to either container and read again are the same, cell by cell."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings
from cdisc_conv.read.spec import complete, read_spec, spec_of
from cdisc_conv.read.spec_layout import plain
from cdisc_conv.read.spec_sheets import Sheet, Sheets, read_sheets
from cdisc_conv.write.spec import csv_bytes, sheets_of, write_sheets

DATA = Path(__file__).parent / "data" / "spec"
WORKBOOKS = ("adams-specs.xlsx", "Define-Excel-Spec.xlsx")


def cells(sheets: Sheets) -> dict[str, tuple[tuple[str, ...], ...]]:
    return {plain(title): rows for title, rows in sheets.cells().items()}


def read(path: Path) -> Sheets:
    findings = Findings()
    sheets = read_sheets(path, findings)
    assert list(findings) == []
    return sheets


@pytest.mark.parametrize("name", WORKBOOKS)
def test_workbook_to_folder_to_workbook(name: str, tmp_path: Path) -> None:
    sheets = read(DATA / name)
    write_sheets(sheets, tmp_path / "csv")
    again = read(tmp_path / "csv")
    write_sheets(again, tmp_path / "again.xlsx")
    assert cells(sheets) == cells(again) == cells(read(tmp_path / "again.xlsx"))


def test_openpyxl_reads_what_is_written(tmp_path: Path) -> None:
    write_sheets(read(DATA / "adams-specs.xlsx"), tmp_path / "out.xlsx")
    ours = openpyxl.load_workbook(tmp_path / "out.xlsx", read_only=True)
    theirs = openpyxl.load_workbook(DATA / "adams-specs.xlsx", read_only=True)
    assert ours.sheetnames == theirs.sheetnames
    for title in ours.sheetnames:
        shown = [["" if v is None else str(v) for v in r] for r in theirs[title].iter_rows(values_only=True)]
        written = [["" if v is None else str(v) for v in r] for r in ours[title].iter_rows(values_only=True)]
        for ours_row, their_row in zip(written, shown, strict=False):
            width = max(len(ours_row), len(their_row))
            assert ours_row + [""] * (width - len(ours_row)) == their_row + [""] * (width - len(their_row))
        assert not any(any(r) for r in shown[len(written) :])


def test_the_same_sheets_give_the_same_bytes(tmp_path: Path) -> None:
    sheets = read(DATA / "adams-specs.xlsx")
    for name in ("a.xlsx", "b.xlsx"):
        write_sheets(sheets, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


texts = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0\ufeff"), max_size=12
) | st.sampled_from(["_x000D_", "a\r\nb", "\x0b", " lead", "=1", '"q"', "_x005F_", "é 人", "001", "#REF"])


@given(st.lists(st.lists(texts, min_size=3, max_size=3), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_text_survives(rows: list[list[str]]) -> None:
    whole = [("H1", "H2", "H3"), *(("x", *row) for row in rows)]
    sheet = Sheet(
        "Notes", "", ("H0", *whole[0]), tuple(tuple(r) for r in whole[1:]), tuple(range(2, 2 + len(rows)))
    )
    with tempfile.TemporaryDirectory() as folder:
        for path in (Path(folder) / "spec.xlsx", Path(folder) / "spec"):
            write_sheets(Sheets("", {"Notes": sheet}), path)
            found = read(path).cells()["Notes"]
            width = len(found[0])
            assert found == tuple(row[:width] for row in (sheet.header, *sheet.rows))


@pytest.mark.parametrize(
    ("title", "cell", "name"),
    [
        ("a/b", "x", "spec"),
        ("a/b", "x", "spec.xlsx"),
        ("t" * 32, "x", "spec.xlsx"),
        ("Notes", "x" * 32_768, "spec.xlsx"),
    ],
)
def test_what_a_container_cannot_hold(title: str, cell: str, name: str, tmp_path: Path) -> None:
    sheets = Sheets("", {title: Sheet(title, "", ("H",), ((cell,),), (2,))})
    with pytest.raises(CannotRun) as caught:
        write_sheets(sheets, tmp_path / name)
    assert [f.code.id for f in caught.value.findings] == ["SPEC058"]
    assert not (tmp_path / name).exists()


def test_csv_bytes() -> None:
    sheet = Sheet("Notes", "", ("A", "B"), (("1", 'say "x"'), ("", "")), (2, 3))
    assert csv_bytes(sheet) == b'A,B\n1,"say ""x"""\n,\n'


def test_a_spec_in_the_model_is_written_and_read_the_same(tmp_path: Path) -> None:
    spec, _ = read_spec(DATA / "adams-specs.xlsx", "adam")
    spec = replace(
        spec, datasets={n: spec.datasets[n] for n in ("ADAE", "ADTTE", "ADSL") if n in spec.datasets}
    )
    done, _ = complete(spec, {"adam": "1.3", "ct": "2025-03-28"})
    for name in ("spec.xlsx", "spec"):
        write_sheets(sheets_of(done), tmp_path / name)
        findings = Findings()
        again = spec_of(read_sheets(tmp_path / name, findings), "adam", findings)
        assert list(findings) == []
        assert sheets_of(again).cells() == sheets_of(done).cells()
        assert list(again.datasets) == list(done.datasets) == ["ADAE", "ADSL"]
