"""Pairs of files that are odd, damaged or made to do harm: a clear answer, and no value passes unseen."""

from __future__ import annotations

import csv
import datetime
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cdisc_conv.cli import _show, main
from cdisc_conv.diff.compare import Ways, compare_files
from cdisc_conv.diff.folder import compare_folders
from cdisc_conv.diff.out import write_csv
from cdisc_conv.errors import CannotRun
from cdisc_conv.model.difference import DatasetDiff, Settings, Verdict
from cdisc_conv.write.xpt import write_xpt

BY_ID = Ways(Settings(ids=("ID",)))
MANY = 5000


def book(path: Path, rows: list[tuple[Any, str]]) -> Path:
    """A workbook of values, each under a number format."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["ID", "X"])
    for n, (value, code) in enumerate(rows, 2):
        sheet.append([f"a{n}", value])
        sheet.cell(n, 2).number_format = code
    made.save(path)
    return path


def parquet(path: Path, **columns: Any) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def found(diff: DatasetDiff) -> list[tuple[str, str, str]]:
    rows = diff.differences.table().to_pylist()
    return [(r["variable"], r["base_value"], r["compare_value"]) for r in rows]


MOMENT = datetime.datetime(2024, 1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("base", "compare", "code", "told"),
    [
        (1.234, 1.2345, "0.00", ("1.234", "1.2345")),  # both show 1.23
        (0.255, 0.2551, "0%", ("0.255", "0.2551")),
        (1 / 3, 0.333333333333333, "General", ("0.3333333333333333", "0.333333333333333")),
        (MOMENT, MOMENT.replace(second=6), "yyyy-mm-dd", ("2024-01-02T03:04:05", "2024-01-02T03:04:06")),
        (MOMENT, MOMENT.replace(day=3), "hh:mm", ("2024-01-02T03:04:05", "2024-01-03T03:04:05")),
    ],
)
def test_what_a_format_hides_in_a_workbook_differs(tmp_path, base, compare, code, told) -> None:
    files = [book(tmp_path / f"{n}.xlsx", [(v, code)]) for n, v in enumerate((base, compare))]
    assert found(compare_files(*files, BY_ID)) == [("X", *told)]


def test_a_code_in_a_workbook_keeps_its_zeros(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("ID,X\na2,007\na3,1.5\n")
    base = book(tmp_path / "a.xlsx", [(7, "000"), (1.5, "General")])
    assert compare_files(base, tmp_path / "b.csv", BY_ID).verdict is Verdict.EQUAL


def test_a_sheet_is_asked_for_by_the_words_that_diff_takes(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.create_sheet("two")
    made.save(tmp_path / "a.xlsx")
    diff = compare_files(tmp_path / "a.xlsx", tmp_path / "a.xlsx")
    assert [f.hint for f in diff.findings] == ["name the sheet behind the file: a.xlsx!SHEET"]


def test_columns_that_are_neither_text_nor_number_are_compared(tmp_path: Path) -> None:
    columns = {"ID": ["1", "2"], "L": [[1], [2]], "S": [{"a": 1}, {"a": 2}], "B": [b"a", b"\xff"]}
    columns["D"] = pa.array([1, 2], pa.duration("s"))
    base = parquet(tmp_path / "a.parquet", **columns)
    assert compare_files(base, base, BY_ID).verdict is Verdict.EQUAL
    other = columns | {"L": [[1], [3]], "S": [{"a": 1}, {"a": None}], "B": [b"a", b"\xfe"]}
    diff = compare_files(base, parquet(tmp_path / "b.parquet", **other), BY_ID)
    assert found(diff) == [("L", "[2]", "[3]"), ("S", '{"a": 2}', '{"a": null}'), ("B", '"ff"', '"fe"')]
    assert [f.code.id for f in diff.findings].count("FILE102") == 8


def test_numbers_that_a_double_cannot_hold_differ(tmp_path: Path) -> None:
    base = parquet(
        tmp_path / "a.parquet", ID=[2**60], U=pa.array([2**64 - 1], pa.uint64()), D=[Decimal("1e20")]
    )
    other = [2**60], pa.array([2**64 - 2], pa.uint64()), [Decimal("1e20") + 1]
    diff = compare_files(base, parquet(tmp_path / "b.parquet", ID=other[0], U=other[1], D=other[2]), BY_ID)
    assert [v for v, *_ in found(diff)] == ["U", "D"]


def test_a_damaged_page_in_a_parquet_file(tmp_path: Path) -> None:
    good = parquet(tmp_path / "a.parquet", **{f"V{n}": [f"{n}", "x", "y"] for n in range(200)})
    data = good.read_bytes()
    bad = tmp_path / "b.parquet"
    bad.write_bytes(data[:200] + b"\0" * 500 + data[700:])
    diff = compare_files(good, bad, Ways(Settings(ids=("V0",))))
    assert (diff.verdict, diff.sysinfo, [f.code.id for f in diff.findings]) == (
        Verdict.CANNOT_COMPARE,
        32768,
        ["FILE101"],
    )


@pytest.mark.parametrize("kind", ["parquet", "xpt"])
def test_thousands_of_columns(tmp_path: Path, kind: str) -> None:
    sides = []
    for n in (1, 2):
        table = pa.table({f"V{i}": ["a", "b", f"{i * n % 7}"] for i in range(MANY)})
        sides.append(tmp_path / f"{n}.{kind}")
        if kind == "xpt":
            write_xpt(table.to_pandas(), sides[-1], name="WIDE")
        else:
            pq.write_table(table, sides[-1])
    diff = compare_files(*sides, Ways(Settings(by_position=True)))
    assert diff.unequal == sum(i % 7 != i * 2 % 7 for i in range(MANY))


def test_names_of_columns_are_no_formulas_either(tmp_path: Path) -> None:
    files = [parquet(tmp_path / f"{n}.parquet", **{"=1+1": ["a"], "X": [n]}) for n in (1.0, 2.0)]
    diff = compare_files(*files, Ways(Settings(ids=("=1+1",))))
    write_csv(diff, tmp_path / "o.csv")
    with (tmp_path / "o.csv").open(newline="") as file:
        assert next(csv.reader(file))[0] == "'=1+1"


def test_keys_that_a_dataset_of_a_folder_lacks_are_passed_over(tmp_path: Path) -> None:
    for side in ("a", "b"):
        (tmp_path / side).mkdir()
        (tmp_path / side / "ae.csv").write_text("USUBJID,AETERM,X\n1,a,1\n1,b,2\n")
        (tmp_path / side / "ts.csv").write_text("TSPARMCD,TSVAL\nA,1\nB,2\n")
    diff = compare_folders(tmp_path / "a", tmp_path / "b", Ways(Settings(ids=("USUBJID", "AETERM"))))
    assert [(d.keys.how, d.keys.variables, str(d.verdict)) for d in diff.datasets] == [
        ("given", ("USUBJID", "AETERM"), "equal"),
        ("natural", ("TSPARMCD", "TSVAL"), "equal"),
    ]
    assert "FILE114" in [f.code.id for f in diff.datasets[1].findings]
    with pytest.raises(CannotRun, match="NOPE"):
        compare_folders(tmp_path / "a", tmp_path / "b", Ways(Settings(ids=("USUBJID", "NOPE"))))


def test_keys_of_a_spec_without_a_studyid_that_one_side_lacks(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("STUDYID,USUBJID,AETERM\nS,1,a\nS,2,b\n")
    (tmp_path / "b.csv").write_text("USUBJID,AETERM\n1,a\n2,b\n")
    ways = Ways(spec={"A": (("STUDYID", "USUBJID"), "specs/x")})
    diff = compare_files(tmp_path / "a.csv", tmp_path / "b.csv", ways)
    assert (diff.keys.how, diff.keys.variables) == ("spec", ("USUBJID",))


def test_names_with_blanks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Subject ID,X y\n1,1\n2,2\n")
    (tmp_path / "b.csv").write_text("Subject ID,X y\n2,2\n1,9\n")
    files = str(tmp_path / "a.csv"), str(tmp_path / "b.csv")
    assert run(capsys, *files, "--id", "Subject ID")[0] == 1
    assert run(capsys, *files, "--id", "Subject ID", "--drop", "X y")[0] == 0


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["diff", *arguments])
    said = capsys.readouterr()
    return int(str(end.value.code)), said.out, said.err


def test_what_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, str(tmp_path), str(tmp_path / "nothing"))
    assert (code, "there is no file or folder" in err) == (2, True)
    nothing = tmp_path / "a.parquet"
    pq.write_table(pa.table({}), nothing)
    code, out, _ = run(capsys, str(nothing), str(nothing))
    assert (code, "BASE has no variable; COMPARE has no variable" in out) == (2, True)


@pytest.mark.parametrize("number", ["nan", "inf"])
def test_a_criterion_is_a_number(capsys: pytest.CaptureFixture[str], tmp_path: Path, number: str) -> None:
    file = str(parquet(tmp_path / "a.parquet", ID=["1"]))
    code, _, err = run(capsys, file, file, "--criterion", number)
    assert (code, "--criterion takes a number" in err) == (2, True)


def test_a_page_that_leaves_values_out_says_so_and_where_they_are(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ids = [f"{n}" for n in range(3000)]
    files = [str(parquet(tmp_path / f"{n}.parquet", ID=ids, X=[float(n)] * 3000)) for n in (1, 2)]
    page, table = str(tmp_path / "o.html"), str(tmp_path / "o.csv")
    _, out, _ = run(capsys, *files, "--id", "ID", "--out", page)
    assert f"page to read: {page} (1,000 of the values that differ are left out" in out
    _, out, _ = run(capsys, *files, "--id", "ID", "--out", page, "--out", table)
    assert out.endswith(f"page to read: {page}\nall that differs: {table}\n")
    assert "all of them are in o.csv" in (tmp_path / "o.html").read_text()
    assert len((tmp_path / "o.csv").read_text().splitlines()) == 3001


def test_a_bar_on_a_terminal_and_a_line_a_step_elsewhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    say = _show.progress()
    say("compare LB")
    say("compare LB", 0.5)
    assert capsys.readouterr().err == "compare LB\n"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    say = _show.progress()
    say("compare LB", 0.5)
    say("compare LB", 0.51)  # too soon after the last look to be drawn
    say("compare LB", 1)
    drawn = capsys.readouterr().err.split("\r\x1b[2K")[1:]
    assert drawn == [f"[{'#' * 12}{'.' * 12}]  50%  compare LB", f"[{'#' * 24}] 100%  compare LB"]


def test_a_key_that_would_tell_rows_apart_is_offered(tmp_path: Path) -> None:
    """Two visits of 40 subjects without the visit among the keys; TIME is another on each side."""
    rows = [(f"S{n}", v, "A", f"{n}{v}") for n in range(40) for v in ("W1", "W2")]
    for name, late in (("a", ""), ("b", "x")):
        lines = [f"{s},{v},{c},{t}{late}" for s, v, c, t in rows]
        (tmp_path / f"{name}.csv").write_text("\n".join(["ID,VISIT,CAT,TIME", *lines, ""]))
    diff = compare_files(tmp_path / "a.csv", tmp_path / "b.csv", BY_ID)
    (hint,) = [f.hint for f in diff.findings if f.code.id == "FILE108"]
    assert hint.endswith("--id ID,VISIT would pair 100% of the rows")
    asked = compare_files(tmp_path / "a.csv", tmp_path / "b.csv", Ways(Settings(ids=("ID", "VISIT"))))
    assert (asked.rows.paired, asked.unequal) == (80, 80)


def test_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [parquet(tmp_path / f"{n}.parquet", ID=[f"{i}" for i in range(900)]) for n in (1, 2)]

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "parts")

    monkeypatch.setattr("cdisc_conv.diff.data.ipc.new_file", full)
    diff = compare_files(*files, Ways(Settings(ids=("ID",)), memory=500))
    assert (diff.verdict, diff.sysinfo) == (Verdict.CANNOT_COMPARE, 32768)
    assert "No space left on device" in diff.findings[0].message
