"""The core of the dates: what is true of all dates, tried with many."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verb_context import FakeContext, dates, run, text

from cdisc_conv.language import dates_many
from cdisc_conv.language.dates import before, not_before, take_apart
from cdisc_conv.language.dates_formats import format_mistake
from cdisc_conv.language.dates_iso import iso_parts, iso_texts, month_length
from cdisc_conv.language.dates_read import read_date, rules_for

DAYS = st.dates(date(1850, 1, 1), date(2100, 12, 31))
SHORT = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
WRITE = {
    "YYYY-MM-DD": lambda d: f"{d.year:04d}-{d.month:02d}-{d.day:02d}",
    "YYYY/M/D": lambda d: f"{d.year}/{d.month}/{d.day}",
    "DD-MON-YYYY": lambda d: f"{d.day:02d}-{SHORT[d.month - 1]}-{d.year}",
    "DDMONYYYY": lambda d: f"{d.day:02d}{SHORT[d.month - 1].upper()}{d.year}",
    "YYYYMMDD": lambda d: f"{d.year:04d}{d.month:02d}{d.day:02d}",
    "DD/MM/YYYY": lambda d: f"{d.day:02d}/{d.month:02d}/{d.year}",
    "MM/DD/YYYY": lambda d: f"{d.month:02d}/{d.day:02d}/{d.year}",
    "YYYY年M月D日": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "D MON YYYY": lambda d: f"{d.day} {SHORT[d.month - 1]} {d.year}",
    "M.D.YYYY": lambda d: f"{d.month}.{d.day}.{d.year}",
}
SETTINGS = settings(max_examples=60, deadline=None)


def partials() -> st.SearchStrategy[str]:
    """Dates of near years, whole or partial, so that spans meet often."""
    near = st.dates(date(2020, 11, 1), date(2021, 3, 31)).map(str)
    cut = st.tuples(near, st.sampled_from([4, 7, 10])).map(lambda c: c[0][: c[1]])
    return cut | near.map(lambda d: f"{d[:4]}---{d[8:]}")


def span(text_: str) -> list[date]:
    """Every day that a partial date may be, by trying all days."""
    start, end = date(2020, 1, 1), date(2021, 12, 31)
    every = (start + timedelta(n) for n in range((end - start).days + 1))
    if "---" in text_:
        return [d for d in every if str(d)[:4] == text_[:4] and str(d)[8:] == text_[-2:]]
    return [d for d in every if str(d).startswith(text_)]


@SETTINGS
@given(DAYS)
def test_a_day_written_in_any_format_is_read_as_that_day(day: date) -> None:
    for pattern, write in WRITE.items():
        ctx = FakeContext(formats=(pattern,))
        assert run("iso_date", text(write(day)), ctx=ctx) == [day.isoformat()], pattern
        assert ctx.reports == []


@SETTINGS
@given(st.dates(date(1927, 5, 18), date(2100, 12, 31)))
def test_excel_serials_count_days(day: date) -> None:
    # 43831 is 2020-01-01 in the 1900 system; the 1904 system is 1462 days behind (Microsoft's documentation)
    serial = 43831 + (day - date(2020, 1, 1)).days
    assert run("iso_date", text(str(serial)), format="excel") == [day.isoformat()]
    if serial - 1462 >= 10000:
        assert run("iso_date", text(str(serial - 1462)), format="excel1904") == [day.isoformat()]


RAW = st.text("0123456789-/:. TUNKXx?年月日MarAPR", max_size=20) | st.builds(
    lambda d, w: w(d), DAYS, st.sampled_from(list(WRITE.values()))
)
DECLARED = st.lists(st.sampled_from([*WRITE, "excel", "YYYY-MM-DD HH:MM"]), max_size=4, unique=True).map(
    tuple
)


@SETTINGS
@given(RAW, DECLARED)
def test_no_value_goes_without_a_word(raw: str, formats: tuple[str, ...]) -> None:
    ctx = FakeContext(formats=formats)
    [made] = run("iso_date", text(raw), ctx=ctx)
    known = [c for c in raw if c.isdigit()] or "mar" in raw.lower() or "apr" in raw.lower()
    assert made is not None or ctx.reports or not known
    assert made is None or iso_parts([made])[1].all()


@SETTINGS
@given(st.lists(RAW, max_size=30), DECLARED)
def test_values_read_together_are_read_as_one_by_one(raw: list[str], formats: tuple[str, ...]) -> None:
    column = text(*raw)
    rules = rules_for(FakeContext(formats=formats), column)
    one_by_one = dates_many.from_list([read_date(v, rules) for v in raw])
    few, dates_many._FEW = dates_many._FEW, 0
    try:
        together = dates_many.read_dates(raw, rules)
    finally:
        dates_many._FEW = few
    assert np.array_equal(together.parts, one_by_one.parts)
    assert np.array_equal(together.problem, one_by_one.problem)


@SETTINGS
@given(partials(), partials())
def test_comparing_partial_dates_agrees_with_trying_every_day(a: str, b: str) -> None:
    left, right = take_apart(text(a))[0], take_apart(text(b))[0]
    for test, holds in ((before, date.__lt__), (not_before, date.__ge__)):
        answers = {holds(x, y) for x, y in product(span(a), span(b))}
        surely, maybe = test(left, right)
        assert (surely[0], maybe[0]) == (answers == {True}, True in answers)


@SETTINGS
@given(partials(), st.sampled_from(["first", "last", "mid"]), partials(), partials())
def test_an_imputed_day_keeps_the_known_parts(value: str, day: str, lower: str, upper: str) -> None:
    days = [str(d) for d in span(value)]
    [free] = run("impute_date", text(value), day=day)
    assert free in days
    if "---" not in value and day != "mid":
        assert free == (days[0] if day == "first" else days[-1])
    ctx = FakeContext()
    [bounded] = run("impute_date", text(value), day=day, not_before=text(lower), at_most=text(upper), ctx=ctx)
    assert bounded in days or "---" in value
    last_allowed = str(span(upper)[-1])
    if len(value) < 10 and not ctx.reports:
        assert bounded <= last_allowed


@SETTINGS
@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(-2000, 2000))
def test_study_days_days_and_dates_agree(start: date, number: int) -> None:
    day = str(start + timedelta(number))
    assert run("study_day", text(day), text(str(start))) == [number + (number >= 0)]
    assert run("days", text(str(start)), text(day)) == [number]
    assert run("add_days", dates(str(start)), number) == [day]


ISO = ["2021", "2021-03", "2021-03-19", "2021-03-19T09", "2021-03-19T09:30", "2021-03-19T09:30:15"]
ISO += ["2021---05", "--12-15", "--12", "----19"]


@pytest.mark.parametrize("value", ISO)
def test_iso_text_to_parts_and_back(value: str) -> None:
    parts, good = iso_parts([value])
    assert good.all() and iso_texts(parts) == [value]


def test_iso_text_that_is_read_though_never_written() -> None:
    # the examples of SDTMIG 3.4 section 4.4.2 with an unknown part before a known one
    parts, good = iso_parts(
        ["2003-12-15T-:15", "2003-12-15T13:-:17", "-----T07:15", "2003-12-15T13:14:17.123"]
    )
    assert good.all()
    assert parts.tolist() == [
        [2003, 12, 15, -1, 15, -1],
        [2003, 12, 15, 13, -1, 17],
        [-1, -1, -1, 7, 15, -1],
        [2003, 12, 15, 13, 14, 17],
    ]


@pytest.mark.parametrize("year", [1900, 2000, 2023, 2024, 2100])
def test_month_length(year: int) -> None:
    from calendar import monthrange

    months = np.arange(1, 13)
    assert month_length(np.full(12, year), months).tolist() == [monthrange(year, m)[1] for m in months]


GOOD: list[Any] = [
    *WRITE,
    "MON-YYYY",
    "YYYY",
    "excel",
    "EXCEL1904",
    "YYYY-MM-DDTHH:MM[:SS]",
    "yyyy-mm-dd hh:mm",
]


@pytest.mark.parametrize("pattern", GOOD)
def test_formats_that_are_good(pattern: str) -> None:
    assert format_mistake(pattern) is None
