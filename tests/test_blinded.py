"""A blinded run: nothing that is made depends on who got what; what would is refused before data are read."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from btrial_small import build_small, edit, set_policy, small_workspace

from cdisc_conv.engine.blinding import settle_blinding
from cdisc_conv.findings import Findings
from cdisc_conv.model.result import BuildResult
from cdisc_conv.pipeline import Options, build, check
from cdisc_conv.reporting import report

LIST = "examples/btrial/raw/irt/unblinding.xlsx"
BY_DESIGN = {"TA", "TE", "TI", "TS", "IE"}
"""Datasets that speak of the arms of the study, or of its criteria, not of a subject's treatment."""
ARM = re.compile(r"\b(BELIMUMAB|PLACEBO|BEL|PBO)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def unlisted(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, pd.DataFrame], BuildResult]:
    """The package of an export without the unblinding list: study.yaml's policy `auto` makes it blinded."""
    workspace = small_workspace(tmp_path_factory.mktemp("unlisted"))
    (workspace / LIST).unlink()
    return build_small(workspace)


EXPECTED = [  # dataset, variable, its values in the whole package (design 7.55)
    ("DM", "ARM", {"BLINDED", ""}),
    ("DM", "ARMCD", {"BLINDED", ""}),
    ("DM", "ACTARM", {"BLINDED", ""}),
    ("DM", "ACTARMCD", {"BLINDED", ""}),
    ("EX", "EXTRT", {"BELIMUMAB OR PLACEBO"}),
    ("EX", "EXDOSE", {None}),
    ("EX", "EXDOSU", {""}),
    ("EX", "EXLOT", {""}),
    ("EC", "ECTRT", {"BELIMUMAB OR PLACEBO"}),
    ("EC", "ECLOT", {""}),
    ("SE", "ETCD", {"SCRN", "BLINDED", "FUP"}),
    ("ADSL", "TRT01P", {"BLINDED", ""}),
    ("ADSL", "TRT01PN", {3, None}),
    ("ADSL", "TRT01A", {""}),
    ("ADSL", "TRT01AN", {None}),
    ("ADSL", "CUMDOSE", {None}),
    ("ADAE", "TRTA", {""}),
    ("ADTTE", "TRTP", {"BLINDED"}),
]


@pytest.mark.parametrize(("dataset", "variable", "values"), EXPECTED)
def test_values_of_a_blinded_package(unlisted, dataset, variable, values):
    column = unlisted[0][dataset][variable]
    assert {None if isinstance(v, float) and pd.isna(v) else v for v in column} == values


def test_arms_are_there_where_the_study_gives_one(unlisted):
    dm = unlisted[0]["DM"].set_index("USUBJID")
    never_treated, screen_failure = dm.loc["BTRIAL-01-004"], dm.loc["BTRIAL-03-020"]
    assert (never_treated["ARM"], never_treated["ACTARM"]) == ("BLINDED", "")
    assert (never_treated["ARMNRS"], screen_failure["ARMNRS"]) == ("ASSIGNED, NOT TREATED", "SCREEN FAILURE")
    assert (screen_failure["ARM"], screen_failure["ACTARM"]) == ("", "")


def test_nothing_else_is_lost(unlisted):
    frames, result = unlisted
    ex = frames["EX"]
    assert len(ex) == (frames["EC"]["ECOCCUR"] == "Y").sum() > 0
    assert frames["EC"]["ECDOSE"].notna().sum() == len(ex)
    assert (
        frames["ADSL"]["NDOSE"] == frames["ADSL"]["USUBJID"].map(ex.groupby("USUBJID").size()).fillna(0)
    ).all()
    told = {(f.code.id, f.place.file) for f in result.findings if f.code.id.startswith("RAW06")}
    assert ("RAW069", "irt/unblinding.xlsx") in told
    assert ("RAW068", "edc/infusion.csv") in told


def leaks(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    for name, frame in frames.items():
        for variable in frame.columns if name not in BY_DESIGN else ():
            for value in frame[variable].dropna().astype(str).unique():
                words = set(ARM.findall(value.upper()))
                if len(words) == 1:  # "BELIMUMAB OR PLACEBO" tells nothing
                    yield f"{name}.{variable}: {value}"


def test_no_record_names_an_arm_a_kit_or_a_lot(unlisted, tmp_path):
    frames, result = unlisted
    assert not list(leaks(frames))
    infusions = pd.read_csv(
        Path(__file__).parents[1] / "examples/btrial/raw/edc/infusion.csv", dtype=str, encoding="utf-8-sig"
    )
    secret = {*infusions["KIT_NO"].dropna(), *infusions["LOT_NO"].dropna()}
    report("btrial", result.out, tmp_path / "results")
    texts = [p for root in (result.out, tmp_path) for p in root.rglob("*") if p.is_file()]
    assert len(texts) > 50
    for path in texts:
        text = path.read_bytes().decode("latin-1")
        assert not secret & set(re.findall(r"\b[KL]\d\w+", text)), path.name


def test_the_usual_package_would_leak(btrial_frames):
    assert any("EX.EXTRT" in leak for leak in leaks(btrial_frames))


def swap_arms_and_kits(path: Path) -> None:
    """Every subject gets the other arm, every kit another content."""
    book = openpyxl.load_workbook(path)
    for sheet in book:
        names = [str(c.value) for c in sheet[1]]
        column = names.index("ARM_CODE") + 1
        codes = {sheet.cell(r, column).value for r in range(2, sheet.max_row + 1)}
        first, other = sorted(codes)
        for r in range(2, sheet.max_row + 1):
            cell = sheet.cell(r, column)
            cell.value = other if cell.value == first else first
    book.save(path)


def everything(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_list_that_is_there_is_not_opened(tmp_path):
    workspace = small_workspace(tmp_path, blinded="true")
    out = tmp_path / "package"
    build_small(workspace)
    before = everything(out)
    swap_arms_and_kits(workspace / LIST)
    _, result = build_small(workspace)
    assert everything(out) == before
    (workspace / LIST).write_bytes(b"no workbook at all")
    assert check("btrial", Options(workspace=workspace)).sound
    told = {f.place.sheet for f in result.findings if f.code.id == "RAW068"}
    assert {"randomisation_list", "kit_list"} <= told


def test_kits_and_lots_of_the_infusions_are_not_looked_at(tmp_path):
    workspace = small_workspace(tmp_path, blinded="true")
    wanted = Options(workspace=workspace, datasets=("EX", "EC", "DM"))
    before = build("btrial", wanted)

    def other_kits(rows):
        numbers = [r["KIT_NO"] for r in rows][::-1]
        return [
            r | {"KIT_NO": n, "LOT_NO": f"X{i}"} for i, (r, n) in enumerate(zip(rows, numbers, strict=True))
        ]

    edit(workspace, "edc/infusion.csv", other_kits)
    after = build("btrial", wanted)
    assert before.datasets.keys() == after.datasets.keys() >= {"EX", "EC", "DM"}
    for name, frame in before.datasets.items():
        pd.testing.assert_frame_equal(after.datasets[name], frame, obj=name)
    account = next(a for a in after.ledger if a.form == "infusion")
    assert {"KIT_NO", "LOT_NO"} <= set(account.columns_not_submitted)


READS = [  # page, its line, what it becomes, the column that may not be read
    ("ec.yaml", 'when(policy.blinded != "true", trim(LOT_NO))', "trim(LOT_NO)", "LOT_NO"),
    (
        "dm.yaml",
        "trim(randomisation.RAND_NO)",
        "lookup(randomisation_list.RAND_NO, RAND_NO=form.RAND_NO)",
        "RAND_NO",
    ),
    ("ae.yaml", "from: ae", 'from: ae\nwhere: exists(infusion.KIT_NO == "K1")', "KIT_NO"),
]


@pytest.mark.parametrize(("page", "old", "new", "column"), READS)
def test_what_reads_a_treatment_is_refused(tmp_path, page, old, new, column):
    workspace = small_workspace(tmp_path, blinded="true")
    path = workspace / "mappings/btrial" / page
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    found = [f for f in check("btrial", Options(workspace=workspace)).findings if f.code.id == "MAP037"]
    assert found and all(f.place.file == f"mappings/btrial/{page}" and f.place.line for f in found)
    assert any(column in f.message for f in found)
    assert build("btrial", Options(workspace=workspace)).records == {}
    set_policy(workspace, "blinded", "false")
    assert not [f for f in check("btrial", Options(workspace=workspace)).findings if f.code.id == "MAP037"]


def test_without_the_policy_a_missing_list_is_an_error(tmp_path):
    workspace = small_workspace(tmp_path, blinded="false")
    (workspace / LIST).unlink()
    checked = check("btrial", Options(workspace=workspace))
    assert not checked.sound
    assert [f.place.file for f in checked.findings if f.code.id == "RAW004"] == ["irt/unblinding.xlsx"]


def test_a_form_that_may_be_missing(tmp_path):
    workspace = small_workspace(tmp_path)
    raw = workspace / "examples/btrial/raw"
    (raw / "edc/medhist.csv").unlink()
    lacking = check("btrial", Options(workspace=workspace))
    assert "RAW004" in {f.code.id for f in lacking.findings}
    study = workspace / "specs/btrial/study.yaml"
    text = study.read_text("utf-8").replace(
        "{file: edc/medhist.csv,", "{file: edc/medhist.csv, optional: true,"
    )
    study.write_text(text, "utf-8")
    shutil.rmtree(tmp_path / "package", ignore_errors=True)
    frames, result = build_small(workspace)
    assert not (frames["MH"]["MHCAT"] == "GENERAL").any()
    told = [f for f in result.findings if f.code.id == "RAW067"]
    assert [(f.place.file, str(f.severity)) for f in told] == [("edc/medhist.csv", "note")]
    assert all(a.balanced for a in result.ledger)
    assert "medhist" not in {a.form for a in result.ledger}


def test_a_study_without_the_policy_is_left_as_it_is():
    from cdisc_conv.model.study import Study

    study = Study("s", "S", "study.yaml")
    assert settle_blinding(study, None, Findings()) is study
