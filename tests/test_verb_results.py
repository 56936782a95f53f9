"""Verbs over laboratory results and ranges.  Expected: tests/verbs/*.csv and hand work."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from verb_context import FakeContext, dates, number, rows, run, table, text

from cdisc_conv.language.numbers import decimal_text, round_significant


def value(cell):
    """A cell of a table as a number column of one row; "missing" is one without a number."""
    return number(None if cell in (None, "missing") else float(cell))


@pytest.mark.parametrize("case", table("standard_result"))
def test_standard_result(case):
    ctx = FakeContext()
    more = {k: value(case[k]) for k in ("factor", "digits") if case[k]}
    assert run("standard_result", text(case["result"]), ctx=ctx, **more) == [case["expected"]]
    assert ctx.codes() == (case["findings"] or "").split()


def test_standard_result_by_row():
    ctx = FakeContext()
    factor, digits = number(88.42, 1, None, 88.42), number(3, None, 3, 3)
    assert run("standard_result", text("0.8", "0.8", "0.8", None), factor, digits, ctx=ctx) == [
        "70.7",
        "0.8",
        None,
        None,
    ]
    assert run("standard_result", text(), number(), number(), ctx=ctx) == []


@pytest.mark.parametrize("case", table("range_indicator"))
def test_range_indicator(case):
    limits = value(case["low"]), value(case["high"])
    assert run("range_indicator", text(case["result"]), *limits) == [case["expected"]]


def test_result_number():
    results = text("70.7", "1:320", "<0.5", "0-2", "NEGATIVE", None, "12", "<1:10", "0")
    ctx = FakeContext()
    assert run("result_number", results, ctx=ctx) == [70.7, 320, None, None, None, None, 12, None, 0]
    assert ctx.codes() == []


@given(st.decimals("0.0001", "99999", places=4), st.integers(1, 6))
@settings(max_examples=200, deadline=None)
@example(Decimal("70.736"), 3)
@example(Decimal("0.0999"), 2)
@example(Decimal("9.995"), 3)
def test_significant_digits_as_on_paper(given_number, digits):
    expected = Context(prec=digits, rounding=ROUND_HALF_UP).plus(given_number)
    made = round_significant([float(given_number)], digits)[0]
    assert Decimal(decimal_text(float(made))) == expected


def limits():
    """Ranges of two laboratories: by sex, by age, and one that changed on 1 January 2022."""
    made = {
        "LAB": text("A", "A", "A", "B", "B"),
        "SEX": text("F", "M", "M", None, None),
    }
    span = {
        "low": rows(number(None, 18, 65, 18, 18), name="ranges"),
        "high": rows(number(None, 64, None, 75, 75), name="ranges"),
        "since": rows(dates(None, None, None, "2020-01-01", "2022-01-01"), name="ranges"),
        "until": rows(dates(None, None, None, "2021-12-31", None), name="ranges"),
    }
    return rows(number(115, 130, 120, 45, 50), name="ranges", **made), span


@pytest.mark.parametrize(
    ("age", "on", "lab", "sex", "expected"),
    [
        (30, "2021-05-01", "A", "F", 115),
        (30, "2021-05-01", "A", "M", 130),
        (64, "2021-05-01", "A", "M", 130),
        (65, "2021-05-01", "A", "M", 120),
        (17, "2021-05-01", "A", "M", None),
        (30, "2021-12-31", "B", "F", 45),
        (30, "2022-01-01", "B", "M", 50),
        (30, "2019-12-31", "B", "M", None),
        (80, "2022-01-01", "B", "M", None),
        (30, "2022-01-01", "C", "M", None),
        (30, "2022-01-01", None, "M", None),
        (30, "2022-01-01", "A", None, None),
        (None, "2022-01-01", "B", "M", None),
        (30, None, "B", "M", None),
        (30, "2022-01-01", " B ", "M", 50),
    ],
)
def test_in_range_of_a_laboratory(age, on, lab, sex, expected):
    high, span = limits()
    ctx = FakeContext()
    found = run("in_range", high, number(age), on=dates(on), LAB=text(lab), SEX=text(sex), ctx=ctx, **span)
    assert found == [expected]
    assert ctx.codes() == []


def test_in_range_asked_for_what_differs():
    high, span = limits()
    ctx = FakeContext()
    lab = text("B", "A")
    assert run("in_range", high, number(30, 30), span["low"], span["high"], LAB=lab, ctx=ctx) == [None, None]
    assert [(r.code, r.rows) for r in ctx.reports] == [("DATA003", [0, 1])]
    with pytest.raises(ValueError, match="without on="):
        run("in_range", high, number(30), span["low"], span["high"], since=span["since"])
