"""Standards: the tables as published, counted again with the csv module alone."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from cdisc_conv.errors import CannotRun
from cdisc_conv.read.standards import load_ct, load_ig, standards_folder, versions

ROOT = Path(__file__).resolve().parent.parent
CT_TABLES = {"sdtm": "sdtm", "adam": "adam", "define": "define-xml"}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("package", CT_TABLES)
def test_index_and_table_agree(package: str) -> None:
    """Every codelist read through the index is what the whole table, read plainly, holds."""
    ct = load_ct(package, "2025-03-28")
    heads: dict[str, dict[str, str]] = {}
    terms: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows_of(standards_folder() / "ct" / "2025-03-28" / f"{CT_TABLES[package]}.csv"):
        if row["Codelist Code"]:
            terms[row["Codelist Code"]].append((row["CDISC Submission Value"], row["Code"]))
        else:
            heads[row["Code"]] = row
    assert [e.code for e in ct.entries()] == list(heads)
    for entry in ct.entries():
        codelist = ct.codelist(entry.code)
        assert codelist is not None
        head = heads[entry.code]
        assert (codelist.id, codelist.name) == (head["CDISC Submission Value"], head["Codelist Name"])
        assert codelist.extensible is (head["Codelist Extensible (Yes/No)"] == "Yes")
        assert [(t.value, t.nci_code) for t in codelist.terms.values()] == terms[entry.code]
        if entry.decodes:
            names = {code: value for value, code in terms[entry.decodes]}
            assert {t.value: t.decode for t in codelist.terms.values()} == {
                value: names[code] for value, code in terms[entry.code]
            }


def test_index_files_are_what_the_tool_makes() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from make_standards import index
    finally:
        sys.path.pop(0)
    for package in CT_TABLES.values():
        table = standards_folder() / "ct" / "2025-03-28" / f"{package}.csv"
        assert index(table.read_bytes()) == table.with_suffix(".index.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("package", "codelist", "value", "nci_code", "decode"),
    [
        ("sdtm", "NY", "Y", "C49488", ""),
        ("sdtm", "C66742", "N", "C49487", ""),
        ("sdtm", "LBTESTCD", "ALT", "C64433", "Alanine Aminotransferase"),
        ("sdtm", "VSTESTCD", "SYSBP", "C25298", "Systolic Blood Pressure"),
        ("sdtm", "SEX", "F", "C16576", ""),
        ("sdtm", "EVAL", "INVESTIGATOR", "C25936", ""),
        ("adam", "DATEFL", "D", "C81212", ""),
        ("define", "ORIGINT", "Collected", "C170548", ""),
    ],
)
def test_terms(package: str, codelist: str, value: str, nci_code: str, decode: str) -> None:
    term = load_ct(package, "2025-03-28").term(codelist, value)
    assert term is not None
    assert (term.nci_code, term.decode) == (nci_code, decode)


@pytest.mark.parametrize(
    ("codelist", "text", "value"),
    [
        ("NY", "yes", "Y"),
        ("NY", " Not  Applicable ", "NA"),
        ("NY", "maybe", None),
        ("SEX", "Female", "F"),
        ("SEX", "f", "F"),
        ("NOLIST", "F", None),
    ],
)
def test_synonyms(codelist: str, text: str, value: str | None) -> None:
    term = load_ct("sdtm", "2025-03-28").synonym(codelist, text)
    assert (term.value if term else None) == value


def test_near_and_unknown() -> None:
    ct = load_ct("sdtm", "2025-03-28")
    assert ct.near("RACE", "BLACK OR AFRICAN AMERICA") == "BLACK OR AFRICAN AMERICAN"
    assert ct.near("RACE", "XYZ") == ct.near("NOLIST", "X") == ""
    assert "NY" in ct
    assert "C66742" in ct
    assert "NOLIST" not in ct
    assert ct.codelist("NOLIST") is ct.entry("NOLIST") is ct.term("NOLIST", "A") is None


def test_sdtmig_counts_and_order() -> None:
    ig = load_ig("sdtmig", "3.4")
    folder = standards_folder() / "sdtmig-3.4"
    rows = rows_of(folder / "variables.csv")
    assert (ig.title, len(ig.datasets), len(rows)) == ("SDTMIG 3.4", 63, 1917)
    assert list(ig.datasets) == [r["Dataset Name"] for r in rows_of(folder / "datasets.csv")]
    counts = Counter(r["Dataset Name"] for r in rows)
    for name, dataset in ig.datasets.items():
        assert len(dataset.variables) == counts[name]
        assert [v.order for v in dataset.variables.values()] == list(range(1, counts[name] + 1))


@pytest.mark.parametrize(
    ("dataset", "variable", "expected"),
    [
        ("AE", "AESER", ("Serious Event", "Char", "Record Qualifier", "Exp", ("C66742",))),
        ("DM", "SEX", ("Sex", "Char", "Record Qualifier", "Req", ("C66731",))),
        ("DS", "DSDECOD", ("Standardized Disposition Term",)),
        ("SUPPAE", "QNAM", ("Qualifier Variable Name", "Char", "Topic", "Req", ())),
        ("SQXX", "QEVAL", ("Evaluator", "Char", "Record Qualifier", "Exp", ("C78735",))),
        ("QSSL", "QSTESTCD", ("Question Short Name", "Char", "Topic", "Req", ())),
        ("RELREC", "RELID", ("Relationship Identifier", "Char", "Record Qualifier", "Req", ())),
    ],
)
def test_sdtmig_variables(dataset: str, variable: str, expected: tuple[object, ...]) -> None:
    v = load_ig("sdtmig", "3.4").find(dataset, variable)
    assert v is not None
    assert (v.label, v.type, v.role, v.core, v.codelists)[: len(expected)] == expected


def test_sdtmig_datasets() -> None:
    ig = load_ig("sdtmig", "3.4")
    ae = ig.dataset("AE")
    assert ae is not None
    assert (ae.label, ae.class_, ae.structure) == (
        "Adverse Events",
        "Events",
        "One record per adverse event per subject",
    )
    assert [ig.domain(n) for n in ("AE", "SUPPAE", "QSSL", "ZZ", "QSLONG")] == [
        "AE",
        "SUPPQUAL",
        "QS",
        "",
        "",
    ]
    assert ig.dataset("ZZ") is None
    assert ig.variables("ZZ") == {}
    assert ig.variables("TS")["TSVALNF"].described == "ISO 21090 NullFlavor"
    assert ig.variables("DS")["DSDECOD"].codelists == ("C66727", "C114118", "C150811")


@pytest.mark.parametrize(
    ("structure", "name", "pattern", "label"),
    [
        ("ADSL", "TRT01P", "TRTxxP", "Planned Treatment for Period 01"),
        ("ADSL", "AGEGR1N", "AGEGRyN", "Pooled Age Group 1 (N)"),
        ("ADSL", "P02S3SDT", "PxxSwSDT", "Period 02 Subperiod 3 Start Date"),
        ("ADSL", "TRTSDT", "", "Date of First Exposure to Treatment"),
        ("ADSL", "DTHADT", "*DT", "{Date}"),
        ("ADSL", "LDOSSDTM", "*SDTM", "{Start Datetime}"),
        ("BDS", "TRT02A", "TRTxxA", "Actual Treatment for Period 02"),
        ("BDS", "PARCAT1", "PARCATy", "Parameter Category 1"),
        ("BDS", "ANL01FL", "ANLzzFL", "Analysis Flag 01"),
        ("TTE", "CNSR", "", "Censor"),
        ("OCCDS", "TRTEMFL", "", "Treatment Emergent Analysis Flag"),
        ("OCCDS", "SMQ03SC", "SMQzzSC", "SMQ 03 Scope"),
        ("OCCDS", "CQ01NAM", "CQzzNAM", "Customized Query 01 Name"),
        ("OCCDS", "TRTSDT", "", "Date of First Exposure to Treatment"),
    ],
)
def test_adamig_names(structure: str, name: str, pattern: str, label: str) -> None:
    v = load_ig("adamig", "1.3").find(structure, name)
    assert v is not None
    assert (v.name, v.pattern, v.label) == (name, pattern, label)


@pytest.mark.parametrize(
    ("structure", "name"),
    [("ADSL", "PARAM"), ("BDS", "TRT1P"), ("BDS", "CQ01NAM"), ("ADSL", "AGEGR0"), ("NONE", "STUDYID")],
)
def test_adamig_unknown_names(structure: str, name: str) -> None:
    assert load_ig("adamig", "1.3").find(structure, name) is None


@pytest.mark.parametrize("folder", ["adamig-1.3", "adam-occds-1.1", "sdtmig-3.4"])
def test_names_and_labels_fit(folder: str) -> None:
    rows = rows_of(standards_folder() / folder / "variables.csv")
    too_long = [r["Variable Name"] for r in rows if len(r["Variable Label"]) > 40]
    assert too_long == (["PBCHGCyN"] if folder == "adamig-1.3" else [])  # 41 as CDISC publishes it
    assert {r["Type"] for r in rows} == {"Char", "Num"}
    names = Counter((r.get("Data Structure Name") or r["Dataset Name"], r["Variable Name"]) for r in rows)
    assert max(names.values()) == 1


def test_occds_labels_are_those_in_use() -> None:
    """The labels of a published OCCDS spec (pharmaverse ADAE, ADMH), where it follows the guide."""
    published = {
        "TRTEMFL": "Treatment Emergent Analysis Flag",
        "AOCCIFL": "1st Max Sev./Int. Occurrence Flag",
        "AOCCFL": "1st Occurrence within Subject Flag",
        "AOCCSFL": "1st Occurrence of SOC Flag",
        "AOCCPFL": "1st Occurrence of Preferred Term Flag",
        "PREFL": "Pre-treatment Flag",
        "FUPFL": "Follow-up Flag",
        "ONTRTFL": "On Treatment Record Flag",
        "ASEV": "Analysis Severity/Intensity",
        "AREL": "Analysis Causality",
        "ADURN": "Analysis Duration (N)",
        "ADURU": "Analysis Duration Units",
    }
    variables = load_ig("adam-occds", "1.1").variables("OCCDS")
    assert {name: variables[name].label for name in published} == published


def test_versions_and_a_version_that_is_not_there() -> None:
    assert versions("sdtmig") == ["3.4"]
    assert versions("sdtm") == versions("define") == ["2025-03-28"]
    for load, name, version, words in (
        (load_ig, "sdtmig", "3.2", "SDTMIG 3.2 is not in specs/standards (there: 3.4)"),
        (load_ct, "sdtm", "2020-01-01", "SDTM CT 2020-01-01"),
        (load_ig, "sendig", "3.1", "there: none"),
    ):
        with pytest.raises(CannotRun) as caught:
            load(name, version)
        assert words in str(caught.value)


def test_a_codelist_is_read_from_its_own_place_only() -> None:
    """Loading a package and one codelist does not read the 7 MB table."""
    code = (
        "import io, pathlib\n"
        "from cdisc_conv.read.standards import load_ct\n"
        "real, sizes = pathlib.Path.open, []\n"
        "def spy(self, mode='r', *a, **k):\n"
        "    f = real(self, mode, *a, **k)\n"
        "    if mode == 'rb':\n"
        "        read = f.read\n"
        "        sizes.append(0)\n"
        "        class Spy(io.BufferedIOBase):\n"
        "            def seek(self, n, w=0): return f.seek(n, w)\n"
        "            def read(self, n=-1):\n"
        "                data = read(n); sizes[-1] += len(data); return data\n"
        "        return Spy()\n"
        "    return f\n"
        "pathlib.Path.open = spy\n"
        "assert len(load_ct('sdtm', '2025-03-28').codelist('NY').terms) == 4\n"
        "assert sum(sizes) < 1000, sizes\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
