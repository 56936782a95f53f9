"""Verbs over records in time: doses in force, sums of days, last known values, what happened between dates.

Expected values are worked by hand; the doses also against a loop over days and records.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from verb_context import FakeContext, dates, flags, number, run, text
from verb_context import rows as of

DAY0 = date(2021, 1, 1)


def context(*subjects):
    return FakeContext(subject=text(*subjects))


def records(*found):
    """Rows (subject, start, end, dose, drug) of another table as the arguments of the dose verbs."""
    subject = text(*[r[0] for r in found])

    def column(at, make=text):
        return of(make(*[r[at] for r in found]), subject, name=f"CM.C{at}")

    return {
        "start": column(1),
        "end": column(2),
        "dose": column(3, number),
        "drug": column(4),
    }


LOG = records(
    ("A", "2020-12", "2021-01-10", 10, "prednisone"),
    ("A", "2021-01-11", None, 5, "prednisone"),
    ("A", "2021-01-05", "2021-01-06", 250, "methylprednisolone"),
    ("A", "2021-02-01", None, 0, "prednisone"),
    ("B", None, None, 4, "prednisone"),
    ("B", "2021-01-03", "2021-01", 2, "prednisone"),
    ("C", "2021-01-03", "2021-01-09", None, "prednisone"),
)


@pytest.mark.parametrize(
    ("subject", "day", "expected", "without_drug"),
    [
        ("A", "2020-11-30", None, None),  # before the first record
        ("A", "2020-12-01", 10, 10),  # a partial start is its first day
        ("A", "2021-01-05", 260, 260),  # two drugs add
        ("A", "2021-01-10", 10, 10),  # an end is a day in force
        ("A", "2021-01-31", 5, 5),
        ("A", "2021-02-01", 0, 5),  # the later line of the drug replaces the open one, or adds
        ("B", "2021-01-02", 4, 4),  # always in force
        ("B", "2021-01-31", 6, 6),  # what has no start was before; a partial end is its last day
        ("C", "2021-01-04", None, None),  # in force, but how much is not known
        ("C", "2021-01-10", None, None),
        ("D", "2021-01-04", None, None),
        (None, "2021-01-04", None, None),
        ("A", "2021-01", None, None),
        ("A", None, None, None),
    ],
)
def test_dose_on(subject, day, expected, without_drug):
    if subject == "B":  # the open record of B ends where the next of the same drug starts
        expected = {"2021-01-02": 4, "2021-01-31": 2}[day]
    ctx = context(subject)
    assert run("dose_on", text(day), ctx=ctx, **LOG) == [expected]
    no_drug = {k: v for k, v in LOG.items() if k != "drug"}
    assert run("dose_on", text(day), ctx=ctx, **no_drug) == [without_drug]
    assert ctx.reports == []


@pytest.mark.parametrize(
    ("subject", "since", "until", "expected"),
    [
        ("A", "2021-01-01", "2021-01-10", 600),
        ("A", "2021-01-10", "2021-01-11", 15),
        ("A", "2021-01-31", "2021-03-01", 5),
        ("A", "2021-02-02", "2021-03-01", 0),
        ("A", "2021-01-10", "2021-01-09", None),
        ("A", "2020-01-01", "2020-02-01", None),
        ("C", "2021-01-01", "2021-01-31", None),
        ("A", "2021-01-01", None, None),
    ],
)
def test_dose_between(subject, since, until, expected):
    assert run("dose_between", text(since), text(until), ctx=context(subject), **LOG) == [expected]


def test_doses_of_some_records_only():
    where = of(flags(1, 1, 0, 0, 1, 1, 1), LOG["dose"].subject, name="CM.W")
    ctx = context("A", "A")
    assert run("dose_on", dates("2021-01-05", "2021-02-01"), ctx=ctx, where=where, **LOG) == [10, 5]


def test_one_table_at_a_time():
    other = of(text("2021-01-01"), text("A"), name="EX.EXENDTC")
    with pytest.raises(ValueError, match="one table at a time"):
        run("dose_on", text("2021-01-01"), ctx=context("A"), **{**LOG, "end": other})


_DAYS = st.integers(0, 12)
_RECORDS = st.lists(
    st.tuples(st.sampled_from("AB"), _DAYS, st.none() | _DAYS, st.integers(0, 3), st.sampled_from("xy")),
    min_size=1,
    max_size=6,
)


def iso(day):
    return None if day is None else (DAY0 + timedelta(day)).isoformat()


def by_loop(found, subject, day):
    """The dose of one day, record by record."""
    total = None
    for who, start, end, dose, drug in found:
        if end is None:
            later = [s for w, s, *_, d in found if (w, d) == (who, drug) and s > start]
            end = min(later) - 1 if later else 1000
        if who == subject and start <= day <= end:
            total = (total or 0) + dose
    return total


@given(_RECORDS, st.sampled_from("AB"), _DAYS, _DAYS)
def test_doses_as_a_loop(found, subject, since, until):
    log = records(*[(w, iso(s), iso(e), dose, drug) for w, s, e, dose, drug in found])
    assert run("dose_on", text(iso(since)), ctx=context(subject), **log) == [by_loop(found, subject, since)]
    daily = [by_loop(found, subject, d) for d in range(since, until + 1)]
    known = [d for d in daily if d is not None]
    total = run("dose_between", text(iso(since)), text(iso(until)), ctx=context(subject), **log)
    assert total == [sum(known) if known else None]


WHO = text("A", "A", "A", "A", "B", "B", "B")
WEIGHTS = of(number(60, 61, None, 63, 50, 51, 52), WHO, name="VS.VSSTRESN")
WEIGHED = of(
    text("2021-01-05", "2021-01-10", "2021-01-12", "2021-02", "2021-01-05", "2021-01-05T08:00", "2021-01-20"),
    WHO,
    name="VS.VSDTC",
)


@pytest.mark.parametrize(
    ("subject", "on", "same_day", "expected"),
    [
        ("A", "2021-01-04", "include", None),
        ("A", "2021-01-05", "include", 60),
        ("A", "2021-01-05", "exclude", None),
        ("A", "2021-01-12", "include", 61),  # the value of that day is missing
        ("A", "2021-02-27", "include", 61),  # February may be later
        ("A", "2021-02-28", "include", 63),
        ("B", "2021-01-19", "include", 50),  # a date without time may be the end of the day
        ("B", "2021-01-20", "exclude", 50),
        ("C", "2021-01-20", "include", None),
        ("A", "2021", "include", None),
        ("A", None, "include", None),
    ],
)
def test_as_of(subject, on, same_day, expected):
    found = run("as_of", WEIGHTS, WEIGHED, on=text(on), ctx=context(subject), same_day=same_day)
    assert found == [expected]


def test_as_of_with_two_values_of_one_moment():
    who = text("A", "A", "A", "A")
    values = of(number(1, 1, 2, 3), who, name="VS.X")
    day = of(dates("2021-01-01", "2021-01-01", "2021-01-02", "2021-01-02"), who, name="VS.D")
    ctx = context("A", "A", "A")
    asked = dates("2021-01-01", "2021-01-02", "2021-01-03")
    assert run("as_of", values, day, on=asked, ctx=ctx) == [1, None, None]
    assert [(r.code, r.rows) for r in ctx.reports] == [("DATA052", [1, 2])]
    where = of(flags(1, 1, 1, 0), who, name="VS.W")
    assert run("as_of", values, day, on=asked, ctx=context("A", "A", "A"), where=where) == [1, 2, 2]


@pytest.mark.parametrize(
    ("subject", "after", "until", "exists", "highest"),
    [
        ("A", "2021-01-04", "2021-01-05", True, 60),
        ("A", "2021-01-05", "2021-01-09", False, None),
        ("A", "2021-01-05", "2021-01-12", True, 61),
        ("A", "2021-01-11", "2021-01-12", True, None),
        ("A", "2021-01-01", "2021-02-27", True, 61),
        ("A", "2021-01-01", "2021-02-28", True, 63),
        ("B", "2021-01-04", "2021-01-30", True, 52),
        ("B", "2021-01-30", "2021-01-04", False, None),
        ("C", "2021-01-04", "2021-01-30", False, None),
        ("A", None, "2021-01-30", False, None),
        ("A", "2021-01-01", "2021-02", False, None),
    ],
)
def test_between(subject, after, until, exists, highest):
    span = {"after": text(after), "until": text(until)}
    assert run("exists_between", WEIGHED, ctx=context(subject), **span) == [exists]
    assert run("highest_between", WEIGHTS, WEIGHED, ctx=context(subject), **span) == [highest]
    where = of(WEIGHTS.values < 61, WHO, name="VS.W")
    narrow = run("exists_between", WEIGHED, ctx=context(subject), where=where, **span)
    assert narrow == [subject in ("A", "B") and highest is not None and after in ("2021-01-04", "2021-01-01")]


@pytest.mark.parametrize(
    ("after", "until", "exists", "noted"),
    [
        ("2021-01-31", "2021-02-28", True, False),  # every day of February
        ("2021-02-01", "2021-02-28", False, True),
        ("2021-01-31", "2021-02-27", False, True),
        ("2021-02-10", "2021-02-12", False, True),
        ("2021-01-12", "2021-01-31", False, False),
        ("2021-02-28", "2021-03-31", False, False),
    ],
)
def test_between_where_a_partial_date_may_lie(after, until, exists, noted):
    span = {"after": text(after), "until": text(until)}
    ctx = context("A")
    assert run("exists_between", WEIGHED, ctx=ctx, **span) == [exists]
    assert [r.code for r in ctx.reports] == ["DATA020"] * noted
    assert run("highest_between", WEIGHTS, WEIGHED, ctx=context("A"), **span) == [63 if exists else None]


PER_DAY = of(number(1, 2, 0.5, 1, None), name="frequencies.PER_DAY")
FREQ = of(text("qd", "BID ", "qod", "qn", "prn"), name="frequencies.FREQ")


@pytest.mark.parametrize(
    ("dose", "frequency", "expected", "code"),
    [
        ("10", "qd", 10, None),
        ("2.5", " Bid", 5, None),
        ("10", "QOD", 5, None),
        ("5 mg qd + 2.5 mg qn", None, 7.5, None),
        ("5 qd + 2.5 qn", None, 7.5, None),
        ("5 mg + 2.5 mg", "bid", 15, None),
        ("5 mg bid", "qd", 10, None),  # the dose's own frequency counts
        ("0", None, 0, None),
        ("0", "prn", 0, None),
        ("5", None, None, "DATA058"),
        ("5", "daily", None, "DATA058"),
        ("half a tablet", "qd", None, "DATA058"),
        ("5 mg qd + some", "qd", None, "DATA058"),
        ("5", "prn", None, "DATA059"),
        (None, "qd", None, None),
        (None, None, None, None),
    ],
)
def test_daily_dose(dose, frequency, expected, code):
    ctx = context("A")
    assert run("daily_dose", text(dose), text(frequency), PER_DAY, FREQ, ctx=ctx) == [expected]
    assert ctx.codes() == ([code] if code else [])
