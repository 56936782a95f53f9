"""A vertical laboratory file as a central laboratory sends it, 25 columns, and its subjects."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

TESTS = (
    # raw name, LBTESTCD, LBTEST, unit, LBORRESU, factor to the standard unit, standard unit, usual value
    ("Glucose", "GLUC", "Glucose", "mg/dL", "mg/dL", 1 / 18.016, "mmol/L", 95),
    ("Cholesterol, total", "CHOL", "Cholesterol", "mg/dL", "mg/dL", 1 / 38.67, "mmol/L", 190),
    ("HDL cholesterol", "HDL", "HDL Cholesterol", "mg/dL", "mg/dL", 1 / 38.67, "mmol/L", 55),
    ("LDL cholesterol", "LDL", "LDL Cholesterol", "mg/dL", "mg/dL", 1 / 38.67, "mmol/L", 110),
    ("Triglycerides", "TRIG", "Triglycerides", "mg/dL", "mg/dL", 1 / 88.57, "mmol/L", 140),
    ("Creatinine", "CREAT", "Creatinine", "mg/dL", "mg/dL", 88.4, "umol/L", 1),
    ("Bilirubin, total", "BILI", "Bilirubin", "mg/dL", "mg/dL", 17.104, "umol/L", 0.7),
    ("Albumin", "ALB", "Albumin", "g/dL", "g/dL", 10.0, "g/L", 4.3),
    ("Protein, total", "PROT", "Protein", "g/dL", "g/dL", 10.0, "g/L", 7.1),
    ("Haemoglobin", "HGB", "Hemoglobin", "g/dL", "g/dL", 10.0, "g/L", 14),
    ("Leukocytes", "WBC", "Leukocytes", "10^9/L", "10^9/L", 1.0, "10^9/L", 6.5),
    ("Platelets", "PLAT", "Platelets", "10^9/L", "10^9/L", 1.0, "10^9/L", 240),
    ("Erythrocytes", "RBC", "Erythrocytes", "10^12/L", "10^12/L", 1.0, "10^12/L", 4.7),
    ("Sodium", "SODIUM", "Sodium", "mmol/L", "mmol/L", 1.0, "mmol/L", 140),
    ("Potassium", "K", "Potassium", "mmol/L", "mmol/L", 1.0, "mmol/L", 4.2),
    ("Chloride", "CL", "Chloride", "mmol/L", "mmol/L", 1.0, "mmol/L", 102),
    ("Calcium", "CA", "Calcium", "mg/dL", "mg/dL", 1 / 4.008, "mmol/L", 9.4),
    ("Phosphate", "PHOS", "Phosphate", "mg/dL", "mg/dL", 1 / 3.097, "mmol/L", 3.4),
    ("ALT (SGPT)", "ALT", "Alanine Aminotransferase", "U/L", "U/L", 1.0, "U/L", 24),
    ("AST (SGOT)", "AST", "Aspartate Aminotransferase", "U/L", "U/L", 1.0, "U/L", 22),
)  # fmt: skip
VISITS = (
    "Screening",
    "Baseline",
    "Week 2",
    "Week 4",
    "Week 8",
    "Week 12",
    "Week 16",
    "Week 20",
    "Week 24",
    "ET",
)
CHEMISTRY = 10
FIRST_DOSE = np.datetime64("2014-01-06")


def write_lb(folder: Path, rows: int) -> None:
    """`lb.csv` with so many rows, and `dm.csv` with the subjects that they are of (200 rows a subject)."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(20140702)
    subjects = -(-rows // (len(TESTS) * len(VISITS)))
    site = 700 + np.arange(subjects) // 100
    number = 1001 + np.arange(subjects) % 100
    dose = FIRST_DOSE + np.arange(subjects) % 300
    dm = {"STUDY": "BENCH", "SITE": site, "SUBJ": number, "FIRSTDOSE": _raw_dates(dose)}
    dm["SEX"] = np.where(np.arange(subjects) % 2, "F", "M")
    pd.DataFrame(dm).to_csv(folder / "dm.csv", index=False)
    _lb(rng, rows, site, number, dose).to_csv(folder / "lb.csv", index=False)


def _lb(rng: np.random.Generator, rows: int, site: np.ndarray, number: np.ndarray, dose: np.ndarray):
    at = np.arange(rows)
    test = at % len(TESTS)
    visit = at // len(TESTS) % len(VISITS)
    subject = at // (len(TESTS) * len(VISITS))
    sample = at // len(TESTS)
    day = dose[subject] + np.array([-14, 0, 14, 28, 56, 84, 112, 140, 168, 180])[visit]
    minute = 480 + sample * 7 % 240
    usual = np.array([t[7] for t in TESTS])[test]
    value = np.round(usual * rng.normal(1, 0.18, rows), 2)
    low, high = np.round(usual * 0.7, 2), np.round(usual * 1.3, 2)
    flag = np.where(value < low, "L", np.where(value > high, "H", "N"))
    result = np.char.mod("%.2f", value).astype(object)
    lost = rng.random(rows) < 0.01
    result[lost], flag[lost] = "", ""
    pick = _texts
    return pd.DataFrame(
        {
            "STUDY": "BENCH", "SITE": site[subject], "SUBJ": number[subject],
            "ACCESSION": np.char.add("AC", np.char.zfill(sample.astype(str), 8)).astype(object),
            "LABID": at + 1, "VISIT": pick(VISITS, visit), "VISNUM": visit + 1,
            "CAT": np.where(test < CHEMISTRY, "CHEMISTRY", "HEMATOLOGY"), "SPEC": "Serum",
            "COLDT": _raw_dates(day), "COLTM": _raw_times(minute),
            "FASTING": np.where(sample % 3, "Yes", "No"),
            "TEST": pick([t[0] for t in TESTS], test), "RESULT": result,
            "UNIT": pick([t[3] for t in TESTS], test), "LOW": np.char.mod("%.2f", low).astype(object),
            "HIGH": np.char.mod("%.2f", high).astype(object), "FLAG": flag,
            "METHOD": pick(("Enzymology", "Photometry", "Flow cytometry"), test % 3),
            "STATUS": np.where(lost, "Not done", "Done"), "REASON": np.where(lost, "Sample haemolysed", ""),
            "LABNAME": pick(("CENTRAL LABORATORY NORTH", "CENTRAL LABORATORY SOUTH"), site[subject] % 2),
            "RECDT": _raw_dates(day + 2), "BATCH": 1 + sample // 96,
            "NOTE": pick(("", "", "", "Repeated once on request of the site"), sample % 4),
        }
    )  # fmt: skip


def _texts(values: tuple[str, ...] | list[str], at: np.ndarray) -> np.ndarray:
    return np.array(values, dtype=object)[at]


def _raw_dates(days: np.ndarray) -> np.ndarray:
    """02JAN2014"""
    codes, values = pd.factorize(days)
    return np.array([str(pd.Timestamp(v).strftime("%d%b%Y")).upper() for v in values], dtype=object)[codes]


def _raw_times(minutes: np.ndarray) -> np.ndarray:
    """08:30"""
    return np.array([f"{m // 60:02}:{m % 60:02}" for m in range(1440)], dtype=object)[minutes]
