"""QC status: what is recorded of a comparison, and that a pass goes stale when either file changes."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support import HAND

from cdisc_conv.cli import group
from cdisc_conv.errors import CannotRun
from cdisc_conv.qc.file import read_qc

AE = "USUBJID,AETERM,AESTDTC,AEDUR\nS-1,Headache,2024-01-01,3\nS-1,Rash,2024-01-02,0.1\n"
DM = "USUBJID,SEX\nS-1,F\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(group, [str(a) for a in arguments])


def states(study: str, where: Path) -> dict[str, str]:
    told = json.loads(run("qc", "status", study, "--workspace", where, "--format", "json").stdout)
    return {d["dataset"]: d["state"] for d in told["datasets"]}


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A workspace with two folders of the same two datasets."""
    for side in ("prod", "double"):
        (tmp_path / side).mkdir()
        (tmp_path / side / "ae.csv").write_text(AE, encoding="utf-8")
        (tmp_path / side / "dm.csv").write_text(DM, encoding="utf-8")
    return tmp_path


def compare(place: Path, *more: object) -> Result:
    folders = ("--production", place / "prod", "--qc", place / "double")
    by = ("--by", "Ann Ode", "--on", "2026-11-22")
    return run("qc", "run", "study1", *folders, *by, "--workspace", place, *more)


def test_a_run_records_who_what_and_when(place):
    told = compare(place)
    assert told.exit_code == 0
    text = (place / "qc/study1.yaml").read_text(encoding="utf-8")
    assert text.startswith("# QC status of study1")
    entry = read_qc(place / "qc/study1.yaml", "study1").entries["AE"]
    assert (str(entry.verdict), entry.sysinfo, entry.by, entry.date) == ("equal", 0, "Ann Ode", "2026-11-22")
    assert (entry.production.file, entry.production.sha256) == ("prod/ae.csv", sha(place / "prod/ae.csv"))
    assert (entry.qc.file, entry.qc.sha256) == ("double/ae.csv", sha(place / "double/ae.csv"))
    assert entry.method == "exact"
    assert "AETERM" in entry.keys
    compare(place)
    assert (place / "qc/study1.yaml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("side", ["prod", "double"])
@pytest.mark.parametrize("change", ["edit", "remove"])
def test_a_pass_goes_stale_by_itself(place, side, change):
    compare(place)
    file = place / side / "ae.csv"
    if change == "edit":
        file.write_text(AE.replace("Rash", "rash"), encoding="utf-8")
    else:
        file.unlink()
    told = run("qc", "status", "study1", "--workspace", place)
    assert told.exit_code == 1
    assert states("study1", place) == {"AE": "stale", "DM": "pass"}
    assert f"{side}/ae.csv {'changed' if change == 'edit' else 'is not there'}" in told.stdout
    file.write_text(AE, encoding="utf-8")
    assert run("qc", "status", "study1", "--workspace", place).exit_code == 0


def test_what_differs_fails_until_it_is_compared_again(place):
    (place / "double/ae.csv").write_text(AE.replace("Rash", "Rush"), encoding="utf-8")
    assert compare(place).exit_code == 1
    assert states("study1", place) == {"AE": "fail", "DM": "pass"}
    entry = read_qc(place / "qc/study1.yaml", "study1").entries["AE"]
    assert entry.sysinfo & 64 | entry.sysinfo & 4096
    (place / "double/ae.csv").write_text(AE, encoding="utf-8")
    assert states("study1", place)["AE"] == "stale"
    assert compare(place).exit_code == 0


def test_a_copy_of_the_file_is_told(place):
    compare(place)
    told = json.loads(run("qc", "status", "study1", "--workspace", place, "--format", "json").stdout)
    assert {d["state"] for d in told["datasets"]} == {"pass"}
    assert all(d["why"].startswith("both sides are the same file") for d in told["datasets"])
    (place / "double/ae.csv").write_text(AE.replace(",3", ",3.0"), encoding="utf-8")
    compare(place)
    told = json.loads(run("qc", "status", "study1", "--workspace", place, "--format", "json").stdout)
    assert {d["dataset"]: bool(d["why"]) for d in told["datasets"]} == {"AE": False, "DM": True}


def test_a_tolerance_is_recorded_with_the_pass(place):
    (place / "double/ae.csv").write_text(AE.replace("0.1", "0.1000000001"), encoding="utf-8")
    assert compare(place).exit_code == 1
    assert compare(place, "--method", "absolute", "--criterion", "1e-6").exit_code == 0
    assert read_qc(place / "qc/study1.yaml", "study1").entries["AE"].method == "absolute:1e-06"


def test_datasets_never_compared_are_listed(place):
    (place / "double/dm.csv").unlink()
    told = compare(place)
    assert told.exit_code == 1
    assert "FILE120" in told.stdout
    assert states("study1", place) == {"AE": "pass", "DM": "never"}
    shutil.copytree(HAND, place / "space")
    assert set(states("hand", place / "space").values()) == {"never"}
    assert {"DM", "AE", "SUPPAE", "ADTTE"} <= states("hand", place / "space").keys()


def test_comments_and_other_keys_stay(place):
    compare(place)
    path = place / "qc/study1.yaml"
    text = path.read_text(encoding="utf-8").replace("  DM:", "  # agreed with the statistician\n  DM:")
    path.write_text(text + "reviewer: Bob\n", encoding="utf-8")
    assert compare(place, "--method", "relative").exit_code == 0
    after = path.read_text(encoding="utf-8")
    assert "# agreed with the statistician" in after
    assert "reviewer: Bob" in after
    assert [
        line for line in after.splitlines() if line.startswith("  ") and line.endswith(":") and line[2] != " "
    ] == [
        "  AE:",
        "  DM:",
    ]


def record(place: Path, *more: object, by: str = "Ann", day: str = "2026-11-22") -> Result:
    files = ("--production", place / "prod/ae.csv", "--qc", place / "double/ae.csv")
    return run("qc", "record", "s", *files, "--by", by, "--on", day, "--workspace", place, *more)


def test_the_outcome_of_another_program_is_recorded(place):
    assert record(place).exit_code == 0
    assert record(place, "--sysinfo", 4096, "--tool", "SAS 9.4 PROC COMPARE").exit_code == 1
    entry = read_qc(place / "qc/s.yaml", "s").entries["AE"]
    assert (str(entry.verdict), entry.sysinfo, entry.tool) == ("different", 4096, "SAS 9.4 PROC COMPARE")
    told = record(place, "--sysinfo", 0, "--tool", "SAS 9.4 PROC COMPARE")
    assert told.exit_code == 0
    assert "SAS 9.4 PROC COMPARE" in told.stdout


@pytest.mark.parametrize(
    "by", ["=1+1", "Ann: 'O'Neil' # x", "安 <b>", "yes", "2026-01-01", "- a", "&a *b !c"]
)
def test_any_name_is_kept_as_it_is(place, by):
    assert record(place, by=by).exit_code == 0
    assert read_qc(place / "qc/s.yaml", "s").entries["AE"].by == by


@pytest.mark.parametrize(
    ("more", "by", "day", "said"),
    [
        ((), "", "2026-11-22", "--by takes a name"),
        ((), "a\nb", "2026-11-22", "--by takes a name"),
        ((), "a", "22NOV2026", "--on takes a day as YYYY-MM-DD"),
        ((), "a", "2026-02-30", "--on takes a day as YYYY-MM-DD"),
        (("--sysinfo", 0), "a", "2026-11-22", "--sysinfo and --tool belong together"),
        (("--criterion", "1", "--method", "exact"), "a", "2026-11-22", "--method exact takes no --criterion"),
    ],
)
def test_calls_that_cannot_be_meant(place, more, by, day, said):
    told = record(place, *more, by=by, day=day)
    assert said in str(told.exception)
    assert not (place / "qc").exists()


BROKEN = {
    "no yaml": "study: [",
    "of another study": "study: other\ndatasets: {}\n",
    "no comparison": "study: s\ndatasets:\n  AE: pass\n",
    "hash": "study: s\ndatasets:\n  AE: {verdict: equal, sysinfo: 0, by: a, date: '2026-01-01',"
    " production: {file: a, sha256: xyz}, qc: {file: b, sha256: xyz}}\n",
    "equal that is not": "study: s\ndatasets:\n  AE: {verdict: equal, sysinfo: 4096, by: a,"
    " date: '2026-01-01',"
    f" production: {{file: a, sha256: {'0' * 64}}}, qc: {{file: b, sha256: {'0' * 64}}}}}\n",
    "merge conflict": "study: s\n<<<<<<< HEAD\ndatasets: {}\n=======\n>>>>>>> other\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_file_that_does_not_hold_together_is_told_by_line_and_left_alone(place, text):
    path = place / "qc/s.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    told = record(place)
    assert isinstance(told.exception, CannotRun)
    assert all(f.place.line for f in told.exception.findings)
    assert path.read_text(encoding="utf-8") == text


def test_nothing_known_cannot_run(tmp_path):
    told = run("qc", "status", "nope", "--workspace", tmp_path)
    assert [f.code.id for f in told.exception.findings] == ["QC003"]


def test_a_report_is_written_with_the_run(place):
    (place / "double/ae.csv").write_text(AE.replace("Headache", "Headaches"), encoding="utf-8")
    assert compare(place, "--out", place / "qc.html").exit_code == 1
    assert "Headache" in (place / "qc.html").read_text(encoding="utf-8")


def test_a_whole_package_is_compared_without_its_run_records(place):
    for name in ("ae", "dm"):
        (place / "pack/m5").mkdir(parents=True, exist_ok=True)
        shutil.copy(place / f"prod/{name}.csv", place / f"pack/m5/{name}.csv")
    (place / "pack/run").mkdir()
    for name in ("run", "findings", "ledger"):
        (place / f"pack/run/{name}.json").write_text("{}", encoding="utf-8")
    made = json.loads(run("diff", place / "pack", place / "double", "--format", "json").stdout)
    assert (made["verdict"], made["only_base"]) == ("equal", [])
