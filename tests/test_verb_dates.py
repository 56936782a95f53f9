"""The date verbs, by table: a new case is a new line in tests/verbs/<verb>.csv."""

from __future__ import annotations

from typing import Any

import pytest
from verb_context import FakeContext, dates, number, plain, rows, run, table, text

from cdisc_conv.errors import CannotRun
from cdisc_conv.language.verb import find_verb


def cases(name: str) -> pytest.MarkDecorator:
    lines = table(name)
    return pytest.mark.parametrize("case", lines, ids=["|".join(v or "" for v in c.values()) for c in lines])


def reported(ctx: FakeContext) -> str | None:
    return "+".join(ctx.codes()) or None


@cases("iso_date")
def test_iso_date(case: dict[str, str | None]) -> None:
    ctx = FakeContext(formats=tuple((case["formats"] or "").split("|")) if case["formats"] else ())
    made = run("iso_date", text(case["date"], name="START"), text(case["time"]), ctx=ctx)
    assert (made, reported(ctx)) == ([case["expected"]], case["reported"])


def test_iso_date_keeps_rows_apart_and_shows_the_raw_values() -> None:
    ctx = FakeContext(formats=("YYYY-MM-DD",))
    days = text("2021-03-19", "2021-02-30", None, "2021-03-19", "2021-02-30")
    times = text("09:30", "09:30", "10:00", None, None)
    assert run("iso_date", days, times, ctx=ctx) == ["2021-03-19T09:30", None, None, "2021-03-19", None]
    found = {r.code: (r.rows, r.values) for r in ctx.reports}
    assert found == {"DATA013": ([1, 4], ["2021-02-30"] * 2), "DATA016": ([2], ["10:00"])}


def test_iso_date_takes_formats_and_words_of_the_mapping_before_those_declared() -> None:
    ctx = FakeContext(formats=("DD/MM/YYYY",))
    days = text("2021年3月19日", "2021年3月ND日")
    made = run("iso_date", days, format=["YYYY年M月D日"], unknown=["ND"], ctx=ctx)
    assert (made, ctx.reports) == (["2021-03-19", "2021-03"], [])


def test_iso_date_takes_formats_by_column() -> None:
    ctx = FakeContext(formats={"START": ("DD/MM/YYYY",), "END": ("MM/DD/YYYY",)})
    assert run("iso_date", text("03/04/2021", name="START"), ctx=ctx) == ["2021-04-03"]
    assert run("iso_date", text("03/04/2021", name="END"), ctx=ctx) == ["2021-03-04"]


def test_iso_date_takes_days_and_serials_of_a_workbook() -> None:
    assert run("iso_date", dates("2021-03-19", None)) == ["2021-03-19", None]
    assert run("iso_date", number(44274, None, 44274.5), format="excel") == [
        "2021-03-19",
        None,
        "2021-03-19T12:00",
    ]


def test_years_are_a_policy() -> None:
    ctx = FakeContext(policies={"years": "2015-2025"})
    assert run("iso_date", text("2014-12-31", "2025-01-01"), ctx=ctx) == [None, "2025-01-01"]
    assert [r.message for r in ctx.reports] == ["year is outside 2015-2025"]


BAD_FORMATS = [
    "MM-DD",
    "DD/MM/YY",
    "YYYY-DD",
    "YYYY-MM-DD:SS",
    "YYYY-MM-DD[",
    "YYYY-WW",
    "YYYY-MM-MON",
    "YYYY-MM HH",
]


@pytest.mark.parametrize("format_", BAD_FORMATS)
def test_a_bad_format_stops_the_run(format_: str) -> None:
    with pytest.raises(CannotRun, match="DATA029"):
        run("iso_date", text("2021-03-19"), format=format_)


def test_iso_parts() -> None:
    ctx = FakeContext()
    made = run(
        "iso_parts",
        text("2021", "2021", None, "2021", "UN", None, "2021"),
        text("3", "Mar", "5", None, "UN", None, "13"),
        number(5, None, None, 5, None, None, 1),
        text("09:30", None, None, None, None, None, None),
        ctx=ctx,
    )
    assert made == ["2021-03-05T09:30", "2021-03", "--05", "2021---05", None, None, None]
    assert [(r.code, r.rows, r.values) for r in ctx.reports] == [("DATA013", [6], ["2021/13/1"])]


@pytest.mark.parametrize("verb", ["before", "on_or_before", "after", "on_or_after"])
@cases("compare")
def test_compare(case: dict[str, str | None], verb: str) -> None:
    is_open, expected = case[verb] == "?", case[verb] == "true"
    for counts in ("true", "false"):
        for ctx, partial in (
            (FakeContext(), counts),
            (FakeContext(policies={"partial_dates": counts}), None),
        ):
            made = run(verb, text(case["a"]), text(case["b"]), partial=partial, ctx=ctx)
            assert made == [counts == "true" if is_open else expected]
            assert ctx.codes() == (["DATA020"] if is_open else [])


def test_compare_dates_with_iso_text() -> None:
    assert run("on_or_after", dates("2021-05-12", "2021-05-11", None), "2021-05-12T09:30") == [
        True,
        False,
        False,
    ]
    assert run("before", dates("2021-05-12", "2021-05-11"), dates("2021-05-12", "2021-05-12")) == [
        False,
        True,
    ]


def test_text_that_is_no_iso_8601_is_reported() -> None:
    ctx = FakeContext()
    wrong = ["19MAR2021", "2021-02-30", "2021-3-1", "2021-03-19T24:00", "2021--", "2021-03-19T10:00Z", "---"]
    assert run("study_day", text(*wrong), "2021-03-19", ctx=ctx) == [None] * len(wrong)
    assert [(r.code, r.values) for r in ctx.reports] == [("DATA019", wrong)]


@cases("study_day")
def test_study_day(case: dict[str, str | None]) -> None:
    expected = None if case["expected"] is None else int(case["expected"])
    assert run("study_day", text(case["date"]), text(case["reference"])) == [expected]


@cases("age")
def test_age(case: dict[str, str | None]) -> None:
    ctx = FakeContext()
    made = run("age", text(case["birth"]), text(case["at"]), unit=case["unit"], ctx=ctx)
    expected = None if case["expected"] is None else int(case["expected"])
    assert (made, reported(ctx)) == ([expected], case["reported"])


@cases("impute_date")
def test_impute_date(case: dict[str, str | None]) -> None:
    ctx = FakeContext()
    bounds = {k: text(case[k]) for k in ("missing", "not_before", "at_most") if case[k]}
    made = run("impute_date", text(case["date"]), day=case["day"], month=case["month"], ctx=ctx, **bounds)
    assert (made, reported(ctx)) == ([case["expected"]], case["reported"])
    assert run("imputation_flag", text(case["date"]), dates(*made)) == [case["flag"]]


@pytest.mark.parametrize(
    "wrong", [{"day": "frist"}, {"day": 0}, {"day": 32}, {"month": 13}, {"month": "May"}]
)
def test_impute_date_refuses_a_rule_it_does_not_know(wrong: dict[str, Any]) -> None:
    with pytest.raises(CannotRun, match="DATA029"):
        run("impute_date", text("2021"), **wrong)


def test_date_and_dtc() -> None:
    assert (
        run("date", text("2021-03-19T09:30", "2021-03-19", "2021-03", None))
        == ["2021-03-19"] * 2 + [None] * 2
    )
    assert run("dtc", dates("2021-03-19", None)) == ["2021-03-19", None]
    assert run("dtc", dates(None, None)) == [None, None]


def test_days_and_add_days() -> None:
    start, end = (
        text("2024-02-28", "2021-05-12", "2021-05", None),
        text("2024-03-01", "2021-05-10", "2021-06-01", "2021"),
    )
    assert run("days", start, end) == [2, -2, None, None]
    assert run("days", start, end, plus=1) == [3, -1, None, None]
    assert run("add_days", dates("2021-03-02", None, "2024-02-28"), 30) == ["2021-04-01", None, "2024-03-29"]
    ctx = FakeContext()
    assert run(
        "add_days", dates("2021-03-02", "2021-03-02", "2021-03-02"), number(-2, 1.5, None), ctx=ctx
    ) == [
        "2021-02-28",
        None,
        None,
    ]
    assert [(r.code, r.rows) for r in ctx.reports] == [("DATA026", [1])]


PICKS = [
    # dates, earliest, latest
    (["2021-03-20", "2021-03-19"], "2021-03-19", "2021-03-20"),
    (["2021-03", "2021-03-15"], "2021-03-15", "2021-03-15"),
    (["2021-03", "2021-02-15"], "2021-02-15", "2021-03"),
    (["2021", "2021-03", "2020-12-31"], "2020-12-31", "2021-03"),
    (["2021-03-20", "2021-03-20T10:00"], "2021-03-20T10:00", "2021-03-20T10:00"),
    (["2021-03-20T00:00", "2021-03-20"], "2021-03-20T00:00", "2021-03-20T00:00"),
    ([None, "2021-03-20", None], "2021-03-20", "2021-03-20"),
    ([None, None], None, None),
    (["--03-20", "2021"], "2021", "2021"),
]


@pytest.mark.parametrize(("given", "earliest", "latest"), PICKS)
def test_earliest_of_and_latest_of(given: list[str | None], earliest: str | None, latest: str | None) -> None:
    for columns in (given, given[::-1]):
        assert run("earliest_of", *(text(v) for v in columns)) == [earliest]
        assert run("latest_of", *(text(v) for v in columns)) == [latest]


def test_earliest_of_dates_gives_dates() -> None:
    found = find_verb("latest_of")
    assert found is not None
    ctx = FakeContext(index=dates(None, None).index)
    made = found.function(ctx, dates("2021-03-02", None), dates("2021-03-15", None))
    assert made.dtype.kind == "M" and plain(made) == ["2021-03-15", None]


def elements() -> dict[str, Any]:
    subject = text("A", "B", "A", "A", "A", "A")
    start = text("2022-03-01", "2021-04-01", "2021-03-19T09:30", "2021-06-10", "2021-03-01", None)
    end = text("2022-05-01", None, "2021-06-10", "2022-03-01", "2021-03-19T09:30", "2021-01-01")
    name = text("FOLLOW-UP", "SCREENING", "TREATMENT", "TREATMENT", "SCREENING", "NOT STARTED")
    return {"start": rows(start, subject), "end": rows(end, subject), "name": rows(name, subject)}


@cases("epoch")
def test_epoch(case: dict[str, str | None]) -> None:
    ctx = FakeContext(subject=text(case["subject"]))
    made = run("epoch", text(case["date"]), ctx=ctx, **elements())
    assert (made, reported(ctx)) == ([case["expected"]], case["reported"])


def test_epoch_without_elements() -> None:
    none = {k: rows(text(), text()) for k in ("start", "end", "name")}
    assert run("epoch", text("2021-03-01"), ctx=FakeContext(subject=text("A")), **none) == [None]


@pytest.mark.parametrize("same_day", ["before", "after"])
def test_baseline_flag(same_day: str) -> None:
    lines = table("baseline_flag")
    column = {name: text(*(line[name] for line in lines)) for name in lines[0]}
    for ctx, given in (
        (FakeContext(), same_day),
        (FakeContext(policies={"same_day_baseline": same_day}), None),
    ):
        ctx.subject, ctx.index = column["subject"], column["subject"].index
        made = run(
            "baseline_flag",
            column["value"],
            column["date"],
            by=[column["test"]],
            reference=column["reference"],
            same_day=given,
            ctx=ctx,
        )
        assert made == plain(column[same_day])
        assert [(r.code, r.values) for r in ctx.reports] == [("DATA028", ["2021-03"])]


@pytest.mark.parametrize(
    ("tie", "flags"),
    [
        ((1, 0, 0), [None, None, "Y"]),  # another day goes before a tie
        ((0, 1, 0), [None, "Y", None]),
        ((0, 1, 1), [None, None, "Y"]),
        ((1, 0, None), [None, "Y", None]),
    ],
)
def test_baseline_flag_of_two_records_of_one_day(
    tie: tuple[int | None, ...], flags: list[str | None]
) -> None:
    ctx = FakeContext(subject=text("A", "A", "A"))
    days = text("2021-03-01", "2021-03-02", "2021-03-02")
    given = {"by": [], "reference": text(*["2021-03-02"] * 3), "tie": number(*tie)}
    assert run("baseline_flag", text("1", "2", "3"), days, ctx=ctx, **given) == flags


def test_duration() -> None:
    ctx = FakeContext()
    value = number(3, 90, 1.5, 0, -1, 2, None, 2, 1e-5)
    unit = text("Days", "min", " HOURS ", "weeks", "d", "fortnight", "d", None, "s")
    expected = ["P3D", "PT90M", "PT1.5H", "P0W", None, None, None, None, "PT0.00001S"]
    assert run("duration", value, unit, ctx=ctx) == expected
    assert [(r.code, r.rows) for r in ctx.reports] == [("DATA030", [5]), ("DATA031", [4])]
