"""Btrial built from its raw exports, against the answers of the program that simulated them.

Expected: tests/data/btrial (see the README there). Every cell of every table of answers is compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from support import DATA

from cdisc_conv.model.result import BuildResult

ROOT = Path(__file__).parents[1]
ANSWERS = DATA / "btrial"
REPORTED = "ERROR_REPORTED"
Frames = dict[str, pd.DataFrame]

KEYS = {
    "dm": ["USUBJID"],
    "ex": ["USUBJID", "VISIT"],
    "adsl": ["USUBJID"],
    "adae": ["USUBJID", "AESPID"],
    "adtte": ["USUBJID", "PARAMCD"],
    "sledai": ["USUBJID", "VISITNUM"],
    "flare": ["USUBJID", "VISITNUM"],
    "bilag": ["USUBJID", "VISITNUM"],
    "pga": ["USUBJID", "VISITNUM"],
    "pred": ["USUBJID", "VISITNUM"],
}


@pytest.fixture
def package(btrial_package: BuildResult) -> BuildResult:
    """The study built once with its files."""
    return btrial_package


@pytest.fixture
def built(btrial_frames: Frames) -> Frames:
    """Every dataset as another reader finds it."""
    return btrial_frames


def answers(name: str) -> pd.DataFrame:
    """A table of answers as text, visit numbers as numbers."""
    table = pd.read_csv(ANSWERS / f"expected_{name}.csv", dtype=str, keep_default_na=False)
    return table.astype({"VISITNUM": float}) if "VISITNUM" in table else table


def doses(built: Frames) -> pd.DataFrame:
    """EX with the milligrams of the EC record of the same infusion."""
    ec = built["EC"].rename(columns={"ECLNKID": "EXLNKID", "ECDOSE": "ECDOSE_MG"})
    return built["EX"].merge(ec[["USUBJID", "EXLNKID", "ECDOSE_MG"]], on=["USUBJID", "EXLNKID"])


def totals(built: Frames) -> pd.DataFrame:
    """SLEDTOT rows with the three totals side by side."""
    rows = built["ADSLEDAI"]
    wide = rows.pivot(index=KEYS["sledai"], columns="PARAMCD", values="AVAL").reset_index()
    return rows[rows["PARAMCD"] == "SLEDTOT"].merge(wide, on=KEYS["sledai"])


def flares(built: Frames) -> pd.DataFrame:
    """The investigator's categories with the derived ones and the criteria of the same assessment."""
    rows = built["ADFLARE"]
    rows = rows[rows["VISITNUM"].notna()]
    grades = rows.pivot(index=KEYS["flare"], columns="PARAMCD", values="AVAL")
    answers = rows.pivot(index=KEYS["flare"], columns="PARAMCD", values="AVALC")
    criteria = answers.filter(regex=r"^SFI[MS]\d$").rename(columns=lambda name: name[3:])
    wide = grades[["SFIINV", "SFIDRV", "SFICLS", "SFINMD"]].join(criteria).reset_index()
    return rows[rows["PARAMCD"] == "SFIINV"].merge(wide, on=KEYS["flare"])


SYSTEMS = ("CONST", "MUCO", "NEUR", "MUSC", "CARD", "GI", "OPH", "REN", "HAEM")


def bilag(built: Frames) -> pd.DataFrame:
    """BILGTOT rows with the nine grades as one word and the numbers of A and B."""
    rows = built["ADBILAG"]
    grades = rows.pivot(index=KEYS["bilag"], columns="PARAMCD", values="AVALC")[[f"BG{s}" for s in SYSTEMS]]
    wide = rows.pivot(index=KEYS["bilag"], columns="PARAMCD", values="AVAL")[["BILGTOT", "BILGNA", "BILGNB"]]
    wide["GRADES"] = grades.sum(axis=1)
    return rows[rows["PARAMCD"] == "BILGTOT"].merge(wide.reset_index(), on=KEYS["bilag"])


def pga(built: Frames) -> pd.DataFrame:
    """The physician's global assessments."""
    return built["ADPGA"].rename(columns={"AVAL": "PGA"})


def doses_at_visits(built: Frames) -> pd.DataFrame:
    """The prednisone-equivalent doses on entering each visit."""
    rows = built["ADPRED"]
    return rows[rows["PARAMCD"] == "PREDDOSE"].rename(columns={"AVAL": "PREDDOSE"})


VIEWS: dict[str, Callable[[Frames], pd.DataFrame]] = {
    "dm": lambda b: b["DM"],
    "ex": doses,
    "adsl": lambda b: b["ADSL"],
    "adae": lambda b: b["ADAE"],
    "adtte": lambda b: b["ADTTE"],
    "sledai": totals,
    "flare": flares,
    "bilag": bilag,
    "pga": pga,
    "pred": doses_at_visits,
}


def same(found: Any, wanted: pd.Series[Any]) -> Any:
    """Cell by cell: numbers at 4 decimals, missing as "", what must not be chosen as missing."""
    wanted = wanted.mask(wanted == REPORTED, "")
    if found.dtype.kind != "f":
        return found.fillna("").to_numpy() == wanted.to_numpy()
    numbers = pd.to_numeric(wanted.replace("", None)).to_numpy(dtype="float64")
    return np.isclose(found.to_numpy(), numbers, rtol=0, atol=0.5e-4, equal_nan=True)


@pytest.mark.parametrize("name", VIEWS)
def test_every_cell(built: Frames, name: str) -> None:
    wanted, found = answers(name), VIEWS[name](built)
    columns = [c for c in wanted if c not in KEYS[name]]
    found = found.set_index(KEYS[name]).sort_index()
    wanted = wanted.set_index(KEYS[name]).sort_index()
    assert found.index.is_unique
    assert found.index.equals(wanted.index)
    wrong = {
        c: list(zip(wanted.index[bad], found[c][bad], wanted[c][bad], strict=True))[:5]
        for c in columns
        if (bad := ~same(found[c], wanted[c])).any()
    }
    assert not wrong


def test_counts_of_adverse_events(built: Frames) -> None:
    events = built["ADAE"][built["ADAE"]["TRTEMFL"] == "Y"]
    worst = events.groupby("USUBJID")["ATOXGRN"].transform("max")
    of = {
        "ANY TEAE": events["USUBJID"] != "",
        "SERIOUS TEAE": events["AESER"] == "Y",
        "INFECTION TEAE": events["CQ01NAM"] == "INFECTIONS",
        "INFUSION REACTION TEAE": events["CQ02NAM"] == "INFUSION REACTIONS",
        "MISSING GRADE ONLY": worst.isna(),
        **{f"WORST GRADE {k}": worst == k for k in range(1, 6)},
    }
    treated = built["ADSL"][built["ADSL"]["SAFFL"] == "Y"]
    for row in answers("ae_counts").to_dict("records"):
        chosen = events[of[row["MEASURE"]] & (events["TRTA"] == row["TRT01A"])]
        number = len(chosen) if row["UNIT"] == "EVENTS" else chosen["USUBJID"].nunique()
        assert number == int(row["n"]), row
        assert (treated["TRT01A"] == row["TRT01A"]).sum() == int(row["N"])


TRAPS = json.loads((ANSWERS / "expected_traps.json").read_text(encoding="utf-8"))
LABORATORY = {  # tests as the answers call them
    "CRP": ("LBTESTCD", "CRP"),
    "U-PRO": ("LBTESTCD", "PROT"),
    "anti-dsDNA": ("ISBDAGNT", "DOUBLE STRANDED DNA"),
    "NUCLEAR AUTOANTIGENS": ("ISBDAGNT", "NUCLEAR AUTOANTIGENS"),
}


def records(built: Frames, trap: dict[str, Any]) -> pd.DataFrame:
    """The records of a trap's key: `VARIABLE=value`, or a parameter, test or category with its visit."""
    rows = built[trap["dataset"]]
    rows = rows[rows["USUBJID"] == trap["subject"]]
    variable, _, value = trap["key"].partition("=")
    if trap["dataset"] in ("LB", "IS"):
        test = next(t for t in LABORATORY if trap["key"].startswith(t))
        column, code = LABORATORY[test]
        when = trap["key"].removeprefix(test).strip()
        return rows[(rows[column] == code) & ((rows["VISIT"] == when) | (not when))]
    if value:
        return rows[rows[variable].astype("str").str.startswith(value)]
    if not variable or "/" in variable:
        return rows
    name, _, when = variable.partition(" ")
    when = re.sub(r"^W(\d+)\b( .*)?$", r"WEEK \1", when)
    kind = next(v for v in ("PARAMCD", "QSTESTCD", "QSCAT") if v in rows and (rows[v] == name).any())
    rows = rows[rows[kind] == name]
    return rows if not when else rows[(rows["VISIT"] == when) | (rows.get("ADT") == when)]


def cell(built: Frames, trap: dict[str, Any]) -> Any:
    """What was built in a trap's cell."""
    rows, variable = records(built, trap), trap["variable"]
    if variable == "ROWS":
        return len(rows)
    if variable == "AETERM+SUPPAE.AETERM1":
        supp = built["SUPPAE"]
        of_event = supp["USUBJID"].eq(trap["subject"]) & supp["QNAM"].eq("AETERM1")
        more = supp[of_event & supp["IDVARVAL"].isin(rows["AESEQ"].astype(int).astype(str))]
        assert rows["AETERM"].str.len().max() <= 200
        return " ".join([*rows["AETERM"], *more["QVAL"]])
    if "/" in trap["key"]:
        return "/".join(rows.set_index("PARAMCD").loc[k, variable] for k in trap["key"].split("/"))
    if trap["dataset"] in ("LB", "IS"):
        text, *numbers = (trap["dataset"] + v.removeprefix(trap["dataset"]) for v in variable.split("/"))
        shown = ["null" if np.isnan(n := rows[v].item()) else f"{n:g}" for v in numbers]
        return "/".join([rows[text].item(), *shown])
    if "/" in variable:
        cells = [rows[v].item() for v in variable.split("/")]
        return "/".join(c if isinstance(c, str) else f"{c:g}" for c in cells)
    if trap["dataset"] == "DS":
        rows = rows[rows["DSSCAT"] == "STUDY PARTICIPATION"]
    if rows.empty and trap["expected"] is None:
        return None  # what is rejected has no record
    return rows[variable].drop_duplicates().item()


@pytest.mark.parametrize(
    "trap",
    [pytest.param(t, id=f"{t['trap']}-{t['variable']}") for t in TRAPS],
)
def test_traps(built: Frames, trap: dict[str, Any]) -> None:
    found, wanted = cell(built, trap), trap["expected"]
    if isinstance(found, float) and np.isnan(found):
        found = None
    if isinstance(wanted, int | float):
        assert found == pytest.approx(wanted, abs=0.5e-4)
    else:
        assert (found or "") == ("" if wanted in (None, REPORTED) else wanted)


CODES = {"DUPLICATE_IDENTICAL": "RAW060", "DUPLICATE_CONFLICT": "RAW061"}
SEVERITY = {"error": "error", "warning": "warning", "log": "note", "note": "note"}
# true findings beside those of the answers, counted in the raw exports without this library
FURTHER = {
    "BLOOD_PRESSURES_SWAPPED": 4,
    "HOSPITAL_STAY_NOT_IN_ADVERSE_EVENT": 2,
    "INTERRUPTED_WITHOUT_TRACE_IN_DOSING": 42,
    "FLARE_HOSPITAL_WITHOUT_STAY": 7,
    # items of SLEDAI and the laboratory agree in about 97 % of the visits: the physician's attribution
    "URINARY_CASTS_ITEM_AGAINST_LABORATORY": 93,
    "HEMATURIA_ITEM_AGAINST_LABORATORY": 115,
    "PROTEINURIA_ITEM_AGAINST_LABORATORY": 77,
    "PYURIA_ITEM_AGAINST_LABORATORY": 86,
    "COMPLEMENT_ITEM_AGAINST_LABORATORY": 162,
    "DNA_BINDING_ITEM_AGAINST_LABORATORY": 170,
    "THROMBOCYTOPENIA_ITEM_AGAINST_LABORATORY": 108,
    "LEUKOPENIA_ITEM_AGAINST_LABORATORY": 98,
}


def test_reports(package: BuildResult) -> None:
    """What must be reported is, at its row; the study's own checks report nothing else of weight."""
    assert package.out is not None
    noted = json.loads((package.out / "run/findings.json").read_text(encoding="utf-8"))["findings"]
    found = {
        (f["name"] if f["code"] == "DATA900" else f["code"], f["severity"], r["file"], r.get("key", ""))
        for f in noted
        if f["code"] in ("DATA900", *CODES.values())
        for r in f["rows"]
    }
    expected = json.loads((ANSWERS / "expected_errors.json").read_text(encoding="utf-8"))
    wanted = {
        (CODES.get(e["kind"], e["kind"]), SEVERITY[e["severity"]], e["file"], e["row_id"]) for e in expected
    }
    assert len(wanted) == 49
    assert {f for f in found if f[0] not in FURTHER} == wanted
    assert {n: sum(f[0] == n for f in found) for n in FURTHER} == FURTHER


def test_relations_and_comments_lead_to_records(built: Frames) -> None:
    relations, comments = built["RELREC"], built["CO"]
    whole = relations[relations["USUBJID"] == ""]
    assert [*zip(whole["RDOMAIN"], whole["IDVAR"], whole["RELTYPE"], strict=True)] == [
        ("EC", "ECLNKID", "ONE"),
        ("EX", "EXLNKID", "ONE"),
    ]
    assert set(built["EX"]["EXLNKID"]) <= set(built["EC"]["ECLNKID"])
    named = relations[relations["USUBJID"] != ""]
    assert (named.groupby(["USUBJID", "RELID"]).size() == 2).all()
    named = pd.concat([named, comments[comments["IDVAR"] != ""]])
    for (domain, variable), rows in named.groupby(["RDOMAIN", "IDVAR"]):
        ids = built[domain][variable]
        texts = ids.astype(int).astype(str) if ids.dtype.kind == "f" else ids
        known = set(zip(built[domain]["USUBJID"], texts, strict=True))
        assert set(zip(rows["USUBJID"], rows["IDVARVAL"], strict=True)) <= known


def test_every_form_row_of_an_event_or_a_drug_ships_once(built: Frames) -> None:
    def rows(form: str, encoding: str = "utf-8-sig") -> pd.DataFrame:
        path = ROOT / f"examples/btrial/raw/edc/{form}.csv"
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding=encoding)

    flares = built["CE"]["CESCAT"] == "AE FORM"
    assert len(built["AE"]) + flares.sum() == len(rows("ae"))
    log = rows("prednisone_log", "gb18030")
    assert len(built["CM"]) == len(rows("conmed", "gb18030")) - 1 + (log["LOG_NO"] != "").sum()
    assert (~flares).sum() == rows("sfi")["SFI_RESULT"].isin(["1", "2"]).sum()


def test_every_raw_row_is_accounted_for(package: BuildResult) -> None:
    assert package.ledger
    assert [a.file for a in package.ledger if not a.balanced] == []
