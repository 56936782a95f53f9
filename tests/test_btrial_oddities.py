"""Rules of the study that its export never calls upon: raw rows changed, and what must come of them.

tests/data/btrial/oddities.csv is read as traps.csv is (see test_btrial_traps); `rule` is the section of the
study's design or the number of the decision that says what is expected.
"""

from __future__ import annotations

import csv
import textwrap

import pytest
from btrial_plants import plant
from btrial_small import Row, build_small, small_workspace
from support import DATA
from test_btrial_traps import Frames, cell, severity_of

from cdisc_conv.model.result import BuildResult

with (DATA / "btrial/oddities.csv").open(encoding="utf-8", newline="") as _file:
    CASES = list(csv.DictReader(_file))
SUBJECTS = sorted({c["subject"] for c in CASES})
LONG = "Systemic lupus erythematosus flare with " + ", ".join(f"arthritis of joint {i}" for i in range(1, 13))


def filled(text: str) -> str:
    """The text with what stands in braces put in."""
    begin, rest = textwrap.wrap(LONG, 200)
    return text.format(**{"long term": LONG, "its beginning": begin, "its rest": rest})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Frames, BuildResult]:
    """The subjects of the cases built with every change made."""
    workspace = small_workspace(tmp_path_factory.mktemp("oddities"), SUBJECTS)
    for at, case in enumerate(CASES):
        if case["file"]:
            plant(workspace, at, {**case, "change": filled(case["change"])})
    return build_small(workspace)


@pytest.mark.parametrize(
    "case",
    [pytest.param(c, id=f"{c['rule']}-{c['dataset']}-{c['variable']}-{i}") for i, c in enumerate(CASES)],
)
def test_oddity(made: tuple[Frames, BuildResult], case: Row) -> None:
    frames, result = made
    if case["dataset"] == "findings":
        assert severity_of(result, case["key"]) == case["expected"]
    else:
        assert cell(frames, case) == filled(case["expected"])


def test_a_reference_of_two_forms_is_no_finding(made: tuple[Frames, BuildResult]) -> None:
    """Two flare forms of one visit have one date and one SLEDAI total between them."""
    assert not [f for f in made[1].findings if f.code.id == "DATA003" and f.place.dataset == "ADSFI"]
