"""Each cross-check of Btrial against a slip planted for it, and against the rows as they came.

tests/data/btrial/checks.csv: a change of a raw row of a subject and the row that the check must name.
`row` picks the raw row (`+`: a copy of the subject's first row, or of another subject's where there is none),
`change` sets its cells, `at` is the row that the finding names where that is another: its file and how to
find it.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import openpyxl
import pytest
from btrial_small import RAW, Row, build_small, edit, small_workspace
from support import DATA

from cdisc_conv.model.result import BuildResult

with (DATA / "btrial/checks.csv").open(encoding="utf-8", newline="") as _file:
    CASES = list(csv.DictReader(_file))
PAGES = Path(__file__).parents[1] / "mappings/btrial"
Found = set[tuple[str, str, str]]


def cells(text: str) -> Row:
    """`A=1; B=` as a mapping."""
    return dict(part.split("=", 1) for part in text.split("; ") if "=" in part)


def picked(rows: list[Row], subject: str, text: str) -> Row:
    """The first row of a subject that `row` or `at` describes; `A!x` is "A is not x"."""
    site, number = subject.split("-")
    wanted, barred = cells(text), [part.split("!", 1) for part in text.split("; ") if "!" in part]
    return next(
        r
        for r in rows
        if (r["SITE_NO"].strip().zfill(2), r["SUBJ_NO"].zfill(3)) == (site, number)
        and all(r[k] == v for k, v in wanted.items())
        and all(r[k] != v for k, v in barred)
    )


def kit_of_the_other_arm(kit: str) -> str:
    """A kit of the arm that a kit is not of, from the vendor's list."""
    sheet = openpyxl.load_workbook(RAW / "irt/unblinding.xlsx", read_only=True)["kit_list"]
    lines = list(sheet.iter_rows(values_only=True))
    number, arm = lines[0].index("KIT_NO"), lines[0].index("ARM_CODE")
    arms = {str(line[number]): line[arm] for line in lines[1:]}
    return next(k for k, a in sorted(arms.items()) if a != arms[kit])


def plant(workspace: Path, at: int, case: Row) -> str:
    """Make the change of a case; gives the ROW_ID of the row that was changed."""
    keys: list[str] = []

    def change(rows: list[Row]) -> list[Row]:
        if case["row"] == "+":
            site, number = case["subject"].split("-")
            own = [r for r in rows if (r["SITE_NO"], r["SUBJ_NO"]) == (site, number)]
            row = {**(own or rows)[0], "SITE_NO": site, "SUBJ_NO": number, "ROW_ID": f"PLANT-{at:03}"}
            rows.append(row)
        else:
            row = picked(rows, case["subject"], case["row"])
        row.update(cells(case["change"]))
        if "{kit" in row.get("KIT_NO", ""):
            row["KIT_NO"] = kit_of_the_other_arm(before[row["ROW_ID"]])
        keys.append(row["ROW_ID"])
        return rows

    before: dict[str, str] = {}
    edit(
        workspace, case["file"], lambda rows: before.update({r["ROW_ID"]: r.get("KIT_NO", "") for r in rows})
    )
    edit(workspace, case["file"], change)
    return keys[0]


def named_row(workspace: Path, case: Row, changed: str) -> str:
    """The ROW_ID of the row that the finding must name."""
    if not case["at"]:
        return changed
    file, _, text = case["at"].partition(" ")
    found: list[str] = []
    edit(workspace, file, lambda rows: found.append(picked(rows, case["subject"], text)["ROW_ID"]))
    return found[0]


def named(result: BuildResult) -> Found:
    """Dataset, check and row key of each row that a check of the study named."""
    return {
        (f.place.dataset, f.code.name, row.key)
        for f in result.findings
        if f.code.id == "DATA900"
        for row in f.rows
    }


SUBJECTS = sorted({c["subject"] for c in CASES} | {"01-003"})


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What the checks say of the rows as they came."""
    return named(build_small(small_workspace(tmp_path_factory.mktemp("as-it-came"), SUBJECTS))[1])


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Found, list[str]]:
    """What they say with every change made, and the row that each case is about."""
    workspace = small_workspace(tmp_path_factory.mktemp("planted"), SUBJECTS)
    changed = [plant(workspace, at, case) for at, case in enumerate(CASES)]
    rows = [named_row(workspace, case, key) for case, key in zip(CASES, changed, strict=True)]
    return named(build_small(workspace)[1]), rows


@pytest.mark.parametrize(
    ("at", "case"), [pytest.param(i, c, id=f"{c['dataset']}-{c['check']}-{i}") for i, c in enumerate(CASES)]
)
def test_a_planted_slip_is_named_and_the_row_as_it_came_is_not(
    untouched: Found, planted: tuple[Found, list[str]], at: int, case: Row
) -> None:
    found, rows = planted
    wanted = (case["dataset"], case["check"], rows[at])
    assert wanted in found
    assert wanted not in untouched


def test_every_check_has_a_slip() -> None:
    told = {c["check"] for c in CASES}
    written = {
        name
        for page in PAGES.glob("*.yaml")
        for name in re.findall(r"- name: (\w+)", page.read_text("utf-8"))
    }
    assert written == told
