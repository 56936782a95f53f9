"""overlaps().  Expected: hand work, and day by day over small numbers of days."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verb_context import FakeContext, rows, run, text


def ask(ours, theirs, partial="true", ours_keys=None, their_keys=None):
    """Rows (subject, start, end) of ours against theirs; keys as a further column."""
    ctx = FakeContext(index=pd.RangeIndex(len(ours)), subject=text(*(o[0] for o in ours)))
    columns = {"DRUG": text(*their_keys)} if their_keys else {}
    start = rows(text(*(t[1] for t in theirs)), text(*(t[0] for t in theirs)), **columns)
    end = replace(start, values=text(*(t[2] for t in theirs)))
    keys = {"DRUG": text(*ours_keys)} if ours_keys else {}
    starts, ends = text(*(o[1] for o in ours)), text(*(o[2] for o in ours))
    return run("overlaps", starts, ends, start, end, ctx=ctx, partial=partial, **keys)


STAY = [("1", "2022-03-06", "2022-03-21")]


@pytest.mark.parametrize(
    ("start", "end", "possible", "certain"),
    [
        ("2022-03-21", "2022-03-25", True, True),
        ("2022-03-22", "2022-03-25", False, False),
        ("2022-03-01", "2022-03-06T09:00", True, True),
        ("2022-03-01", "2022-03-05T23:59", False, False),
        ("2022-03", "2022-04", True, False),
        ("2022-02", "2022-04", True, True),
        ("2022-04", "2022-05", False, False),
        (None, "2022-03-06", True, True),
        ("2022-03-22", None, False, False),
        ("2022-03-20", None, True, True),
        (None, None, False, False),
        ("2022-03-10", "2022-03-09", False, False),
    ],
)
def test_days(start, end, possible, certain):
    assert ask([("1", start, end)], STAY) == [possible]
    assert ask([("1", start, end)], STAY, "false") == [certain]
    assert ask([("2", start, end)], STAY) == [False]


def test_open_times_and_keys():
    log = [("1", "2022-01-01", None), ("1", None, "2022-02-01"), ("1", None, None)]
    ours = [("1", "2022-01-15", "2022-01-15")] * 4
    drugs = ["A", "B", "C", None]
    assert ask(ours, log, ours_keys=drugs, their_keys=["A", "B", "C"]) == [True, True, False, False]


DAYS = st.one_of(st.none(), st.integers(1, 9))
TIMES = st.lists(st.tuples(st.sampled_from("12"), DAYS, DAYS), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(TIMES, TIMES)
def test_as_day_by_day(ours, theirs):
    def days(start, end):
        return set() if start is None and end is None else set(range(start or 0, (end or 10) + 1))

    def iso(rows):
        return [(s, *(None if d is None else f"2022-01-0{d}" for d in r)) for s, *r in rows]

    wanted = [any(s == t and days(*a) & days(*b) for t, *b in theirs) for s, *a in ours]
    assert ask(iso(ours), iso(theirs)) == wanted
