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

import pytest
from btrial_plants import picked, plant
from btrial_small import Row, build_small, edit, small_workspace
from support import DATA
from test_btrial_agreement import BREAKS
from test_btrial_oddities import CASES as ODDITIES

from cdisc_conv.model.result import BuildResult

with (DATA / "btrial/checks.csv").open(encoding="utf-8", newline="") as _file:
    CASES = list(csv.DictReader(_file))
PAGES = Path(__file__).parents[1] / "mappings/btrial"
Found = set[tuple[str, str, str]]


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
    """Here, among the oddities, or for the agreement of datasets among the mappings that break it."""
    told = {c["check"] for c in CASES} | {name for *_, name, _ in BREAKS}
    told |= {c["key"] for c in ODDITIES if c["dataset"] == "findings" and c["key"].count("_") > 1}
    written = {
        name
        for page in PAGES.glob("*.yaml")
        for name in re.findall(r"- name: (\w+)", page.read_text("utf-8"))
    }
    assert written == told
