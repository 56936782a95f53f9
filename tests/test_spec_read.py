"""Specs read from both containers; counts come from reading the workbook with openpyxl alone."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings
from cdisc_conv.model.spec import Condition, Spec
from cdisc_conv.read.spec import read_spec
from cdisc_conv.read.spec_sheets import read_sheets

DATA = Path(__file__).parent / "data" / "spec"


def plain_rows(path: Path, sheet: str) -> list[dict[str, Any]]:
    """Rows that hold anything, by header, as openpyxl gives them."""
    rows = list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))
    return [dict(zip(rows[0], r, strict=True)) for r in rows[1:] if any(v is not None for v in r)]


def ids(findings: Findings) -> list[str]:
    return [f.code.id for f in findings]


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def folder(path: Path, **sheets: str) -> Path:
    path.mkdir()
    for name, text in sheets.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def test_a_filled_workbook() -> None:
    path = DATA / "adams-specs.xlsx"
    spec, findings = read_spec(path, "adam")
    datasets, variables = plain_rows(path, "Datasets"), plain_rows(path, "Variables")
    assert list(spec.datasets) == [r["Dataset"] for r in datasets]
    per_dataset = Counter(r["Dataset"] for r in variables)
    assert {n: len(d.variables) for n, d in spec.datasets.items()} == {
        n: per_dataset[n] for n in spec.datasets
    }
    assert (len(datasets), len(variables)) == (30, 2378)
    for row in variables:
        v = spec.datasets[row["Dataset"]].variables[row["Variable"]]
        assert v.label == (row["Label"] or "").strip()
        assert v.data_type == (row["Data Type"] or "")
        assert v.length == (None if row["Length"] is None else int(row["Length"]))
        assert v.order == (None if row["Order"] is None else int(row["Order"]))
    assert spec.define == {
        "StudyName": "",
        "StudyDescription": "",
        "ProtocolName": "",
        "StandardName": "ADaM-IG",
        "StandardVersion": "1.1",
        "Language": "en",
    }
    assert [(f.code.id, str(f.place)) for f in findings] == [("SPEC034", "adams-specs.xlsx!Variables!F2200")]


def test_an_empty_template_with_columns_of_its_own() -> None:
    spec, findings = read_spec(DATA / "Define-Excel-Spec.xlsx", "sdtm")
    assert (list(findings), spec.datasets, spec.codelists) == ([], {}, {})
    assert list(spec.define) == ["StudyName", "StudyDescription", "ProtocolName", "Language"]


def test_places_in_a_workbook_and_in_a_folder(tmp_path: Path) -> None:
    book = workbook(
        tmp_path / "spec.xlsx",
        {
            "Datasets": [["Dataset", "Label"], ["AE", "Adverse Events"]],
            "Variables": [["Order", "Dataset", "Variable", "Label"], [], [1, "AE", "AETERM", "Term"]],
        },
    )
    spec, _ = read_spec(book, "sdtm")
    v = spec.datasets["AE"].variables["AETERM"]
    assert str(v.place) == "spec.xlsx!Variables!C3"
    assert str(spec.cell(v.place, "Variables", "label")) == "spec.xlsx!Variables!D3"
    assert spec.cell(v.place, "Variables", "pages") == v.place
    csvs = folder(
        tmp_path / "sdtm",
        datasets="Dataset,Label\nAE,Adverse Events\n",
        variables='Order,Dataset,Variable,Label\n1,AE,AESEQ,"two\nlines"\n\n2,AE,AETERM,Term\n',
    )
    spec, _ = read_spec(csvs, "sdtm", shown="specs/x/sdtm")
    v = spec.datasets["AE"].variables["AETERM"]
    assert str(v.place) == "specs/x/sdtm/variables.csv:5:3"
    assert str(spec.cell(v.place, "Variables", "label")) == "specs/x/sdtm/variables.csv:5:4"


NEW = {
    "datasets": 'Dataset,Label,Key Variables\nADQS,Questionnaires,"STUDYID, USUBJID"\n',
    "variables": (
        "Order,Dataset,Variable,Label,Data Type,Length,Core\n3,ADQS,AVAL,Analysis Value,float,8,x\n"
        "1,ADQS,STUDYID,Study Identifier,text,12,\n2,ADQS,USUBJID,Subject,text,20,\n"
        "4,ADQS,PARAMCD,Code,text,8,\n"
        "5,ADQS,AVISIT,Visit,text,20,\n"
    ),
    "valuelevel": (
        "Order,Dataset,Variable,Where Clause,Label\n"
        '1,ADQS,AVAL,"PARAMCD EQ SLED01 AND AVISIT IN (""Week 2"", ""Week 4"")",Item 1\n'
    ),
}
OLD_SHEETS: dict[str, list[list[Any]]] = {
    "Study": [["Attribute", "Value"], ["StudyName", "Btrial"]],
    "Datasets": [
        ["DATASET", "Description", "Key, Variables"],
        ["ADQS", "Questionnaires", "STUDYID, USUBJID"],
    ],
    "Variables": [
        ["order", "dataset", "variable", "LABEL", "data_type", "Length", "Core"],
        [3, "ADQS", "AVAL", "Analysis Value", "float", 8.0, "x"],
        ["1", "ADQS", "STUDYID", "Study Identifier", "text", 12],
        [2, "ADQS", "USUBJID", "Subject", "text", 20],
        [4, "ADQS", "PARAMCD", "Code", "text", 8],
        [5, "ADQS", "AVISIT", "Visit", "text", 20],
    ],
    "ValueLevel": [
        ["Order", "Dataset", "Variable", "Where Clause", "Label"],
        [1, "ADQS", "AVAL", "WC.1", "Item 1"],
    ],
    "WhereClauses": [
        ["ID", "Dataset", "Variable", "Comparator", "Value"],
        ["WC.1", None, "PARAMCD", "eq", "SLED01"],
        ["WC.1", None, "AVISIT", "IN", "Week 2, Week 4"],
    ],
}


def without_places(spec: Spec) -> Any:
    return {
        name: (
            d.label,
            d.keys,
            [(v.name, v.order, v.label, v.data_type, v.length, dict(v.extra)) for v in d.variables.values()],
            [(v.variable, v.where, v.label) for v in d.values],
        )
        for name, d in spec.datasets.items()
    }


def test_new_and_old_layout_say_the_same(tmp_path: Path) -> None:
    new, slips = read_spec(folder(tmp_path / "new", **NEW), "adam")
    assert ids(slips) == []
    book = workbook(tmp_path / "old.xlsx", OLD_SHEETS)
    old, slips = read_spec(book, "adam")
    assert ids(slips) == []
    assert old.define == {"StudyName": "Btrial"}
    assert without_places(old) == without_places(new)
    d = new.datasets["ADQS"]
    assert list(d.variables) == ["STUDYID", "USUBJID", "AVAL", "PARAMCD", "AVISIT"]
    assert d.variables["AVAL"].extra == {"Core": "x"}
    assert d.values[0].where == (
        Condition("PARAMCD", "EQ", ("SLED01",)),
        Condition("AVISIT", "IN", ("Week 2", "Week 4")),
    )


def test_a_workbook_that_says_it_is_wide_and_tall(tmp_path: Path) -> None:
    path = workbook(tmp_path / "wide.xlsx", OLD_SHEETS)
    expected, _ = read_spec(path, "adam")
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        sheet.cell(row=1, column=16_384).font = openpyxl.styles.Font(bold=True)
        sheet.cell(row=5_000, column=2).font = openpyxl.styles.Font(bold=True)
    book.save(path)
    assert openpyxl.load_workbook(path)["Variables"].max_column == 16_384
    spec, findings = read_spec(path, "adam")
    assert (without_places(spec), ids(findings)) == (without_places(expected), [])


def test_cells_as_a_person_sees_them(tmp_path: Path) -> None:
    from datetime import date, datetime

    row = [1, 2.0, 2.5, True, date(2025, 3, 28), datetime(2025, 3, 28, 10, 5), " x ", "001", 0.1 + 0.2]
    path = workbook(tmp_path / "x.xlsx", {"Other": [[f"H{n}" for n in range(len(row))], row]})
    sheet = read_sheets(path, Findings()).sheets["Other"]
    assert sheet.rows == (
        ("1", "2", "2.5", "TRUE", "2025-03-28", "2025-03-28T10:05:00", " x ", "001", "0.3"),
    )


def test_formulas_and_error_cells(tmp_path: Path) -> None:
    rows = [["Dataset", "Label"], ["AE", "=1+1"], ["DM", "#REF!"], ["CM", "ok"]]
    path = workbook(tmp_path / "f.xlsx", {"Datasets": rows, "Variables": [["Dataset", "Variable"]]})
    _, findings = read_spec(path, "sdtm")
    found = [(f.code.id, f.place.cell) for f in findings if f.code.id == "SPEC012"]
    assert sorted(found) == [("SPEC012", "B2"), ("SPEC012", "B3")]


@pytest.mark.parametrize("what", ["nothing", "empty folder", "text", "broken"])
def test_what_cannot_be_read(tmp_path: Path, what: str) -> None:
    path = tmp_path / ("spec.txt" if what == "text" else "spec.xlsx")
    if what == "empty folder":
        path.mkdir()
    elif what != "nothing":
        path.write_text("not a workbook")
    with pytest.raises(CannotRun) as caught:
        read_spec(path, "sdtm")
    assert [f.code.id for f in caught.value.findings] == ["SPEC003"]


def test_a_sheet_that_is_not_utf8_does_not_hide_the_others(tmp_path: Path) -> None:
    path = folder(tmp_path / "sdtm", variables="Dataset,Variable\nDM,SEX\n")
    (path / "datasets.csv").write_bytes("Dataset,Label\nDM,人口统计学\n".encode("gb18030"))
    spec, findings = read_spec(path, "sdtm")
    assert ids(findings) == ["SPEC004", "SPEC006", "SPEC015"]
    assert str(findings.items[0].place) == "sdtm/datasets.csv:2"
    assert spec.datasets == {}


def test_bom_titles_and_cases(tmp_path: Path) -> None:
    path = tmp_path / "s"
    path.mkdir()
    (path / "DATASETS.CSV").write_bytes(b"\xef\xbb\xbfDataset,Label\r\nDM,Demographics\r\n")
    (path / "Variables.csv").write_text("dataset,VARIABLE\nDM,SEX\n")
    (path / "Analysis_Displays.csv").write_text("ID,Title\nT1,Table 1\n")
    spec, findings = read_spec(path, "adam")
    assert ids(findings) == []
    assert spec.datasets["DM"].label == "Demographics"
    assert spec.displays == ({"id": "T1", "title": "Table 1"},)


def test_lists(tmp_path: Path) -> None:
    path = folder(
        tmp_path / "adam",
        datasets="Dataset,Comment\nADSL,C1\n",
        variables="Dataset,Variable,Method,Codelist\nADSL,AGEGR1,M1,AGEGR\n",
        codelists=(
            "ID,Name,Data Type,Order,Term,Decoded Value\nAGEGR,Age groups,text,2,>=65,Old\n"
            "AGEGR,Age groups,text,1,<65,Young\n"
        ),
        methods="ID,Name,Type,Description,Document\nM1,Age group,Computation,By age,D1\n",
        comments="ID,Description\nC1,Hello\n",
        documents="ID,Title,Href\nD1,SAP,sap.pdf\n",
        dictionaries="ID,Name,Data Type,Dictionary,Version\nMEDDRA,MedDRA,text,MedDRA,27.1\n",
        **{"analysis displays": "ID,Title\nT1,Table 1\n"},
        analysis_results="Display,ID,Variables\nT1,R1,ADSL.AGE\n",
    )
    spec, findings = read_spec(path, "adam")
    assert ids(findings) == []
    assert [(t.value, t.decode) for t in spec.codelists["AGEGR"].terms.values()] == [
        ("<65", "Young"),
        (">=65", "Old"),
    ]
    assert spec.methods["M1"].document == "D1"
    assert spec.dictionaries["MEDDRA"].version == "27.1"
    assert spec.results[0]["variables"] == "ADSL.AGE"
    assert (spec.comments["C1"].description, spec.documents["D1"].href) == ("Hello", "sap.pdf")


def test_copies_of_a_sheet(tmp_path: Path) -> None:
    path = folder(tmp_path / "s", datasets="Dataset\nDM\n", variables="Dataset,Variable\nDM,SEX\n")
    shutil.copy(path / "datasets.csv", path / "Data Sets.csv")
    _, findings = read_spec(path, "sdtm")
    assert ids(findings) == ["SPEC007"]
