"""Datasets and variables in define.xml: ItemGroupDef and ItemDef."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from cdisc_conv.model.metadata import DatasetMeta, ItemMeta, PackageMeta
from cdisc_conv.write.define_documents import annotated_crf, document_ref
from cdisc_conv.write.define_names import (
    Attributes,
    element,
    item_oid,
    leaf_id,
    prefixed,
    sas_name,
    translated,
    value_list_oid,
    value_oid,
    yes_no,
)
from cdisc_conv.write.define_values import values

TYPES_WITH_LENGTH = frozenset({"text", "integer", "float"})
"""Data types to which Define-XML 2.1 gives a Length."""

DOMAIN_CODELIST = "C66734"
"""NCI code of the codelist of domain abbreviations."""


def item_groups(package: PackageMeta) -> Iterator[etree._Element]:
    """An ItemGroupDef a dataset, in the package's order."""
    for dataset in package.datasets:
        yield element("ItemGroupDef", _group_attributes(package, dataset), _group_parts(package, dataset))


def _group_attributes(package: PackageMeta, dataset: DatasetMeta) -> Attributes:
    return {
        "OID": f"IG.{dataset.name}",
        "Domain": (dataset.domain or dataset.name) if package.kind == "sdtm" else None,
        "Name": dataset.name,
        "Repeating": yes_no(dataset.repeating),
        "IsReferenceData": yes_no(dataset.reference_data),
        "SASDatasetName": sas_name(dataset.name),
        "def:Structure": dataset.structure,
        "Purpose": dataset.purpose,
        "def:StandardOID": prefixed("STD.", dataset.standard),
        "def:IsNonStandard": None if dataset.standard else "Yes",
        "def:HasNoData": "Yes" if dataset.has_no_data else None,
        "def:CommentOID": prefixed("COM.", dataset.comment),
        "def:ArchiveLocationID": leaf_id(dataset.name) if dataset.written else None,
    }


def _group_parts(package: PackageMeta, dataset: DatasetMeta) -> Iterator[etree._Element]:
    yield from translated("Description", dataset.label, package.language)
    for order, item in enumerate(dataset.items, 1):
        yield element("ItemRef", _item_ref(dataset, item, order))
    description = domain_description(package, dataset)
    if description:
        yield element("Alias", {"Context": "DomainDescription", "Name": description})
    if dataset.class_:
        subclass = [element("def:SubClass", {"Name": dataset.subclass})] if dataset.subclass else []
        yield element("def:Class", {"Name": dataset.class_}, subclass)
    if dataset.written:
        file = f"{dataset.name.lower()}.xpt"
        title = element("def:title", text=file)
        yield element("def:leaf", {"ID": leaf_id(dataset.name), "xlink:href": file}, [title])


def _item_ref(dataset: DatasetMeta, item: ItemMeta, order: int) -> Attributes:
    key = item.key_sequence
    if key is None and item.name in dataset.keys:
        key = dataset.keys.index(item.name) + 1
    return {
        "ItemOID": item_oid(dataset.name, item.name),
        "OrderNumber": order,
        "Mandatory": yes_no(item.mandatory),
        "KeySequence": key,
        "MethodOID": prefixed("MT.", item.method),
        "Role": item.role,
        "def:HasNoData": "Yes" if item.has_no_data else None,
    }


def domain_description(package: PackageMeta, dataset: DatasetMeta) -> str:
    """What a split or supplemental dataset's domain is called: the parent's label, or the CT decode."""
    if package.kind != "sdtm" or not dataset.domain or dataset.domain == dataset.name:
        return ""
    for parent in package.datasets:
        if parent.name == dataset.domain:
            return parent.label
    for codelist in package.codelists.values():
        term = codelist.terms.get(dataset.domain)
        if codelist.nci_code == DOMAIN_CODELIST and term is not None:
            return term.decode
    return ""


def item_defs(package: PackageMeta) -> Iterator[etree._Element]:
    """An ItemDef a variable, then an ItemDef a row of a value list."""
    for dataset in package.datasets:
        for item in dataset.items:
            listed = value_list_oid(dataset.name, item.name) if item.values else ""
            yield _item_def(package, item, item_oid(dataset.name, item.name), listed)
    for dataset, item, value in values(package):
        yield _item_def(package, value, value_oid(dataset.name, item.name, value), "")


def _item_def(package: PackageMeta, item: ItemMeta, oid: str, value_list: str) -> etree._Element:
    attributes: Attributes = {
        "OID": oid,
        "Name": item.name,
        "DataType": item.data_type,
        "Length": item.length if item.data_type in TYPES_WITH_LENGTH else None,
        "SignificantDigits": item.significant_digits if item.data_type == "float" else None,
        "SASFieldName": sas_name(item.name),
        "def:DisplayFormat": item.format,
        "def:CommentOID": prefixed("COM.", item.comment),
    }
    parts = translated("Description", item.label, package.language)
    if item.codelist:
        parts.append(element("CodeListRef", {"CodeListOID": prefixed("CL.", item.codelist)}))
    if item.origin:
        parts.append(_origin(package, item))
    if value_list:
        parts.append(element("def:ValueListRef", {"ValueListOID": value_list}))
    return element("ItemDef", attributes, parts)


def _origin(package: PackageMeta, item: ItemMeta) -> etree._Element:
    parts = translated("Description", item.predecessor, package.language)
    if item.pages:
        parts.append(document_ref(annotated_crf(package), item.pages))
    return element("def:Origin", {"Type": item.origin, "Source": item.source}, parts)
