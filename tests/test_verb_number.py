"""Number verbs.  Expected: tables in tests/verbs, table 4.5 of the sample trial, the decimal module."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verb_context import FakeContext, number, rows, run, table, text

from cdisc_conv.language.numbers import decimal_text


@pytest.mark.parametrize("case", table("number"))
def test_number(case):
    ctx = FakeContext()
    words = {k: case[k] for k in ("comma", "qualifier") if case[k]}
    expected = None if case["expected"] is None else float(case["expected"])
    assert run("number", text(case["text"]), ctx=ctx, **words) == [expected]
    assert ctx.codes() == (case["findings"] or "").split()


def test_number_refuses_other_words():
    for words in ({"comma": ","}, {"qualifier": "keep"}):
        with pytest.raises(ValueError, match="takes"):
            run("number", text("1"), **words)


SIGNS = [("<0.5", "<"), (">800", ">"), ("≤3", "<="), ("=<3", "<="), ("≥ 3", ">="), ("＞3", ">")]


@pytest.mark.parametrize(("value", "sign"), [*SIGNS, ("3", None), ("<ND", None), ("ND", None), (None, None)])
def test_qualifier(value, sign):
    assert run("qualifier", text(value)) == [sign]


@pytest.mark.parametrize("case", table("round"))
def test_round(case):
    value = None if case["number"] is None else float(case["number"])
    expected = None if case["expected"] is None else float(case["expected"])
    assert run("round", number(value), int(str(case["digits"]))) == [expected]


def test_round_refuses():
    for digits in (0.5, 16, "2"):
        with pytest.raises(ValueError, match="digits"):
            run("round", number(1), digits)


@st.composite
def decimals(draw):
    digits = draw(st.integers(0, 10**14 - 1))
    return Decimal(digits).scaleb(-draw(st.integers(0, 10))) * draw(st.sampled_from([1, -1]))


@given(decimals(), st.integers(0, 6))
@settings(max_examples=300, deadline=None)
def test_round_is_that_of_decimals(value, digits):
    expected = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    assert run("round", number(float(value)), digits) == [float(expected)]


@given(decimals())
@settings(max_examples=300, deadline=None)
def test_text_gives_decimals_back(value):
    made = decimal_text(float(value))
    assert Decimal(made) == value
    assert "e" not in made.lower() and not ("." in made and made.endswith("0"))


@pytest.mark.parametrize("case", table("text"))
def test_text(case):
    value = None if case["number"] is None else eval(case["number"])
    assert run("text", number(value)) == [case["expected"]]


def test_least_greatest_total_absolute():
    a, b = number(1, None, None), number(3, 4, None)
    assert run("least", a, b) == [1, 4, None]
    assert run("greatest", a, b) == [3, 4, None]
    assert run("total", a, b) == [4, None, None]
    assert run("total", a, b, missing="zero") == [4, 4, None]
    assert run("absolute", number(-2, 2, None)) == [2, 2, None]
    with pytest.raises(ValueError, match="missing="):
        run("total", a, missing="skip")
    for verb in ("least", "greatest", "total", "join", "coalesce"):
        with pytest.raises(ValueError, match="at least one"):
            run(verb)


# by CTCAE 4.0: ALT >ULN-3, >3-5, >5-20, >20 x ULN; hemoglobin <LLN-100, <100-80, <80 g/L; proteinuria
# 1.0-3.4, >=3.5 g/day; creatinine >1-1.5, >1.5-3, >3 x baseline as well
TOXICITY = [
    ("ALT", 1, ">", 1, "ULN"),
    ("ALT", 2, ">", 3, "ULN"),
    ("ALT", 3, ">", 5, "ULN"),
    ("ALT", 4, ">", 20, "ULN"),
    ("HGB", 1, "<", 1, "LLN"),
    ("HGB", 2, "<", 100, None),
    ("HGB", 3, "<", 80, None),
    ("UPROT", 2, ">=", 1, None),
    ("UPROT", 3, ">=", 3.5, None),
    ("CREAT", 1, ">", 1, "ULN"),
    ("CREAT", 2, ">", 1.5, "BASE"),
]


def toxicity(ctx, value, low, high, base, name, table=TOXICITY):
    code, grade, sign, limit, of = zip(*table, strict=True)
    codes = text(*code)
    return run(
        "toxicity_grade",
        number(*value),
        grade=rows(number(*grade), PARAMCD=codes),
        sign=rows(text(*sign)),
        limit=rows(number(*limit)),
        of=rows(text(*of)),
        low=number(*low),
        high=number(*high),
        base=number(*base),
        ctx=ctx,
        PARAMCD=text(*name),
    )


@pytest.mark.parametrize(
    ("name", "value", "low", "high", "base", "expected"),
    [
        ("ALT", 40, 0, 40, None, 0),
        ("ALT", 40.1, 0, 40, None, 1),
        ("ALT", 120, 0, 40, None, 1),
        ("ALT", 121, 0, 40, None, 2),
        ("ALT", 200, 0, 40, None, 2),
        ("ALT", 801, 0, 40, None, 4),
        ("ALT", 0.9, 0, 0.3, None, 1),  # 3 x 0.3 is not below 0.9
        ("ALT", 40, 0, None, None, None),
        ("ALT", None, 0, 40, None, None),
        ("HGB", 120, 115, 150, None, 0),
        ("HGB", 114, 115, 150, None, 1),
        ("HGB", 100, 115, 150, None, 1),
        ("HGB", 80, 115, 150, None, 2),
        ("HGB", 79, 115, 150, None, 3),
        ("HGB", 79, None, None, None, 3),
        ("HGB", 110, None, None, None, None),
        ("UPROT", 1, None, None, None, 2),
        ("UPROT", 0.9, None, None, None, 0),
        ("UPROT", 3.5, None, None, None, 3),
        ("CREAT", 90, 40, 100, 50, 2),
        ("CREAT", 75, 40, 100, 50, 0),
        ("CREAT", 90, 40, 100, None, 0),
        ("C3", 90, 40, 100, None, None),
    ],
)
def test_toxicity_grade(name, value, low, high, base, expected):
    assert toxicity(FakeContext(), [value], [low], [high], [base], [name]) == [expected]


def test_toxicity_grade_of_a_table_that_cannot_be_read():
    with pytest.raises(ValueError, match="its table"):
        toxicity(FakeContext(), [1], [1], [1], [1], ["ALT"], [("ALT", 1, "over", 1, "ULN")])
