"""ODM-XML as raw tables: hand-written files, and a study that gives one package from CSV and from ODM."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from support import HAND

import cdisc_conv
from cdisc_conv.errors import CannotRun
from cdisc_conv.read.raw import RawExport

SNAPSHOT = """<?xml version="1.0" encoding="UTF-8"?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:v="http://vendor.example" FileType="Snapshot" FileOID="F">
 <Study OID="S1"><MetaDataVersion OID="M" Name="M">
  <ItemGroupDef OID="IG.AE" Name="AE" Repeating="Yes">
   <ItemRef ItemOID="IT.TERM" Mandatory="Yes"/><ItemRef ItemOID="IT.SEV" Mandatory="No"/>
   <ItemRef ItemOID="IT.NEVER" Mandatory="No"/>
  </ItemGroupDef>
 </MetaDataVersion></Study>
 <ClinicalData StudyOID="S1" MetaDataVersionOID="M">
  <SubjectData SubjectKey="1" v:SubjectID="01-001">
   <SiteRef LocationOID="01"/>
   <StudyEventData StudyEventOID="SE.V1"><FormData FormOID="F.AE" FormRepeatKey="1">
    <AuditRecord><UserRef UserOID="U"/></AuditRecord>
    <ItemGroupData ItemGroupOID="IG.AE" ItemGroupRepeatKey="1">
     <ItemData ItemOID="IT.SEV" Value="2"/><ItemData ItemOID="IT.TERM" Value="头痛 &lt;mild&gt;"/>
    </ItemGroupData>
    <ItemGroupData ItemGroupOID="IG.AE" ItemGroupRepeatKey="2">
     <ItemDataString ItemOID="IT.TERM">Rash</ItemDataString><ItemData ItemOID="IT.SEV" IsNull="Yes"/>
    </ItemGroupData>
    <ItemGroupData ItemGroupOID="IG.VS">
     <ItemData ItemOID="IT.WT" Value="60.5"><MeasurementUnitRef MeasurementUnitOID="kg"/></ItemData>
    </ItemGroupData>
   </FormData></StudyEventData>
  </SubjectData>
 </ClinicalData>
</ODM>
"""


def export(tmp_path: Path, text: str) -> RawExport:
    (tmp_path / "edc.xml").write_text(text, encoding="utf-8")
    return RawExport.open(tmp_path)


def test_item_groups_are_sheets(tmp_path: Path) -> None:
    raw = export(tmp_path, SNAPSHOT)
    assert raw.sheets("edc.xml") == ["IG.AE", "IG.VS"]
    assert raw.has("edc.xml", "IG.VS") and not raw.has("edc.xml", "IG.XX")
    table = raw.read("edc.xml", "IG.AE")
    assert table.frame.to_dict("list") == {
        "StudyOID": ["S1", "S1"],
        "SubjectKey": ["1", "1"],
        "LocationOID": ["01", "01"],
        "StudyEventOID": ["SE.V1", "SE.V1"],
        "FormOID": ["F.AE", "F.AE"],
        "FormRepeatKey": ["1", "1"],
        "ItemGroupRepeatKey": ["1", "2"],
        "@SubjectID": ["01-001", "01-001"],
        "IT.TERM": ["头痛 <mild>", "Rash"],
        "IT.SEV": ["2", ""],
        "IT.NEVER": ["", ""],
    }
    assert table.rows.tolist() == [2, 3]
    weight = raw.read("edc.xml", "IG.VS").frame
    assert weight[["IT.WT", "IT.WT.MeasurementUnitOID"]].iloc[0].tolist() == ["60.5", "kg"]


def test_what_is_left_unread_is_told(tmp_path: Path) -> None:
    found = export(tmp_path, SNAPSHOT).read("edc.xml", "IG.AE").findings
    assert [f.message for f in found] == ["1 elements AuditRecord are left unread"]


def test_an_item_twice_is_an_error(tmp_path: Path) -> None:
    text = SNAPSHOT.replace('ItemOID="IT.SEV" Value="2"', 'ItemOID="IT.TERM" Value="old"')
    found = [f for f in export(tmp_path, text).read("edc.xml", "IG.AE").findings if f.code.id == "RAW076"]
    assert [[r.row for r in f.rows] for f in found] == [[2]]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('SubjectKey="1"', 'SubjectKey="1" TransactionType="Update"', "file of changes (Update)"),
        ('ItemOID="IT.WT"', 'ItemOID="IT.WT" TransactionType="Remove"', "file of changes (Remove)"),
        ("odm/v1.3", "odm/v2.0", "not ODM 1.3"),
        ("</FormData></StudyEventData>", "</FormData>", "cannot be read as ODM-XML"),
        ("ItemGroupData", "OtherData", "it holds no ItemGroupData"),
    ],
)
def test_what_is_no_snapshot(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(CannotRun) as stopped:
        export(tmp_path, SNAPSHOT.replace(old, new)).read("edc.xml", "IG.AE")
    assert said in stopped.value.findings[0].message
    assert stopped.value.findings[0].place.file == "edc.xml"


def test_a_group_that_is_not_there(tmp_path: Path) -> None:
    raw = export(tmp_path, SNAPSHOT)
    with pytest.raises(CannotRun) as unknown:
        raw.read("edc.xml", "IG.AEX")
    assert "did you mean 'IG.AE'?" in str(unknown.value.findings[0].hint)
    with pytest.raises(CannotRun) as unsaid:
        raw.read("edc.xml")
    assert unsaid.value.findings[0].code.id == "RAW041"


def test_one_package_from_csv_and_from_odm(tmp_path: Path) -> None:
    """The study of tests/data/hand, its raw files as one ODM file."""
    forms = sorted((HAND / "raw").glob("*.csv"))
    groups = "".join(_group(path) for path in forms)
    body = f'<SubjectData SubjectKey="all"><StudyEventData StudyEventOID="E"><FormData FormOID="F">{groups}'
    head, _, rest = SNAPSHOT.partition("  <SubjectData")
    tail = "</FormData></StudyEventData></SubjectData>" + rest[rest.index("\n </ClinicalData>") :]
    shutil.copytree(HAND, tmp_path / "hand", ignore=shutil.ignore_patterns("raw"))
    (tmp_path / "hand/raw").mkdir()
    (tmp_path / "hand/raw/edc.xml").write_text(head + body + tail, encoding="utf-8")
    study = tmp_path / "hand/specs/hand/study.yaml"
    text = study.read_text(encoding="utf-8").replace("{file: doses.csv", "{file: edc.xml, sheet: doses")
    for name in ("people", "events", "vitals"):
        text = text.replace(f"{name}: {name}.csv", f"{name}: {{file: edc.xml, sheet: {name}}}")
    keys = "StudyOID, SubjectKey, StudyEventOID, FormOID"
    study.write_text(text.replace("[CHANGED]", f"[CHANGED, {keys}]"), encoding="utf-8")
    cdisc_conv.build("hand", workspace=HAND, out=tmp_path / "csv")
    cdisc_conv.build("hand", workspace=tmp_path / "hand", out=tmp_path / "odm")
    made = sorted(p.relative_to(tmp_path / "csv") for p in (tmp_path / "csv").rglob("*.xpt"))
    data = {p: [(tmp_path / kind / p).read_bytes()[240:] for kind in ("csv", "odm")] for p in made}
    assert made and [str(p) for p, (a, b) in data.items() if _records(a) != _records(b)] == []


def _records(data: bytes) -> bytes:
    """A transport file behind its times."""
    return data[data.index(b"NAMESTR HEADER RECORD") :]


def _group(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    items = [
        "".join(f"<ItemData ItemOID={quoteattr(k)} Value={quoteattr(v)}/>" for k, v in r.items() if v)
        for r in rows
    ]
    return "".join(f'<ItemGroupData ItemGroupOID="{path.stem}">{i}</ItemGroupData>' for i in items)
