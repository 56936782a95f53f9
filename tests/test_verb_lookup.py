"""Verbs over codelists, other tables and other rows.  Expected: tests/verbs/ct.csv and hand work."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verb_context import FakeContext, dates, flags, number, plain, rows, run, table, text

from cdisc_conv.findings import Place
from cdisc_conv.language.verb import find_verb
from cdisc_conv.model.spec import Codelist, Term


def codelist(id, terms, extensible):
    return Codelist(id, id, Place(), extensible=extensible, terms={t: Term(t, decode=d) for t, d in terms})


NY = codelist("NY", [("N", "No"), ("Y", "Yes"), ("U", "Unknown"), ("NA", "")], False)
UNIT = codelist("UNIT", [("mg", "Milligram"), ("mL", ""), ("IU/L", "")], True)


def lists(**more):
    maps = {"NY": {"1": "Y", "0": "N", "是": "Y", "bad": "YES"}, "UNIT": {"ku/l": "kIU/L"}}
    return FakeContext(codelists={"NY": NY, "UNIT": UNIT, "": NY}, code_maps=maps, **more)


@pytest.mark.parametrize("case", table("ct"))
def test_ct(case):
    ctx = lists()
    words = {"unmapped": case["unmapped"]} if case["unmapped"] else {}
    assert run("ct", text(case["value"]), case["codelist"], ctx=ctx, **words) == [case["expected"]]
    assert ctx.codes() == (case["findings"] or "").split()


def test_ct_rows_policy_and_own_codelist():
    ctx = lists(policies={"unmapped_codes": "keep"})
    assert run("ct", text("Y", " x ", None, "1"), ctx=ctx) == ["Y", "x", None, "Y"]
    assert [(r.code, r.rows, r.values) for r in ctx.reports] == [("DATA045", [1], [" x "])]
    assert "NY" in ctx.reports[0].message
    with pytest.raises(ValueError, match="no codelist 'SEX'"):
        run("ct", text("M"), "SEX", ctx=ctx)
    with pytest.raises(ValueError, match="unmapped="):
        run("ct", text("M"), unmapped="drop", ctx=ctx)


def test_ct_by_code_map_alone():
    ctx = FakeContext(code_maps={"OWN": {"a": "ALPHA"}})
    assert run("ct", text("A", "b"), "OWN", ctx=ctx) == ["ALPHA", None]
    assert ctx.codes() == ["DATA002"]


def test_decode():
    ctx = lists()
    assert run("decode", text("Y", "NA", "X", None), ctx=ctx) == ["Yes", None, None, None]
    assert [(r.code, r.rows) for r in ctx.reports] == [("DATA048", [1, 2])]
    assert run("decode", text("mg"), "UNIT", ctx=ctx) == ["Milligram"]


VISITS = {"VISIT_NAME": text("SCR", "W0", "W2", "W2"), "KIND": text("A", "A", "A", "B")}


def visits():
    return rows(number(1, 2, 3, 4), name="visits", **VISITS)


def test_lookup():
    ctx = FakeContext()
    asked = text(" W0 ", "SCR", "W2", "w0", None)
    assert run("lookup", visits(), VISIT_NAME=asked, ctx=ctx) == [2, 1, None, None, None]
    assert [(r.code, r.rows, r.values) for r in ctx.reports] == [
        ("DATA003", [2], ["W2"]),
        ("DATA004", [3], ["w0"]),
    ]
    assert all("visits" in r.message and "VISIT_NAME" in r.message for r in ctx.reports)


def test_lookup_told_what_to_do():
    ctx = FakeContext()
    asked = text("W2", "none")
    assert run("lookup", visits(), VISIT_NAME=asked, many="first", unmatched="null", ctx=ctx) == [3, None]
    assert run("lookup", visits(), VISIT_NAME=asked, many="last", unmatched="null", ctx=ctx) == [4, None]
    assert run("lookup", visits(), VISIT_NAME=text("W2"), KIND=text("B"), ctx=FakeContext()) == [4]
    assert ctx.codes() == []


def test_duplicates_nobody_asks_for_are_no_finding():
    ctx = FakeContext()
    assert run("lookup", visits(), VISIT_NAME=text("W0"), ctx=ctx) == [2]
    assert ctx.codes() == []


def test_lookup_of_a_subject():
    subject = text("S1", "S2", "S1")
    wanted = rows(text("a", "b", "c"), subject, name="VS", VISIT=text("W0", "W0", "W2"))
    ctx = FakeContext(index=pd.RangeIndex(3), subject=text("S2", "S1", "S3"))
    assert run("lookup", wanted, VISIT=text("W0", "W0", "W0"), ctx=ctx) == ["b", "a", None]
    assert [(r.code, r.rows) for r in ctx.reports] == [("DATA004", [2])]
    study = FakeContext(index=pd.RangeIndex(1), subject=text("S9"))
    assert run("lookup", wanted, VISIT=text("W2"), by="study", ctx=study) == ["c"]
    dm = rows(text("A", "B"), text("S1", "S2"), name="DM")
    assert run("lookup", dm, ctx=FakeContext(index=pd.RangeIndex(2), subject=text("S2", "S1"))) == ["B", "A"]


def test_lookup_by_number_and_date():
    wanted = rows(text("a", "b"), name="t", N=number(1, 2), D=dates("2021-01-01", "2021-01-02"))
    assert run("lookup", wanted, N=number(2, None), ctx=FakeContext()) == ["b", None]
    assert run("lookup", wanted, D=dates("2021-01-02", "2021-01-01"), ctx=FakeContext()) == ["b", "a"]
    with pytest.raises(ValueError, match="N, which is number in the table and text here"):
        run("lookup", wanted, N=text("2"), ctx=FakeContext())
    with pytest.raises(ValueError, match="needs a key"):
        run("lookup", wanted, ctx=FakeContext())
    with pytest.raises(ValueError, match="many="):
        run("lookup", wanted, N=number(1), many="any", ctx=FakeContext())


@given(
    st.lists(st.sampled_from("abcde"), max_size=8),
    st.lists(st.sampled_from("abcdef"), min_size=1, max_size=8),
)
@settings(max_examples=60, deadline=None)
def test_lookup_is_a_dictionary(theirs, ours):
    wanted = rows(number(*range(len(theirs))), name="t", K=text(*theirs))
    expected_first = [theirs.index(k) if k in theirs else None for k in ours]
    options = {"unmatched": "null", "ctx": FakeContext()}
    assert run("lookup", wanted, K=text(*ours), many="first", **options) == expected_first
    ctx = FakeContext()
    run("lookup", wanted, K=text(*ours), ctx=ctx)
    reported = {r.code: r.rows for r in ctx.reports}
    assert reported.get("DATA003", []) == [i for i, k in enumerate(ours) if theirs.count(k) > 1]
    assert reported.get("DATA004", []) == [i for i, k in enumerate(ours) if k not in theirs]


SUBJECTS = text("S1", "S2", "S3")
THEIRS = text("S1", "S1", "S1", "S2", "S2", None)


def ours():
    return FakeContext(index=SUBJECTS.index, subject=SUBJECTS)


AGGREGATES = [
    ("earliest", (text("2021-05-12", "2021-05", None, "2020", "2021", "1999"),), ["2021-05", "2020", None]),
    ("earliest", (text("2021---15", "2021-01-20", "--05-12", "2021-01-10T09:00", "2021-01-10", None),),
     ["2021---15", "2021-01-10", None]),
    ("latest", (text("2021-05-12", "2021-05", None, "2021-06", "2021-05-12", "2099"),),
     ["2021-05-12", "2021-06", None]),
    ("latest", (text("2021-01-10", "2021-01-10T09:00", "--12-31", None, None, None),),
     ["2021-01-10T09:00", None, None]),
    ("earliest", (number(3, 1, None, -1, 5, 0),), [1, -1, None]),
    ("latest", (dates("2021-01-01", "2021-01-03", None, None, "2020-02-29", None),),
     ["2021-01-03", "2020-02-29", None]),
    ("exists", (flags(0, 1, 0, 0, 0, 1),), [True, False, False]),
    ("count", (flags(1, 1, 0, 0, 1, 1),), [2, 1, 0]),
    ("sum", (number(1, 2, None, None, None, 9),), [3, None, None]),
    ("most", (text("A", "B", "A", "B", "B", "C"),), ["A", "B", None]),
    ("most", (number(1, 1, 2, None, 7, 7),), [1, 7, None]),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "columns", "expected"), AGGREGATES)
def test_aggregates(verb, columns, expected):
    ctx = ours()
    assert run(verb, *(rows(c, THEIRS) for c in columns), ctx=ctx) == expected
    assert ctx.codes() == []


@pytest.mark.parametrize(
    ("verb", "expected"), [("earliest", [2, 5, None]), ("latest", [3, 5, None]), ("sum", [5, 5, None])]
)
def test_aggregates_where(verb, expected):
    where = rows(flags(0, 1, 1, 0, 1, 1), THEIRS)
    assert run(verb, rows(number(1, 2, 3, 4, 5, 6), THEIRS), where=where, ctx=ours()) == expected


def test_aggregates_of_no_rows():
    for verb, expected in (
        ("earliest", None),
        ("sum", None),
        ("most", None),
        ("count", 0),
        ("exists", False),
    ):
        empty = rows(number(), text())
        assert run(verb, empty, ctx=ours()) == [expected] * 3


def test_aggregates_need_subjects():
    with pytest.raises(ValueError, match="knows no subjects"):
        run("earliest", rows(number(1)), ctx=ours())


def test_most_with_a_tie():
    ctx = ours()
    assert run("most", rows(text("A", "B", None, "C", None, None), THEIRS), ctx=ctx) == [None, "C", None]
    assert [(r.code, r.rows) for r in ctx.reports] == [("DATA051", [0])]


def test_first_and_last():
    value, order = text("a", "b", None, "x", "y", "z"), number(2, 1, 0, 5, 5, 1)
    ctx = ours()
    assert run("first", rows(value, THEIRS), rows(order, THEIRS), ctx=ctx) == ["b", None, None]
    assert [(r.code, r.rows) for r in ctx.reports] == [("DATA052", [1])]
    ctx = ours()
    assert run("last", rows(value, THEIRS), rows(order, THEIRS), ctx=ctx) == ["a", None, None]
    assert [(r.code, r.rows) for r in ctx.reports] == [("DATA052", [1])]
    ctx = ours()
    where = rows(flags(1, 1, 1, 0, 1, 1), THEIRS)
    assert run("last", rows(value, THEIRS), rows(order, THEIRS), where, ctx=ctx) == ["a", "y", None]
    same = text("a", "b", None, "x", "x", None)
    assert run("first", rows(same, THEIRS), rows(order, THEIRS), ctx=ctx) == ["b", "x", None]
    assert ctx.codes() == []


def test_first_by_partial_dates():
    value, order = number(1, 2, 3, 4, 5, 6), text("2021-05-02", "2021-05", None, "--01-01", "2021", None)
    assert run("first", rows(value, THEIRS), rows(order, THEIRS), ctx=ours()) == [2, 5, None]


def group_context(*subjects):
    column = text(*subjects)
    return FakeContext(index=column.index, subject=column)


def test_sequence():
    ctx = group_context("S2", "S1", "S1", "S1", "S2", "S1")
    start = text("2021-01-02", "2021-02", None, "2021-01-31", "2021-01-02", "2021-02")
    term = text("b", "B", "a", "z", "B", "a")
    assert run("sequence", ctx.subject, start, term, ctx=ctx) == [2, 3, 1, 2, 1, 4]
    assert run("sequence", ctx=ctx) == [1, 1, 2, 3, 2, 4]
    assert run("sequence", number(2, 10, 9, None, 1, 9), ctx=ctx) == [2, 4, 2, 1, 1, 3]
    assert run("sequence", text("b", "a"), ctx=FakeContext(index=pd.RangeIndex(2))) == [2, 1]


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from([None, "a", "b", "é", "Z"])), min_size=1))
@settings(max_examples=80, deadline=None)
def test_sequence_is_a_stable_sort(pairs):
    ctx = group_context(*(s for s, _ in pairs))
    made = run("sequence", text(*(v for _, v in pairs)), ctx=ctx)
    for subject in "ABC":
        at = [i for i, (s, _) in enumerate(pairs) if s == subject]
        right = sorted(at, key=lambda i: (pairs[i][1] is not None, pairs[i][1] or ""))
        assert [made[i] for i in right] == list(range(1, len(at) + 1))


def test_first_and_last_flag():
    ctx = group_context("S1", "S1", "S1", "S2", "S2", "S1")
    by = text("X", "X", "Y", "X", "X", None)
    day = number(3, 1, 2, None, 4, 9)
    assert run("first_flag", [by], [day], ctx=ctx) == [None, "Y", "Y", None, "Y", "Y"]
    assert run("last_flag", [by], [day], ctx=ctx) == ["Y", None, "Y", None, "Y", "Y"]
    where = flags(1, 0, 1, 1, 1, 1)
    assert run("first_flag", [by], [day], where=where, ctx=ctx) == ["Y", None, "Y", None, "Y", "Y"]
    assert run("first_flag", [], day, ctx=ctx) == [None, "Y", None, None, "Y", None]
    assert ctx.codes() == []


def test_ties_of_flags():
    ctx = group_context("S1", "S1", "S1", "S2")
    day = number(1, 1, 2, 1)
    assert run("first_flag", [], [day], ctx=ctx) == ["Y", None, None, "Y"]
    assert [(r.code, r.rows) for r in ctx.reports] == [("DATA053", [0])]
    assert run("last_flag", [], [day], ctx=ctx) == [None, None, "Y", "Y"]
    assert len(ctx.reports) == 1
    assert run("last_flag", [], [number(1, 2, 2, 1)], ctx=ctx) == [None, None, "Y", "Y"]
    assert [(r.code, r.rows) for r in ctx.reports[1:]] == [("DATA053", [2])]


def test_previous():
    ctx = group_context("S1", "S1", "S1", "S2", "S1", "S1")
    value, by, day = number(30, 10, 20, 99, None, 40), text(*"XXXXXX"), number(3, 1, 2, 1, None, 4)
    assert run("previous", value, [by], [day], ctx=ctx) == [20, None, 10, None, None, 30]
    where = flags(1, 1, 0, 1, 1, 1)
    assert run("previous", value, [by], [day], where=where, ctx=ctx) == [10, None, None, None, None, 30]
    assert run("previous", text(*"abcdef"), [by], [day], ctx=ctx) == ["c", None, "b", None, None, "a"]
    assert ctx.codes() == []
    assert run("previous", value, [], [number(1, 1, 2, 1, 3, 4)], ctx=ctx)[2] == 10
    assert [(r.code, r.rows) for r in ctx.reports] == [("DATA053", [0, 1])]


def test_verbs_named_as_builtins():
    for name in ("sum", "round"):
        found = find_verb(name)
        assert found is not None and found.name == name


def test_an_index_of_its_own_is_kept():
    index = pd.Index([7, 3, 5])
    subject = pd.Series(["S1", "S1", "S2"], index=index, dtype="str")
    ctx = FakeContext(index=index, subject=subject)
    day = pd.Series([2.0, 1.0, np.nan], index=index)
    assert run("sequence", day, ctx=ctx) == [2, 1, 1]
    assert run("first_flag", [], [day], ctx=ctx) == [None, "Y", None]
    assert run("previous", day, [], [day], ctx=ctx) == [1, None, None]
    assert run("earliest", rows(number(4, 5), text("S2", "S1")), ctx=ctx) == [5, 5, 4]
    assert plain(run_lookup(ctx)) == [1, 1, 2]


def run_lookup(ctx):
    found = find_verb("lookup")
    return found.function(ctx, rows(number(1, 2), text("S1", "S2"), name="DM"))


def test_no_rows_here():
    ctx = FakeContext(index=pd.RangeIndex(0), subject=text(), codelists={"": NY})
    other = rows(number(1, 2), text("S1", "S2"), K=text("a", "b"))
    for verb in ("earliest", "latest", "sum", "most", "lookup"):
        assert run(verb, other, ctx=ctx) == []
    assert run("first", other, other, ctx=ctx) == []
    assert run("exists", rows(flags(1, 0), text("S1", "S2")), ctx=ctx) == []
    assert run("lookup", other, K=text(), ctx=ctx) == []
    for verb in ("ct", "decode", "sequence"):
        assert run(verb, text(), ctx=ctx) == []
    for verb in ("first_flag", "last_flag"):
        assert run(verb, [text()], [number()], ctx=ctx) == []
    assert run("previous", number(), [text()], [number()], ctx=ctx) == []
