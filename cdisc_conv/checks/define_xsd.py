"""Whether a define.xml is valid Define-XML 2.1, and whether everything it refers to is there.

The schemas are those shipped in the package `odmlib` (CDISC's Define-XML 2.1 on ODM 1.3.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from pathlib import Path

from lxml import etree

from cdisc_conv.codes.file import DEFINE_DANGLING, DEFINE_INVALID, DEFINE_UNREADABLE, DEFINE_UNUSED
from cdisc_conv.findings import Finding, Findings, Place

_REFERENCES = {
    "ItemOID": "ItemDef",
    "MethodOID": "MethodDef",
    "CommentOID": "CommentDef",
    "StandardOID": "Standard",
    "CodeListOID": "CodeList",
    "ValueListOID": "ValueListDef",
    "WhereClauseOID": "WhereClauseDef",
    "leafID": "leaf",
    "ArchiveLocationID": "leaf",
    "ItemGroupOID": "ItemGroupDef",
    "ParameterOID": "ItemDef",
}
_ALWAYS_USED = {"Standard", "leaf", "ItemGroupDef"}


@lru_cache(maxsize=2)
def _schema(arm: bool) -> etree.XMLSchema:
    """The schema of Define-XML 2.1, with analysis results (ARM 1.0) or without."""
    schemas = resources.files("odmlib") / "schemas"
    define = schemas / "define" / "2.1" / "define2-1-0.xsd"
    root = schemas / "arm" / "1.0-define2.1" / "arm1-0-0.xsd" if arm else define
    with resources.as_file(root) as file:
        return etree.XMLSchema(etree.parse(file))


def validate_define(path: Path) -> Findings:
    """Findings on a define.xml: unreadable, not schema-valid (with the line), dangling or unused."""
    found = Findings()
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        document = etree.parse(path, parser)
    except OSError as error:
        found.add(DEFINE_UNREADABLE.at(Place(file=str(path)), reason=error.strerror or "no such file"))
        return found
    except etree.XMLSyntaxError as error:
        place = Place(file=str(path), line=error.lineno, column=error.offset)
        found.add(DEFINE_UNREADABLE.at(place, reason=error.msg))
        return found
    found.extend(_schema_errors(document, str(path)))
    found.extend(_references(document, str(path)))
    return found


def _schema_errors(document: etree._ElementTree, file: str) -> Iterator[Finding]:
    schema = _schema("http://www.cdisc.org/ns/arm/v1.0" in document.getroot().nsmap.values())
    if not schema.validate(document):
        for error in schema.error_log:  # type: ignore[attr-defined]  # the stubs lack it
            message = re.sub(r"\{http[^}]*\}", "", error.message)
            yield DEFINE_INVALID.at(Place(file=file, line=error.line), message=message)


def _references(document: etree._ElementTree, file: str) -> Iterator[Finding]:
    elements = list(document.getroot().iter(etree.Element))
    defined = {(_local(e.tag), oid): e for e in elements if (oid := e.get("OID") or e.get("ID"))}
    used: set[tuple[str, str]] = set()
    for e in elements:
        for name, reference in e.attrib.items():
            key = (_REFERENCES.get(_local(name), ""), str(reference))
            used.add(key)
            if key[0] and key not in defined:
                yield DEFINE_DANGLING.at(
                    Place(file=file, line=_line(e)),
                    element=_local(e.tag),
                    oid=_name(e),
                    attribute=_local(name),
                    reference=reference,
                )
    for kind, oid in (key for key in defined if key not in used):
        if kind in _REFERENCES.values() and kind not in _ALWAYS_USED:
            yield DEFINE_UNUSED.at(Place(file=file, line=_line(defined[kind, oid])), element=kind, oid=oid)


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]


def _line(e: etree._Element) -> int | None:
    line = e.sourceline
    return line  # type: ignore[return-value]  # the stubs type it as `...`


def _name(e: etree._Element) -> str:
    """The OID of the element or of the nearest element around it that has one."""
    for each in (e, *e.iterancestors()):
        if oid := each.get("OID") or each.get("ID"):
            return str(oid)
    return ""
