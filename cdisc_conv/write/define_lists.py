"""Codelists, dictionaries, methods and comments in define.xml."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from cdisc_conv.model.metadata import PackageMeta
from cdisc_conv.model.spec import Codelist, Comment, Dictionary, Method, Term
from cdisc_conv.write.define_documents import document_ref
from cdisc_conv.write.define_names import element, prefixed, translated

NCI = "nci:ExtCodeID"


def standards(package: PackageMeta) -> Iterator[etree._Element]:
    """def:Standards, if the package names any."""
    rows = [
        element(
            "def:Standard",
            {
                "OID": prefixed("STD.", s.id),
                "Name": s.name,
                "Type": s.type,
                "PublishingSet": s.publishing_set,
                "Version": s.version,
                "Status": s.status,
            },
        )
        for s in package.standards
    ]
    if rows:
        yield element("def:Standards", children=rows)


def codelists(package: PackageMeta) -> Iterator[etree._Element]:
    """A CodeList a codelist, then one a dictionary."""
    for codelist in package.codelists.values():
        yield _codelist(package, codelist)
    for dictionary in package.dictionaries.values():
        yield _dictionary(dictionary)


def _codelist(package: PackageMeta, codelist: Codelist) -> etree._Element:
    standard = package.codelist_standards.get(codelist.id, "")
    attributes = {
        "OID": prefixed("CL.", codelist.id),
        "Name": codelist.name,
        "DataType": codelist.data_type,
        "def:StandardOID": prefixed("STD.", standard),
        "def:IsNonStandard": None if standard else "Yes",
        "def:CommentOID": prefixed("COM.", codelist.comment),
    }
    decoded = any(t.decode for t in codelist.terms.values())
    parts = [_term(t, decoded=decoded, language=package.language) for t in codelist.terms.values()]
    return element("CodeList", attributes, [*parts, *_nci(codelist.nci_code)])


def _term(term: Term, *, decoded: bool, language: str) -> etree._Element:
    attributes = {
        "CodedValue": term.value,
        "OrderNumber": term.order,
        "def:ExtendedValue": "Yes" if term.extended else None,
    }
    if not decoded:
        return element("EnumeratedItem", attributes, _nci(term.nci_code))
    decode = translated("Decode", term.decode or term.value, language)
    return element("CodeListItem", attributes, [*decode, *_nci(term.nci_code)])


def _nci(code: str) -> list[etree._Element]:
    return [element("Alias", {"Context": NCI, "Name": code})] if code else []


def _dictionary(dictionary: Dictionary) -> etree._Element:
    attributes = {
        "OID": prefixed("CL.", dictionary.id),
        "Name": dictionary.name,
        "DataType": dictionary.data_type,
    }
    external = {"Dictionary": dictionary.dictionary, "Version": dictionary.version}
    return element("CodeList", attributes, [element("ExternalCodeList", external)])


def methods(package: PackageMeta) -> Iterator[etree._Element]:
    """A MethodDef a method."""
    for method in package.methods.values():
        attributes = {"OID": prefixed("MT.", method.id), "Name": method.name, "Type": method.type}
        parts = translated("Description", method.description, package.language)
        if method.expression_code:
            context = {"Context": method.expression_context}
            parts.append(element("FormalExpression", context, text=method.expression_code))
        yield element("MethodDef", attributes, [*parts, *_document(method)])


def comments(package: PackageMeta) -> Iterator[etree._Element]:
    """A def:CommentDef a comment."""
    for comment in package.comments.values():
        parts = translated("Description", comment.description, package.language)
        yield element("def:CommentDef", {"OID": prefixed("COM.", comment.id)}, [*parts, *_document(comment)])


def _document(noted: Method | Comment) -> list[etree._Element]:
    return [document_ref(noted.document, noted.pages)] if noted.document else []
