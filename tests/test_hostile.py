"""Wrong input of every kind against the hand study: a clear finding at its place, nothing lost unsaid."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support import HAND

import cdisc_conv
from cdisc_conv.errors import CannotRun
from cdisc_conv.model.result import BuildResult

Change = Callable[[Path], object]
EVENTS = "raw/events.csv"
AE = "mappings/hand/ae.yaml"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    shutil.copytree(HAND, tmp_path / "hand")
    return tmp_path / "hand"


def build(study: Path) -> BuildResult:
    return cdisc_conv.build("hand", workspace=study)


def swap(file: str, old: str, new: str) -> Change:
    def change(study: Path) -> None:
        text = (study / file).read_text(encoding="utf-8")
        assert old in text
        (study / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def add(file: str, more: str) -> Change:
    def change(study: Path) -> None:
        with (study / file).open("a", encoding="utf-8", newline="") as f:
            f.write(more)

    return change


def told(findings: object) -> set[tuple[str, str]]:
    """Code and place of each finding, and code with each raw row it names."""
    found = list(findings)  # type: ignore[call-overload]
    return {(f.code.id, str(f.place)) for f in found} | {
        (f.code.id, f"{r.file}:{r.row}") for f in found for r in f.rows
    }


def ledger(result: BuildResult, file: str) -> tuple[int, int, dict[str, int]]:
    entry = next(a for a in result.ledger if a.file == file)
    return entry.rows, entry.shipped, dict(entry.left_out)


# one change of events.csv, what is told, what is not, and its account: rows, shipped, left out
ROWS: dict[str, tuple[Change, set[tuple[str, str]], set[str], tuple[int, int, dict[str, int]]]] = {
    "blank rows are left out once, for that reason": (
        add(EVENTS, ",,,,,,,\n,,,,,,,\n"),
        {("RAW033", "events.csv:7"), ("RAW033", "events.csv:8")},
        {"RAW060", "RAW062", "DATA001"},
        (7, 5, {"row without values": 2}),
    ),
    "a row without subject is told by that alone": (
        add(EVENTS, "1,,E9,2024-01-01,9,Fall,2024-03-05,N\n"),
        {("RAW062", "events.csv:7")},
        {"DATA001"},
        (6, 5, {"no subject": 1}),
    ),
    "time stamps are compared as times": (
        add(EVENTS, "1,7,E1,2024-1-2 9:30,1,headache,2024-03-05,N\n"),
        {("RAW061", "events.csv:2")},
        {"RAW063"},
        (6, 5, {"older version of a row": 1}),
    ),
    "an older version that as text would be the later": (
        add(EVENTS, "1,7,E1,2023-9-30,1,headache,2024-03-05,N\n"),
        {("RAW061", "events.csv:7")},
        {"RAW063"},
        (6, 5, {"older version of a row": 1}),
    ),
    "a blank time stamp tells nothing": (
        add(EVENTS, "1,7,E1,,1,headache,2024-03-06,N\n"),
        {("RAW063", "events.csv:2"), ("RAW063", "events.csv:7")},
        {"RAW061"},
        (6, 6, {}),
    ),
    "one unclear key does not blame the rows of another": (
        add(
            EVENTS,
            "1,7,E1,2024-01-01,1,headache,2024-03-06,N\n1,7,E2,2024-05-05,2,Rash,2024-03-06,N\n",
        ),
        {("RAW063", "events.csv:2"), ("RAW063", "events.csv:7"), ("RAW061", "events.csv:3")},
        set(),
        (7, 6, {"older version of a row": 1}),
    ),
    "rows without a row key": (
        add(EVENTS, "1,7,,2024-01-01,9,Fall,2024-03-05,N\n"),
        {("RAW065", "events.csv:7")},
        set(),
        (6, 6, {}),
    ),
    "a table of a header alone": (
        lambda study: (study / EVENTS).write_text("SITE,SUBJ,ROW,CHANGED,NO,TERM,START,SERIOUS\n"),
        {("RAW066", "events.csv")},
        set(),
        (0, 0, {}),
    ),
}


@pytest.mark.parametrize("case", ROWS)
def test_rows(case: str, study: Path) -> None:
    change, wanted, unwanted, account = ROWS[case]
    change(study)
    result = build(study)
    assert wanted <= told(result.findings)
    assert not unwanted & {f.code.id for f in result.findings if str(f.place).startswith("events")}
    assert ledger(result, "events.csv") == account
    assert "DATA001" not in {f.code.id for f in result.findings if f.place.variable == "USUBJID"}


def test_line_breaks_that_would_be_shipped_are_told(study: Path) -> None:
    add(EVENTS, '1,7,E9,2024-01-01,9,"Fall\nat home",2024-03-05,N\n')(study)
    result = build(study)
    assert ("SDTM011", "AE.AETERM") in told(result.findings)
    assert ("SDTM011", "events.csv:7") in told(result.findings)


def test_a_subject_unknown_is_told_once_a_dataset_not_for_its_supplement(study: Path) -> None:
    places = {str(f.place) for f in build(study).findings if f.code.id == "SDTM001"}
    assert "AE.USUBJID" in places and "SUPPAE.USUBJID" not in places


FILES: dict[str, tuple[Change, str, str]] = {
    "cut in the middle of a character": (
        lambda study: (study / EVENTS).write_bytes(
            (study / EVENTS).read_bytes() + "1,7,跌倒,头痛".encode()[:-1]
        ),
        "RAW030",
        "row 7",
    ),
    "cut in the middle of a character, with a byte order mark": (
        lambda study: (study / EVENTS).write_bytes(
            b"\xef\xbb\xbf" + (study / EVENTS).read_bytes() + b"\xe8\xb7"
        ),
        "RAW030",
        "row 7",
    ),
    "NUL bytes behind a byte order mark": (
        lambda study: (study / EVENTS).write_bytes(
            b"\xef\xbb\xbf" + (study / EVENTS).read_bytes() + b"1,7,E9,\0\0"
        ),
        "RAW034",
        "NUL",
    ),
    "a dated name": (
        lambda study: (study / EVENTS).rename(study / "raw/events_20240701.csv"),
        "RAW004",
        "did you mean 'events_20240701.csv'?",
    ),
    "no file alike": (lambda study: (study / EVENTS).unlink(), "RAW004", "ask the sender"),
    "no raw folder": (lambda study: shutil.rmtree(study / "raw"), "RAW001", "--raw"),
    "no mapping pages": (
        lambda study: shutil.rmtree(study / "mappings"),
        "MAP036",
        "mappings/",
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_files(case: str, study: Path) -> None:
    change, code, words = FILES[case]
    change(study)
    result = build(study)
    assert [
        f"{f.message} {f.hint}"
        for f in result.findings
        if f.code.id == code and words in f"{f.message} {f.hint}"
    ]
    assert not result.records


SLIPS: dict[str, tuple[Change, str, str]] = {
    "an unknown codelist": (swap(AE, "ct(SERIOUS)", 'ct(SERIOUS, "NOPE")'), "MAP034", f"{AE}:8:10"),
    "no codelist": (swap(AE, "upper(TERM)", "ct(TERM)"), "MAP034", f"{AE}:7:12"),
    "a code for no list": (
        add("mappings/hand/codes.csv", "SEXX,1,F\n"),
        "MAP035",
        "mappings/hand/codes.csv:6",
    ),
    "a code for no term": (
        add("mappings/hand/codes.csv", "SEX,9,Q\n"),
        "MAP035",
        "mappings/hand/codes.csv:6",
    ),
    "variables as a list": (swap(AE, "variables:", "variables: [a]\nx:"), "MAP021", f"{AE}:3:12"),
    "variables as a text": (swap(AE, "variables:", "variables: a\nx:"), "MAP021", f"{AE}:3:12"),
    "checks as a block": (swap(AE, "checks:", "checks: {a: b}\ny:"), "MAP021", f"{AE}:12:9"),
}


@pytest.mark.parametrize("case", SLIPS)
def test_slips_are_told_before_data_is_read(case: str, study: Path) -> None:
    change, code, place = SLIPS[case]
    change(study)
    assert (code, place) in told(cdisc_conv.check("hand", workspace=study))


def test_a_derivation_with_a_slip_is_not_also_said_to_be_missing(study: Path) -> None:
    swap(AE, "upper(TERM)", "upper(TERMS)")(study)
    found = list(cdisc_conv.check("hand", workspace=study))
    assert [f.hint for f in found if f.code.id == "MAP002"] == ["did you mean 'TERM'?"]
    assert not [f for f in found if f.code.id == "MAP011" and "AEDECOD" in f.message]


@pytest.mark.parametrize("text", ["x: &a [*a]\n", "x: " + "[" * 3000 + "]" * 3000 + "\n"])
def test_yaml_that_never_ends(text: str, study: Path) -> None:
    add(AE, text)(study)
    with pytest.raises(CannotRun) as e:
        cdisc_conv.check("hand", workspace=study)
    assert [(f.code.id, f.place.file) for f in e.value.findings] == [("MAP900", AE)]


def test_the_account_adds_up_in_the_package(study: Path, tmp_path: Path) -> None:
    add(EVENTS, ",,,,,,,\n1,7,E1,,1,headache,2024-03-06,N\n")(study)
    cdisc_conv.build("hand", workspace=study, out=tmp_path / "out")
    text = (tmp_path / "out/run/ledger.json").read_text(encoding="utf-8")
    for source in json.loads(text)["sources"]:
        assert source["rows"] == source["shipped"] + sum(source["left_out"].values())
        assert 0 not in source["left_out"].values()
