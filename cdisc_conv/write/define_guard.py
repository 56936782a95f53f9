"""What define.xml cannot say, or says badly, about a package: found before it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from cdisc_conv.codes.file import (
    DEFINE_CHARACTER,
    DEFINE_DECODE,
    DEFINE_DOCUMENT,
    DEFINE_JOIN,
    DEFINE_KEY,
    DEFINE_MISSING,
    DEFINE_NOT_APPLICABLE,
)
from cdisc_conv.findings import Finding, Findings, Place
from cdisc_conv.model.metadata import DatasetMeta, ItemMeta, PackageMeta
from cdisc_conv.write.define_datasets import TYPES_WITH_LENGTH, domain_description
from cdisc_conv.write.define_names import other

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def package_findings(package: PackageMeta) -> Findings:
    """Characters that XML refuses (errors), and metadata that define.xml has no place for (warnings)."""
    found = Findings()
    found.extend(_characters(package, Place(file="define.xml")))
    for dataset in package.datasets:
        found.extend(_keys(dataset))
        found.extend(_domain(package, dataset))
        for item in dataset.items:
            found.extend(_types(dataset, item))
            found.extend(_joins(package, dataset, item))
    found.extend(_decodes(package))
    found.extend(_documents(package))
    return found


def _characters(value: Any, place: Place) -> Iterator[Finding]:
    if isinstance(value, str):
        if bad := _ILLEGAL.search(value):
            yield DEFINE_CHARACTER.at(place, character=f"U+{ord(bad[0]):04X}")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _characters(key, place)
            yield from _characters(inner, place)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _characters(inner, place)
    elif is_dataclass(value) and not isinstance(value, Place):
        here = _place(value, place)
        for field in fields(value):
            yield from _characters(getattr(value, field.name), here)


def _place(value: Any, place: Place) -> Place:
    """Where a part of the package is: its dataset and variable, or its own place in the spec."""
    if isinstance(value, DatasetMeta):
        return Place(dataset=value.name)
    if isinstance(value, ItemMeta):
        return Place(dataset=place.dataset, variable=place.variable or value.name)
    own = getattr(value, "place", place)
    return own if isinstance(own, Place) else place


def _keys(dataset: DatasetMeta) -> Iterator[Finding]:
    names = {i.name for i in dataset.items}
    for key in dataset.keys:
        if key not in names:
            yield DEFINE_KEY.at(Place(dataset=dataset.name), key=key)


def _domain(package: PackageMeta, dataset: DatasetMeta) -> Iterator[Finding]:
    part = package.kind == "sdtm" and dataset.domain not in ("", dataset.name)
    if part and not domain_description(package, dataset):
        what = f"the description of domain {dataset.domain}"
        when = "for a split or supplemental dataset"
        yield DEFINE_MISSING.at(Place(dataset=dataset.name), what=what, when=when)


def _types(dataset: DatasetMeta, item: ItemMeta) -> Iterator[Finding]:
    place = Place(dataset=dataset.name, variable=item.name)
    for each in (item, *item.values):
        typed = each.data_type in TYPES_WITH_LENGTH
        if each.length is not None and not typed:
            yield DEFINE_NOT_APPLICABLE.at(place, what=f"Length {each.length}", type=each.data_type)
        if each.significant_digits is not None and each.data_type != "float":
            yield DEFINE_NOT_APPLICABLE.at(
                place, what=f"Significant digits {each.significant_digits}", type=each.data_type
            )
        if (each.pages or each.predecessor or each.source) and not each.origin:
            yield DEFINE_NOT_APPLICABLE.at(
                place, what="Source, Pages or Predecessor", type="variable without Origin"
            )


def _joins(package: PackageMeta, dataset: DatasetMeta, item: ItemMeta) -> Iterator[Finding]:
    keys = {d.name: d.keys for d in package.datasets}
    own = {i.name for i in dataset.items}
    joined = {o for value in item.values for c in value.where if (o := other(dataset.name, c))}
    for name in sorted(joined):
        if not keys.get(name) or not own.issuperset(keys[name]):
            yield DEFINE_JOIN.at(Place(dataset=dataset.name, variable=item.name), other=name)


def _decodes(package: PackageMeta) -> Iterator[Finding]:
    for codelist in package.codelists.values():
        bare = [t.value for t in codelist.terms.values() if not t.decode]
        if bare and len(bare) < len(codelist.terms):
            yield DEFINE_DECODE.at(codelist.place, codelist=codelist.id, term=bare[0], count=len(bare))


def _documents(package: PackageMeta) -> Iterator[Finding]:
    for document in package.documents.values():
        if not document.href or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\]", document.href):
            yield DEFINE_DOCUMENT.at(Place(file="define.xml"), document=document.id, href=document.href)
