"""Documents in define.xml: leafs, the annotated CRF, supplemental documents and references to their pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree

from cdisc_conv.model.metadata import PackageMeta
from cdisc_conv.model.spec import Document
from cdisc_conv.write.define_names import element, leaf_id

ACRF_NAMES = ("acrf", "blankcrf", "annotatedcrf")
"""Ids or file names (without .pdf, any case) by which a document is known to be the annotated CRF."""


def is_annotated_crf(document: Document) -> bool:
    """Whether a document is the annotated CRF, by its id or its file's name."""
    return document.id.lower() in ACRF_NAMES or PurePosixPath(document.href).stem.lower() in ACRF_NAMES


def annotated_crf(package: PackageMeta) -> str:
    """The id of the annotated CRF; "acrf" when the package has none (then a dangling reference)."""
    return next((d.id for d in package.documents.values() if is_annotated_crf(d)), "acrf")


def document_groups(package: PackageMeta) -> Iterator[etree._Element]:
    """def:AnnotatedCRF and def:SupplementalDoc, each only if it has documents."""
    documents = package.documents.values()
    for name, wanted in (("def:AnnotatedCRF", True), ("def:SupplementalDoc", False)):
        refs = [document_ref(d.id, "") for d in documents if is_annotated_crf(d) is wanted]
        if refs:
            yield element(name, children=refs)


def leafs(package: PackageMeta) -> Iterator[etree._Element]:
    """A def:leaf a document."""
    for document in package.documents.values():
        title = element("def:title", text=document.title)
        yield element("def:leaf", {"ID": leaf_id(document.id), "xlink:href": document.href}, [title])


def document_ref(document: str, pages: str) -> etree._Element:
    """A def:DocumentRef with its pages."""
    return element("def:DocumentRef", {"leafID": leaf_id(document)}, page_refs(pages))


def page_refs(pages: str) -> list[etree._Element]:
    """Pages as the spec writes them: "6 7", "6, 7" or "6-9" are physical pages, other words named places."""
    words = [w for w in re.split(r"[\s,;]+", re.sub(r"(?<=\d)\s*[-–]\s*(?=\d)", "-", pages)) if w]
    single = [w for w in words if w.isascii() and w.isdigit()]
    ranges = [tuple(w.split("-")) for w in words if re.fullmatch(r"[0-9]+-[0-9]+", w)]
    named = [w for w in words if w not in single and not re.fullmatch(r"[0-9]+-[0-9]+", w)]
    made = []
    if single:
        made.append({"PageRefs": " ".join(single), "Type": "PhysicalRef"})
    made += [{"FirstPage": first, "LastPage": last, "Type": "PhysicalRef"} for first, last in ranges]
    if named:
        made.append({"PageRefs": " ".join(named), "Type": "NamedDestination"})
    return [element("def:PDFPageRef", attributes) for attributes in made]
