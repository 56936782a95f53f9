"""Btrial's laboratory pages held against the traps of results, units and ranges, in an export made here.

Expected: tests/data/btrial/laboratory.csv, by hand from the study's rules.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from support import DATA

from cdisc_conv.pipeline import Options, build

ROOT = Path(__file__).parents[1]
EXPORT = ROOT / "examples/btrial/raw"
CASES = pd.read_csv(DATA / "btrial/laboratory.csv", dtype=str, keep_default_na=False).to_dict("records")
PARTS = list(CASES[0])[list(CASES[0]).index("domain") + 1 :]
with (EXPORT / "lab/local_lab.csv").open(encoding="utf-8-sig", newline="") as _local:
    HEADER = next(csv.reader(_local))
LABS = {"central": "Central Lab A", "local": "Site 05 Lab"}
SUBJECTS = sorted({c["subject"] for c in CASES})
# on the day of the first dose (of 01-002 at 12:47): before it, after it, and of another test without a time
DOSE_DAY = [("ALT", "20", "08:00"), ("ALT", "30", "23:00"), ("AST", "25", "")]


def laboratory_row(at: int, case: dict[str, str]) -> list[str]:
    """One row of a laboratory's export; its ROW_ID is the number of the case."""
    site, number = case["subject"].split("-")
    visit = case.get("visit", "W12")
    cells = dict.fromkeys(HEADER, "") | {
        "STUDYID": "Btrial",
        "SITE_NO": site,
        "SUBJ_NO": number,
        "VISIT_NAME": visit,
        "TEST_NAME": case["test"],
        "SPECIMEN": case["specimen"],
        "RESULT": case["result"],
        "UNIT": case["unit"],
        "REF_LOW": case["low"],
        "REF_HIGH": case["high"],
        "SAMPLE_DATE": case["date"],
        "SAMPLE_TIME": case["time"],
        "LAB_NAME": LABS[case["form"]],
        "ROW_ID": f"CASE-{at:02}",
        "LAST_MODIFIED": "2023-07-01 09:00:00",
    }
    return [cells[name] for name in HEADER]


def first_dose() -> str:
    """The day of the first dose of 01-002 in the export."""
    infusions = pd.read_csv(EXPORT / "edc/infusion.csv", dtype=str, encoding="utf-8-sig")
    mine = infusions[(infusions["SITE_NO"] == "01") & (infusions["SUBJ_NO"] == "002")]
    day = pd.to_datetime(mine[mine["VISIT_NAME"] == "W0"]["START_DATE"].item(), format="%d%b%Y")
    return str(day.date())


def of_subjects(source: Path, target: Path) -> None:
    """A copy of a CSV with the rows of the subjects of the cases; tables without subjects whole."""
    content = source.read_bytes()
    encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "gb18030"
    rows = list(csv.reader(content.decode(encoding).splitlines()))
    if "SUBJ_NO" in rows[0]:
        site, number = rows[0].index("SITE_NO"), rows[0].index("SUBJ_NO")
        rows = [rows[0], *(r for r in rows[1:] if f"{r[site]}-{r[number]}" in SUBJECTS)]
    with target.open("w", newline="", encoding="utf-8-sig") as out:
        csv.writer(out).writerows(rows)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """LB and IS of the cases, by ROW_ID."""
    raw = tmp_path_factory.mktemp("raw")
    for source in EXPORT.rglob("*.csv"):
        target = raw / source.relative_to(EXPORT)
        target.parent.mkdir(exist_ok=True)
        of_subjects(source, target)
    (raw / "manifest.csv").unlink()
    shutil.copy(EXPORT / "irt/unblinding.xlsx", raw / "irt/unblinding.xlsx")
    with (DATA / "btrial/ranges.csv").open(encoding="utf-8", newline="") as ranges_of_export:
        ranges = list(csv.reader(ranges_of_export))
    on_dose_day = [
        {"form": "central", "subject": "01-002", "test": t, "specimen": "Serum", "result": r, "unit": "U/L",
         "low": "", "high": "", "date": first_dose(), "time": time, "visit": "W0"}
        for t, r, time in DOSE_DAY
    ]  # fmt: skip
    numbered = list(enumerate([*CASES, *on_dose_day]))
    central = openpyxl.Workbook()
    central.remove(central.active)
    results = [HEADER, *(laboratory_row(at, c) for at, c in numbered if c["form"] == "central")]
    for name, rows in (("results", results), ("ranges", ranges)):
        sheet = central.create_sheet(name)
        for row in rows:
            sheet.append([cell or None for cell in row])
    central.save(raw / "lab/central_lab.xlsx")
    with (raw / "lab/local_lab.csv").open("w", newline="", encoding="utf-8") as out:
        local = [laboratory_row(at, c) for at, c in numbered if c["form"] == "local"]
        csv.writer(out).writerows([HEADER, *local])
    made = build("btrial", Options(workspace=ROOT, raw=raw, datasets=("LB", "IS")))
    frames = {n: made.datasets[n] for n in ("LB", "IS")}
    return {n: f.set_index(f"{n}SPID") for n, f in frames.items()}


def shown(value: object) -> str:
    """A cell as text, numbers in shortest form."""
    if pd.isna(value):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize(
    ("at", "case"),
    [pytest.param(i, c, id=f"{c['trap']}-{i}") for i, c in enumerate(CASES)],
)
def test_results(built, at, case):
    row = built[case["domain"]].loc[f"CASE-{at:02}"]
    found = {p: shown(row.get(case["domain"] + p)) for p in PARTS}
    assert found == {p: case[p] for p in PARTS}


def test_same_day_as_the_first_dose(built):
    """7.45: by time, and where there is none, before the dose."""
    rows = built["LB"].loc[[f"CASE-{len(CASES) + i:02}" for i in range(len(DOSE_DAY))]]
    assert [shown(v) for v in rows["LBLOBXFL"]] == ["Y", "", "Y"]
