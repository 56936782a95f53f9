"""define.xml 2.1 of one package: the document, its stylesheet and its rendering, written to a folder.

Source: CDISC Define-XML 2.1 on ODM 1.3.2, Analysis Results Metadata 1.0. Same package, same bytes: the time
is the package's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from lxml import etree

from cdisc_conv.codes.file import DEFINE_CANNOT_WRITE
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place, Severity
from cdisc_conv.model.metadata import PackageMeta
from cdisc_conv.write import define_arm, define_datasets, define_documents, define_lists, define_values
from cdisc_conv.write.define_guard import package_findings
from cdisc_conv.write.define_html import STYLESHEET, render_define, stylesheet
from cdisc_conv.write.define_names import element

DEFINE_VERSION = "2.1.0"


def define_xml(package: PackageMeta) -> bytes:
    """The package as a Define-XML 2.1 document, UTF-8, indented.

    Raises CannotRun when a text holds a character that XML cannot.
    """
    _refuse(package_findings(package))
    root = _root(package)
    root.addprevious(etree.ProcessingInstruction("xml-stylesheet", f'type="text/xsl" href="{STYLESHEET}"'))
    etree.indent(root, "  ")
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", pretty_print=True)


def write_define(package: PackageMeta, folder: Path) -> Findings:
    """Write define.xml, define2-1.xsl and define.html into a folder (made if missing).

    Returns what was noticed in the package's metadata; raises CannotRun when nothing can be written.
    """
    findings = package_findings(package)
    document = define_xml(package)
    files = {"define.xml": document, STYLESHEET: stylesheet(), "define.html": render_define(document)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        place = Place(file=str(error.filename or folder))
        raise CannotRun(DEFINE_CANNOT_WRITE.at(place, reason=error.strerror)) from error
    return findings


def _refuse(findings: Findings) -> None:
    errors = [f for f in findings if f.severity is Severity.ERROR]
    if errors:
        raise CannotRun(*errors)


def _root(package: PackageMeta) -> etree._Element:
    attributes = {
        "ODMVersion": "1.3.2",
        "FileType": "Snapshot",
        "FileOID": f"DEFINE.{package.study_oid}.{package.kind.upper()}.{package.created}",
        "CreationDateTime": package.created,
        "SourceSystem": "cdisc_conv",
        "SourceSystemVersion": _version(),
        "def:Context": "Submission",
    }
    study = element("Study", {"OID": package.study_oid}, [_globals(package), _metadata_version(package)])
    return element("ODM", attributes, [study], arm=bool(package.analyses))


def _version() -> str | None:
    try:
        return metadata.version("cdisc-conv")
    except metadata.PackageNotFoundError:  # run from a checkout that was never installed
        return None


def _globals(package: PackageMeta) -> etree._Element:
    names = {
        "StudyName": package.study_name,
        "StudyDescription": package.study_description,
        "ProtocolName": package.protocol_name,
    }
    return element("GlobalVariables", children=[element(n, text=t) for n, t in names.items()])


def _metadata_version(package: PackageMeta) -> etree._Element:
    kind = {"sdtm": "SDTM", "adam": "ADaM"}.get(package.kind, package.kind)
    attributes = {
        "OID": f"MDV.{package.study_name}.{kind}",
        "Name": f"Study {package.study_name}, Data Definitions ({kind})",
        "Description": f"Data definitions of the {kind} datasets of study {package.study_name}",
        "def:DefineVersion": DEFINE_VERSION,
    }
    return element("MetaDataVersion", attributes, _version_parts(package))


def _version_parts(package: PackageMeta) -> Iterator[etree._Element]:
    """The parts of the MetaDataVersion, in the schema's order."""
    yield from define_lists.standards(package)
    yield from define_documents.document_groups(package)
    yield from define_values.value_lists(package)
    yield from define_values.where_clauses(package)
    yield from define_datasets.item_groups(package)
    yield from define_datasets.item_defs(package)
    yield from define_lists.codelists(package)
    yield from define_lists.methods(package)
    yield from define_lists.comments(package)
    yield from define_values.join_comments(package)
    yield from define_documents.leafs(package)
    yield from define_arm.result_displays(package)
