"""Our comparison against one in plain Python and against datacompy, on random frames."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import datacompy
import numpy as np
import pytest
from diff_support import brute, frame, plain, put
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_conv.diff.compare import Ways, compare_files
from cdisc_conv.diff.values import equal_within
from cdisc_conv.model.difference import DatasetDiff, Settings, Tolerance, Verdict

KINDS = {"USUBJID": "text", "VISITNUM": "number", "AVAL": "number", "AVALC": "text", "FLAG": "text"}
IDS = ["USUBJID", "VISITNUM"]
NUMBERS = st.sampled_from([0.0, -0.0, 1.0, 1.0 + 1e-12, 2.5, -7.25, 1e15, math.nan])
TEXTS = st.sampled_from(
    ["", " ", "a", "a ", " a", "A", "ä", "=1+1", "<b>", "2014-01", "2014-01-02", "\u00a0"]
)
ROW = st.fixed_dictionaries(
    {
        "USUBJID": st.sampled_from(["01", "02", "03", "1", ""]),
        "VISITNUM": st.sampled_from([1.0, 2.0, 2.5, math.nan]),
        "AVAL": NUMBERS,
        "AVALC": TEXTS,
        "FLAG": TEXTS,
    }
)


@st.composite
def two_sides(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows, and the same rows shuffled, with some dropped, doubled and changed."""
    base = draw(st.lists(ROW, max_size=12))
    compare = [dict(r) for r in draw(st.permutations(base))]
    for _ in range(draw(st.integers(0, 3))):
        what = draw(st.sampled_from(["change", "drop", "double", "new"]))
        if what == "new":
            compare.append(draw(ROW))
        elif compare:
            n = draw(st.integers(0, len(compare) - 1))
            if what == "drop":
                compare.pop(n)
            elif what == "double":
                compare.append(dict(compare[n]))
            else:
                compare[n] |= {draw(st.sampled_from(["AVAL", "AVALC"])): None}
                compare[n] |= {"AVAL": draw(NUMBERS), "AVALC": draw(TEXTS)}
    return base, compare


def told(diff: DatasetDiff) -> dict[str, Any]:
    """Ours in the words of the brute one."""
    lines = {n: x.table().to_pylist() for n, x in diff.lines().items()}
    return {
        "unequal": {(r["variable"], r["base_row"], r["compare_row"]) for r in lines["differences"]},
        "only_base": {r["row"] for r in lines["only_base"]},
        "only_compare": {r["row"] for r in lines["only_compare"]},
        "double_base": {r["row"] for r in lines["duplicates"] if r["side"] == "base"},
        "double_compare": {r["row"] for r in lines["duplicates"] if r["side"] == "compare"},
        "equal": diff.verdict is Verdict.EQUAL,
    }


@settings(max_examples=80, deadline=None)
@given(two_sides(), st.sampled_from([1 << 30, 500]))
def test_the_same_as_brute_force(sides: Any, memory: int) -> None:
    base, compare = sides
    with TemporaryDirectory() as folder:
        files = [put(Path(folder) / f"{n}.parquet", frame(rows, KINDS)) for n, rows in enumerate(sides)]
        diff = compare_files(*files, Ways(Settings(ids=tuple(IDS)), memory=memory))
    found = told(diff)
    assert found == brute(base, compare, IDS)
    assert bool(diff.sysinfo) == (diff.verdict is Verdict.DIFFERENT)
    r = diff.rows
    assert r.base == len(base) == r.paired + r.only_base + r.not_paired_base
    assert r.compare == len(compare) == r.paired + r.only_compare + r.not_paired_compare
    assert diff.unequal == len(found["unequal"])
    assert r.unequal == len({(b, c) for _, b, c in found["unequal"]})


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_the_same_as_datacompy_without_duplicates(data: st.DataObject) -> None:
    """Where datacompy is right: keys that are unique and filled, text without blanks at its ends."""
    keys = data.draw(st.lists(st.integers(1, 30), unique=True, min_size=1, max_size=15))
    values = st.sampled_from([0.0, 1.0, 2.5, math.nan]), st.sampled_from(["a", "b", "C"])
    sides = [
        [{"ID": float(k), "X": data.draw(values[0]), "T": data.draw(values[1])} for k in keys]
        for _ in range(2)
    ]
    sides[1] = sides[1][data.draw(st.integers(0, 2)) :]
    kinds = {"ID": "number", "X": "number", "T": "text"}
    frames = [frame(rows, kinds) for rows in sides]
    theirs = datacompy.PandasCompare(*frames, join_columns="ID", cast_column_names_lower=False)
    with TemporaryDirectory() as folder:
        files = [put(Path(folder) / f"{n}.parquet", f) for n, f in enumerate(frames)]
        diff = compare_files(*files, Ways(Settings(ids=("ID",))))
    assert (diff.verdict is Verdict.EQUAL) == theirs.matches()
    assert diff.rows.only_base == len(theirs.df1_unq_rows)
    assert diff.rows.only_compare == len(theirs.df2_unq_rows)
    unequal = {s["column"]: s["unequal_cnt"] for s in theirs.column_stats}
    assert {v.name: v.unequal for v in diff.variables if v.compared} == {n: unequal[n] for n in ("X", "T")}


@pytest.mark.parametrize(
    ("method", "criterion", "x", "y", "equal"),
    [
        # by hand, from the definitions in the SAS documentation of PROC COMPARE
        ("exact", 0, 1.0, 1.0 + 1e-12, False),
        ("absolute", 0.01, 1.0, 1.01 - 1e-9, True),
        ("absolute", 0.01, 1.0, 1.0101, False),
        ("relative", 0.1, 100.0, 110.0, True),  # 10 / 105 = 0.0952
        ("relative", 0.1, 100.0, 110.6, False),  # 10.6 / 105.3 = 0.1007
        ("relative", 0.1, 0.0, 1e-300, False),  # |y| / (|y|/2) = 2
        ("relative", 2.0, 0.0, 5.0, True),
        ("percent", 10, 100.0, 110.0, True),
        ("percent", 10, 100.0, 110.1, False),
        ("percent", 10, 110.0, 100.0, True),  # 9.09 % of BASE
        ("percent", 10, 0.0, 1e-9, False),
        ("percent", 10, -100.0, -110.0, True),
        ("absolute", 1, math.nan, 1.0, False),
        ("absolute", 1, math.inf, 1.0, False),
    ],
)
def test_methods(method: str, criterion: float, x: float, y: float, equal: bool) -> None:
    assert equal_within(np.array([x]), np.array([y]), Tolerance(method, criterion)).tolist() == [equal]


def test_plain_is_what_it_says() -> None:
    assert [plain(v) for v in ("a ", " a", -0.0, math.nan)] == ["a", " a", 0.0, "."]
