"""O1 to O4 as an independent program counts them from the raw exports, against the package."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from independent.btrial_o1_o4 import FLARES, TIMES, outcomes, subjects
from support import DATA

RAW = Path(__file__).parents[1] / "examples" / "btrial" / "raw"
Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def counted() -> pd.DataFrame:
    """What the independent program finds, a row a randomised subject."""
    people = subjects(RAW)
    return people.set_index("BTRIAL-" + people.index)


@pytest.mark.parametrize("flare", FLARES)
def test_flares_of_each_subject(btrial_frames: Frames, counted: pd.DataFrame, flare: str) -> None:
    built = btrial_frames["ADFLARE"].query("PARAMCD == @flare").set_index("USUBJID").AVAL
    assert len(built) == len(counted) == 334
    assert (built.sort_index() == counted[flare].sort_index()).all()


@pytest.mark.parametrize("time", TIMES)
def test_times_of_each_subject(btrial_frames: Frames, counted: pd.DataFrame, time: str) -> None:
    built = btrial_frames["ADTTE"].query("PARAMCD == @time").set_index("USUBJID").sort_index()
    assert len(built) == len(counted) == 334
    assert (counted[time].sort_index() == built.AVAL).all()
    assert (counted[f"{time}_CNSR"].sort_index() == built.CNSR).all()


def test_outcomes_by_arm(counted: pd.DataFrame) -> None:
    """The independent program agrees with the answers, too: it is no second copy of a mistake."""
    answers = pd.read_csv(DATA / "btrial" / "expected_outcomes.csv", dtype=str, keep_default_na=False)
    rates = answers[answers.PARAM.isin(list(FLARES))]
    free = answers[answers.STATISTIC == "KM EVENT-FREE AT DAY 364"]
    expected = {(r.PARAM, r.ARM): (int(r.n), int(r.N), float(r.PCT)) for r in rates.itertuples()}
    expected |= {(r.PARAM, r.ARM): (int(r.n), int(r.N), float(r.VALUE)) for r in free.itertuples()}
    found = {(r.PARAM, r.ARM): (r.n, r.N, r.VALUE) for r in outcomes(counted).itertuples()}
    assert found == expected
