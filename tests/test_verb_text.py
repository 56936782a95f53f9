"""Text verbs.  Expected: tables in tests/verbs, the traps 7.14 to 7.16 of the sample trial, hand work."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verb_context import FakeContext, dates, flags, number, rows, run, table, text

from cdisc_conv.errors import CannotRun
from cdisc_conv.language.characters import character_table
from cdisc_conv.language.texts import chunks

ONE_TO_ONE = [
    ("upper", ("Mild rash",), "MILD RASH"),
    ("lower", ("Mild RASH",), "mild rash"),
    ("trim", ("  a b \u3000",), "a b"),
    ("trim", ("  ",), None),
    ("squeeze", (" Low \t grade  fever ",), "Low grade fever"),
    ("replace", ("1,5", ",", "."), "1.5"),
    ("replace", ("a.b.c", ".", ""), "abc"),
    ("replace", ("ND", "ND", ""), None),
    ("regex", ("5 mg qd", r"([0-9.]+) *mg"), "5"),
    ("regex", ("5 mg qd", r"[0-9.]+"), "5"),
    ("regex", ("5 mg qd", r"([0-9.]+) *(mg|g)", 2), "mg"),
    ("regex", ("5 mg qd", r"([0-9.]+) *(?P<unit>mg|g)", "unit"), "mg"),
    ("regex", ("5 mg qd", r"([0-9.]+) *(mg|g)", 0), "5 mg"),
    ("regex", ("none", r"([0-9.]+)"), None),
    ("regex", ("mg", r"([0-9]*)mg"), None),
    ("pad", ("1", 2), "01"),
    ("pad", ("123", 2), "123"),
    ("pad", ("1", 3, " "), "  1"),
    ("substring", ("101-007", 1, 3), "101"),
    ("substring", ("101-007", 5), "007"),
    ("substring", ("101", 5, 2), None),
    ("substring", ("101-007", 5, 99), "007"),
]


@pytest.mark.parametrize(("verb", "arguments", "expected"), ONE_TO_ONE)
def test_one_text_in_one_out(verb, arguments, expected):
    value, *consts = arguments
    assert run(verb, text(value, None), *consts) == [expected, None]


BAD_ARGUMENTS = [
    ("regex", ("(",), "no regular expression"),
    ("regex", ("a", 2), "no group 2"),
    ("regex", ("a(?P<x>b)", "y"), "no group 'y'"),
    ("replace", ("", "x"), "not empty"),
    ("pad", (0,), "width"),
    ("pad", (2, "ab"), "one character"),
    ("substring", (0, 1), "start"),
    ("substring", (1, 0), "length"),
    ("ascii", ("latin",), "character table"),
    ("ascii", ("../ascii",), "character table"),
    ("long_text", (3, 2), "part"),
    ("long_text", (1, 2, 3), "width"),
]


@pytest.mark.parametrize(("verb", "arguments", "words"), BAD_ARGUMENTS)
def test_bad_arguments_are_refused(verb, arguments, words):
    with pytest.raises(ValueError, match=words) as caught:
        run(verb, text("a"), *arguments)
    assert isinstance(caught.value, CannotRun) and caught.value.findings[0].code.id == "DATA055"


def test_join():
    site, subject = text("01", None, "03"), text("003", "004", None)
    assert run("join", text("BTRIAL", "BTRIAL", "BTRIAL"), site, subject) == ["BTRIAL-01-003", None, None]
    assert run("join", site, subject, sep=" ", missing="skip") == ["01 003", "004", "03"]
    assert run("join", text(None), text(None), missing="skip") == [None]
    assert run("join", text("x"), number(12), dates("2021-03-19"), sep="/") == ["x/12/2021-03-19"]
    assert run("join", text("x", "y"), dates("2021-03-19T09:30", None), missing="skip") == [
        "x-2021-03-19T09:30:00",
        "y",
    ]
    assert run("join", text("x", None)) == ["x", None]
    with pytest.raises(ValueError, match="true or false"):
        run("join", text("x"), flags(True))
    with pytest.raises(ValueError, match="missing="):
        run("join", text("x"), missing="drop")


def seen(value: str | None) -> str | None:
    return value and value.encode("ascii", "backslashreplace").decode("unicode_escape")


@pytest.mark.parametrize("case", table("ascii"))
def test_ascii(case):
    ctx = FakeContext()
    assert run("ascii", text(seen(case["text"]) if case["text"] else None), ctx=ctx) == [case["expected"]]
    assert ctx.codes() == (case["findings"] or "").split()


def test_ascii_reports_only_the_rows_concerned():
    ctx = FakeContext()
    assert run("ascii", text("ok", "头痛", None, "a\nb", "5 µg"), ctx=ctx) == [
        "ok",
        None,
        None,
        "a b",
        "5 ug",
    ]
    assert [(r.code, r.rows) for r in ctx.reports] == [("DATA041", [3]), ("DATA040", [1])]
    assert "头" not in "".join(r.message for r in ctx.reports)


def test_character_table_is_ascii_and_names_its_characters():
    made = character_table("ascii")
    assert all(value.isascii() for value in made.values())
    for row in (line for line in table("../../specs/standards/text/ascii") if line["character"]):
        codes = "".join(chr(int(c[2:], 16)) for c in str(row["code"]).split())
        assert row["character"] == codes
        assert row["name"] == " + ".join(unicodedata.name(c) for c in codes)


@given(st.text(st.characters(codec="latin-1", categories=["L", "N", "P", "Zs", "Sm"])))
@settings(max_examples=60, deadline=None)
def test_ascii_gives_ascii_or_a_finding(value):
    ctx = FakeContext()
    (made,) = run("ascii", text(value or None), ctx=ctx)
    assert (made is None) == (not value or "DATA040" in ctx.codes())
    assert made is None or made.isascii()


def test_translate():
    source = text("头痛", "发热 ", "皮疹", "皮疹", "乏力", "乏力", None)
    english = text("Headache", "Pyrexia", "Rash", "Exanthema", "Fatigue", "Fatigue", "Nothing")
    ctx = FakeContext()
    given_ = text("Nausea", " 头痛", "发热", "皮疹", "乏力", "腹泻", "PLT 95×10⁹/L", None)
    made = run(
        "translate",
        given_,
        rows(english, name="translations"),
        rows(source, name="translations"),
        ctx=ctx,
    )
    assert made == ["Nausea", "Headache", "Pyrexia", None, "Fatigue", None, "PLT 95×10⁹/L", None]
    assert [(r.code, r.rows) for r in ctx.reports] == [("DATA003", [3]), ("DATA042", [5])]
    assert "translations" in ctx.reports[0].message


LONG = (
    "Recurrent painful swelling of the small joints of both hands and wrists with morning stiffness lasting "
    "about one hour accompanied by low grade fever and fatigue that started after a long trip and improved "
    "only slowly with rest and a short course of celecoxib as needed"
)


def test_long_text_splits_at_a_word_break():
    first, second = (run("long_text", text(LONG, "short", None), part=p) for p in (1, 2))
    assert first[1:] == ["short", None] and second[1:] == [None, None]
    assert first[0] + " " + second[0] == LONG
    assert len(first[0]) <= 200 < len(first[0]) + 1 + len(second[0].split(" ")[0])


LONG_CASES = [
    ("aa bb cc", 1, 2, 5, "aa bb", []),
    ("aa bb cc", 2, 2, 5, "cc", []),
    ("aa bb cc", 1, 2, 4, "aa", ["DATA043"]),
    ("aa bb cc", 2, 2, 4, "bb", []),
    ("aa bb cc", 2, 3, 4, "bb", []),
    ("aa  bb", 1, 2, 4, "aa", []),
    ("aa  bb", 2, 2, 4, " bb", []),
    ("abcdefgh", 1, 2, 5, "abcde", ["DATA044"]),
    ("abcdefgh", 2, 2, 5, "fgh", []),
    ("ab cdefghij", 1, 3, 5, "ab", ["DATA044"]),
    ("痛痛痛", 1, 2, 7, "痛痛", ["DATA044"]),
    ("痛痛 痛", 1, 2, 7, "痛痛", []),
    ("痛痛 痛", 2, 2, 7, "痛", []),
]


@pytest.mark.parametrize(("value", "part", "of", "width", "expected", "codes"), LONG_CASES)
def test_long_text(value, part, of, width, expected, codes):
    ctx = FakeContext()
    assert run("long_text", text(value), part, of, width, ctx=ctx) == [expected]
    assert ctx.codes() == codes


@given(st.text("ab 痛", max_size=80).map(str.strip), st.integers(4, 30))
@settings(max_examples=200, deadline=None)
def test_chunks_lose_nothing(value, width):
    parts, cut = chunks(value, width)
    assert all(0 < len(p.encode()) <= width for p in parts)
    if cut:
        assert "".join(parts).replace(" ", "") == value.replace(" ", "")
    else:
        assert " ".join(parts) == value
        assert not any(p.endswith(" ") for p in parts)


@pytest.mark.parametrize(("verb", "expected"), [("missing", [False, True]), ("given", [True, False])])
def test_missing_and_given(verb, expected):
    for column in (text("a", None), number(0, None), dates("2021-01-01", None)):
        assert run(verb, column) == expected


def test_coalesce():
    assert run("coalesce", text(None, "b", None), text("a", "x", None)) == ["a", "b", None]
    assert run("coalesce", number(None, 2), number(1, 3)) == [1, 2]
    assert run("coalesce", dates(None), dates("2021-03-19")) == ["2021-03-19"]
    assert run("coalesce", number(None, None), text("a", None)) == ["a", None]  # null is a number column
    with pytest.raises(ValueError, match="number and text"):
        run("coalesce", number(1), text("a"))


def test_when():
    age = number(10, 40, 70, None)
    young, middle, old = age < 18, age < 65, age >= 65
    band = [text(*[t] * 4) for t in ("<18", "18-64", ">=65", "UNKNOWN")]
    pairs = [young, band[0], middle, band[1], old, band[2]]
    assert run("when", *pairs) == ["<18", "18-64", ">=65", None]
    assert run("when", *pairs, band[3]) == ["<18", "18-64", ">=65", "UNKNOWN"]
    assert run("when", flags(True, False), number(1, 1), number(0, 0)) == [1, 0]
    assert run("when", flags(True, False), text("a", "a"), number(None, None)) == ["a", None]
    assert run("when", flags(True, False), number(None, None), text("a", "a")) == [None, "a"]
    assert run("when", flags(True, False), dates("2021-01-01", None)) == ["2021-01-01", None]
    with pytest.raises(ValueError, match="number and text"):
        run("when", flags(True), number(1), text("a"))
    with pytest.raises(ValueError, match="condition"):
        run("when", text("a"), text("b"))


NO_ROWS = [("upper",), ("trim",), ("squeeze",), ("ascii",), ("join",), ("coalesce",), ("regex", "a")]


@pytest.mark.parametrize("call", [*NO_ROWS, ("long_text",), ("pad", 2), ("number",), ("qualifier",)])
def test_no_rows(call):
    assert run(call[0], text(), *call[1:], ctx=FakeContext(index=text().index)) == []
