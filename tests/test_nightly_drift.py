"""The drift gate on exports of Btrial, changed in one way each: what it says, where, how bad it is."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from btrial_small import SUBJECTS
from nightly_btrial import Days

from cdisc_conv.findings import Severity
from cdisc_conv.nightly.drift.gate import Exports, gate
from cdisc_conv.nightly.drift.gates import USUAL_GATES, Gates, Rule, kind_of
from cdisc_conv.nightly.folders import Folders
from cdisc_conv.nightly.snapshots import take

Found = set[tuple[str, str, str]]
VITALS, AE, PGA = "edc/vitals.csv", "edc/ae.csv", "edc/pga.csv"


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> Days:
    """The exports as they were last time, with their manifest."""
    days = Days(tmp_path_factory.mktemp("drift"))
    days.list_files()
    return days


@pytest.fixture
def days(usual, tmp_path) -> Days:
    """The exports of tonight, to be changed."""
    made = object.__new__(Days)
    made.__dict__ |= usual.__dict__
    made.place, made.raw = tmp_path, tmp_path / "workspace" / "examples" / "btrial" / "raw"
    made.workspace = tmp_path / "workspace"
    shutil.copytree(usual.raw, made.raw)
    return made


def seen(usual: Days, days: Days, *, listed: bool = True, gates: Gates = USUAL_GATES) -> Found:
    """The drifts of tonight's exports: kind, severity and place."""
    if listed:
        days.list_files()
    folders = Folders(days.place / "out")
    folders.make()
    old, new = (take(d.raw, folders).path for d in (usual, days))
    found, _ = gate(usual.workspace, "btrial", Exports(new, old), gates)
    days.said = {kind_of(f.code): f for f in found.findings}
    return {(kind_of(f.code), str(f.severity), str(f.place)) for f in found.findings}


def text(change: Callable[[str], str], encoding: str = "utf-8-sig") -> Callable[[bytes], bytes]:
    """A change of a file's text as one of its bytes."""
    return lambda data: change(data.decode("utf-8-sig")).encode(encoding)


def in_column(name: str, change: Callable[[str], str]) -> Callable[[list], None]:
    """A change of every value of a column."""

    def done(rows: list) -> None:
        for row in rows:
            row[name] = change(row[name])

    return done


def at_row(number: int, name: str, value: str) -> Callable[[list], None]:
    """Another value in one cell."""

    def done(rows: list) -> None:
        rows[number][name] = value

    return done


def dmy(value: str) -> str:
    """2021-03-19 as 19/03/2021."""
    return re.sub(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", r"\3/\2/\1", value)


def drop(days: Days, file: str, column: str) -> None:
    """A file without one of its columns."""
    import csv
    import io

    def change(old: str) -> str:
        rows = list(csv.reader(io.StringIO(old)))
        at = rows[0].index(column)
        out = io.StringIO()
        csv.writer(out).writerows(r[:at] + r[at + 1 :] for r in rows)
        return out.getvalue()

    days.rewrite(file, text(change))


def reorder(old: str) -> str:
    """The last column first."""
    import csv
    import io

    out = io.StringIO()
    csv.writer(out).writerows([r[-1], *r[:-1]] for r in csv.reader(io.StringIO(old)))
    return out.getvalue()


def semicolons(old: str) -> str:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(csv.reader(io.StringIO(old)))
    return out.getvalue()


def other_sheet(days: Days, change: Callable[[openpyxl.Workbook], None]) -> None:
    path = days.raw / "lab" / "central_lab.xlsx"
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def renamed_sheet(book: openpyxl.Workbook) -> None:
    book["results"].title = "Results 2023"


def without_sheet(book: openpyxl.Workbook) -> None:
    del book["ranges"]


def move(days: Days, old: str, new: str) -> None:
    (days.raw / old).rename(days.raw / new)


def copy(days: Days, old: str, new: str) -> None:
    shutil.copy(days.raw / old, days.raw / new)


def remove(days: Days, *subject: str) -> None:
    """A subject out of every file."""
    for path in sorted(days.raw.rglob("*.csv")):
        name = path.relative_to(days.raw).as_posix()
        if b"SUBJ_NO" in path.read_bytes()[:200]:
            days.edit(
                name, lambda rows: [r for r in rows if (r["SITE_NO"].zfill(2), r["SUBJ_NO"]) != subject]
            )
    other_sheet(days, lambda book: _without(book["results"], subject))


def _without(sheet, subject) -> None:
    header = [c.value for c in sheet[1]]
    at = header.index("SITE_NO"), header.index("SUBJ_NO")
    for row in range(sheet.max_row, 1, -1):
        cells = [str(sheet.cell(row, i + 1).value) for i in at]
        if (cells[0].zfill(2), cells[1].zfill(3)) == subject:
            sheet.delete_rows(row)


LAB = "lab/central_lab.xlsx"
Change = Callable[[Days], object]
DRIFTS: dict[str, tuple[Change, Found]] = {
    "nothing": (lambda d: None, set()),
    "a corrected value": (lambda d: d.edit(VITALS, at_row(4, "WEIGHT", "77.1")), set()),
    "a new column": (
        lambda d: d.edit(VITALS, at_row(0, "ARM_USED", "left")),
        {("new_column", "warning", VITALS)},
    ),
    "a column gone": (lambda d: drop(d, VITALS, "TEMP"), {("missing_column", "error", VITALS)}),
    "a column gone that is not read": (
        lambda d: drop(d, VITALS, "FORM_STATUS"),
        {("missing_column_unread", "warning", VITALS)},
    ),
    "a column renamed": (
        lambda d: d.rename_column(VITALS, "SBP", "SYSTOLIC"),
        {("renamed_column", "error", VITALS)},
    ),
    "a renamed column that is not read": (
        lambda d: d.rename_column(VITALS, "FORM_STATUS", "STATUS"),
        {("renamed_column_unread", "warning", VITALS)},
    ),
    "columns in another order": (
        lambda d: d.rewrite(VITALS, text(reorder)),
        {("reordered_column", "note", VITALS)},
    ),
    "numbers with a decimal comma": (
        lambda d: d.edit(VITALS, in_column("WEIGHT", lambda v: v.replace(".", ","))),
        {("retyped_column", "error", VITALS)},
    ),
    "numbers that are words": (
        lambda d: d.edit(VITALS, in_column("SBP", lambda v: v and f"{v} mmHg")),
        {("retyped_column", "error", VITALS)},
    ),
    "dates day first": (
        lambda d: d.edit(VITALS, in_column("VISIT_DATE", dmy)),
        {("date_format", "error", VITALS)},
    ),
    "dates in a format that is declared": (
        lambda d: d.edit(AE, in_column("START_DATE", lambda v: v.replace("-", ""))),
        {("date_format_read", "warning", AE)},
    ),
    "a column blank": (
        lambda d: d.edit(VITALS, in_column("PULSE", lambda v: "")),
        {("blanked_column", "error", VITALS)},
    ),
    "a column half blank": (
        lambda d: d.edit(
            VITALS, lambda rows: [r | {"PULSE": r["PULSE"] * (i % 2)} for i, r in enumerate(rows)]
        ),
        {("values_fewer", "warning", VITALS)},
    ),
    "a column filled for the first time": (
        lambda d: d.edit("edc/infusion.csv", in_column("RESERVED_1", lambda v: "please see")),
        {("filled_column", "warning", "edc/infusion.csv")},
    ),
    "a code that no list knows": (
        lambda d: d.edit(AE, at_row(2, "OUTCOME", "resolving nicely")),
        {("unknown_code", "error", AE)},
    ),
    "a code that the list knows": (
        lambda d: d.edit(AE, at_row(2, "OUTCOME", "ongoing")),
        {("known_code", "note", AE)},
    ),
    "a code in another case": (
        lambda d: d.edit(AE, at_row(2, "OUTCOME", "RECOVERED")),
        {("code_written_otherwise", "warning", AE)},
    ),
    "leading zeros gone": (
        lambda d: d.edit(VITALS, in_column("SUBJ_NO", lambda v: v.lstrip("0"))),
        {("zeros_lost", "warning", VITALS)},
    ),
    "rows gone": (
        lambda d: d.edit(VITALS, lambda rows: rows[:20] + rows[25:]),
        {("rows_fewer", "error", VITALS)},
    ),
    "a row gone in a long file": (
        lambda d: d.edit("edc/prednisone_log.csv", lambda rows: rows[:20] + rows[21:]),
        {("rows_fewer", "warning", "edc/prednisone_log.csv")},
    ),
    "a site gone in a file": (
        lambda d: d.edit(PGA, lambda rows: [r for r in rows if r["SITE_NO"].zfill(2) != "02"]),
        {("rows_fewer", "error", PGA)},
    ),
    "every row gone": (
        lambda d: d.edit("edc/conmed.csv", lambda rows: rows.clear()),
        {("emptied", "error", "edc/conmed.csv"), ("truncated", "error", "edc/conmed.csv")},
    ),
    "rows twice": (
        lambda d: d.edit(VITALS, lambda rows: rows.extend(rows[:3])),
        {("rows_repeated", "warning", VITALS)},
    ),
    "every row twice": (
        lambda d: d.edit(VITALS, lambda rows: rows.extend(rows[:])),
        {("rows_doubled", "error", VITALS)},
    ),
    "row keys given anew": (
        lambda d: d.edit(VITALS, lambda rows: [r | {"ROW_ID": f"V{i}"} for i, r in enumerate(rows)]),
        set(),
    ),
    "cut off at a line end": (
        lambda d: d.rewrite(PGA, lambda b: b[: b.index(b"\n", 4000) + 1]),
        {("truncated", "error", PGA), ("rows_fewer", "error", PGA)},
    ),
    "cut off within a line": (
        lambda d: d.rewrite(PGA, lambda b: b[: b.index(b"\n", 4000) + 7]),
        {("truncated", "error", PGA), ("rows_fewer", "error", PGA)},
    ),
    "empty": (lambda d: d.rewrite(PGA, lambda b: b""), {("truncated", "error", PGA)}),
    "in GB18030": (
        lambda d: d.rewrite(AE, lambda b: b.decode("utf-8-sig").encode("gb18030")),
        {("encoding", "warning", AE)},
    ),
    "without byte order mark": (
        lambda d: d.rewrite(AE, lambda b: b.removeprefix(b"\xef\xbb\xbf")),
        {("encoding", "warning", AE)},
    ),
    "garbled": (
        lambda d: d.rewrite(AE, text(lambda t: "".join("?" if ord(c) > 255 else c for c in t))),
        {("garbled", "error", AE)},
    ),
    "semicolons": (lambda d: d.rewrite(VITALS, text(semicolons)), {("delimiter", "warning", VITALS)}),
    "a line above the header": (
        lambda d: d.rewrite(VITALS, text(lambda t: "Export of vitals\r\n\r\n" + t)),
        {("header_moved", "error", VITALS)},
    ),
    "a file gone": (lambda d: (d.raw / VITALS).unlink(), {("missing_form", "error", VITALS)}),
    "a file renamed": (
        lambda d: move(d, VITALS, "edc/vital_signs.csv"),
        {("renamed_form", "error", VITALS)},
    ),
    "a new file": (
        lambda d: (d.raw / "edc/ecg.csv").write_text("SUBJ_NO,QT\n001,400\n"),
        {("new_form", "warning", "edc/ecg.csv")},
    ),
    "a file twice": (
        lambda d: copy(d, VITALS, "edc/vitals (1).csv"),
        {("duplicate_file", "warning", "edc/vitals (1).csv")},
    ),
    "a sheet renamed": (
        lambda d: other_sheet(d, renamed_sheet),
        {("renamed_form", "error", f"{LAB}!results")},
    ),
    "a sheet gone": (lambda d: other_sheet(d, without_sheet), {("missing_form", "error", f"{LAB}!ranges")}),
    "a workbook cut off": (
        lambda d: d.rewrite(LAB, lambda b: b[: len(b) // 2]),
        {("unreadable", "error", LAB)},
    ),
}


@pytest.mark.parametrize("name", DRIFTS)
def test_a_drift_is_told_as_what_it_is(usual, days, name):
    change, wanted = DRIFTS[name]
    change(days)
    assert seen(usual, days) == wanted


def test_a_subject_who_is_in_no_file_any_more(usual, days):
    remove(days, "03", "020")
    found = seen(usual, days)
    assert ("subjects_fewer", "error", "") in found
    told = days.said["subjects_fewer"]
    assert "1 of 10 subjects" in told.message
    assert [r.key for r in told.rows] == ["BTRIAL-03-020"]
    assert {kind for kind, severity, _ in found if severity == "error"} == {"subjects_fewer", "rows_fewer"}


def test_a_subject_gone_from_one_file_is_still_there(usual, days):
    days.edit(
        VITALS, lambda rows: [r for r in rows if (r["SITE_NO"].zfill(2), r["SUBJ_NO"]) != ("03", "020")]
    )
    assert seen(usual, days) == {("rows_fewer", "error", VITALS)}
    assert "1 subjects have none left here" in days.said["rows_fewer"].message


def test_the_rows_that_are_gone_are_named(usual, days):
    gone: list[str] = []

    def change(rows):
        gone.extend(r["ROW_ID"] for r in rows[4:6])
        return rows[:4] + rows[6:]

    days.edit(VITALS, change)
    seen(usual, days)
    told = days.said["rows_fewer"]
    assert [(r.row, r.key) for r in told.rows] == list(zip((6, 7), gone, strict=True))
    assert "2 rows are gone" in told.message


def test_a_renamed_column_is_suggested(usual, days):
    days.rename_column(VITALS, "SBP", "SYSTOLIC")
    seen(usual, days)
    assert (
        "seems to be named SYSTOLIC now (100% of its values are the same)"
        in days.said["renamed_column"].message
    )


def test_rows_that_go_back_in_time(usual, days):
    days.edit(VITALS, at_row(3, "LAST_MODIFIED", "2019-01-01 00:00:00"))
    assert seen(usual, days) == {("older", "error", VITALS)}


def test_a_file_that_was_written_before_where_no_manifest_tells_the_time(tmp_path):
    old, new = (Days(tmp_path / name, SUBJECTS[:1], manifest=False) for name in ("old", "new"))
    new.edit(VITALS, at_row(0, "WEIGHT", "77.1"))
    os.utime(new.raw / VITALS, (1_600_000_000, 1_600_000_000))
    assert seen(old, new, listed=False) == {("older", "error", VITALS)}


def test_a_zip_is_held_against_a_folder(usual, days):
    days.edit(VITALS, lambda rows: rows[:20] + rows[25:])
    days.list_files()
    days.raw = Path(shutil.make_archive(str(days.place / "export"), "zip", days.raw))
    assert seen(usual, days, listed=False) == {("rows_fewer", "error", VITALS)}


def test_a_manifest_that_was_exported_before(usual, days):
    days.edit(VITALS, at_row(4, "WEIGHT", "77.1"))
    days.list_files()
    days.rewrite("manifest.csv", lambda b: re.sub(rb"2023-07-\d\d", b"2023-07-01", b))
    assert seen(usual, days, listed=False) == {("older", "error", AE)}
    assert "more files" in days.said["older"].message


def test_a_file_that_is_not_the_one_listed(usual, days):
    days.edit(VITALS, at_row(4, "WEIGHT", "77.1"))
    assert seen(usual, days, listed=False) == {("manifest", "error", VITALS)}


def test_a_manifest_that_is_gone(usual, days):
    (days.raw / "manifest.csv").unlink()
    assert seen(usual, days, listed=False) == {("manifest_missing", "error", "manifest.csv")}


def test_a_file_that_was_sent_before(usual, days, tmp_path):
    folders = Folders(tmp_path / "out")
    folders.make()
    first = take(usual.raw, folders).path
    days.edit(VITALS, at_row(4, "WEIGHT", "77.1"))
    days.list_files()
    second = take(days.raw, folders).path
    days.edit(PGA, at_row(4, "PGA", "0.1"))
    shutil.copy(usual.raw / VITALS, days.raw / VITALS)
    days.list_files()
    exports = Exports(take(days.raw, folders).path, second, (("the run of Monday", first),))
    found = gate(usual.workspace, "btrial", exports, USUAL_GATES)[0].findings
    assert [(kind_of(f.code), str(f.place)) for f in found] == [("older", VITALS)]
    assert "the file of the run of Monday" in found.items[0].message


def test_the_config_says_how_bad_a_drift_is(usual, days):
    drop(days, VITALS, "TEMP")
    days.edit(PGA, lambda rows: rows[1:])
    days.edit(AE, at_row(0, "MORE", "x"))
    gates = Gates(
        {"missing_column": Rule(None), "rows_fewer": Rule(Severity.ERROR, 0.5)},
        (("edc/a*.csv", {"new_column": Rule(Severity.ERROR)}),),
    )
    assert seen(usual, days, gates=gates) == {("rows_fewer", "warning", PGA), ("new_column", "error", AE)}


def test_the_first_night_has_its_own_gate(usual, days):
    days.rewrite(PGA, lambda b: b[: b.index(b"\n", 4000) + 7])
    copy(days, VITALS, "edc/vitals (1).csv")
    days.list_files()
    days.rewrite(AE, lambda b: b + b"\n")
    folders = Folders(days.place / "out")
    folders.make()
    exports = Exports(take(days.raw, folders).path)
    found = gate(usual.workspace, "btrial", exports, USUAL_GATES)[0].findings
    assert {(kind_of(f.code), str(f.place)) for f in found} == {
        ("truncated", PGA),
        ("duplicate_file", "edc/vitals (1).csv"),
        ("manifest", AE),
    }


def test_no_message_holds_a_value_of_a_subject(usual, days):
    days.edit(AE, at_row(2, "OUTCOME", "secret word"))
    days.edit(VITALS, at_row(2, "POSITION", "secret word"))
    days.edit(PGA, in_column("ASSESS_DATE", lambda v: "secret word"))
    assert len(seen(usual, days)) == 3
    assert all("secret" not in f"{f.message}{f.hint}{f.place}" for f in days.said.values())
    assert {r.value for r in days.said["unknown_code"].rows} == {"secret word"}
