"""One spec with every kind of slip: all are said in one reading, each at its cell."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from cdisc_conv.findings import Findings
from cdisc_conv.read.spec import complete, read_spec

VERSIONS = {"sdtm": "3.4", "adam": "1.3", "ct": "2025-03-28"}
V = (
    *("Order", "Dataset", "Variable", "Label", "Data Type", "Length", "Mandatory"),
    *("Codelist", "Origin", "Source", "Method", "Comment", "Role"),
)
SHEETS: dict[str, list[tuple[object, ...]]] = {
    "Datasets": [
        ("Dataset", "Label", "Class", "SubClass", "Structure", "Key Variables", "Repeating", "Comment"),
        ("AE", "", "EVNTS", "", "", "STUDYID, USUBJIDD", "Maybe", "C9"),  # 2
        ("AE", "", "", "", "", "", "", ""),  # 3
        ("TOOLONGNAME", "x", "Special-Purpose", "TTEE", "x", "", "", ""),  # 4
        ("SUPPAE", "L" * 41, "", "", "", "", "", ""),  # 5
        ("SUPPXX", "", "", "", "", "", "", ""),  # 6
        ("", "no name", "", "", "", "", "", ""),  # 7
    ],
    "Variables": [
        V,
        ("one", "AE", "STUDYID", "", "", "", "", "", "", "", "", "", ""),  # 2
        (2, "AE", "DOMAIN", "", "", "", "", "", "", "", "", "", ""),
        (3, "AE", "USUBJID", "", "", "", "", "", "", "", "", "", ""),
        (4, "AE", "AESEQ", "", "text", "", "", "", "", "", "", "", ""),  # 5
        (5, "AE", "AETERM", "Term", "text", 201, "", "", "", "", "", "", ""),
        (6, "AE", "AEDECOD", "", "", "", "Perhaps", "", "", "", "", "", ""),
        (7, "AE", "AESER", "", "", "", "", "NYY", "CRF", "", "", "", ""),
        (8, "AE", "AEREL", "", "txet", "", "", "", "Collectd", "Sponsr", "", "", ""),
        (9, "AE", "AESTDTC", "", "datetime", 19, "", "", "", "", "M9", "C8", ""),  # 10
        (10, "AE", "AESTDTC", "", "", "", "", "", "", "", "", "", ""),
        (11, "AE", "AETERMS", "Sponsor's own", "", "", "", "", "", "", "", "", ""),
        (12, "AEE", "AEOUT", "", "", -1, "", "", "", "", "", "", ""),
        (13, "AE", "aebad name", "B" * 41, "", "", "", "", "", "", "", "", ""),
        (14, "", "AEOUT", "", "", "", "", "", "", "", "", "", ""),  # 15
        (15, "AE", "AESEV", "", "Text", "", "", "", "", "", "", "", ""),
    ],
    "ValueLevel": [
        ("Dataset", "Variable", "Where Clause", "Label"),
        ("SUPPAE", "QVAL", "QNAM EQ AETRTEM", ""),  # 2
        ("SUPPAE", "QVAL", "QNAM = X", "Label"),
        ("SUPPAE", "QVAL", "IDVAR EQ AESEQ", "Label"),
        ("AE", "AEXX", "AESER EQ Y", "Label"),  # 5
        ("AE", "AETERM", "AESERR EQ Y", "Label"),
        ("AE", "AETERM", "CM.CMTRT EQ Y", "Label"),
        ("AE", "AETERM", 'AESER EQ "Y"', "Label"),
        ("AE", "AETERM", "AESER EQ Y", "Again"),
    ],
    "Codelists": [
        ("ID", "Name", "NCI Codelist Code", "Terminology", "Term", "NCI Term Code"),
        ("NY", "No Yes", "C66742", "SDTM CT 2025-03-28", "Y", "C49487"),  # 2
        ("NY", "Yes No", "C66742", "", "PERHAPS", ""),
        ("NY", "", "", "", "Y", ""),
        ("SEX", "", "C66742", "", "F", ""),  # 5
        ("OUT", "", "C99999999", "", "FATAL", ""),
        ("EMPTY", "", "", "", "", ""),
        ("UNIT", "", "C71620", "SDTM CT 1999-01-01", "mg", ""),
        ("ROUTE", "", "", "", "ORAL", ""),
        ("FREQ", "", "C71113", "", "qd", ""),  # 10
        ("FREQ", "", "C71113", "", "EVERY FULL MOON", "C1"),
    ],
    "Methods": [("ID", "Name", "Type", "Document"), ("M1", "x", "Guess", "D9"), ("M1", "x", "", "")],
    "Comments": [("ID", "Descripton"), ("C1", "x")],
    "Documents": [("ID", "Title", "Href", "ID"), ("D1", "x", "", "")],
    "Anlysis Results": [("Display",)],
    "Revision History": [("When", "Who")],
    "Define": [("Attribute", "Value"), ("StudyNam", "x"), ("Legend", ""), ("Junk", "")],
}
EXPECTED = [
    "SPEC005 Anlysis Results",
    "SPEC005 Revision History",
    "SPEC008 Comments",
    "SPEC009 Comments!B1",
    "SPEC010 Documents!D1",
    "SPEC013 Datasets!A7",
    "SPEC013 Documents!C2",
    "SPEC013 Variables!B15",
    "SPEC014 Datasets!A3",
    "SPEC014 Methods!A3",
    "SPEC014 ValueLevel!C9",
    "SPEC014 Variables!C11",
    "SPEC015 ValueLevel!C7",
    "SPEC015 Variables!B13",
    "SPEC016 Variables!A2",
    "SPEC016 Variables!F13",
    "SPEC017 Datasets!B5",
    "SPEC017 Variables!D14",
    "SPEC018 Datasets!A4",
    "SPEC018 Variables!C14",
    "SPEC019 Variables!F6",
    "SPEC020 Variables!E9",
    "SPEC021 Variables!I8",
    "SPEC021 Variables!I9",
    "SPEC022 Variables!J9",
    "SPEC023 Datasets!C2",
    "SPEC024 Datasets!D4",
    "SPEC025 Datasets!G2",
    "SPEC025 Variables!G7",
    "SPEC026 Datasets!C4",
    "SPEC026 Variables!E16",
    "SPEC027 Datasets!H2",
    "SPEC027 Methods!D2",
    "SPEC027 Variables!K10",
    "SPEC027 Variables!L10",
    "SPEC028 Datasets!F2",
    "SPEC029 ValueLevel!C3",
    "SPEC030 ValueLevel!C6",
    "SPEC031 Codelists!E4",
    "SPEC032 Codelists!B3",
    "SPEC033 ValueLevel!B5",
    "SPEC034 Variables!F10",
    "SPEC035 Define!A2",
    "SPEC036 Methods!C2",
    "SPEC037 ValueLevel!C4",
    "SPEC038 ValueLevel!D2",
    "SPEC039 Datasets!A4",
]
AGAINST_STANDARDS = [
    "SPEC027 Variables!H8",
    "SPEC040 Variables!C12",
    "SPEC040 Variables!C14",
    "SPEC042 Variables!D6",
    "SPEC044 Datasets!A2",
    "SPEC045 Variables!E5",
    "SPEC049 Codelists!E3",
    "SPEC050 Codelists!C5",
    "SPEC050 Codelists!F11",
    "SPEC050 Codelists!F2",
    "SPEC051 Codelists!C6",
    "SPEC052 Codelists!D8",
    "SPEC053 Datasets!A4",
    "SPEC054 Codelists!E10",
    "SPEC055 Codelists!A9",
    "SPEC056 Codelists!A7",
    "SPEC057 Datasets!A6",
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in SHEETS.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([None if c == "" else c for c in row])
    book.save(tmp_path / "spec.xlsx")
    return tmp_path / "spec.xlsx"


def seen(findings: Findings) -> list[str]:
    return sorted(f"{f.code.id} {str(f.place).removeprefix('spec.xlsx!')}" for f in findings)


def test_all_slips_at_once(path: Path) -> None:
    spec, findings = read_spec(path, "sdtm")
    assert seen(findings) == sorted(EXPECTED)
    assert len(EXPECTED) > 40
    _, against = complete(spec, VERSIONS)
    assert seen(against) == sorted(AGAINST_STANDARDS)


def test_hints(path: Path) -> None:
    spec, findings = read_spec(path, "sdtm")
    _, against = complete(spec, VERSIONS)
    hints = {f"{f.code.id} {str(f.place).removeprefix('spec.xlsx!')}": f.hint for f in [*findings, *against]}
    for key, hint in {
        "SPEC005 Anlysis Results": "did you mean 'Analysis Results'?",
        "SPEC009 Comments!B1": "did you mean 'Description'?",
        "SPEC015 Variables!B13": "did you mean 'AE'?",
        "SPEC020 Variables!E9": "did you mean 'text'?",
        "SPEC021 Variables!I8": "as Define-XML 2.1 has it: Origin Collected, Source Investigator",
        "SPEC021 Variables!I9": "did you mean 'Collected'?",
        "SPEC023 Datasets!C2": "did you mean 'EVENTS'?",
        "SPEC027 Variables!H8": "did you mean 'NY'?",
        "SPEC028 Datasets!F2": "did you mean 'USUBJID'?",
        "SPEC030 ValueLevel!C6": "did you mean 'AESER'?",
        "SPEC040 Variables!C12": "did you mean 'AETERM'?",
        "SPEC051 Codelists!C6": "OUT is C66768",
    }.items():
        assert hints[key] == hint, key


def test_the_same_slips_in_csv(path: Path, tmp_path: Path) -> None:
    """A folder of CSV sheets gives the same findings at the same rows and columns."""
    from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

    from cdisc_conv.read.spec_sheets import read_sheets
    from cdisc_conv.write.spec import write_sheets

    write_sheets(read_sheets(path, Findings()), tmp_path / "spec")
    _, findings = read_spec(tmp_path / "spec", "sdtm")
    expected = []
    for line in EXPECTED:
        code, place = line.split(" ", 1)
        sheet, _, cell = place.partition("!")
        stem = sheet if code == "SPEC005" else sheet.lower()
        at = f"spec/{stem}.csv"
        if cell:
            letters, row = coordinate_from_string(cell)
            at += f":{row}:{column_index_from_string(letters)}"
        expected.append(f"{code} {at}")
    assert seen(findings) == sorted(expected)
