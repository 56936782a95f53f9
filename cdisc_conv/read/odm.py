"""ODM-XML 1.3 as raw tables: an item group is a sheet, each ItemGroupData a row, each ItemOID a column.

Source: CDISC ODM 1.3.2, section 3.1.4 (ClinicalData).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd

from cdisc_conv.codes import raw as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.raw import RawTable, Source
from cdisc_conv.read.raw_table import STR, Content, Options, did_you_mean, raw_table, rows_of

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
OLD = "{http://www.cdisc.org/ns/odm/v1.2}"
LEVELS = ("ClinicalData", "SubjectData", "StudyEventData", "FormData", "ItemGroupData")
KEYS = (
    "StudyOID", "SubjectKey", "LocationOID", "StudyEventOID", "StudyEventRepeatKey", "FormOID",
    "FormRepeatKey", "ItemGroupRepeatKey",
)  # fmt: skip
"""The columns before the items; attributes of other namespaces (a vendor's subject number) follow them."""
NO_COLUMN = {"MetaDataVersionOID", "ItemGroupOID", "TransactionType"}
PARTS = {"SiteRef", "MeasurementUnitRef", *LEVELS}


@dataclass(slots=True)
class _Group:
    """An item group as it is read: a dict a row; rows in which an item stands more than once."""

    rows: list[dict[str, str]] = field(default_factory=list)
    twice: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class _File:
    """The item groups of a file, the order of items that its metadata say, and parts that no table holds."""

    groups: dict[str, _Group] = field(default_factory=dict)
    items: dict[str, list[str]] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)


_last: dict[str, _File] = {}  # the file read last, by its hash: its item groups are asked for one by one


def item_groups(content: Content) -> list[str]:
    """The OIDs of the item groups that hold data, in the order of their first row."""
    return list(_file(content).groups)


def read_odm(content: Content, options: Options) -> RawTable:
    """The table of an item group; `rows` count as if its header were row 1.

    Raises `CannotRun` when the file is no ODM snapshot, or has no such item group.
    """
    file = _file(content)
    name = _chosen(file, options.sheet, Place(file=content.file))
    group, source, findings = file.groups[name], Source(content.file, name), Findings()
    header = _header(group.rows, file.items.get(name, []))
    numbers = np.arange(2, len(group.rows) + 2, dtype=np.int64)
    texts = {c: pd.array([row.get(c, "") for row in group.rows], dtype=STR) for c in header}
    frame = pd.DataFrame(texts, index=pd.RangeIndex(len(group.rows)))
    for item in dict.fromkeys(item for _, item in group.twice):
        at = [number for number, own in group.twice if own == item]
        rows = rows_of(source, at)
        findings.add(codes.ODM_ITEM_TWICE.at(source.place, column=item, rows=rows, count=len(at)))
    for part, n in sorted(file.unread.items()):
        findings.add(codes.ODM_PART_UNREAD.at(Place(file=content.file), part=part, n=n))
    return raw_table(content, source, header, frame, numbers, "odm", findings)


def _chosen(file: _File, name: str, place: Place) -> str:
    names = ", ".join(repr(g) for g in file.groups)
    if not name and len(file.groups) == 1:
        return next(iter(file.groups))
    if not name:
        raise CannotRun(codes.SHEET_UNSAID.at(place, sheets=names))
    if name not in file.groups:
        hint = did_you_mean(name, file.groups)
        raise CannotRun(codes.SHEET_MISSING.at(place, sheet=name, sheets=names, hint=hint))
    return name


def _header(rows: list[dict[str, str]], items: list[str]) -> list[str]:
    """Keys that any row has, attributes of vendors, then the items, in the order of the metadata."""
    seen = dict.fromkeys(c for row in rows for c in row)
    known = dict.fromkeys([*KEYS, *(c for c in seen if c.startswith("@"))])
    keys = [c for c in known if c in seen]
    return [*keys, *dict.fromkeys([*items, *(c for c in seen if c not in known)])]


def _file(content: Content) -> _File:
    if content.sha256 not in _last:
        _last.clear()
        _last[content.sha256] = _read(content)
    return _last[content.sha256]


def _read(content: Content) -> _File:
    from lxml import etree

    file, place = _File(), Place(file=content.file)
    context = etree.iterparse(
        BytesIO(content.data), events=("start", "end"), resolve_entities=False, no_network=True,
        huge_tree=True, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        _, root = next(context)
        _check_root(root, place)
        keys: dict[str, dict[str, str]] = {}
        for event, element in context:
            _element(file, keys, event, element, place)
    except etree.XMLSyntaxError as e:
        line = e.lineno or 1
        raise CannotRun(codes.ODM_UNREADABLE.at(Place(file=content.file, line=line), why=e.msg)) from None
    if not file.groups:
        raise CannotRun(codes.ODM_UNREADABLE.at(place, why="it holds no ItemGroupData"))
    return file


def _check_root(root: Any, place: Place) -> None:
    if root.tag not in (f"{ODM}ODM", f"{OLD}ODM"):
        raise CannotRun(codes.ODM_UNREADABLE.at(place, why=f"its root is {root.tag!r}, not ODM 1.3"))


def _element(file: _File, keys: dict[str, dict[str, str]], event: str, element: Any, place: Place) -> None:
    """What the start of a level and the end of a part add."""
    name = element.tag.rpartition("}")[2]
    if event == "start":
        if name in LEVELS or name.startswith("ItemData"):
            _check_transaction(element, place)
        if name in LEVELS:
            keys[name] = dict(_attributes(element))
    elif "ClinicalData" in keys and _is_unread(element, name):
        file.unread[name] += 1
    elif name == "ItemGroupDef":
        refs = element.iterfind("{*}ItemRef")
        file.items[element.get("OID")] = [r.get("ItemOID") for r in refs]
    elif name == "SiteRef":
        keys["SubjectData"]["LocationOID"] = element.get("LocationOID", "")
    elif name == "ItemGroupData":
        _row(file, {k: v for level in LEVELS for k, v in keys.get(level, {}).items()}, element)
    if event == "end" and name in LEVELS:
        keys.pop(name, None)
        _forget(element)


def _attributes(element: Any) -> Iterator[tuple[str, str]]:
    """Keys of a level; a vendor's attribute by its local name behind an @."""
    for name, value in element.attrib.items():
        if name.startswith("{"):
            yield f"@{name.rpartition('}')[2]}", value
        elif name not in NO_COLUMN:
            yield name, value


def _check_transaction(element: Any, place: Place) -> None:
    """A file of changes is no table: what it changes is in another file."""
    kind = element.get("TransactionType", "Insert")
    if kind not in ("Insert", "Context"):
        at = Place(file=place.file, line=element.sourceline)
        raise CannotRun(codes.ODM_UNREADABLE.at(at, why=f"it is a file of changes ({kind}), not a snapshot"))


def _row(file: _File, row: dict[str, str], element: Any) -> None:
    group = file.groups.setdefault(element.get("ItemGroupOID", ""), _Group())
    number = len(group.rows) + 2
    for part in element:
        name = part.tag.rpartition("}")[2]
        if not name.startswith("ItemData"):
            continue
        item = part.get("ItemOID", "")
        if item in row:
            group.twice.append((number, item))
        row[item] = _value(part)
        if (unit := part.find("{*}MeasurementUnitRef")) is not None:
            row[f"{item}.MeasurementUnitOID"] = unit.get("MeasurementUnitOID", "")
    group.rows.append(row)


def _value(item: Any) -> str:
    """The Value of an item, or the text of a typed one (ItemDataString …); "" where it is null."""
    if item.get("IsNull") == "Yes":
        return ""
    value: str = item.get("Value") if item.get("Value") is not None else (item.text or "")
    return value.strip() if item.get("Value") is None else value


def _is_unread(element: Any, name: str) -> bool:
    """Whether a part (an audit record, an annotation) is in no table; parts within it are not counted."""
    if name in PARTS or name.startswith("ItemData"):
        return False
    parent = element.getparent().tag.rpartition("}")[2]
    return parent in LEVELS or parent.startswith("ItemData")


def _forget(element: Any) -> None:
    """Frees an element that was read, and those before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
