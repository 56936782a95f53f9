"""O1 to O4 of Btrial from the raw exports alone: an independent program, as in double programming.

    python tests/independent/btrial_o1_o4.py examples/btrial/raw

It shares nothing with the package: it reads the site's own flare category, the randomisation, the infusions
and the end of study, and counts.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

FLARES = {"FLANY52": (1, 2), "FLMM52": (1,), "FLSEV52": (2,)}
TIMES = {"TTFLARE": "FLANY52", "TTMMFLR": "FLMM52", "TTSVFLR": "FLSEV52"}


def form(raw: Path, name: str) -> pd.DataFrame:
    """A form: the latest version of each row, the subject in one spelling."""
    table = pd.read_csv(raw / name, dtype=str, encoding="utf-8-sig", keep_default_na=False)
    table = table.sort_values("LAST_MODIFIED", kind="stable").drop_duplicates("ROW_ID", keep="last")
    return table.assign(ID=table.SITE_NO.str.strip().str.zfill(2) + "-" + table.SUBJ_NO.str.strip())


def day(text: pd.Series) -> pd.Series:
    """Dates as 2021-03-19, 19MAR2021 or an Excel serial number."""
    serial = pd.to_datetime(pd.to_numeric(text, errors="coerce"), unit="D", origin="1899-12-30")
    return serial.fillna(pd.to_datetime(text, format="mixed", errors="coerce"))


def subjects(raw: Path) -> pd.DataFrame:
    """One row a randomised subject: arm, flares by day 378 and times to them with their censoring."""
    drawn = form(raw, "irt/randomisation.csv").assign(RANDDT=lambda t: day(t.RAND_DATE)).set_index("ID")
    arms = pd.read_excel(raw / "irt/unblinding.xlsx", "randomisation_list", engine="openpyxl")
    people = drawn[["RANDDT"]].assign(ARM=drawn.RAND_NO.map(arms.set_index("RAND_NO").ARM_DESC))
    doses = form(raw, "edc/infusion.csv").query("DOSE_GIVEN == 'Y'")
    people["FIRST"] = day(doses.START_DATE).groupby(doses.ID).min().reindex(people.index)
    people["FIRST"] = people.FIRST.fillna(people.RANDDT)
    end = form(raw, "edc/disposition.csv").set_index("ID")
    people["LAST"] = (people.FIRST + pd.Timedelta(days=377)).clip(upper=day(end.EOS_DATE))
    people["REASON"] = end.EOS_REASON.where(end.EOS_STATUS == "withdrawn", end.EOS_STATUS)
    seen = form(raw, "edc/sfi.csv").query("SFI_RESULT != ''").assign(ADT=lambda t: day(t.ASSESS_DATE))
    seen = seen.join(people[["FIRST", "LAST"]], on="ID", how="inner")
    seen = seen[(seen.ADT > seen.FIRST) & (seen.ADT <= seen.LAST)]
    last = seen.groupby("ID").ADT.max().reindex(people.index)
    for (name, grades), time in zip(FLARES.items(), TIMES, strict=True):
        flare = seen[seen.SFI_RESULT.astype(int).isin(grades)].groupby("ID").ADT.min().reindex(people.index)
        people[name] = flare.notna().astype(int)
        people[time] = (flare.fillna(last).fillna(people.RANDDT) - people.RANDDT).dt.days + 1
        censor = people.REASON.map({"DEATH": 3, "completed": 1}).fillna(2).where(last.notna(), 4)
        people[f"{time}_CNSR"] = censor.where(flare.isna(), 0).astype(int)
    return people


def survival(time: pd.Series, censored: pd.Series, at: int) -> float:
    """The Kaplan-Meier estimate of being without event at a day."""
    free = 1.0
    for t in sorted(time[(censored == 0) & (time <= at)].unique()):
        free *= 1 - ((time == t) & (censored == 0)).sum() / (time >= t).sum()
    return free


def outcomes(people: pd.DataFrame) -> pd.DataFrame:
    """n, N and percent by arm for O1 to O3; events and survival at day 364 for O4."""
    rows = []
    for arm, group in people.groupby("ARM"):
        rows += [(p, arm, group[p].sum(), len(group), round(100 * group[p].mean(), 2)) for p in FLARES]
        for time, flare in TIMES.items():
            free = survival(group[time], group[f"{time}_CNSR"], 364)
            rows.append((time, arm, group[flare].sum(), len(group), round(free, 4)))
    return pd.DataFrame(rows, columns=["PARAM", "ARM", "n", "N", "VALUE"])


if __name__ == "__main__":
    print(outcomes(subjects(Path(sys.argv[1]))).to_string(index=False))
