"""Slips that newcomers make: each is told once, in the field's own words, with the way out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support import HAND

import cdisc_conv
from cdisc_conv.errors import CannotRun

AE, ADTTE, VS = (f"mappings/hand/{page}.yaml" for page in ("ae", "adtte", "vs"))
STUDY, CODES = "specs/hand/study.yaml", "mappings/hand/codes.csv"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    shutil.copytree(HAND, tmp_path / "hand")
    return tmp_path / "hand"


def swap(study: Path, file: str, old: str, new: str) -> None:
    text = (study / file).read_text(encoding="utf-8")
    assert old in text
    (study / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def said(study: Path) -> list[str]:
    try:
        found = cdisc_conv.check("hand", workspace=study)
    except CannotRun as e:
        found = e.findings
    # SPEC043: the hand study leaves out variables that the ADaMIG requires
    slips = [f for f in found if f.severity == "error" and f.code.id != "SPEC043"]
    return [f"{f.code.id} {f.message}; {f.hint}" for f in slips]


SLIPS = [
    ("text quoted once", AE, "upper(TERM)", '"NAUSEA"', """MAP002 * quote it twice: '"NAUSEA"'"""),
    ("= to compare", AE, "upper(TERM)", 'when(TERM = "a", "b")', "MAP001 * to compare, write =="),
    ("= and a bracket left open", AE, "upper(TERM)", "join(TERM, sep=TERM", "MAP001 * '(' was never closed"),
    ("AND", ADTTE, ") and A", ") AND A", "MAP001 * write `and` in small letters"),
    ("||", AE, "upper(TERM)", "TERM || TERM", "MAP001 * write join(a, b)"),
    ("an empty text", AE, "upper(TERM)", """'when(TERM != "", TERM)'""", "MAP001 * missing(X) or given(X)"),
    ("a colon", AE, "upper(TERM)", 'regex(TERM, "a: (.*)")', "MAP900 * is quoted whole"),
    ("a quote first", AE, "upper(TERM)", '"A" if TERM else TERM', "MAP900 * is quoted whole"),
    ("a tab", AE, "  AEDECOD", "\tAEDECOD", "MAP900 * not tabs"),
    ("text in order", AE, "upper(TERM)", "when(TERM > 0, TERM)", "MAP008 * make numbers of it with number()"),
    ("a date for text", AE, "study_day(AESTDTC)", "study_day(AESTDTC, ADSL.TRTSDT)", "MAP005 * with dtc()"),
    ("test without tests", AE, "upper(TERM)", "test.X", "MAP006 * block with tests:"),
    (
        "no such key",
        AE,
        "upper(TERM)",
        "lookup(EX.EXTRT, EXSTDT=AESTDTC)",
        "MAP002 * did you mean 'EXSTDTC'?",
    ),
    ("a column of the subject", STUDY, "SUBJ", "SUBJX", "MAP002 * in form events; did you mean 'SUBJ'?"),
    ("code map", CODES, "VALUE", "TERM", "MAP024 * table codes has no column 'VALUE'"),
]


@pytest.mark.parametrize(("slip", "file", "old", "new", "words"), SLIPS, ids=[s[0] for s in SLIPS])
def test_one_slip_is_told_once_and_with_the_way_out(study, slip, file, old, new, words):
    swap(study, file, old, new)
    code, _, text = words.partition(" * ")
    assert [s for s in said(study) if s.startswith(code) and text in s]
    assert {s[:6] for s in said(study)} <= {code, "MAP034", "MAP035"}


def test_a_check_is_a_warning_unless_it_says_otherwise(study):
    swap(study, AE, "    severity: warning\n", "")
    assert said(study) == []
    found = cdisc_conv.build("hand", workspace=study, out=study / "out").findings
    assert [str(f.severity) for f in found if f.code.id == "DATA900"] == ["warning"]


def test_define_names_the_dataset_that_a_record_comes_from(study):
    """ADSL is made from DM: its TRTSDT, written with DM's own column, reads no raw column."""
    cdisc_conv.build("hand", workspace=study, out=study / "out")
    define = next((study / "out").rglob("adam/**/define.xml")).read_text(encoding="utf-8")
    assert "Date part of DM.RFSTDTC, where complete." in define
    assert "raw RFSTDTC" not in define


def test_an_event_without_a_whole_date_is_told(study):
    """E2 (2024-03) and E4 (30 February) fit the condition and cannot be dated."""
    swap(study, ADTTE, "where: given(AESTDY) and AESTDY >= 1", "where: given(AEDECOD)")
    found = cdisc_conv.build("hand", workspace=study, out=study / "out").findings
    told = [f for f in found if f.code.id == "ADAM003"]
    assert [r.key for f in told for r in f.rows] == ["E2", "E4"]
