from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdisc_conv.model.spec import Condition
from cdisc_conv.read.spec_where import WhereSlip, format_where, parse_where


def c(variable: str, comparator: str, *values: str, dataset: str = "") -> Condition:
    return Condition(variable, comparator, values, dataset)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PARAMCD EQ ACITM01", [c("PARAMCD", "EQ", "ACITM01")]),
        (
            'PARAMCD EQ ACITM01 AND AVISIT IN ("Week 2", "Week 4")',
            [c("PARAMCD", "EQ", "ACITM01"), c("AVISIT", "IN", "Week 2", "Week 4")],
        ),
        ("A in (X, Y ,Z)", [c("A", "IN", "X", "Y", "Z")]),
        ("A NOT IN ('x, y')", [c("A", "NOTIN", "x, y")]),
        ("A NOTIN (B)", [c("A", "NOTIN", "B")]),
        ("DM.SEX EQ F", [c("SEX", "EQ", "F", dataset="DM")]),
        (
            "QSCAT EQ SELENA SLEDAI and VISIT NE Week 2",
            [c("QSCAT", "EQ", "SELENA SLEDAI"), c("VISIT", "NE", "Week 2")],
        ),
        ('A EQ "say ""so"""', [c("A", "EQ", 'say "so"')]),
        ('A EQ "this AND that"', [c("A", "EQ", "this AND that")]),
        ('A EQ ""', [c("A", "EQ", "")]),
        ("AVAL GE -1.5 AND AVAL LT 3", [c("AVAL", "GE", "-1.5"), c("AVAL", "LT", "3")]),
        ("LBSPEC EQ 尿液", [c("LBSPEC", "EQ", "尿液")]),
    ],
)
def test_clauses(text: str, expected: list[Condition]) -> None:
    assert list(parse_where(text)) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PARAMCD", "a comparator (EQ NE IN NOTIN LT LE GT GE) is missing at the end"),
        ("PARAMCD EQ", "a value is missing at the end"),
        ("PARAMCD = A", "= is no comparator; write EQ"),
        ("PARAMCD LIKE A", "LIKE is no comparator"),
        ("PARAMCD EQ A OR PARAMCD EQ B", "OR is not possible"),
        ('PARAMCD EQ "A', "a quote is not closed"),
        ("PARAMCD IN A, B", "'(' is missing before A"),
        ("PARAMCD IN (A, B", "')' is missing at the end"),
        ("PARAMCD IN (A,)", "a value is missing before ')'"),
        ("PARAMCD EQ (A, B)", "EQ takes one value"),
        ("PARAMCD EQ A AND", "a variable is missing at the end"),
        ('PARAMCD EQ "A" "B"', 'AND is missing before "B"'),
        ('PARAMCD IN ("A" "B")', "a comma or ')' is missing before \"B\""),
        ('"A" EQ B', "is no variable name"),
    ],
)
def test_slips(text: str, words: str) -> None:
    with pytest.raises(WhereSlip) as caught:
        parse_where(text)
    assert words in str(caught.value)


names = st.from_regex(r"[A-Z][A-Z0-9]{0,7}", fullmatch=True).filter(lambda n: n not in ("AND", "OR"))
values = st.text(max_size=20)
one = st.builds(
    lambda n, k, v, d: Condition(n, k, (v,), d),
    names,
    st.sampled_from(("EQ", "NE", "LT", "LE", "GT", "GE")),
    values,
    st.one_of(st.just(""), names),
)
several = st.builds(
    lambda n, k, v: Condition(n, k, tuple(v)),
    names,
    st.sampled_from(("IN", "NOTIN")),
    st.lists(values, min_size=1, max_size=4),
)


@given(st.lists(st.one_of(one, several), min_size=1, max_size=4))
def test_what_is_written_is_read_again(legs: list[Condition]) -> None:
    assert list(parse_where(format_where(legs))) == legs
