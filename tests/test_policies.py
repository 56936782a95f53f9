"""Policies of a study: declared, held against their choices, settled before the plan, told in define.xml."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyreadstat
import pytest
from support import HAND

import cdisc_conv
from cdisc_conv.findings import Findings
from cdisc_conv.language.resolve import Names, resolve
from cdisc_conv.language.sentences import phrase
from cdisc_conv.language.verb import Verbs
from cdisc_conv.model.words import Words
from cdisc_conv.read.xpt import read_xpt

NAMES = Names(form=["A", "B"], policies={"start": "RAND", "days": "30", "none": ""}, facts={"id": "S"})

SETTLED = [  # derivation, what is left of it as define.xml tells it
    ('when(policy.start == "RAND", A, B)', "raw A"),
    ('when(policy.start == "TRT", A, B)', "raw B"),
    ('when(policy.start == "TRT", A)', "missing"),
    ('when(policy.start == "TRT", A, A == "x", B)', 'raw B if raw A equals "x"'),
    ('when(A == "x", B, policy.start == "RAND", A, B)', 'raw B if raw A equals "x"; otherwise raw A'),
    ('when(A == "x" and policy.start == "RAND", B)', 'raw B if raw A equals "x"'),
    ('when(A == "x" or policy.start == "RAND", B)', "raw B"),
    ('when(A == "x" and policy.start != "RAND", B, A)', "raw A"),
    ('when(policy.start in ("RAND", "TRT"), A, B)', "raw A"),
    ('when(policy.start not in ("RAND", "TRT"), A, B)', "raw B"),
    ('when(not (policy.start == "RAND"), A, B)', "raw B"),
    ('when(policy.none == "RAND", A, B)', "raw B"),
    ('upper(when(study.id == "S", A, B))', "raw A in upper case"),
]


@pytest.mark.parametrize(("text", "left"), SETTLED)
def test_what_is_left_of_a_derivation(text, left):
    findings = Findings()
    node = resolve(Words(text, "page.yaml", 1, 1, text), NAMES, Verbs(), findings)
    assert not list(findings)
    assert node is not None
    assert phrase(node, Verbs()).lower() == left.lower()


@pytest.fixture
def study(tmp_path: Path) -> Path:
    shutil.copytree(HAND, tmp_path / "hand")
    return tmp_path / "hand"


def put(study: Path, file: str, old: str, new: str) -> None:
    text = (study / file).read_text(encoding="utf-8")
    assert old in text
    (study / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def declare(study: Path, policy: str) -> None:
    put(study, "specs/hand/study.yaml", '{unmapped_codes: error, partial_dates: "false"}', f"{{{policy}}}")


SLIPS = [
    ("start: {value: X, among: [RAND, TRT]}", "MAP020 policy start cannot be 'X'; it can be RAND, TRT"),
    (
        'start: {value: "400", between: [0, 365]}',
        "MAP020 policy start cannot be '400'; it is a number from 0 to 365",
    ),
    (
        "start: {value: many, between: [0, 365]}",
        "MAP020 policy start cannot be 'many'; it is a number from 0 to 365",
    ),
    ("start: {value: X, between: [0, many]}", "MAP021 '0, many' is no pair of numbers"),
    ("start: {among: [RAND, TRT]}", "MAP015 policy start"),
    ("start: {value: X, amongst: [RAND, TRT]}", "MAP014 * did you mean 'among'?"),
    ("start: X, unmapped_code: keep", "MAP019 * did you mean 'unmapped_codes'?"),
]


@pytest.mark.parametrize(("policy", "told"), SLIPS)
def test_slips(study, policy, told):
    declare(study, policy)
    put(study, "mappings/hand/ae.yaml", "AEDECOD:", 'AELLT: when(policy.start == "X", TERM)\n  AEDECOD:')
    found = [
        f"{f.code.id} {f.message}; {f.hint}"
        for f in cdisc_conv.check("hand", workspace=study)
        if f.severity in ("error", "warning") and f.code.id not in ("SPEC043", "MAP011", "MAP010")
    ]
    parts = told.split(" * ")
    assert any(all(part in text for part in parts) for text in found), found


@pytest.mark.parametrize(("choice", "aval"), [("DAY30", 31), ("DAY60", 61)])
def test_a_policy_changes_the_result_and_is_told(study, choice, aval):
    """HAND-02-007 has no event: its time ends on the day that the policy says."""
    declare(study, f"end: {{value: {choice}, among: [DAY30, DAY60], says: the last day at risk}}")
    last = 'date(DM.RFSTDTC) + when(policy.end == "DAY60", 60, 30)'
    put(study, "mappings/hand/adtte.yaml", "date(DM.RFSTDTC) + 30", last)
    cdisc_conv.build("hand", workspace=study, out=study / "out")
    built = read_xpt(next((study / "out").rglob("adtte.xpt")))
    assert [r.AVAL for r in built.itertuples() if r.USUBJID == "HAND-02-007"] == [aval]
    define = next((study / "out").rglob("adam/**/define.xml")).read_text(encoding="utf-8")
    assert f"Policy end = {choice} (the last day at risk)." in define


@pytest.mark.parametrize(("choice", "file"), [("left_out", False), ("written", True)])
def test_a_dataset_without_records(study, choice, file):
    """No event in the raw data: a file without rows or none, and define.xml agrees."""
    declare(study, f"empty_datasets: {choice}")
    events = study / "raw" / "events.csv"
    events.write_text(events.read_text("utf-8").splitlines(keepends=True)[0], "utf-8")
    result = cdisc_conv.build("hand", workspace=study, out=study / "out")
    paths = {p.name for p in (study / "out").rglob("*.xpt")}
    assert ({"ae.xpt", "suppae.xpt"} <= paths) == file
    told = [f.place.dataset for f in result.findings if f.code.id == "SDTM012"]
    assert told == ([] if file else ["AE", "SUPPAE"])
    define = next(p for p in (study / "out").rglob("define.xml") if "sdtm" in p.parts).read_text("utf-8")
    assert define.count('def:HasNoData="Yes"') >= 2
    assert ('xlink:href="ae.xpt"' in define) == file
    if file:
        frame, _ = pyreadstat.read_xport(next((study / "out").rglob("ae.xpt")))
        assert len(frame) == 0 and "AETERM" in frame
