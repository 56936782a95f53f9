"""Value-level metadata in define.xml: ValueListDef, WhereClauseDef and the comments that tell their joins."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from cdisc_conv.model.metadata import DatasetMeta, ItemMeta, PackageMeta
from cdisc_conv.model.spec import Condition
from cdisc_conv.write.define_names import (
    Attributes,
    element,
    item_oid,
    join_comment_oid,
    prefixed,
    translated,
    value_list_oid,
    value_oid,
    where_oid,
    yes_no,
)


def values(package: PackageMeta) -> Iterator[tuple[DatasetMeta, ItemMeta, ItemMeta]]:
    """Every row of every value list, with its dataset and variable."""
    return ((d, i, v) for d in package.datasets for i in d.items for v in i.values)


def value_lists(package: PackageMeta) -> Iterator[etree._Element]:
    """A ValueListDef a variable that has value-level metadata."""
    for dataset in package.datasets:
        for item in dataset.items:
            if item.values:
                refs = [_value_ref(dataset, item, v, n) for n, v in enumerate(item.values, 1)]
                yield element("def:ValueListDef", {"OID": value_list_oid(dataset.name, item.name)}, refs)


def _value_ref(dataset: DatasetMeta, item: ItemMeta, value: ItemMeta, order: int) -> etree._Element:
    attributes: Attributes = {
        "ItemOID": value_oid(dataset.name, item.name, value),
        "OrderNumber": order,
        "Mandatory": yes_no(value.mandatory),
        "MethodOID": prefixed("MT.", value.method),
        "Role": value.role,
    }
    clause = element("def:WhereClauseRef", {"WhereClauseOID": where_oid(dataset.name, value.where)})
    return element("ItemRef", attributes, [clause])


def where_clauses(package: PackageMeta) -> Iterator[etree._Element]:
    """A WhereClauseDef a distinct clause; variables of one dataset share theirs."""
    seen: set[str] = set()
    for dataset, where in clauses(package):
        oid = where_oid(dataset.name, where)
        if oid in seen:
            continue
        seen.add(oid)
        attributes = {"OID": oid, "def:CommentOID": join_comment_oid(dataset, where)}
        yield element("def:WhereClauseDef", attributes, [_range_check(dataset, c) for c in where])


def clauses(package: PackageMeta) -> Iterator[tuple[DatasetMeta, tuple[Condition, ...]]]:
    """Every where clause with its dataset: of value lists, then of analyses."""
    yield from ((dataset, value.where) for dataset, _, value in values(package))
    datasets = {d.name: d for d in package.datasets}
    for analysis in package.analyses:
        for name in analysis.datasets():
            if analysis.of(name):
                yield datasets[name], analysis.of(name)


def _range_check(dataset: DatasetMeta, condition: Condition) -> etree._Element:
    attributes: Attributes = {
        "Comparator": condition.comparator,
        "SoftHard": "Soft",
        "def:ItemOID": item_oid(condition.dataset or dataset.name, condition.variable),
    }
    return element("RangeCheck", attributes, [element("CheckValue", text=v) for v in condition.values])


def join_comments(package: PackageMeta) -> Iterator[etree._Element]:
    """The comments that where clauses over several datasets need: which keys join them."""
    labels = {d.name: d for d in package.datasets}
    seen: set[str] = set()
    for dataset, _, value in values(package):
        oid = join_comment_oid(dataset, value.where)
        if not oid or oid in seen:
            continue
        seen.add(oid)
        texts = [_join_text(dataset, labels.get(name), name) for name in oid.split(".")[3:]]
        yield element("def:CommentDef", {"OID": oid}, translated("Description", " ".join(texts), "en"))


def _join_text(dataset: DatasetMeta, joined: DatasetMeta | None, name: str) -> str:
    keys = joined.keys if joined else ()
    return f"{dataset.name} is joined to {name} by {', '.join(keys) or 'no declared key'}."
