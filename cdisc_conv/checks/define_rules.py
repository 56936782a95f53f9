"""What Define-XML 2.1 asks for beyond its schema: Length, Origin, Source, methods, NCI codes.

The schema lets these be left out, reviewers and their validators do not (P21's DD rules).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cdisc_conv.codes.file import DEFINE_EXTENDED_CODED, DEFINE_MISSING
from cdisc_conv.findings import Finding, Findings, Place
from cdisc_conv.model.metadata import DatasetMeta, ItemMeta, PackageMeta
from cdisc_conv.model.spec import Codelist

_SIZED = frozenset({"text", "integer", "float"})
_SOURCED = frozenset({"Assigned", "Collected", "Derived", "Protocol"})


def check_define(package: PackageMeta) -> Findings:
    """Findings on metadata that define.xml should have and the package has not."""
    found = Findings()
    for dataset in package.datasets:
        found.extend(_dataset(dataset))
        for item in dataset.items:
            place = Place(dataset=dataset.name, variable=item.name)
            found.extend(_variable(item, place, empty=dataset.has_no_data))
    for codelist in package.codelists.values():
        found.extend(_codelist(codelist, standard=codelist.id in package.codelist_standards))
    return found


def _dataset(dataset: DatasetMeta) -> Iterator[Finding]:
    place = Place(dataset=dataset.name)
    if not dataset.keys:
        yield DEFINE_MISSING.at(place, what="Key Variables", when="for every dataset")
    if not dataset.class_ and dataset.standard:
        yield DEFINE_MISSING.at(place, what="Class", when="for a dataset of a standard")


def _variable(item: ItemMeta, place: Place, *, empty: bool) -> Iterator[Finding]:
    """A variable and its value list, whose rows inherit what they do not say (Define-XML 2.1)."""
    rows = [_inherited(v, item) for v in item.values]
    for each in (item, *rows):
        absent = [*_sizes(each, empty=empty or item.has_no_data), *_origin(each, listed=bool(each.values))]
        for what, when in absent:
            yield DEFINE_MISSING.at(place, what=what + _where(each), when=when)


def _inherited(value: ItemMeta, item: ItemMeta) -> ItemMeta:
    if not value.origin:
        value = replace(value, origin=item.origin, source=item.source, predecessor=item.predecessor)
    return replace(value, method=value.method or item.method)


def _sizes(item: ItemMeta, *, empty: bool) -> Iterator[tuple[str, str]]:
    if item.data_type in _SIZED and item.length is None and not empty:
        yield "Length", "with text, integer and float"
    if item.data_type == "float" and item.significant_digits is None and not empty:
        yield "Significant Digits", "with float"


def _origin(item: ItemMeta, *, listed: bool) -> Iterator[tuple[str, str]]:
    """Origin and method of a variable with a value list may stand there instead."""
    if not item.origin and not listed:
        yield "Origin", "for every variable or all its values"
    if item.origin in _SOURCED and not item.source:
        yield "Source", f"with origin {item.origin}"
    if item.origin == "Derived" and not item.method and not listed:
        yield "Method", "with origin Derived"
    if item.origin == "Predecessor" and not item.predecessor:
        yield "Predecessor", "with origin Predecessor"


def _where(item: ItemMeta) -> str:
    legs = " and ".join(f"{c.variable} {c.comparator} {', '.join(c.values)}" for c in item.where)
    return f" where {legs}" if legs else ""


def _codelist(codelist: Codelist, *, standard: bool) -> Iterator[Finding]:
    if standard and not codelist.nci_code:
        what = f"the NCI code of codelist {codelist.id}"
        yield DEFINE_MISSING.at(codelist.place, what=what, when="for a codelist of CDISC CT")
    for term in codelist.terms.values():
        if term.extended and term.nci_code:
            yield DEFINE_EXTENDED_CODED.at(
                codelist.place, term=term.value, codelist=codelist.id, nci=term.nci_code
            )
        elif codelist.nci_code and not term.extended and not term.nci_code:
            what = f"the NCI code of '{term.value}' in codelist {codelist.id}"
            yield DEFINE_MISSING.at(codelist.place, what=what, when="for a term that is no extension")
