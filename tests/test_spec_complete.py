"""Blanks filled as the standards say, and what disagrees with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdisc_conv.findings import Findings
from cdisc_conv.model.spec import Spec
from cdisc_conv.read.spec import complete, read_spec

VERSIONS = {"sdtm": "3.4", "adam": "1.3", "ct": "2025-03-28"}


def made(tmp_path: Path, kind: str, **sheets: str) -> tuple[Spec, Findings]:
    path = tmp_path / "s"
    path.mkdir()
    for name, text in sheets.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    spec, findings = read_spec(path, kind)
    assert [str(f.place) + f.message for f in findings if f.code.id != "SPEC026"] == []
    return complete(spec, VERSIONS)


def sdtm(tmp_path: Path, datasets: str, variables: str, **sheets: str) -> tuple[Spec, Findings]:
    rows = "\n".join("{},{}".format(*v.split(".")) for v in variables.split())
    return made(
        tmp_path,
        "sdtm",
        datasets=f"Dataset,Class\n{datasets}\n",
        variables=f"Dataset,Variable\n{rows}\n",
        **sheets,
    )


def ids(findings: Findings) -> list[str]:
    return sorted(f"{f.code.id} {f.place.line}" for f in findings if f.code.id not in ("SPEC043", "SPEC044"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("AE", ("Adverse Events", "EVENTS", "One record per adverse event per subject", "Yes", "No")),
        ("DM", ("Demographics", "SPECIAL PURPOSE", "One record per subject", "No", "No")),
        ("TA", ("Trial Arms", "TRIAL DESIGN", "One record per planned Element per Arm", "No", "Yes")),
        ("FA", ("Findings About Events or Interventions", "FINDINGS ABOUT")),
        ("QSSL", ("Questionnaires", "FINDINGS")),
        ("RELREC", ("Related Records", "RELATIONSHIP")),
    ],
)
def test_datasets(name: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    spec, _ = sdtm(tmp_path, f"{name},", f"{name}.STUDYID")
    d = spec.datasets[name]
    found = (d.label, d.class_, d.structure, d.repeating, d.reference_data)
    assert found[: len(expected)] == expected
    assert d.standard == "SDTMIG 3.4"


def test_variables_as_the_guide_has_them(tmp_path: Path) -> None:
    spec, findings = sdtm(
        tmp_path,
        "AE,",
        "AE.STUDYID AE.DOMAIN AE.USUBJID AE.AESEQ AE.AETERM AE.AEDECOD AE.AESER AE.AESEV AE.AESTDTC"
        " AE.AESTDY AE.AEDUR AE.AELLTCD",
        dictionaries="ID,Name,Data Type,Dictionary,Version\nMD,MedDRA,text,MedDRA,27.1\n",
    )
    found = {
        v.name: (v.label, v.data_type, v.role, v.core, v.mandatory, v.codelist, v.assigned_value)
        for v in spec.datasets["AE"].variables.values()
    }
    assert found == {
        "STUDYID": ("Study Identifier", "text", "Identifier", "Req", "Yes", "", ""),
        "DOMAIN": ("Domain Abbreviation", "text", "Identifier", "Req", "Yes", "", "AE"),
        "USUBJID": ("Unique Subject Identifier", "text", "Identifier", "Req", "Yes", "", ""),
        "AESEQ": ("Sequence Number", "", "Identifier", "Req", "Yes", "", ""),
        "AETERM": ("Reported Term for the Adverse Event", "text", "Topic", "Req", "Yes", "", ""),
        "AEDECOD": ("Dictionary-Derived Term", "text", "Synonym Qualifier", "Req", "Yes", "MD", ""),
        "AESER": ("Serious Event", "text", "Record Qualifier", "Exp", "No", "NY", ""),
        "AESEV": ("Severity/Intensity", "text", "Record Qualifier", "Perm", "No", "AESEV", ""),
        "AESTDTC": ("Start Date/Time of Adverse Event", "datetime", "Timing", "Exp", "No", "", ""),
        "AESTDY": ("Study Day of Start of Adverse Event", "", "Timing", "Perm", "No", "", ""),
        "AEDUR": ("Duration of Adverse Event", "durationDatetime", "Timing", "Perm", "No", "", ""),
        "AELLTCD": ("Lowest Level Term Code", "", "Variable Qualifier", "Exp", "No", "MD", ""),
    }
    assert list(spec.codelists) == ["NY", "AESEV"]
    assert sorted(spec.codelists["AESEV"].terms) == ["MILD", "MODERATE", "SEVERE"]
    assert [f.code.id for f in findings] == ["SPEC044"]
    assert "AELLT, AEPTCD" in findings.items[0].message


def test_variables_of_the_class_and_none_at_all(tmp_path: Path) -> None:
    spec, findings = sdtm(
        tmp_path, "AE,\nDM,", "AE.AESEQ AE.VISITNUM AE.AETPT AE.AEORRES AE.AEFOO DM.EPOCH DM.DMSEQ"
    )
    assert [(f.code.id, f.place.line) for f in findings if f.code.id in ("SPEC040", "SPEC041")] == [
        ("SPEC041", 3),
        ("SPEC041", 4),
        ("SPEC040", 5),
        ("SPEC040", 6),
        ("SPEC040", 7),
        ("SPEC040", 8),
    ]
    v = spec.datasets["AE"].variables["VISITNUM"]
    assert (v.label, v.role, v.core) == ("Visit Number", "Timing", "")


def test_a_domain_of_the_sponsors_own(tmp_path: Path) -> None:
    spec, findings = made(
        tmp_path,
        "sdtm",
        datasets="Dataset,Label,Class,Structure\nXX,Mine,FINDINGS,One record per test per visit\n",
        variables="Dataset,Variable,Label\nXX,XXSEQ,\nXX,XXTESTCD,Test Code\nXX,XXNOTHIN,Nothing\n",
    )
    assert ids(findings) == ["SPEC040 4", "SPEC053 2"]
    assert spec.datasets["XX"].variables["XXSEQ"].label == "Sequence Number"


def test_supplemental_qualifiers(tmp_path: Path) -> None:
    spec, findings = sdtm(
        tmp_path,
        "AE,\nSUPPAE,\nRELREC,",
        "AE.AESEQ",
        valuelevel=(
            "Dataset,Variable,Where Clause,Label,Origin,QEVAL\n"
            "SUPPAE,QVAL,QNAM EQ AETRTEM,Treatment Emergent Flag,Derived,SPONSOR\n"
        ),
    )
    d = spec.datasets["SUPPAE"]
    assert (d.label, d.class_) == ("Supplemental Qualifiers for AE", "RELATIONSHIP")
    assert d.keys == ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")
    assert list(d.variables) == [
        "STUDYID",
        "RDOMAIN",
        "USUBJID",
        "IDVAR",
        "IDVARVAL",
        "QNAM",
        "QLABEL",
        "QVAL",
        "QORIG",
        "QEVAL",
    ]
    assert (d.values[0].label, d.values[0].origin, d.values[0].extra) == (
        "Treatment Emergent Flag",
        "Derived",
        {"QEVAL": "SPONSOR"},
    )
    assert list(spec.datasets["RELREC"].variables) == (
        ["STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELTYPE", "RELID"]
    )
    assert ids(findings) == []


def test_codelists_from_terminology(tmp_path: Path) -> None:
    spec, findings = sdtm(
        tmp_path,
        "DM,\nLB,",
        "DM.SEX DM.RACE DM.AGEU LB.LBTESTCD LB.LBSPEC",
        codelists=(
            "ID,Name,NCI Codelist Code,Terminology,Order,Term,NCI Term Code,Decoded Value\n"
            "RACE,,C74457,,,,,\n"
            "SEX,My sex,C66731,SDTM CT 2025-03-28,2,M,,Male\nSEX,,,,1,F,C16576,\n"
            "LBTESTCD,,C65047,,,ALT,,\nLBTESTCD,,C65047,,,MYTEST,,My own test\n"
            "MINE,Mine,,,,A,,\n"
        ),
    )
    assert ids(findings) == []
    sex = spec.codelists["SEX"]
    assert (sex.name, sex.nci_code, sex.extensible, sex.terminology) == (
        "My sex",
        "C66731",
        False,
        "SDTM CT 2025-03-28",
    )
    assert [(t.value, t.nci_code, t.decode, t.extended) for t in sex.terms.values()] == [
        ("F", "C16576", "", False),
        ("M", "C20197", "Male", False),
    ]
    assert (spec.codelists["RACE"].name, "ASIAN" in spec.codelists["RACE"].terms) == ("Race", True)
    tests = spec.codelists["LBTESTCD"].terms
    assert [(t.nci_code, t.decode, t.extended) for t in tests.values()] == [
        ("C64433", "Alanine Aminotransferase", False),
        ("", "My own test", True),
    ]
    assert (spec.codelists["MINE"].nci_code, spec.codelists["MINE"].terminology) == ("", "")
    assert spec.datasets["DM"].variables["AGEU"].codelist == "AGEU"
    assert spec.codelists["AGEU"].nci_code == "C66781"


def test_several_codelists_are_the_specs_choice(tmp_path: Path) -> None:
    spec, findings = sdtm(tmp_path, "DS,", "DS.DSDECOD")
    assert spec.datasets["DS"].variables["DSDECOD"].codelist == ""
    (finding,) = [f for f in findings if f.code.id == "SPEC046"]
    assert finding.message.endswith("NCOMPLT, PROTMLST, OTHEVENT")


ADSL = (
    "STUDYID USUBJID SUBJID SITEID AGE AGEU SEX RACE ARM TRT01P TRT01PN TRTSDT"
    " DTHADT AGEGR1 COUNTRY ETHNIC EOSSTT"
)


def adam(tmp_path: Path, datasets: str, variables: dict[str, str]) -> tuple[Spec, Findings]:
    names = [(d, v) for d, vs in variables.items() for v in vs.split()]
    rows = "\n".join(f"{d},{v},{'My own' if v == 'MYVAR' else ''}" for d, v in names)
    return made(
        tmp_path,
        "adam",
        datasets=f"Dataset,Label,Class,SubClass,Structure\n{datasets}\n",
        variables=f"Dataset,Variable,Label\n{rows}\n",
    )


def test_adsl(tmp_path: Path) -> None:
    spec, findings = adam(tmp_path, "ADSL,,,,", {"ADSL": ADSL.replace("DTHADT ", "") + " MYVAR"})
    assert ids(findings) == []
    d = spec.datasets["ADSL"]
    assert (d.label, d.class_, d.structure, d.standard) == (
        "Subject-Level Analysis Dataset",
        "SUBJECT LEVEL ANALYSIS DATASET",
        "One record per subject",
        "ADaMIG 1.3",
    )
    found = {v.name: (v.label, v.data_type, v.core, v.codelist) for v in d.variables.values()}
    assert found["TRT01P"] == ("Planned Treatment for Period 01", "text", "Req", "")
    assert found["TRTSDT"] == ("Date of First Exposure to Treatment", "", "Cond", "")
    assert found["EOSSTT"] == ("End of Study Status", "text", "Perm", "SBJTSTAT")
    assert found["ETHNIC"] == ("Ethnicity", "text", "", "ETHNIC")
    assert found["COUNTRY"][0] == "Country"
    assert found["MYVAR"] == ("My own", "", "", "")
    assert spec.codelists["SBJTSTAT"].terminology.startswith(("ADaM CT", "SDTM CT"))


def test_adam_structures_and_what_is_missing(tmp_path: Path) -> None:
    datasets = (
        "ADTTE,Time to flare,BASIC DATA STRUCTURE,TIME-TO-EVENT,One record per parameter\n"
        "ADAE,Adverse events,OCCURRENCE DATA STRUCTURE,ADVERSE EVENT,One record per event\n"
        "ADXX,What,,,One\nADSL,,,,"
    )
    variables = {
        "ADTTE": "STUDYID USUBJID PARAMCD AVAL CNSR STARTDT",
        "ADAE": "STUDYID USUBJID AETERM AEDECOD ASTDT TRTEMFL CQ01NAM",
        "ADXX": "MYVAR",
        "ADSL": "STUDYID USUBJID DTHADT",
    }
    spec, findings = adam(tmp_path, datasets, variables)
    missing = [f.message for f in findings if f.code.id == "SPEC043"]
    assert "ADTTE lacks PARAM, which ADaMIG 1.3 requires" in missing
    assert "ADSL lacks TRTxxP, which ADaMIG 1.3 requires" in missing
    assert not any("ADAE" in m for m in missing)
    assert ids(findings) == ["SPEC047 18", "SPEC048 4"]
    assert spec.datasets["ADAE"].variables["AETERM"].label == "Reported Term for the Adverse Event"
    assert spec.datasets["ADAE"].variables["CQ01NAM"].label == "Customized Query 01 Name"
    assert spec.datasets["ADTTE"].variables["CNSR"].label == "Censor"


def test_labels_and_types_that_differ_name_their_guide(tmp_path: Path) -> None:
    _, findings = made(
        tmp_path,
        "adam",
        datasets="Dataset,Label,Class,Structure\nADAE,AE,OCCURRENCE DATA STRUCTURE,One\n",
        variables=(
            "Dataset,Variable,Label,Data Type\nADAE,STUDYID,Study Identifier,text\n"
            "ADAE,USUBJID,Unique Subject Identifier,integer\nADAE,TRTEMFL,TEAE,text\n"
            "ADAE,AESER,Serious,integer\n"
            "ADAE,ASTDT,Analysis Start Date,date\nADAE,TRTSDT,First dose,integer\n"
        ),
    )
    assert [(f.code.id, str(f.severity), str(f.place), f.message) for f in findings] == [
        ("SPEC045", "error", "s/variables.csv:3:4", "ADAE.USUBJID is integer, in ADaM-OCCDSIG 1.1 Char"),
        (
            "SPEC042",
            "warning",
            "s/variables.csv:4:3",
            "the label of ADAE.TRTEMFL is 'TEAE', in ADaM-OCCDSIG 1.1 'Treatment Emergent Analysis Flag'",
        ),
        (
            "SPEC042",
            "warning",
            "s/variables.csv:5:3",
            "the label of ADAE.AESER is 'Serious', in SDTMIG 3.4 'Serious Event'",
        ),
        ("SPEC045", "warning", "s/variables.csv:5:4", "ADAE.AESER is integer, in SDTMIG 3.4 Char"),
        (
            "SPEC042",
            "warning",
            "s/variables.csv:7:3",
            "the label of ADAE.TRTSDT is 'First dose', in ADaMIG 1.3 'Date of First Exposure to Treatment'",
        ),
    ]


def test_a_standard_that_is_not_there(tmp_path: Path) -> None:
    spec = Spec(kind="sdtm")
    same, findings = complete(spec, {"sdtm": "3.2", "ct": "2025-03-28"})
    assert same is spec
    assert [f.code.id for f in findings] == ["SPEC001"]
