# ruff: noqa: E501 (a column a line reads best)
"""Specifications for `yamaa` that make the same datasets as the studies beside them, from the same raw files.

YAML is written as JSON, which it contains. Text lengths are upper limits; the engine finds the real ones.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.data_lb import TESTS

STUDY = {"id": "BENCH", "name": "BENCH", "description": "A made-up study", "protocol_name": "BENCH"}


def column(
    name: str,
    label: str,
    derivation: Any,
    *,
    type: str = "str",
    core: str = "Perm",
    role: str | None = "Record Qualifier",
    origin: str = "Derived",
    from_: str = "",
    length: int = 200,
    decimals: int = 0,
    data_type: str = "",
) -> dict[str, Any]:
    """One column with the submission metadata that define.xml asks for."""
    origins: dict[str, Any] = {"type": origin}
    if origin == "Predecessor":
        origins["description"] = from_
    elif role:  # of SDTM
        origins["source"] = "Vendor" if origin == "Collected" else "Sponsor"
    submission: dict[str, Any] = {"core": core, "origins": [origins]}
    if role:
        submission["role"] = role
    else:  # of ADaM
        submission["mandatory"] = core == "Req"
    if origin == "Derived":
        submission["method"] = f"{label}, as the mapping of the study says."
    if data_type:
        submission["data_type"] = data_type
    elif type in ("int", "float"):
        submission["length"] = 8
    elif type == "str":
        submission["length"] = length
    if type == "float":
        submission["significant_digits"] = decimals or 1
    return {"name": name, "type": type, "label": label, "derivation": derivation, "submission": submission}


def copied(name: str, label: str, source: str, **more: Any) -> dict[str, Any]:
    """A column taken over from the raw file as it is."""
    return column(name, label, source, origin=more.pop("origin", "Collected"), **more)


def project(kind: str, specs: Sequence[str], guide: str, version: str) -> dict[str, Any]:
    """The project file of one section with its define.xml and XPT."""
    section = {
        "specs": list(specs),
        "standards": [{"name": guide, "version": version, "status": "Final"}],
        "context": "Other",
        "define": "define.xml",
        "transport": "xpt",
    }
    return {"yamaa": "1.0", "type": "project", "study": STUDY, kind: section}


def write(folder: Path, files: dict[str, dict[str, Any]]) -> None:
    """Every file of a project."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=1) + "\n")


def mapping(source: str, values: dict[str, str]) -> dict[str, Any]:
    return {"mapping": {"source": source, "dict": values}}


def template(*parts: str) -> dict[str, Any]:
    return {"str_template": "-".join(parts)}


def write_lb(folder: Path, raw: Path) -> None:
    """LB of `lb.csv` and `dm.csv`: the 25 variables of studies/mappings/lb25."""
    columns = [
        column("STUDYID", "Study Identifier", "'BENCH'", core="Req", role="Identifier", origin="Assigned", length=20),
        column("DOMAIN", "Domain Abbreviation", "'LB'", core="Req", role="Identifier", origin="Assigned", length=2),
        column("USUBJID", "Unique Subject Identifier", template("BENCH", "{RAW.SITE}", "{RAW.SUBJ}"), core="Req", role="Identifier", length=40),
        copied("LBREFID", "Specimen ID", "RAW.ACCESSION", role="Identifier"),
        copied("LBSPID", "Sponsor-Defined Identifier", "RAW.LABID", role="Identifier"),
        column("LBTESTCD", "Lab Test or Examination Short Name", mapping("RAW.TEST", {t[0]: t[1] for t in TESTS}), core="Req", role="Topic", length=8),
        column("LBTEST", "Lab Test or Examination Name", mapping("RAW.TEST", {t[0]: t[2] for t in TESTS}), core="Req", role="Synonym Qualifier", length=40),
        copied("LBCAT", "Category for Lab Test", "RAW.CAT", core="Exp", role="Grouping Qualifier"),
        copied("LBORRES", "Result or Finding in Original Units", "RAW.RESULT", core="Exp", role="Result Qualifier"),
        copied("LBORRESU", "Original Units", "RAW.UNIT", core="Exp", role="Variable Qualifier"),
        copied("LBORNRLO", "Reference Range Lower Limit in Orig Unit", "RAW.LOW", core="Exp", role="Variable Qualifier"),
        copied("LBORNRHI", "Reference Range Upper Limit in Orig Unit", "RAW.HIGH", core="Exp", role="Variable Qualifier"),
        column("RESULT", "Number", "RAW.RESULT", type="float"),
        column("FACTOR", "Factor", mapping("RAW.TEST", {t[0]: repr(t[5]) for t in TESTS}), type="float"),
        column("LBSTRESN", "Numeric Result/Finding in Standard Units", "RESULT * FACTOR", type="float", core="Exp", role="Result Qualifier", decimals=12),
        column("LBSTRESC", "Character Result/Finding in Std Format", "LBSTRESN", core="Exp", role="Result Qualifier"),
        column("UNITS", "Unit", mapping("RAW.TEST", {t[0]: t[6] for t in TESTS})),
        column("LBSTRESU", "Standard Units", {"case": [{"when": "LBORRES IS NOT NULL", "then": "UNITS"}, {"otherwise": None}]}, core="Exp", role="Variable Qualifier"),
        column("LBNRIND", "Reference Range Indicator", mapping("RAW.FLAG", {"N": "NORMAL", "H": "HIGH", "L": "LOW"}), core="Exp", role="Variable Qualifier"),
        copied("LBNAM", "Vendor Name", "RAW.LABNAME"),
        column("LBSPEC", "Specimen Type", {"str_case": {"source": "RAW.SPEC", "to": "upper"}}),
        column("LBMETHOD", "Method of Test or Examination", {"str_case": {"source": "RAW.METHOD", "to": "upper"}}),
        column("LBFAST", "Fasting Status", mapping("RAW.FASTING", {"Yes": "Y", "No": "N"})),
        column("VISITNUM", "Visit Number", "RAW.VISNUM", type="int", core="Exp", role="Timing", origin="Assigned"),
        column("VISIT", "Visit Name", {"str_case": {"source": "RAW.VISIT", "to": "upper"}}, role="Timing"),
        column("DAY", "Date", {"date_text": {"source": "RAW.COLDT", "forms": ["ddmonyyyy"]}}),
        column("LBDTC", "Date/Time of Specimen Collection", {"str_template": "{DAY}T{RAW.COLTM}"}, core="Exp", role="Timing", data_type="partialDatetime"),
        column("DATE", "Date", "DAY", type="date"),
        column("START", "Reference", {"date_text": {"source": "DM.FIRSTDOSE", "forms": ["ddmonyyyy"]}}),
        column("STARTDT", "Reference", "START", type="date"),
        column("LBDY", "Study Day of Specimen Collection", {"study_day": {"source": "DATE", "reference": "STARTDT"}}, type="int", role="Timing"),
        column("LBSEQ", "Sequence Number", {"row_number": {"window": {"group_by": ["USUBJID"], "order_by": ["LBTESTCD", "LBDTC"]}}}, type="int", core="Req", role="Identifier"),
    ]  # fmt: skip
    keys = [{"name": n, "type": "str", "label": n, "derivation": f"RAW.{n}"} for n in ("SITE", "SUBJ")]
    order = (
        "STUDYID DOMAIN USUBJID LBSEQ LBREFID LBSPID LBTESTCD LBTEST LBCAT LBORRES LBORRESU LBORNRLO LBORNRHI "
        "LBSTRESC LBSTRESN LBSTRESU LBNRIND LBNAM LBSPEC LBMETHOD LBFAST VISITNUM VISIT LBDTC LBDY"
    )
    spec = dataset("LB", [*keys, *columns], order.split(), ["STUDYID", "USUBJID", "LBSEQ"])
    spec["input"] = {"RAW": str(raw / "lb.csv"), "DM": {"path": str(raw / "dm.csv"), "key": ["SITE", "SUBJ"]}}
    spec["rows"] = [{"id": "results", "dataset": "RAW"}]
    spec["submission"] = {
        "label": "Laboratory Test Results",
        "class": "FINDINGS",
        "structure": "One record per lab test per time point per visit per subject",
        "repeating": True,
    }
    write(folder, {"lb.yaml": spec, "project.yaml": project("sdtm", ["lb.yaml"], "SDTMIG", "3.4")})


def dataset(domain: str, columns: list[dict[str, Any]], order: list[str], keys: list[str]) -> dict[str, Any]:
    """A specification; columns that are not shipped lose their submission metadata."""
    for c in columns:
        if c["name"] not in order:
            c.pop("submission", None)
    return {
        "yamaa": "1.0",
        "type": "spec",
        "model": "ADaM" if domain.startswith("AD") else "SDTM",
        "domain": domain,
        "keys": keys,
        "columns": columns,
        "output": {"path": f"{domain.lower()}.parquet", "columns": order, "order_by": keys},
    }


NY = {"Yes": "Y", "No": "N"}
SEVERITY = {
    "Mild Adverse Event": "MILD",
    "Moderate Adverse Event": "MODERATE",
    "Severe Adverse Event": "SEVERE",
}
CAUSALITY = {
    "Not Related": "NONE", "Remote": "REMOTE", "Possibly Related": "POSSIBLE", "Probably Related": "PROBABLE"
}  # fmt: skip
OUTCOME = {
    "Not Recovered/not Resolved": "NOT RECOVERED/NOT RESOLVED",
    "Recovered/Resolved": "RECOVERED/RESOLVED",
    "Fatal": "FATAL",
}
AE_ORDER = [
    "STUDYID",
    "DOMAIN",
    "USUBJID",
    "AESEQ",
    "AETERM",
    "AELLT",
    "AELLTCD",
    "AEDECOD",
    "AEPTCD",
    "AEHLT",
    "AEHLTCD",
    "AEHLGT",
    "AEHLGTCD",
    "AEBODSYS",
    "AEBDSYCD",
    "AESOC",
    "AESOCCD",
    "AESEV",
    "AESER",
    "AEACN",
    "AEREL",
    "AEOUT",
    "AESCAN",
    "AESCONG",
    "AESDISAB",
    "AESDTH",
    "AESHOSP",
    "AESLIFE",
    "AESOD",
    "AEDTC",
    "AESTDTC",
    "AEENDTC",
    "AESTDY",
    "AEENDY",
]


def write_ae(folder: Path, raw: Path) -> None:
    """AE of `ae.csv` and `dm.csv`: the 34 variables of studies/mappings/pilot_ae."""
    rows = [
        column("PATNUM", "Subject", "RAW.PATNUM"),
        *_ae_identifiers(),
        *_ae_terms(),
        *_ae_codes(),
        *_ae_dates(),
    ]
    spec = dataset("AE", rows, AE_ORDER, ["STUDYID", "USUBJID", "AESEQ"])
    spec["output"]["order_by"] = ["STUDYID", "USUBJID", "AETERM", "AESTDTC", "AESEQ"]
    spec["input"] = {"RAW": str(raw / "ae.csv"), "DM": {"path": str(raw / "dm.csv"), "key": ["USUBJID"]}}
    spec["rows"] = [{"id": "events", "dataset": "RAW"}]
    spec["submission"] = {
        "label": "Adverse Events",
        "class": "EVENTS",
        "structure": "One record per adverse event per subject",
        "repeating": True,
    }
    write(folder, {"ae.yaml": spec, "project.yaml": project("sdtm", ["ae.yaml"], "SDTMIG", "3.4")})


def _ae_identifiers() -> list[dict[str, Any]]:
    same: dict[str, Any] = {"core": "Req", "role": "Identifier"}
    return [
        column("STUDYID", "Study Identifier", "'CDISCPILOT01'", origin="Assigned", length=20, **same),
        column("DOMAIN", "Domain Abbreviation", "'AE'", origin="Assigned", length=2, **same),
        column(
            "USUBJID", "Unique Subject Identifier", {"str_template": "01-{RAW.PATNUM}"}, length=40, **same
        ),
    ]


def _ae_terms() -> list[dict[str, Any]]:
    more = {"role": "Variable Qualifier"}
    made = [
        column(
            "AETERM", "Reported Term for the Adverse Event", {"str_case": {"source": "RAW.AETERM", "to": "upper"}},
            core="Req", role="Topic",
        ),
        copied("AEDECOD", "Dictionary-Derived Term", "RAW.AEDECOD", core="Req", role="Synonym Qualifier"),
    ]  # fmt: skip
    labels = {
        "AELLT": "Lowest Level Term", "AEHLT": "High Level Term", "AEHLGT": "High Level Group Term",
        "AEBODSYS": "Body System or Organ Class", "AESOC": "Primary System Organ Class",
    }  # fmt: skip
    made += [copied(n, label, f"RAW.{n}", **more) for n, label in labels.items()]
    codes = ("AELLTCD", "AEPTCD", "AEHLTCD", "AEHLGTCD", "AEBDSYCD", "AESOCCD")
    made += [copied(n, f"Code {n}", f"RAW.{n}", type="int", **more) for n in codes]
    return made


def _ae_codes() -> list[dict[str, Any]]:
    made = [
        column("AESEV", "Severity/Intensity", mapping("RAW.AESEV", SEVERITY)),
        column("AEREL", "Causality", mapping("RAW.AEREL", CAUSALITY), core="Exp"),
        column("AEOUT", "Outcome of Adverse Event", mapping("RAW.AEOUTCOME", OUTCOME)),
        copied("AEACN", "Action Taken with Study Treatment", "RAW.AEACN", core="Exp"),
        column("AESER", "Serious Event", mapping("RAW.AESER", NY), core="Exp"),
    ]
    flags = {
        "AESCAN": "AESCAN", "AESCONG": "AESCNO", "AESDISAB": "AEDIS", "AESDTH": "AESDTH", "AESHOSP": "AESHOSP",
        "AESLIFE": "AESLIFE", "AESOD": "AESOD",
    }  # fmt: skip
    return made + [column(n, f"Seriousness {n}", mapping(f"RAW.{raw}", NY)) for n, raw in flags.items()]


def _ae_dates() -> list[dict[str, Any]]:
    def date(name: str, label: str, raw: str) -> dict[str, Any]:
        text = {"date_text": {"source": f"RAW.{raw}", "forms": ["mdy_slash", "iso"]}}
        return column(name, label, text, core="Exp", role="Timing", data_type="partialDate")

    def day(name: str, label: str, dtc: str) -> list[dict[str, Any]]:
        whole = {"str_extract": {"source": dtc, "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "no_match": None}}
        source = {"study_day": {"source": f"{name}_D", "reference": "STARTDT"}}
        return [
            column(f"{name}_T", label, whole),
            column(f"{name}_D", label, f"{name}_T", type="date"),
            column(name, label, source, type="int", role="Timing"),
        ]

    sequence = {
        "row_number": {
            "window": {
                "group_by": ["USUBJID"],
                "order_by": ["AEDTC", "AESTDTC"],
            }
        }
    }
    return [
        date("AEDTC", "Date/Time of Collection", "AEDTCOL"),
        date("AESTDTC", "Start Date/Time of Adverse Event", "AESTDAT"),
        date("AEENDTC", "End Date/Time of Adverse Event", "AEENDAT"),
        column("STARTDT", "Reference", "DM.RFSTDTC", type="date"),
        *day("AESTDY", "Study Day of Start of Adverse Event", "AESTDTC"),
        *day("AEENDY", "Study Day of End of Adverse Event", "AEENDTC"),
        column("AESEQ", "Sequence Number", sequence, type="int", core="Req", role="Identifier"),
    ]


ADSL_ORDER = [
    "STUDYID",
    "USUBJID",
    "SUBJID",
    "SITEID",
    "AGE",
    "AGEU",
    "AGEGR1",
    "AGEGR1N",
    "SEX",
    "RACE",
    "ETHNIC",
    "ARM",
    "ACTARM",
    "TRT01P",
    "TRT01PN",
    "TRT01A",
    "TRT01AN",
    "RFICDT",
    "RANDDT",
    "TRTSDT",
    "TRTEDT",
    "TRTDURD",
    "ITTFL",
    "SAFFL",
    "EOSSTT",
    "EOSDT",
    "DCSREAS",
    "DTHFL",
]
ARMS = {"Pbo": "0", "Xan_Lo": "54", "Xan_Hi": "81"}


def write_adsl(folder: Path, raw: Path) -> None:
    """ADSL of `dm.csv`, `ds.csv` and `ex.csv`: the 28 variables of studies/mappings/pilot_adsl."""
    spec = dataset(
        "ADSL", [*_adsl_subject(), *_adsl_treatment(), *_adsl_end()], ADSL_ORDER, ["STUDYID", "USUBJID"]
    )
    spec["input"] = {
        "DM": {"path": str(raw / "dm.csv"), "key": ["USUBJID"], "types": {"AGE": "int"}},
        "DS": {"path": str(raw / "ds.csv"), "key": ["USUBJID"]},
        "EX": {"path": str(raw / "ex.csv"), "key": ["USUBJID"]},
    }
    spec["base"] = "DM"
    spec["submission"] = {
        "label": "Subject-Level Analysis Dataset",
        "class": "SUBJECT LEVEL ANALYSIS DATASET",
        "structure": "One record per subject",
        "repeating": False,
    }
    write(folder, {"adsl.yaml": spec, "project.yaml": project("adam", ["adsl.yaml"], "ADaMIG", "1.3")})


def _analysis(name: str, label: str, derivation: Any, **more: Any) -> dict[str, Any]:
    return column(name, label, derivation, role=None, core=more.pop("core", "Perm"), **more)


def _adsl_subject() -> list[dict[str, Any]]:
    def same(name: str, label: str, source: str = "", **more: Any) -> dict[str, Any]:
        source = source or f"DM.{name}"
        return _analysis(name, label, source, origin="Predecessor", from_=source, **more)

    ages = {"cut": {"source": "AGE", "breaks": [65, 81], "labels": ["<65", "65-80", ">80"]}}
    return [
        same("STUDYID", "Study Identifier", core="Req", length=20),
        same("USUBJID", "Unique Subject Identifier", core="Req", length=40),
        same("SUBJID", "Subject Identifier for the Study", core="Req", length=20),
        same("SITEID", "Study Site Identifier", core="Req", length=20),
        same("AGE", "Age", type="int", core="Req"),
        same("AGEU", "Age Units", core="Req"),
        _analysis("AGEGR1", "Pooled Age Group 1", ages),
        _analysis("AGEGR1N", "Pooled Age Group 1 (N)", mapping("AGEGR1", {"<65": "1", "65-80": "2", ">80": "3"}), type="int"),
        same("SEX", "Sex", core="Req"),
        same("RACE", "Race", core="Req"),
        same("ETHNIC", "Ethnicity"),
        same("ARM", "Description of Planned Arm", core="Req"),
        same("ACTARM", "Description of Actual Arm"),
        same("DTHFL", "Subject Death Flag"),
        same("TRT01P", "Planned Treatment for Period 01", "DM.ARM", core="Req"),
        same("TRT01A", "Actual Treatment for Period 01", "DM.ACTARM"),
    ]  # fmt: skip


def _adsl_treatment() -> list[dict[str, Any]]:
    def arm(name: str, label: str, source: str) -> dict[str, Any]:
        codes = {"mapping": {"source": source, "dict": ARMS, "unmapped": None}}
        return _analysis(name, label, codes, type="int")

    def there(name: str, label: str, date: str) -> dict[str, Any]:
        return _analysis(
            name, label, {"flag": {"condition": f"{date} IS NOT NULL", "false_value": "N", "missing": "N"}}
        )

    duration = {"diff": {"type": "date", "start": "TRTSDT", "end": "TRTEDT", "unit": "day", "closed": "both"}}
    return [
        arm("TRT01PN", "Planned Treatment for Period 01 (N)", "DM.ARMCD"),
        arm("TRT01AN", "Actual Treatment for Period 01 (N)", "DM.ACTARMCD"),
        _analysis("RFICDT", "Date of Informed Consent", "DM.RFICDTC", type="date"),
        _analysis("RANDDT", "Date of Randomization", _end("MIN(DS.DSSTDTC)", "DS.DSDECOD = 'RANDOMIZED'"), type="date"),
        _analysis("TRTSDT", "Date of First Exposure to Treatment", {"aggregate": "MIN(EX.EXSTDTC)"}, type="date"),
        _analysis("TRTEDT", "Date of Last Exposure to Treatment", {"aggregate": "MAX(EX.EXENDTC)"}, type="date"),
        _analysis("TRTDURD", "Total Treatment Duration (Days)", duration, type="int"),
        there("ITTFL", "Intent-To-Treat Population Flag", "RANDDT"),
        there("SAFFL", "Safety Population Flag", "TRTSDT"),
    ]  # fmt: skip


def _end(reducer: str, condition: str) -> dict[str, Any]:
    return {"aggregate": {"expr": reducer, "filter": condition}}


def _adsl_end() -> list[dict[str, Any]]:
    last = {
        "source": {
            "variable": "DS.DSDECOD", "filter": "DS.DSCAT = 'DISPOSITION EVENT'", "order_by": ["DS.DSSTDTC"],
            "keep": "last",
        }
    }  # fmt: skip
    status = [
        {"when": "EOS = 'COMPLETED'", "then": "'COMPLETED'"},
        {"when": "EOS IS NOT NULL", "then": "'DISCONTINUED'"},
        {"otherwise": None},
    ]
    reason = [{"when": "EOSSTT = 'DISCONTINUED'", "then": "EOS"}, {"otherwise": None}]
    end = _end("MAX(DS.DSSTDTC)", "DS.DSCAT = 'DISPOSITION EVENT'")
    return [
        _analysis("EOS", "End of Study", last),
        _analysis("EOSSTT", "End of Study Status", {"case": status}),
        _analysis("EOSDT", "End of Study Date", end, type="date"),
        _analysis("DCSREAS", "Reason for Discontinuation from Study", {"case": reason}),
    ]
