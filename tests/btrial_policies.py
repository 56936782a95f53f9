"""What each policy of Btrial changes, worked out by hand from the design and the raw forms of subjects."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from btrial_small import Row, edit

SUBJECTS = (
    *("01-004", "01-005", "01-010", "01-017", "02-007", "02-049", "02-070", "03-002", "03-020", "05-013"),
    *("05-018", "05-021", "08-002", "08-027", "08-033", "08-051", "11-022"),
)

# Forms changed so that a policy has something to decide: file, subject, visit (or "": every row), cells.
EDITS = [
    ("sfi", "02-007", "W12", {"SFI_RESULT": "0"}),  # derived mild/moderate (M3), the investigator says none
    ("sfi", "11-022", "W24", {"SFI_RESULT": "1"}),  # the other way round
    ("sfi", "05-021", "W8", {"SFI_RESULT": "2"}),  # a major flare before a mild one
    ("sfi", "05-021", "W16", {"SFI_RESULT": "1"}),
    ("sfi", "02-049", "W20", {"FLARE_ONSET_DATE": "2022-05-20"}),  # the form before: 2022-04-27
    ("sfi", "05-013", "W24", {"FLARE_ONSET_DATE": "2021-11-01"}),  # before the form before (2021-11-22)
    ("sledai", "02-007", "W24", {"S20_LOWCOMP": "0", "S21_DNA": "0", "S10_MYOSITIS": "1"}),  # still 4
    ("sledai", "02-007", "W28", {"S23_THROMBOCYTOPENIA": ""}),  # a laboratory item; low complement and DNA: 4
    ("sledai", "02-007", "W32", {"S09_ARTHRITIS": ""}),  # a clinical one
    ("pga", "11-022", "W28", {"PGA": "1.1"}),  # 0.5 at W24
    ("ae", "02-007", "", {"START_DATE": "2022-06-04", "END_DATE": "2022-06-05"}),  # last dose 2022-05-15
    ("prednisone_log", "05-018", "LOG", {"END_DATE": "2022/7/14", "ONGOING": "N"}),  # WEEK 52: 2022-08-23
    ("disposition", "08-051", "", {"LAST_CONTACT_DATE": "2023-05-02"}),
]


def change_forms(workspace: Path) -> None:
    """Put the edits into the raw forms; 08-051 gets no dose after WEEK 2 (2022-04-29)."""
    for form, subject, visit, cells in EDITS:
        edit(workspace, f"edc/{form}.csv", lambda rows, s=subject, v=visit, c=cells: _change(rows, s, v, c))
    edit(
        workspace,
        "edc/infusion.csv",
        lambda rows: [r for r in rows if not _is(r, "08-051") or r["VISIT_NAME"] in ("W0", "W2")],
    )


def _is(row: Row, subject: str) -> bool:
    return f"{row['SITE_NO'].zfill(2)}-{row['SUBJ_NO'].zfill(3)}" == subject


def _change(rows: list[Row], subject: str, visit: str, cells: dict[str, str]) -> None:
    found = [r for r in rows if _is(r, subject) and visit in ("", r["VISIT_NAME"])]
    assert found, (subject, visit)
    for row in found:
        row.update(cells)


@dataclass(frozen=True)
class Cell:
    """A cell before and after: None for missing; of variable ROWS the number of records."""

    dataset: str
    variable: str
    before: Any
    after: Any
    subject: str = ""
    where: dict[str, Any] = field(default_factory=dict)


def cell(text: str, before: Any, after: Any, **where: Any) -> Cell:
    """`DATASET.VARIABLE [SUBJECT]` with the values of other variables that choose the record."""
    name, _, subject = text.partition(" ")
    dataset, variable = name.split(".")
    return Cell(dataset, variable, before, after, subject, where)


LATE = {"EXSTDTC": "2022-02-20"}  # trap 7.13: 120 mg at 50 kg

CASES: dict[str, tuple[dict[str, str], list[Cell]]] = {
    "tabulation": (
        {
            **{"rfendtc": "LAST_DOSE", "ethnic": "NOT_REPORTED", "dose_mode": "FIXED", "dose_value": "120"},
            **{
                "interrupted_infusion": "TWO_RECORDS",
                "ae_include_flares": "true",
                "conmed_duplicates": "BOTH",
            },
            **{"sledai_interval": "-P30D", "titer_numeric": "NONE", "epoch_followup": "NONE"},
            **{"comparator": "PLACEBO", "actual_subjects": "consented"},
        },
        [
            cell("DM.RFENDTC 08-002", "2021-07-21", "2021-07-02"),
            cell("DM.ETHNIC 08-002", None, "NOT REPORTED"),
            cell("EX.EXDOSE 08-027", 2.4, 120, **LATE),
            cell("EX.EXDOSU 08-027", "mg/kg", "mg", **LATE),
            cell("TS.TSVAL", "2", "120", TSPARMCD="DOSE"),
            cell("TS.TSVAL", "mg/kg", "mg", TSPARMCD="DOSU"),
            cell("TS.TSVALCD", "C67401", "C28253", TSPARMCD="DOSU"),
            cell("TS.ROWS", 0, 1, TSPARMCD="COMPTRT", TSVAL="PLACEBO"),
            cell("TS.TSVAL", "16", "17", TSPARMCD="ACTSUB"),
            cell("EC.ROWS 11-022", 1, 2, VISIT="WEEK 8"),
            cell("EC.ECENDTC 11-022", "2022-04-25T00:50", "2022-04-24T23:40", ECSTDTC="2022-04-24T23:20"),
            cell("EC.ECDOSE 11-022", 135.4, 135.4, ECSTDTC="2022-04-24T23:20"),
            cell("EC.ECENDTC 11-022", None, "2022-04-25T00:50", ECSTDTC="2022-04-24T23:55"),
            cell("EX.ROWS 11-022", 1, 1, VISIT="WEEK 8"),
            cell("RELREC.RELTYPE", "ONE", "MANY", RDOMAIN="EC"),
            cell("AE.ROWS 01-005", 0, 1, AESPID="2"),
            cell("ADAE.ROWS 01-005", 0, 1, AESPID="2"),
            cell("CE.ROWS 01-005", 1, 0, CESPID="2"),
            cell("CM.ROWS 05-021", 0, 1, CMTRT="Prednisone", CMCAT="CONCOMITANT MEDICATION"),
            cell("SUPPCM.ROWS 05-021", 0, 1, QNAM="CMDUPFL"),
            cell("ADPRED.AVAL 05-021", 5, 5, PARAMCD="PREDDOSE", VISIT="WEEK 12"),  # taken once
            cell("QS.QSEVLINT 02-007", "-P10D", "-P30D", QSTESTCD="SLED0101", VISIT="WEEK 0"),
            cell("IS.ISSTRESC 01-010", "1:320", "1:320", ISBDAGNT="NUCLEAR AUTOANTIGENS"),
            cell("IS.ISSTRESN 01-010", 320, None, ISBDAGNT="NUCLEAR AUTOANTIGENS"),
            cell("SE.ROWS 02-007", 1, 0, ETCD="FUP"),
            cell("SE.SEENDTC 02-007", "2022-05-15", "2022-06-11", TAETORD=2),
            cell("TA.ROWS", 2, 0, ETCD="FUP"),
            cell("TE.ROWS", 1, 0, ETCD="FUP"),
            cell("TE.TEDUR", "P48W", "P52W", ETCD="BEL"),
        ],
    ),
    "last contact": (
        {"rfendtc": "LAST_CONTACT"},
        [cell("DM.RFENDTC 08-051", "2023-04-17", "2023-05-02")],
    ),
    "scores": (
        {
            **{"sledai_missing_lab": "ZERO", "blq_rule": "LLOQ", "lldas_l2": "SFI"},
            **{"lldas_include_myositis": "true", "lldas_ignore_study_drug": "false"},
        },
        [
            cell("ADSLEDAI.ROWS 02-007", 0, 1, PARAMCD="SLEDTOT", VISIT="WEEK 28", AVAL=4),
            cell("ADSLEDAI.ROWS 02-007", 0, 0, PARAMCD="SLEDTOT", VISIT="WEEK 32"),
            cell("ADSLEDAI.AVAL 02-007", 1, 1, PARAMCD="SLEDNMIS", VISIT="WEEK 28"),
            cell("ADSLEDAI.AVAL 02-007", 0, 0, PARAMCD="SLEDNMIS", VISIT="WEEK 24"),
            cell("ADLB.AVAL 08-033", 5, 10, PARAMCD="DSDNA", VISIT="WEEK 0"),
            cell("ADLB.DTYPE 08-033", "HALFLLOQ", "LLOQ", PARAMCD="DSDNA", VISIT="WEEK 0"),
            cell("ADLLDAS.AVALC 11-022", "Y", "N", PARAMCD="LLDC2", VISIT="WEEK 24"),
            cell("ADLLDAS.AVALC 02-007", "Y", "N", PARAMCD="LLDC1", VISIT="WEEK 24"),
            cell("ADLLDAS.AVALC 02-007", "Y", "Y", PARAMCD="LLDC1", VISIT="WEEK 20"),
            cell("ADLLDAS.AVALC 02-007", "Y", "N", PARAMCD="LLDC5", VISIT="WEEK 24"),
            cell("ADLLDAS.AVALC 02-007", "Y", "Y", PARAMCD="LLDC5", VISIT="WEEK 0"),
        ],
    ),
    "collected total, first assessment": (
        {"sledai_total": "CRF", "lldas_first": "MISSING", "blq_rule": "MISSING"},
        [
            cell("ADSLEDAI.AVAL 03-002", 8, 6, PARAMCD="SLEDTOT", VISIT="WEEK 16"),
            cell("ADLLDAS.AVALC 02-007", "Y", None, PARAMCD="LLDC2", VISIT="SCREENING"),
            cell("ADLLDAS.ALONEFL 02-007", "Y", "Y", PARAMCD="LLDC2", VISIT="SCREENING"),
            cell("ADLLDAS.AVALC 02-007", "Y", "Y", PARAMCD="LLDC2", VISIT="WEEK 0"),
            cell("ADLB.AVAL 08-033", 5, None, PARAMCD="DSDNA", VISIT="WEEK 0"),
        ],
    ),
    "reference": (  # trap 7.6: 4 at WEEK 0, 2 at W16, 5 at W24
        {"sfi_reference": "BASELINE"},
        [
            cell("ADSFI.SLEDCHG 05-013", 3, 1, VISIT="WEEK 24"),
            cell("ADFLARE.AVALC 05-013", "Y", "N", PARAMCD="SFIM1", VISIT="WEEK 24"),
            cell("ADFLARE.AVALC 05-013", "MILD/MODERATE", "NONE", PARAMCD="SFIDRV", VISIT="WEEK 24"),
        ],
    ),
    "criteria": (
        {"sfi_m1_widened": "false", "sfi_pga_rule": "INCREASE_TO", "med_lag_days": "0"},
        [
            # trap 7.23: SLEDAI 4 to 13 and nothing else
            cell("ADFLARE.AVALC 08-051", "MILD/MODERATE", "NONE", PARAMCD="SFIDRV", VISIT="WEEK 12"),
            cell("ADFLARE.AVALC 08-051", "SEVERE", "SEVERE", PARAMCD="SFICLS", VISIT="WEEK 12"),
            cell("ADFLARE.AVALC 11-022", "N", "Y", PARAMCD="SFIM5", VISIT="WEEK 28"),
            # trap 7.56: the dose is raised on the day after WEEK 12
            cell("ADFLARE.AVALC 02-070", "Y", "N", PARAMCD="SFIM3", VISIT="WEEK 12"),
            cell("ADFLARE.AVALC 02-070", "N", "Y", PARAMCD="SFIM3", VISIT="WEEK 16"),
        ],
    ),
    "derived flares": (
        {"flare_source": "DERIVED"},
        [
            cell("ADTTE.CNSR 02-007", 1, 0, PARAMCD="TTFLARE"),
            cell("ADTTE.ADT 02-007", "2022-06-11", "2021-09-02", PARAMCD="TTFLARE"),
            cell("ADTTE.SRCDOM 02-007", "QS", "ADSFI", PARAMCD="TTFLARE"),
            cell("ADTTE.CNSR 11-022", 0, 1, PARAMCD="TTFLARE"),
            cell("ADTTE.ADT 11-022", "2022-08-15", "2023-02-20", PARAMCD="TTFLARE"),
        ],
    ),
    "either": (
        {"flare_source": "EITHER"},
        [
            cell("ADTTE.ADT 02-007", "2022-06-11", "2021-09-02", PARAMCD="TTFLARE"),
            cell("ADTTE.CNSR 02-007", 1, 0, PARAMCD="TTFLARE"),
            cell("ADTTE.CNSR 11-022", 0, 0, PARAMCD="TTFLARE"),
            cell("ADFLARE.AVALC 02-007", "NONE", "NONE", PARAMCD="SFIINV", VISIT="WEEK 12"),
        ],
    ),
    "derived, classic": (
        {"flare_source": "DERIVED", "sfi_variant": "CLASSIC"},
        [
            cell("ADTTE.CNSR 08-051", 1, 0, PARAMCD="TTSVFLR"),
            cell("ADTTE.ADT 08-051", "2023-04-17", "2022-07-08", PARAMCD="TTSVFLR"),
            cell("ADFLARE.CRIT1FL 08-051", None, "Y", PARAMCD="SFIINV", VISIT="WEEK 12"),
        ],
    ),
    "derived, without the drugs": (
        {"flare_source": "DERIVED", "sfi_variant": "MOD_NOMED"},
        [
            cell("ADFLARE.CRIT1FL 02-007", "Y", None, PARAMCD="SFIINV", VISIT="WEEK 12"),
            cell("ADTTE.CNSR 02-007", 1, 1, PARAMCD="TTFLARE"),  # M3 alone
            cell("ADTTE.CNSR 08-051", 1, 0, PARAMCD="TTSVFLR"),
        ],
    ),
    "onset, worst": (
        {"flare_date": "ONSET", "flare_classify": "WORST", "tte_competing": "CENSOR"},
        [
            cell("ADTTE.ADT 02-049", "2022-05-29", "2022-05-20", PARAMCD="TTSVFLR"),
            cell("ADTTE.SRCVAR 02-049", "QSDTC", "QSFLSTDT", PARAMCD="TTSVFLR"),
            cell("ADFLARE.ADY 02-049", 142, 133, PARAMCD="SFIINV", VISIT="WEEK 20"),
            cell("ADTTE.ADT 05-013", "2022-01-17", "2022-01-17", PARAMCD="TTFLARE"),  # of an earlier time
            # trap 7.30: mild/moderate at W8, severe at W20
            cell("ADFLARE.AVALC 02-049", "Y", "N", PARAMCD="FLMM52"),
            cell("ADFLARE.AVALC 02-049", "Y", "Y", PARAMCD="FLSEV52"),
            cell("ADTTE.CNSR 02-049", 0, 0, PARAMCD="TTMMFLR"),  # the mild one came first
            cell("ADTTE.CNSR 05-021", 0, 6, PARAMCD="TTMMFLR"),
            cell("ADTTE.ADT 05-021", "2022-01-01", "2021-11-02", PARAMCD="TTMMFLR"),
            cell(
                "ADTTE.EVNTDESC 08-051",
                "FIRST MILD/MODERATE FLARE",
                "FIRST MILD/MODERATE FLARE",
                PARAMCD="TTMMFLR",
            ),
        ],
    ),
    "before the first dose": (  # trap 7.29: randomised 2021-08-22, flare 2021-08-24, first dose 2021-08-25
        {"count_predose": "true", "last_day": "100", "fas": "ITT"},
        [
            cell("ADTTE.CNSR 05-018", 1, 0, PARAMCD="TTFLARE"),
            cell("ADTTE.AVAL 05-018", 367, 3, PARAMCD="TTFLARE"),
            cell("ADFLARE.PREFL 05-018", "Y", "Y", PARAMCD="SFIINV", ADT="2021-08-24"),
            cell("ADSL.FLANY52 05-018", "N", "Y"),
            cell("ADTTE.CNSR 02-049", 0, 1, PARAMCD="TTSVFLR"),  # day 142
            cell("ADTTE.ADT 02-049", "2022-05-29", "2022-04-04", PARAMCD="TTSVFLR"),  # W12, day 87
            cell("ADSL.FASFL 01-004", "N", "Y"),
            cell("ADSL.FASFL 03-020", "N", "N"),
        ],
    ),
    "time to event": (
        {"tte_start": "TRTSDT", "tte_death": "DEATH", "tte_hypothetical": "true"},
        [
            cell("ADTTE.ROWS 01-004", 3, 0),
            cell("ADTTE.STARTDT 05-018", "2021-08-22", "2021-08-25", PARAMCD="TTFLARE"),
            cell("ADTTE.AVAL 05-018", 367, 364, PARAMCD="TTFLARE"),
            cell("ADTTE.ADT 08-002", "2021-07-02", "2021-07-21", PARAMCD="TTFLARE"),
            cell(
                "ADTTE.CNSDTDSC 08-002",
                "LAST SFI ASSESSMENT BEFORE DEATH",
                "DATE OF DEATH",
                PARAMCD="TTFLARE",
            ),
            cell("ADTTE.CNSR 08-002", 3, 3, PARAMCD="TTFLARE"),
            # last dose 2022-04-29, flare 2022-07-08
            cell("ADTTE.CNSR 08-051", None, 7, PARAMCD="TTFLAROT"),
            cell("ADTTE.ADT 08-051", None, "2022-05-27", PARAMCD="TTFLAROT"),
            cell("ADTTE.CNSR 08-051", 0, 0, PARAMCD="TTFLARE"),
            cell("ADTTE.CNSR 02-049", None, 0, PARAMCD="TTFLAROT"),
        ],
    ),
    "hypothetical, all randomised": (
        {"tte_hypothetical": "true"},
        [
            cell("ADTTE.ROWS 01-004", 3, 4),
            cell("ADTTE.EVNTDESC 01-004", None, "NOT TREATED", PARAMCD="TTFLAROT"),
        ],
    ),
    "prednisone": (
        {"pred_at_visit": "LEAVING", "pfree52_population": "ON_PREDNISONE", "pfree_days": "60"},
        [
            cell("ADPRED.AVAL 02-007", 5, 15, PARAMCD="PREDDOSE", VISIT="WEEK 12"),
            cell("ADPRED.AVALC 05-018", "Y", "N", PARAMCD="PFREE52"),  # stopped 40 days before
            cell("ADSL.PFREE52 05-018", "Y", "N"),
            cell("ADPRED.AVALC 01-017", "Y", None, PARAMCD="PFREE52"),  # none at baseline
            cell("ADSL.PFREE52 01-017", "Y", None),
        ],
    ),
    "pulses, populations, subgroups": (
        {
            **{"pulse_mg": "10", "pprot_doses": "90", "teae_days": "10"},
            **{"age_cut": "38", "sle_years_cut": "20", "sledai_cut": "5", "pga_cut": "0.6"},
        },
        [
            cell("ADPRED.AVAL 02-007", 15, 0, PARAMCD="PREDDOSE", VISIT="WEEK 16"),
            # seven of the eight infusions due up to the flare (2022-01-17): 87.5 percent
            cell("ADSL.PPROTFL 05-013", "Y", "N"),
            cell("ADSL.DOSEINT 05-013", 92.9, 92.9),  # 13 of 14
            cell("ADAE.TRTEMFL 02-007", "Y", None),  # 20 days after the last dose
            # 02-007: age 38, 18.16 years, SLEDAI 4, PGA 0.6; 11-022: age 37, 23.37 years, SLEDAI 4, PGA 0.7
            cell("ADSL.AGEGR1 02-007", "<40", ">=38"),
            cell("ADSL.AGEGR1 11-022", "<40", "<38"),
            cell("ADSL.AGEGR1N 02-007", 1, 2),
            cell("ADSL.SLEDGR1 02-007", ">=5", "<20"),
            cell("ADSL.SLEDGR1 11-022", ">=5", ">=20"),
            cell("ADSL.BSLEDGR1 02-007", ">=4", "<5"),
            cell("ADSL.BPGAGR1 02-007", "<=1", "<=0.6"),
            cell("ADSL.BPGAGR1 11-022", "<=1", ">0.6"),
        ],
    ),
}
"""A name, the policies changed together, and cells of the package before and after."""
