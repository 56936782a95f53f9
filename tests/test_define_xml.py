"""define.xml of constructed packages: valid by CDISC's schemas, read back by odmlib, right in its details."""

from __future__ import annotations

import define_packages as made
import pytest
from define_example import NS
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cdisc_conv.checks.define_xsd import validate_define
from cdisc_conv.errors import CannotRun
from cdisc_conv.model.spec import Document, Term
from cdisc_conv.write.define import define_xml, write_define
from cdisc_conv.write.define_guard import package_findings
from cdisc_conv.write.define_names import where_oid

PACKAGES = {"full_sdtm": made.full_sdtm, "full_adam": made.full_adam, "small": made.small}


def root_of(package):
    return etree.fromstring(define_xml(package))


def at(root, path):
    """What an XPath finds, as a list of strings."""
    return [str(x) for x in root.xpath(path, namespaces=NS)]


@pytest.mark.parametrize("name", PACKAGES)
def test_valid_by_the_schemas_and_complete_in_references(name, tmp_path):
    assert list(write_define(PACKAGES[name](), tmp_path)) == []
    assert {f.name for f in tmp_path.iterdir()} == {"define.xml", "define2-1.xsl", "define.html"}
    found = validate_define(tmp_path / "define.xml")
    # the codelist of domains only serves the description of the split dataset
    assert [(f.code.id, f.message) for f in found if "CL.DOMAIN" not in f.message] == []


@pytest.mark.parametrize("name", PACKAGES)
def test_odmlib_reads_it(name, tmp_path):
    from odmlib.define_loader import XMLDefineLoader
    from odmlib.loader import ODMLoader

    package = PACKAGES[name]()
    file = tmp_path / "define.xml"
    file.write_bytes(define_xml(package))
    loader = ODMLoader(XMLDefineLoader(model_package="define_2_1"))
    loader.open_odm_document(str(file))
    version = loader.MetaDataVersion()
    assert [g.Name for g in version.ItemGroupDef] == [d.name for d in package.datasets]
    names = {i.OID: i.Name for i in version.ItemDef}
    read = {g.Name: [names[r.ItemOID] for r in g.ItemRef] for g in version.ItemGroupDef}
    assert read == {d.name: [i.name for i in d.items] for d in package.datasets}
    assert len(version.CodeList) == len(package.codelists) + len(package.dictionaries)
    assert len(version.MethodDef) == len(package.methods)
    assert loader.root().Context == "Submission"


def test_same_package_same_bytes():
    assert define_xml(made.full_sdtm()) == define_xml(made.full_sdtm())


GROUP = "//o:ItemGroupDef[@Name='{}']"

DETAILS = [
    # what, XPath, expected
    ("ODM attributes", "concat(@FileType, ' ', @ODMVersion, ' ', @d:Context, ' ', @CreationDateTime)",
     "Snapshot 1.3.2 Submission 2025-03-01T12:00:00+01:00"),
    ("supplemental: domain", "string(//o:ItemGroupDef[@Name='SUPPAE']/@Domain)", "AE"),
    ("supplemental: alias", "string(//o:ItemGroupDef[@Name='SUPPAE']/o:Alias/@Name)", "Label of AE"),
    ("split: alias from CT", "string(//o:ItemGroupDef[@Name='QSAB']/o:Alias/@Name)", "Questionnaires"),
    ("no alias else", "count(//o:ItemGroupDef[@Name='AE']/o:Alias)", 0.0),
    ("file in lower case", "string(//o:ItemGroupDef[@Name='QSAB']/d:leaf/@x:href)", "qsab.xpt"),
    ("no data: no file", "count(//o:ItemGroupDef[@Name='DD']/d:leaf)", 0.0),
    ("no data: said", "string(//o:ItemGroupDef[@Name='DD']/@d:HasNoData)", "Yes"),
    ("no standard: said", "string(//o:ItemGroupDef[@Name='DD']/@d:IsNonStandard)", "Yes"),
    ("no data in a variable", "string(//o:ItemRef[@ItemOID='IT.AE.AESEV']/@d:HasNoData)", "Yes"),
    ("role", "string(//o:ItemRef[@ItemOID='IT.AE.AESEV']/@Role)", "Record Qualifier"),
    ("key order", "string(//o:ItemRef[@ItemOID='IT.AE.AEDECOD']/@KeySequence)", "3"),
    ("no length on dates", "count(//o:ItemDef[@OID='IT.AE.AESTDTC']/@Length)", 0.0),
    ("predecessor", "string(//o:ItemDef[@OID='IT.AE.AESTDTC']/d:Origin/o:Description/*)", "XX.XXDTC"),
    ("aCRF pages", "string(//o:ItemDef[@OID='IT.DM.SEX']//d:DocumentRef/@leafID)", "LF.acrf"),
    ("aCRF", "string(//d:AnnotatedCRF/d:DocumentRef/@leafID)", "LF.acrf"),
    ("supplemental document", "string(//d:SupplementalDoc/d:DocumentRef/@leafID)", "LF.csdrg"),
    ("shared where clause", "count(//d:WhereClauseDef[o:RangeCheck/o:CheckValue='HGB'])", 2.0),
    ("value names its clause", "count(//@WhereClauseOID[not(.=//d:WhereClauseDef/@OID)])", 0.0),
    ("other dataset", "string(//o:RangeCheck[o:CheckValue='F']/@d:ItemOID)", "IT.DM.SEX"),
    ("no HasNoData in value lists", "count(//d:ValueListDef//@d:HasNoData)", 0.0),
    ("extended term", "string(//o:EnumeratedItem[@CodedValue='X']/@d:ExtendedValue)", "Yes"),
    ("term's NCI code", "string(//o:EnumeratedItem[@CodedValue='M']/o:Alias/@Name)", "C20197"),
    ("list's NCI code", "string(//o:CodeList[@OID='CL.SEX']/o:Alias/@Name)", "C66731"),
    ("list's standard", "string(//o:CodeList[@OID='CL.SEX']/@d:StandardOID)", "STD.2"),
    ("sponsor list", "string(//o:CodeList[@OID='CL.DOMAIN']/@d:IsNonStandard)", "Yes"),
    ("decodes", "string(//o:CodeListItem[@CodedValue='QS']/o:Decode/o:TranslatedText)", "Questionnaires"),
    ("dictionary", "concat(//@Dictionary, ' ', //o:ExternalCodeList/@Version)", "MedDRA 27.1"),
    ("code", "concat(//o:FormalExpression/@Context, ': ', //o:FormalExpression)", "Python: x < y"),
    ("line breaks kept", "string(//o:MethodDef/o:Description/*)", "As <collected>\nand upper case"),
    ("comment's pages", "string(//d:CommentDef[@OID='COM.CL.SEX']//@LastPage)", "9"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "expected"), [d[1:] for d in DETAILS], ids=[d[0] for d in DETAILS])
def test_details_of_sdtm(path, expected):
    assert root_of(made.full_sdtm()).xpath(path, namespaces=NS) == expected


def test_details_of_adam():
    root = root_of(made.full_adam())
    assert at(root, "//d:SubClass/@Name") == ["TIME-TO-EVENT", "ADVERSE EVENT"]
    assert at(root, "//o:ItemGroupDef/@Domain") == []
    assert at(root, "//o:ItemGroupDef/@Purpose") == ["Analysis"] * 3
    value = "//o:ItemDef[@OID='IT.ADTTE.AVAL.PARAMCD.EQ.TTFLARE']"
    assert at(root, f"{value}/@SignificantDigits | {value}/@d:DisplayFormat") == ["3", "8.3"]
    assert at(root, "//d:ValueListDef/o:ItemRef/@MethodOID") == ["MT.TTE"]


def test_every_comparator_is_written_with_its_values():
    checks = root_of(made.full_sdtm()).iterfind(".//o:RangeCheck", NS)
    read = [(str(c.get("Comparator")), at(c, "o:CheckValue/text()")) for c in checks]
    assert read == [(c, ["A<B", "C"] if "IN" in c else ["A<B"]) for c in made.COMPARATORS] + [
        ("EQ", ["HGB"]),
        ("EQ", ["F"]),
        ("EQ", ["HGB"]),
    ]


PAGES = [
    ("6", [("6", None, None, "PhysicalRef")]),
    ("6 7,9", [("6 7 9", None, None, "PhysicalRef")]),
    ("6 - 9", [(None, "6", "9", "PhysicalRef")]),
    ("5-6, 3", [("3", None, None, "PhysicalRef"), (None, "5", "6", "PhysicalRef")]),
    ("section2.1", [("section2.1", None, None, "NamedDestination")]),
    ("12A", [("12A", None, None, "NamedDestination")]),
]  # fmt: skip


@pytest.mark.parametrize(("pages", "expected"), PAGES)
def test_pages(pages, expected):
    variable = made.item("A", origin="Collected", source="Subject", pages=pages)
    root = root_of(made.package(made.dataset("XX", variable)))
    refs = root.iterfind(".//d:PDFPageRef", NS)
    assert [tuple(r.get(a) for a in ("PageRefs", "FirstPage", "LastPage", "Type")) for r in refs] == expected


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe"])
def test_control_characters_are_refused_with_their_place(bad):
    package = made.package(made.dataset("AE", made.item("AETERM", label=f"a{bad}b")))
    with pytest.raises(CannotRun) as stop:
        define_xml(package)
    (finding,) = stop.value.findings
    assert (finding.code.name, str(finding.place)) == ("define-character-refused", "AE.AETERM")
    assert f"U+{ord(bad):04X}" in finding.message


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1))
def test_any_text_comes_back(text):
    package = made.package(made.dataset("AE", made.item("AETERM", label=text), label=text))
    root = root_of(package)
    assert at(root, "//o:ItemDef[@Name='AETERM']/o:Description/o:TranslatedText/text()") == [text]


values = st.lists(st.text("AB._ 1", min_size=1, max_size=4), min_size=1, max_size=3).map(tuple)
clauses = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["EQ", "IN"]), values), max_size=3)


@given(clauses, clauses)
def test_different_clauses_have_different_names(left, right):
    one, other = (tuple(made.leg(v, c, *x) for v, c, x in side) for side in (left, right))
    assert (where_oid("LB", one) == where_oid("LB", other)) == (left == right)


def _with(*items, **more):
    return made.package(made.dataset("XX", *items), **more)


def _at(href):
    return _with(documents={"d": Document("d", "D", href)})


FROM_DM = made.item("A", where=(made.leg("SEX", "EQ", "F", dataset="DM"),))
HALF = made.codelist("C", Term("A", decode="a"), Term("B"))
INAPT = "define-attribute-does-not-apply"

WARNED = [
    ("define-key-not-a-variable", "XX", made.package(made.dataset("XX", keys=("STUDYID", "VISITNUM")))),
    ("define-attribute-missing", "QSAB", made.package(made.dataset("QSAB", domain="QS"))),
    (INAPT, "XX.D", _with(made.item("D", "date", 10))),
    (INAPT, "XX.D", _with(made.item("D", significant_digits=2))),
    (INAPT, "XX.D", _with(made.item("D", origin="", pages="3"))),
    ("define-join-not-by-keys", "XX.A", _with(made.item("A", values=(FROM_DM,)))),
    ("define-decode-missing", "spec.xlsx!Codelists!A2", _with(codelists={"C": HALF})),
    ("define-document-not-relative", "define.xml", _at("javascript:alert(1)")),
    ("define-document-not-relative", "define.xml", _at("https://x.org/a.pdf")),
    ("define-document-not-relative", "define.xml", _at("C:\\a.pdf")),
]


@pytest.mark.parametrize(("code", "place", "package"), WARNED)
def test_what_define_cannot_say_is_found(code, place, package):
    assert [(f.code.name, str(f.place)) for f in package_findings(package)] == [(code, place)]


BROKEN = [
    ("codelist", made.item("A", codelist="NO"), "CodeListRef IT.XX.A refers to CodeListOID 'CL.NO'"),
    ("method", made.item("A", method="NO"), "ItemRef IG.XX refers to MethodOID 'MT.NO'"),
    ("comment", made.item("A", comment="NO"), "ItemDef IT.XX.A refers to CommentOID 'COM.NO'"),
    ("aCRF", made.item("A", pages="3"), "DocumentRef IT.XX.A refers to leafID 'LF.acrf'"),
]


@pytest.mark.parametrize(("variable", "message"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_dangling_references_are_found(variable, message, tmp_path):
    file = tmp_path / "define.xml"
    file.write_bytes(define_xml(made.package(made.dataset("XX", variable))))
    found = [f for f in validate_define(file) if f.code.name == "define-dangling-reference"]
    assert [f.message.partition(",")[0] for f in found] == [message]
    assert all(f.place.line for f in found)


INVALID = [
    ("class", made.package(made.dataset("XX", class_="EVENT")), "define-not-schema-valid"),
    ("type", made.package(made.dataset("XX", made.item("A", "char"))), "define-not-schema-valid"),
    ("origin", made.package(made.dataset("XX", made.item("A", origin="CRF"))), "define-not-schema-valid"),
    ("empty list", _with(codelists={"C": made.codelist("C")}), "define-not-schema-valid"),
    ("time", _with(created="yesterday"), "define-not-schema-valid"),
    ("twice", made.package(made.dataset("XX"), made.dataset("XX")), "define-not-schema-valid"),
]


@pytest.mark.parametrize(("package", "code"), [i[1:] for i in INVALID], ids=[i[0] for i in INVALID])
def test_invalid_values_are_found_by_the_schema(package, code, tmp_path):
    file = tmp_path / "define.xml"
    file.write_bytes(define_xml(package))
    assert code in [f.code.name for f in validate_define(file)]


@pytest.mark.parametrize("content", [None, b"", b"<ODM>", b"\x00\x01"])
def test_unreadable_files_are_findings(content, tmp_path):
    file = tmp_path / "define.xml"
    if content is not None:
        file.write_bytes(content)
    assert [f.code.name for f in validate_define(file)] == ["define-unreadable"]


def test_a_folder_that_cannot_be_made_stops_the_run(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(CannotRun, match="FILE053"):
        write_define(made.small(), tmp_path / "taken")
