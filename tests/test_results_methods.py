"""The statistics of a results page against published examples and calculation by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from cdisc_conv.model.analysis import Analysis, Result
from cdisc_conv.results.data import Package, Selected
from cdisc_conv.results.methods.frequencies import frequencies
from cdisc_conv.results.methods.occurrences import occurrences
from cdisc_conv.results.methods.proportion import proportion
from cdisc_conv.results.methods.subgroups import subgroups
from cdisc_conv.results.methods.summary import summary
from cdisc_conv.results.methods.survival import survival


def chosen(records: pd.DataFrame, subjects: pd.DataFrame | None = None) -> Selected:
    """What `select` gives: treatment is ARM, in the order in which the arms come."""
    people = records.drop_duplicates("USUBJID") if subjects is None else subjects
    groups = tuple(dict.fromkeys(people["ARM"]))
    return Selected(records, people, "ARM", groups, Package.__new__(Package))


def analysis(method: str, variable: str = "AVAL", **more) -> Analysis:
    fields = {"by": (), "times": (), **more}
    return Analysis(
        "A", "D", "", (("ADX", variable),), (), "", "", "", method=method, treatment="ARM", **fields
    )


def told(results, statistic: str, group: str, levels=(), time=None) -> float:
    wanted = (statistic, group, levels, time)
    found = [r.value for r in results if (r.statistic, r.group, r.levels, r.time) == wanted]
    assert len(found) == 1, wanted
    return found[0]


def responders(counts: dict[str, tuple[int, int]], **constant: str) -> pd.DataFrame:
    """n of N subjects of each arm have AVALC = Y."""
    rows = [
        (f"{arm}{constant}{i}", arm, "Y" if i < n else "N")
        for arm, (n, of) in counts.items()
        for i in range(of)
    ]
    return pd.DataFrame(rows, columns=["USUBJID", "ARM", "AVALC"]).assign(**constant)


# Newcombe RG. Interval estimation for the difference between independent proportions.
# Stat Med 1998;17:873-890, table II, method 10.
@pytest.mark.parametrize(
    ("first", "other", "difference", "low", "high"),
    [
        ((56, 70), (48, 80), 0.2000, 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.6000, 0.1705, 0.8090),
        ((5, 56), (0, 29), 0.0893, -0.0381, 0.1926),
        ((10, 10), (0, 20), 1.0000, 0.6791, 1.0000),
    ],
)
def test_difference_of_percentages(first, other, difference, low, high):
    got = list(proportion(analysis("proportion", "AVALC"), chosen(responders({"A": first, "B": other}))))
    names = ("DIFF PCT", "DIFF LOWER 95", "DIFF UPPER 95")
    assert [round(told(got, n, "A vs B") / 100, 4) for n in names] == [difference, low, high]


def test_percentage_has_wilsons_interval():
    """Wilson 1927, calculated by its formula: 47 of 167."""
    got = list(proportion(analysis("proportion", "AVALC"), chosen(responders({"A": (47, 167)}))))
    z, p, n = 1.959963984540054, 47 / 167, 167
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert told(got, "PCT", "A") == pytest.approx(100 * p)
    assert told(got, "PCT LOWER 95", "A") == pytest.approx(100 * (middle - half) / (1 + z * z / n))
    assert told(got, "PCT UPPER 95", "A") == pytest.approx(100 * (middle + half) / (1 + z * z / n))


def test_fishers_tea():
    """Fisher 1935: three of four cups told right; two-sided p = 34/70."""
    got = list(proportion(analysis("proportion", "AVALC"), chosen(responders({"A": (3, 4), "B": (1, 4)}))))
    assert told(got, "P FISHER", "A vs B") == pytest.approx(34 / 70)
    assert told(got, "RISK RATIO", "A vs B") == pytest.approx(3)


def test_nothing_is_told_of_an_arm_without_subjects():
    got = list(proportion(analysis("proportion", "AVALC"), chosen(responders({"A": (0, 5), "B": (0, 5)}))))
    assert not any(r.statistic.startswith("RISK RATIO") for r in got)
    assert told(got, "DIFF PCT", "A vs B") == 0
    assert told(got, "PCT LOWER 95", "A") == 0


# Freireich EJ et al. Blood 1963;21:699-716: weeks of remission, 6-mercaptopurine against placebo.
SIX_MP = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def remission() -> list[Result]:
    rows = [
        (f"{arm}{i}", arm, float(word.rstrip("+")), float(word.endswith("+")))
        for arm, words in (("6-MP", SIX_MP), ("Placebo", PLACEBO))
        for i, word in enumerate(words.split())
    ]
    records = pd.DataFrame(rows, columns=["USUBJID", "ARM", "AVAL", "CNSR"])
    return list(survival(analysis("survival", times=(10.0, 12.0)), chosen(records)))


# Kleinbaum DG, Klein M. Survival Analysis, 3rd ed., chapters 2 and 3: the same data. Efron's estimate of
# Cox's coefficient is 1.5721 of placebo to 6-MP (Therneau's survival package, coxph).
@pytest.mark.parametrize(
    ("statistic", "group", "time", "value", "digits"),
    [
        ("n", "6-MP", None, 9, 0),
        ("n", "Placebo", None, 21, 0),
        ("MEDIAN", "6-MP", None, 23, 0),
        ("MEDIAN", "Placebo", None, 8, 0),
        ("MEDIAN LOWER 95", "6-MP", None, 13, 0),  # lifelines 0.30, as R's conf.type = "log-log"
        ("MEDIAN LOWER 95", "Placebo", None, 4, 0),
        ("MEDIAN UPPER 95", "Placebo", None, 11, 0),
        ("TEN AT RISK UNTIL", "6-MP", None, 17, 0),
        ("SURVIVAL AT", "6-MP", 10.0, 0.753, 3),
        ("AT RISK", "6-MP", 10.0, 15, 0),
        ("AT RISK", "Placebo", 12.0, 6, 0),
        ("SURVIVAL AT", "Placebo", 12.0, 0.1905, 4),
        ("LOGRANK CHISQ", "6-MP vs Placebo", None, 16.79, 2),
        ("HAZARD RATIO", "6-MP vs Placebo", None, round(math.exp(-1.5721), 3), 3),
    ],
)
def test_remission(statistic, group, time, value, digits):
    assert round(told(remission(), statistic, group, time=time), digits) == value


def test_a_limit_of_the_median_that_is_not_reached():
    found = [r for r in remission() if (r.statistic, r.group) == ("MEDIAN UPPER 95", "6-MP")]
    assert [(r.value, r.text) for r in found] == [(None, "NOT REACHED")]


def test_interval_of_survival_by_hand():
    """Week 10 of 6-MP: Greenwood's sum 3/(21*18) + 1/(17*16) + 1/(15*14); interval on the log(-log) scale."""
    left = 18 / 21 * 16 / 17 * 14 / 15
    half = 1.959963984540054 * math.sqrt(3 / (21 * 18) + 1 / (17 * 16) + 1 / (15 * 14)) / abs(math.log(left))
    got = remission()
    assert told(got, "SURVIVAL LOWER 95", "6-MP", time=10.0) == pytest.approx(left ** math.exp(half))
    assert told(got, "SURVIVAL UPPER 95", "6-MP", time=10.0) == pytest.approx(left ** math.exp(-half))


def test_summary_by_hand():
    """A: 1 2 3 4, changes 0 1 2 3; B: 1 1 4 6 8, changes 2 2 2 2 7; t(3) = 3.182446, PCTLDEF=5."""
    rows = [("A", v, c) for v, c in zip([1, 2, 3, 4], [0, 1, 2, 3], strict=True)]
    rows += [("B", v, c) for v, c in zip([1, 1, 4, 6, 8], [2, 2, 2, 2, 7], strict=True)]
    frame = pd.DataFrame(rows, columns=["ARM", "AVAL", "CHG"]).astype({"AVAL": float, "CHG": float})
    frame = frame.assign(USUBJID=[str(i) for i in range(9)], AVISIT="WEEK 4", AVISITN=4.0)
    gap = pd.DataFrame([{"USUBJID": "9", "ARM": "A", "AVAL": math.nan, "AVISIT": "WEEK 4", "AVISITN": 4.0}])
    got = list(summary(analysis("summary", by=("AVISIT",)), chosen(pd.concat([frame, gap]))))
    at = (("AVISIT", "WEEK 4"),)
    half = 3.182446305284263 * math.sqrt(5 / 3) / 2
    expected = {
        "n": 4,
        "MEAN": 2.5,
        "SD": math.sqrt(5 / 3),
        "Q1": 1.5,
        "MEDIAN": 2.5,
        "Q3": 3.5,
        "MIN": 1,
        "MAX": 4,
    }
    expected |= {"MEAN LOWER 95": 2.5 - half, "MEAN UPPER 95": 2.5 + half, "CHG MEAN": 1.5}
    assert {n: told(got, n, "A", at) for n in expected} == pytest.approx(expected)
    assert [told(got, n, "B", at) for n in ("Q1", "MEDIAN", "Q3", "CHG MEAN")] == [1, 4, 6, 3]
    # Welch: variances 5/3 of 4 and 5 of 5; freedom (5/12 + 1)^2 / ((5/12)^2/3 + 1/4) = 6.517
    assert told(got, "CHG DIFF MEAN", "A vs B", at) == pytest.approx(-1.5)
    low, high = (told(got, f"CHG DIFF {n} 95", "A vs B", at) for n in ("LOWER", "UPPER"))
    assert (low + high) / 2 == pytest.approx(-1.5)
    assert 2.3646 < (high - low) / 2 / math.sqrt(5 / 12 + 1) < 2.4469  # between t(7) and t(6)


def test_occurrences_count_subjects_once_a_level():
    rows = [("1", "A", "X", "p"), ("1", "A", "X", "p"), ("1", "A", "Y", "q"), ("2", "B", "X", "r")]
    records = pd.DataFrame(rows, columns=["USUBJID", "ARM", "AEBODSYS", "AEDECOD"])
    subjects = pd.DataFrame({"USUBJID": ["1", "2", "3", "4"], "ARM": ["A", "B", "B", "B"]})
    got = list(
        occurrences(analysis("occurrences", "AEDECOD", by=("AEBODSYS", "AEDECOD")), chosen(records, subjects))
    )
    x, xp = (("AEBODSYS", "X"),), (("AEBODSYS", "X"), ("AEDECOD", "p"))
    assert [told(got, n, "A") for n in ("n", "N", "PCT", "EVENTS")] == [1, 1, 100, 3]
    z = 1.959963984540054  # Wilson's interval of 1 of 1 and of 1 of 3, by its formula
    assert told(got, "PCT LOWER 95", "A") == pytest.approx(100 / (1 + z * z))
    half = z * math.sqrt(2 / 27 + z * z / 36) / (1 + z * z / 3)
    assert told(got, "PCT UPPER 95", "B") == pytest.approx(
        100 * ((1 / 3 + z * z / 6) / (1 + z * z / 3) + half)
    )
    assert told(got, "DIFF PCT", "A vs B") == pytest.approx(200 / 3)
    assert [told(got, n, "A", x) for n in ("n", "EVENTS")] == [1, 2]
    assert [told(got, n, "A", xp) for n in ("n", "EVENTS")] == [1, 2]
    assert [told(got, n, "B", x) for n in ("n", "N", "EVENTS")] == [1, 3, 1]
    assert told(got, "n", "B", (("AEBODSYS", "Y"),)) == 0
    levels = list(dict.fromkeys(r.levels for r in got))
    assert [lv[-1][1] for lv in levels if lv] == [
        "X",
        "p",
        "r",
        "Y",
        "q",
    ]  # most subjects first, then by name


def test_flags_are_told_for_y_only_and_missing_counts_in_n():
    rows = [("1", "A", "Y", "F"), ("2", "A", "N", "M"), ("3", "A", "", ""), ("4", "B", "Y", "F")]
    records = pd.DataFrame(rows, columns=["USUBJID", "ARM", "SAFFL", "SEX"])
    wanted = Analysis("A", "D", "", (("ADSL", "SAFFL"), ("ADSL", "SEX")), (), "", "", "", treatment="ARM")
    got = list(frequencies(wanted, chosen(records)))
    assert [told(got, n, "A", (("SAFFL", "Y"),)) for n in ("n", "N")] == [1, 3]
    assert told(got, "PCT", "A", (("SEX", "M"),)) == pytest.approx(100 / 3)
    assert {r.levels[0] for r in got} == {("SAFFL", "Y"), ("SEX", "F"), ("SEX", "M")}


def test_heterogeneity_of_subgroups():
    """Koch GG et al. 1983, migraine by sex: Breslow-Day with Tarone's correction p = 0.2221 (DescTools)."""
    women = responders({"Active": (16, 27), "Placebo": (5, 25)}, SEX="F")
    men = responders({"Active": (12, 28), "Placebo": (7, 26)}, SEX="M")
    got = list(subgroups(analysis("subgroups", "AVALC", by=("SEX",)), chosen(pd.concat([women, men]))))
    assert told(got, "P HETEROGENEITY", "Active vs Placebo", (("SEX", ""),)) == pytest.approx(
        0.2221, abs=5e-5
    )
    assert told(got, "n", "Active", (("SEX", "F"),)) == 16
