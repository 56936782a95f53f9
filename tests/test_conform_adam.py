"""Rules of the ADaMIG that hold in every build: each kept, and each broken in one record."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cdisc_conv.engine.conform_adam import conform_adam
from cdisc_conv.engine.finish import Finished
from cdisc_conv.findings import Findings

NONE = float("nan")
SOURCE = pd.DataFrame({"USUBJID": ["1", "1", "2"], "QSSEQ": [1.0, 2.0, 1.0]})

# Two subjects, a parameter with a text beside the number, one visit each but the first subject's second.
RIGHT: dict[str, list[Any]] = {
    "USUBJID": ["1", "1", "1", "2", "2"],
    "PARAMCD": ["A", "A", "B", "A", "B"],
    "AVISIT": ["W0", "W4", "W0", "W0", None],
    "ANL01FL": ["Y", "Y", "Y", "Y", "Y"],
    "AVAL": [0.1, 0.3, 1.0, 0.5, 2.0],
    "AVALC": [None, None, "N", None, "Y"],
    "BASE": [0.1, 0.1, NONE, 0.5, NONE],
    "CHG": [NONE, 0.2, NONE, NONE, NONE],
    "SRCDOM": ["QS", "QS", "XX", "QS", None],
    "SRCSEQ": [1.0, 2.0, 9.0, 1.0, NONE],
}

# what is broken: cells by row number, the finding, the rows it names
BROKEN: list[tuple[dict[str, dict[int, Any]], str, int]] = [
    ({"SRCSEQ": {1: 3.0}}, "ADAM004", 1),
    ({"SRCSEQ": {3: 2.0}}, "ADAM004", 1),  # another subject has it
    ({"AVISIT": {1: "W0"}}, "ADAM005", 2),
    ({"BASE": {1: 0.2}, "CHG": {1: 0.1}}, "ADAM006", 2),
    ({"CHG": {1: 0.2000001}}, "ADAM007", 1),
    ({"BASE": {1: NONE}}, "ADAM007", 1),
    ({"AVALC": {4: "N"}}, "ADAM008", 2),
    ({"AVAL": {4: 1.0}}, "ADAM008", 2),
]


def told(cells: dict[str, list[Any]], times: bool = False) -> dict[str, int]:
    """The findings of a dataset, each with its count."""
    frame = pd.DataFrame(cells)
    for name in set(frame) - {"AVAL", "BASE", "CHG", "SRCSEQ", "CNSR"}:
        frame[name] = frame[name].astype("str")
    findings = Findings()
    shop: Any = SimpleNamespace(
        findings=findings, sources=SimpleNamespace(rows=lambda origin, values=None: ())
    )
    dataset = Finished("ADX", frame, np.arange(len(frame)))
    done = {"ADX": dataset, "QS": Finished("QS", SOURCE.astype({"USUBJID": "str"}), np.arange(len(SOURCE)))}
    conform_adam(shop, dataset, done, times)
    return {f.code.id: f.count for f in findings}


def test_what_is_right_is_not_told() -> None:
    assert told(RIGHT) == {}


@pytest.mark.parametrize(("cells", "code", "count"), BROKEN)
def test_what_is_broken_is_told(cells: dict[str, dict[int, Any]], code: str, count: int) -> None:
    broken = {name: list(column) for name, column in RIGHT.items()}
    for name, changes in cells.items():
        for at, value in changes.items():
            broken[name][at] = value
    assert told(broken) == {code: count}


def test_several_records_that_something_tells_apart() -> None:
    """Two times of a visit, two kinds of baseline: no finding."""
    twice = {k: v[:2] for k, v in RIGHT.items()} | {
        "AVISIT": ["W0", "W0"],
        "BASE": [0.1, 0.2],
        "CHG": [NONE, 0.1],
    }
    assert set(told(twice)) == {"ADAM005", "ADAM006"}
    assert told(twice | {"ATPT": ["1 h", "2 h"], "BASETYPE": ["RUN-IN", "OPEN"]}) == {}


@pytest.mark.parametrize(
    ("subjects", "censoring", "found"),
    [
        (["1", "2"], [0.0, 3.0], {}),
        (["1", "1"], [0.0, 1.0], {"ADAM009": 2}),
        (["1", "2"], [0.5, 1.0], {"ADAM010": 1}),
        (["1", "2"], [-1.0, NONE], {"ADAM010": 2}),
    ],
)
def test_time_to_event(subjects: list[str], censoring: list[float], found: dict[str, int]) -> None:
    cells = {"USUBJID": subjects, "PARAMCD": ["T", "T"], "AVAL": [3.0, 4.0], "CNSR": censoring}
    assert told(cells, times=True) == found
