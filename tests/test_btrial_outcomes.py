"""The ten outcomes of Btrial, each from its dataset by the stated selection, against their answers.

Expected: tests/data/btrial/expected_outcomes.csv: numbers, percentages, means, Kaplan-Meier estimates by arm.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from support import DATA

Frames = dict[str, pd.DataFrame]
WANTED = pd.read_csv(DATA / "btrial/expected_outcomes.csv", dtype=str, keep_default_na=False)


def in_arm(rows: pd.DataFrame, arm: str) -> pd.DataFrame:
    """The rows of an arm: as treated where the dataset has no planned treatment."""
    return rows[rows["TRTP" if "TRTP" in rows else "TRTA"] == arm]


def flares(built: Frames, what: str, arm: str) -> tuple[int, int]:
    """O1 to O3: subjects with a flare among all randomised."""
    rows = built["ADFLARE"]
    rows = in_arm(rows[(rows["PARAMCD"] == what) & (rows["ITTFL"] == "Y")], arm)
    return int((rows["AVALC"] == "Y").sum()), len(rows)


def times(built: Frames, what: str, arm: str) -> tuple[int, int]:
    """O4: events among all randomised."""
    rows = built["ADTTE"]
    rows = in_arm(rows[(rows["PARAMCD"] == what) & (rows["ITTFL"] == "Y")], arm)
    return int((rows["CNSR"] == 0).sum()), len(rows)


def values(built: Frames, what: str, arm: str) -> pd.Series[float]:
    """O5 to O7: the values of the analysis records of one visit."""
    name, _, visit = what.partition(" ")
    datasets = {"PREDDOSE": "ADPRED", "SLEDTOT": "ADSLEDAI", "BILGTOT": "ADBILAG"}
    rows = built[datasets[name]]
    chosen = (rows["PARAMCD"] == name) & (rows["ANL01FL"] == "Y") & (rows["ITTFL"] == "Y")
    return in_arm(rows[chosen & (rows["AVISIT"] == visit)], arm)["AVAL"].dropna()


def by_visit(built: Frames, what: str, arm: str) -> tuple[int, int]:
    """O5 to O7: subjects with a value among all randomised."""
    subjects = built["ADSL"]
    return len(values(built, what, arm)), int(
        ((subjects["TRT01P"] == arm) & (subjects["ITTFL"] == "Y")).sum()
    )


def free(built: Frames, what: str, arm: str) -> tuple[int, int]:
    """O8: subjects free of prednisone at WEEK 52."""
    rows = built["ADPRED"]
    rows = in_arm(rows[(rows["PARAMCD"] == "PFREE52") & (rows["FASFL"] == "Y")], arm)
    if "BPRED>0" in what:
        subjects = built["ADSL"]
        rows = rows[rows["USUBJID"].isin(subjects.loc[subjects["BPRED"] > 0, "USUBJID"])]
    return int((rows["AVALC"] == "Y").sum()), len(rows)


def events(built: Frames, what: str, arm: str) -> tuple[int, int]:
    """O9: subjects with an adverse event among all treated, by actual treatment."""
    rows, subjects = built["ADAE"], built["ADSL"]
    rows = rows[(rows["TRTEMFL"] == "Y") & (rows["TRTA"] == arm)]
    worst = rows[rows["AOCCIFL"] == "Y"]
    chosen = {
        "ANY TEAE": rows[rows["AOCCFL"] == "Y"],
        "SERIOUS TEAE": rows[rows["AESER"] == "Y"],
        "INFECTION TEAE": rows[rows["CQ01NAM"] == "INFECTIONS"],
        "INFUSION REACTION TEAE": rows[rows["CQ02NAM"] == "INFUSION REACTIONS"],
        "MISSING GRADE ONLY": worst[worst["ATOXGRN"].isna()],
    }
    found = chosen[what] if what in chosen else worst[worst["ATOXGR"] == what[-1]]
    treated = (subjects["SAFFL"] == "Y") & (subjects["TRT01A"] == arm)
    return found["USUBJID"].nunique(), int(treated.sum())


def subgroups(built: Frames, what: str, arm: str) -> tuple[int, int]:
    """O10: flares of a subgroup."""
    outcome, _, group = what.partition(" ")
    variable, _, value = group.partition("=")
    rows = built["ADSL"]
    rows = rows[(rows["TRT01P"] == arm) & (rows["ITTFL"] == "Y") & (rows[variable] == value)]
    return int((rows[outcome] == "Y").sum()), len(rows)


COUNTS: dict[str, Callable[[Frames, str, str], tuple[int, int]]] = {
    "O1": flares,
    "O2": flares,
    "O3": flares,
    "O4": times,
    "O5": by_visit,
    "O6": by_visit,
    "O7": by_visit,
    "O8": free,
    "O9": events,
    "O10": subgroups,
}


def survival(rows: pd.DataFrame) -> pd.Series[float]:
    """The Kaplan-Meier estimate after each day with an event."""
    days = np.sort(rows["AVAL"].unique())
    left = [(rows["AVAL"] >= day).sum() for day in days]
    happened = [((rows["AVAL"] == day) & (rows["CNSR"] == 0)).sum() for day in days]
    return pd.Series(np.cumprod(1 - np.array(happened) / np.array(left)), index=days)


def statistic(built: Frames, what: str, arm: str, name: str) -> float | None:
    """A mean, a median or a Kaplan-Meier estimate; None for a median that is not reached."""
    if name in ("MEAN", "MEDIAN"):
        found = values(built, what, arm)
        return float(found.mean() if name == "MEAN" else found.median())
    rows = built["ADTTE"]
    curve = survival(in_arm(rows[rows["PARAMCD"] == what], arm))
    if name == "KM EVENT-FREE AT DAY 364":
        return float(curve[curve.index <= 364].iloc[-1])
    below = curve[curve <= 0.5 + 1e-9]
    return None if below.empty else float(below.index[0])


@pytest.mark.parametrize("outcome", COUNTS)
def test_outcome(btrial_frames: Frames, outcome: str) -> None:
    rows = WANTED[WANTED["OUTCOME"] == outcome].to_dict("records")
    assert rows
    for row in rows:
        number, of = COUNTS[outcome](btrial_frames, row["PARAM"], row["ARM"])
        assert (number, of) == (int(row["n"]), int(row["N"])), row
        if row["PCT"]:
            assert 100 * number / of == pytest.approx(float(row["PCT"]), abs=0.5e-2), row
        if row["STATISTIC"]:
            found = statistic(btrial_frames, row["PARAM"], row["ARM"], row["STATISTIC"])
            wanted = None if row["VALUE"] == "NOT REACHED" else float(row["VALUE"])
            assert found == (None if wanted is None else pytest.approx(wanted, abs=0.5e-4)), row


def test_every_subgroup_is_in_the_answers(btrial_frames: Frames) -> None:
    randomised = btrial_frames["ADSL"][btrial_frames["ADSL"]["ITTFL"] == "Y"]
    told = {row.partition(" ")[2] for row in WANTED[WANTED["OUTCOME"] == "O10"]["PARAM"]}
    variables = sorted({group.partition("=")[0] for group in told})
    assert told == {f"{v}={value}" for v in variables for value in randomised[v].unique() if value}
