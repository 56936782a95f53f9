"""Verbs over the rows of one dataset: sums by group, what held before, ranges, unscheduled visits.

Expected values are worked by hand; sum_by and held_before also against plain loops.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from verb_context import FakeContext, dates, flags, number, run, text
from verb_context import rows as of

SUBJECTS = text("A", "A", "A", "B", "B")


def of_subjects(*subjects):
    return FakeContext(subject=text(*subjects))


@pytest.mark.parametrize(
    ("where", "missing", "expected"),
    [
        (None, "null", [3, 3, None, None, None]),
        (None, "zero", [3, 3, None, 7, 7]),
        ([1, 0, 1, 1, 0], "null", [1, 1, None, 7, 7]),
        ([0, 0, 0, 0, 0], "zero", [None, None, None, None, None]),
    ],
)
def test_sum_by(where, missing, expected):
    group = text("x", "x", "y", "x", "x")
    words = {} if where is None else {"where": flags(*where)}
    ctx = FakeContext(subject=SUBJECTS)
    values = number(1, 2, None, 7, None)
    assert run("sum_by", values, [group], ctx=ctx, missing=missing, **words) == expected
    with pytest.raises(ValueError, match="missing="):
        run("sum_by", values, [group], ctx=ctx, missing="drop")


@pytest.mark.parametrize(
    ("condition", "order", "expected"),
    [
        ([1, 0, 0, 0, 0], ["2021-01", "2021-02", "2021-03", "2021-01", "2021-02"], [0, 1, 1, 0, 0]),
        ([0, 0, 1, 1, 1], ["2021-02", "2021-03", "2021-01", "2021-01", "2021-02"], [1, 1, 0, 0, 1]),
        ([1, 1, 0, 1, 0], ["2021-01", "2021-01", "2021-01", None, "2021-02"], [0, 0, 0, 0, 0]),
    ],
)
def test_held_before(condition, order, expected):
    ctx = FakeContext(subject=SUBJECTS)
    by = [text("x", "x", "x", "x", "x")]
    found = run("held_before", flags(*condition), by=by, order=[text(*order)], ctx=ctx)
    assert found == [bool(x) for x in expected]


_ROWS = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("xy"), st.integers(0, 4), st.booleans()))


@given(_ROWS)
def test_held_before_as_a_loop(found):
    subject, group, order, holds = (list(c) for c in zip(*found, strict=True)) if found else ([],) * 4
    ctx = FakeContext(index=flags(*holds).index, subject=text(*subject))
    expected = [any(h and (s, g) == (s2, g2) and o < o2 for s, g, o, h in found) for s2, g2, o2, _ in found]
    by, numbers = [text(*group)], [number(*order)]
    assert run("held_before", flags(*holds), by=by, order=numbers, ctx=ctx) == expected


def test_in_range():
    low, high = of(number(None, 1, 2, 10)), of(number(-1, 1, 9, None))
    give = of(text("before", "day 1", "week 1", "after"), name="windows.AVISIT")
    days = number(-40, -1, 0, 1, 2, 9, 9.5, 10, 400, None)
    expected = ["before", "before", None, "day 1", "week 1", "week 1", None, "after", "after", None]
    assert run("in_range", give, days, low=low, high=high) == expected


def test_in_range_of_several_rows():
    low, high = of(number(1, 2, 3)), of(number(2, 3, 4))
    ctx = FakeContext()
    give = of(text("x", "y", "y"), name="windows.AVISIT")
    assert run("in_range", give, number(1, 2, 3), low=low, high=high, ctx=ctx) == ["x", None, "y"]
    assert [(r.code, r.rows) for r in ctx.reports] == [("DATA003", [1])]
    with pytest.raises(ValueError, match="numbers"):
        run("in_range", give, dates("2021-01-01"), low=low, high=high)
    with pytest.raises(ValueError, match="knows subjects"):
        run("in_range", of(text("x"), text("A")), number(1), low=low, high=high)


@pytest.mark.parametrize(
    ("planned", "date", "expected"),
    [
        ([5, None, 6], ["2021-03-01", "2021-03-09", "2021-03-20"], [5, 5.01, 6]),
        ([None, 5, None], ["2021-03-09", "2021-03-01", "2021-03-08"], [5.02, 5, 5.01]),
        ([5, 6, None], ["2021-03-01", None, "2021-03-30"], [5, 6, 5.01]),  # visit 6 was missed
        ([5, 6, None], ["2021-03-01", "2021-03-09", "2021-03-09"], [5, 6, 6.01]),  # the same day
        ([None, None, 1], ["2021-03-01", "2021-03-02", "2021-03-03"], [0.01, 0.02, 1]),
        ([5, 90, None], ["2021-03-01", "2021-03-02", "2021-03-03"], [5, 90, 5.01]),  # 90 does not count
    ],
)
def test_unscheduled_number(planned, date, expected):
    numbers = number(*planned)
    ctx = of_subjects("A", "A", "A")
    counts = flags(*(p is not None and p < 90 for p in planned))
    assert run("unscheduled_number", numbers, text(*date), counts=counts, ctx=ctx) == expected
    assert ctx.codes() == []


def test_unscheduled_number_by_subject_and_without_date():
    ctx = of_subjects("A", "B", "B", "B")
    date = text("2021-03-01", "2021-04-01", "2021-04-02", None)
    assert run("unscheduled_number", number(5, 3, None, None), date, ctx=ctx) == [5, 3, 3.01, None]
    assert [(r.code, r.rows) for r in ctx.reports] == [("DATA056", [3])]
    many = run(
        "unscheduled_number",
        number(5, *[None] * 12),
        text(*(f"2021-03-{d:02}" for d in range(1, 14))),
        ctx=of_subjects(*"A" * 13),
    )
    assert many == [5, *(round(5 + i / 100, 2) for i in range(1, 13))]
