"""The traps of the study that no row of its export springs: raw rows changed, and what must come of them.

tests/data/btrial/traps.csv: each line makes a change (as in checks.csv; none where an earlier line made it)
and says what a cell must hold. `dataset` may be `findings`: `key` is then the finding's code or name,
`expected` its severity, empty for a finding that must not be there. `key` picks the record as
`VARIABLE=value; …`. The traps beside these: expected_traps.json and laboratory.csv (see their tests), and the
functions of ELSEWHERE.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import test_blinded
import test_btrial_laboratory
import test_xpt_numbers
from btrial_plants import cells, plant
from btrial_small import RAW, Row, build_small, edit, small_workspace
from lxml import etree
from support import DATA

from cdisc_conv.model.result import BuildResult

Frames = dict[str, pd.DataFrame]
with (DATA / "btrial/traps.csv").open(encoding="utf-8", newline="") as _file:
    CASES = list(csv.DictReader(_file))
SUBJECTS = sorted({c["subject"] for c in CASES} | {"01-020"})  # the last for a comment to copy
CHINESE = "患者自述近一周关节疼痛" * 45
ENGLISH = " ".join(["the subject reported joint pain during the last week"] * 10)


def randomised_on(subject: str) -> pd.Timestamp:
    """The day of randomisation in the export."""
    site, number = subject.split("-")
    rows = pd.read_csv(RAW / "irt/randomisation.csv", dtype=str, encoding="utf-8-sig")
    mine = rows[(rows["SITE_NO"] == site) & (rows["SUBJ_NO"] == number)]
    return pd.Timestamp(mine["RAND_DATE"].item())


def signed_at(subject: str) -> str:
    """The time of the consent in the export."""
    site, number = subject.split("-")
    rows = pd.read_csv(RAW / "edc/subject.csv", dtype=str, encoding="utf-8-sig")
    return str(rows[(rows["SITE_NO"] == site) & (rows["SUBJ_NO"] == number)]["ICF_TIME"].item())


def filled(text: str, subject: str) -> str:
    """The text with what stands in braces put in."""
    return (
        text.replace("{450 characters with a translation}", CHINESE[:450])
        .replace("{450 characters without}", CHINESE[1:451])
        .replace("{its translation}", ENGLISH)
        .replace("{ICF_TIME}", signed_at(subject) if "{ICF" in text else "")
        .replace(
            "{2020-02-29 to randomisation}",
            f"{((randomised_on(subject) - pd.Timestamp('2020-02-29')).days + 1) / 365.25:.4f}"
            if "{2020" in text
            else "",
        )
    )


@pytest.fixture(scope="module")
def sprung(tmp_path_factory: pytest.TempPathFactory) -> tuple[Frames, BuildResult]:
    """The subjects of the cases built with every change made."""
    workspace = small_workspace(tmp_path_factory.mktemp("traps"), SUBJECTS)
    edit(
        workspace,
        "translations.csv",
        lambda rows: [*rows, {"SOURCE_TEXT": CHINESE[:450], "ENGLISH": ENGLISH}],
    )
    for at, case in enumerate(CASES):
        if case["file"]:
            plant(workspace, at, {**case, "change": filled(case["change"], case["subject"])})
    return build_small(workspace)


def severity_of(result: BuildResult, name: str) -> str:
    """How a finding of that code or name is told; "" where it is not."""
    found = {str(f.severity) for f in result.findings if name in (f.code.id, f.code.name)}
    return found.pop() if found else ""


def cell(frames: Frames, case: Row) -> str:
    """What was built in a case's cell; of several variables the texts joined."""
    rows = frames[case["dataset"]]
    rows = rows[rows["USUBJID"] == f"BTRIAL-{case['subject']}"]
    for variable, value in cells(case["key"]).items():
        rows = rows[rows[variable].astype("str") == value]
    if case["variable"] == "ROWS":
        return str(len(rows))
    parts = [rows.iloc[-1][v] for v in case["variable"].split("+")]
    texts = [p if isinstance(p, str) else "" if pd.isna(p) else f"{p:.10g}" for p in parts]
    assert all(len(t.encode()) <= 200 for t in texts)
    return " ".join(t for t in texts if t)


@pytest.mark.parametrize(
    "case",
    [pytest.param(c, id=f"{c['trap']}-{c['dataset']}-{c['variable']}-{i}") for i, c in enumerate(CASES)],
)
def test_trap(sprung: tuple[Frames, BuildResult], case: Row) -> None:
    frames, result = sprung
    if case["dataset"] == "findings":
        assert severity_of(result, case["key"]) == case["expected"]
        return
    wanted, found = filled(case["expected"], case["subject"]), cell(frames, case)
    if case["variable"] == "SLEDURY":
        assert float(found) == pytest.approx(float(wanted), abs=0.5e-4)
    else:
        assert found == wanted


def test_what_is_left_out_after_the_cutoff_is_accounted_for(sprung: tuple[Frames, BuildResult]) -> None:
    """7.54: one row of the form of adverse events, with its reason."""
    (account,) = [a for a in sprung[1].ledger if a.form == "ae"]
    assert account.left_out["after the data cut-off"] == 1
    assert account.balanced


def test_after_the_cutoff_but_kept(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, ["08-016"], after_cutoff="kept")
    case = next(c for c in CASES if c["trap"] == "7.54")
    plant(workspace, 0, case)
    frames, result = build_small(workspace)
    assert (frames["AE"]["AESPID"] == "6").sum() == 1
    assert severity_of(result, "RAW070") == ""


def test_a_bilag_form_of_eight_systems_stops_the_build(tmp_path: Path) -> None:
    """7.33: the older BILAG is another instrument: nothing is built, and the missing column is named."""
    workspace = small_workspace(tmp_path, ["02-007"])
    path = workspace / "examples/btrial/raw/edc/bilag.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig").drop(columns="B_OPH")
    table.to_csv(path, index=False, encoding="utf-8-sig")
    frames, result = build_small(workspace)
    assert frames == {}
    told = [f for f in result.findings if str(f.severity) == "error"]
    assert told
    assert any("B_OPH" in f.message for f in told)


def test_no_deaths_and_no_examinations(tmp_path: Path) -> None:
    """7.53: no file for a dataset without records, and define.xml says that it has none."""
    workspace = small_workspace(tmp_path, ["02-007"])
    edit(workspace, "edc/physical_exam.csv", lambda rows: rows.clear())
    frames, result = build_small(workspace)
    assert not {"DD", "PE"} & frames.keys()
    told = {f.place.dataset for f in result.findings if f.code.id == "SDTM012"}
    assert {"DD", "PE"} <= told
    assert result.out is not None
    define = next(p for p in result.out.rglob("define.xml") if "sdtm" in p.parts)
    groups = etree.parse(define).getroot().iter("{http://www.cdisc.org/ns/odm/v1.3}ItemGroupDef")
    no_data = "{http://www.cdisc.org/ns/def/v2.1}HasNoData"
    empty = {g.get("Name") for g in groups if g.get(no_data) == "Yes"}
    assert {"DD", "PE"} <= empty
    assert not empty & frames.keys()


ELSEWHERE: dict[str, Callable[..., None]] = {
    "7.33": test_a_bilag_form_of_eight_systems_stops_the_build,
    "7.45": test_btrial_laboratory.test_same_day_as_the_first_dose,
    "7.52": test_xpt_numbers.test_extremes_survive_a_file,
    "7.53": test_no_deaths_and_no_examinations,
    "7.55": test_blinded.test_no_record_names_an_arm_a_kit_or_a_lot,
}


def test_every_trap_is_tested() -> None:
    """All 58 of the study's list: in the export, in a table of cases, or in a function of its own."""
    answers = json.loads((DATA / "btrial/expected_traps.json").read_text("utf-8"))
    with (DATA / "btrial/laboratory.csv").open(encoding="utf-8", newline="") as file:
        laboratory = {row["trap"] for row in csv.DictReader(file)}
    tested = {a["trap"] for a in answers} | laboratory | {c["trap"] for c in CASES} | ELSEWHERE.keys()
    assert {f"7.{i}" for i in range(1, 59)} <= tested
    assert all(cells(c["change"]) for c in CASES if c["file"])
