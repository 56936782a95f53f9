"""Names in define.xml: namespaces, OIDs, and how one element is made.

OIDs are told from what they name, never counted, so that a new variable does not rename the others:

    STD.  IG.AE  IT.AE.AETERM  VL.LB.LBORRES  WC.LB.LBTESTCD.EQ.HCT  CL.NY  MT.AESEQ  COM.AGE  LF.AE
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from lxml import etree

from cdisc_conv.model.metadata import DatasetMeta, ItemMeta
from cdisc_conv.model.spec import Condition

ODM = "http://www.cdisc.org/ns/odm/v1.3"
DEF = "http://www.cdisc.org/ns/def/v2.1"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
ARM = "http://www.cdisc.org/ns/arm/v1.0"
NSMAP: dict[str | None, str] = {None: ODM, "def": DEF, "xlink": XLINK}
_URIS = {"def": DEF, "xlink": XLINK, "xml": XML, "arm": ARM}

Attributes = Mapping[str, str | int | None]


def qualified(name: str) -> str:
    """`def:Class` as lxml writes it, `{http://www.cdisc.org/ns/def/v2.1}Class`."""
    prefix, _, local = name.rpartition(":")
    return f"{{{_URIS[prefix]}}}{local}" if prefix else local


def element(
    name: str,
    attributes: Attributes | None = None,
    children: Iterable[etree._Element] = (),
    text: str = "",
    *,
    arm: bool = False,
) -> etree._Element:
    """One element; attributes that are None or "" do not apply and are not written.

    `arm` declares the namespace of analysis results, for the root of a document that has some.
    """
    tag = qualified(name) if ":" in name else f"{{{ODM}}}{name}"
    spaces = NSMAP | {"arm": ARM} if arm or name.startswith("arm:") else NSMAP
    made = etree.Element(tag, nsmap=spaces)  # type: ignore[arg-type]  # None is the default namespace
    for key, value in (attributes or {}).items():
        if value is not None and value != "":
            made.set(qualified(key), str(value))
    made.extend(list(children))
    if text:
        made.text = text
    return made


def translated(wrapper: str, text: str, language: str) -> list[etree._Element]:
    """`<Description><TranslatedText xml:lang="en">…`, or nothing when there is no text."""
    if not text:
        return []
    inner = element("TranslatedText", {"xml:lang": language}, text=text)
    return [element(wrapper, children=[inner])]


def prefixed(prefix: str, identifier: str) -> str:
    """The OID of an id of the spec: `CL.` + `NY`; an id that has its prefix already keeps it, "" stays ""."""
    return identifier if not identifier or identifier.startswith(prefix) else prefix + identifier


def leaf_id(identifier: str) -> str:
    """An XML ID for a document or dataset: `LF.` and the id, other characters than name characters as hex."""
    return "LF." + re.sub(r"[^A-Za-z0-9_.-]", lambda m: f"-{ord(m[0]):X}-", identifier.removeprefix("LF."))


def item_oid(dataset: str, variable: str) -> str:
    """`IT.AE.AETERM`."""
    return f"IT.{dataset}.{variable}"


def value_list_oid(dataset: str, variable: str) -> str:
    """`VL.LB.LBORRES`."""
    return f"VL.{dataset}.{variable}"


def where_slug(dataset: str, where: tuple[Condition, ...]) -> str:
    """The legs of a where clause as a name: `LBTESTCD.EQ.HCT`, and a hash where that is ambiguous."""
    legs = [(other(dataset, c), c.variable, c.comparator, *c.values) for c in where]
    readable = ".".join(".".join([f"[{place}]", *rest] if place else rest) for place, *rest in legs)
    plain = all(not place and len(rest) == 3 and "." not in rest[2] for place, *rest in legs)
    if plain and len(readable) <= 100 and re.fullmatch(r"[A-Za-z0-9_.-]+", readable):
        return readable
    short = re.sub(r"[^A-Za-z0-9_.\[\]-]", "_", readable)[:80]
    return f"{short}.{hashlib.sha256(repr(legs).encode()).hexdigest()[:8]}"


def where_oid(dataset: str, where: tuple[Condition, ...]) -> str:
    """`WC.LB.LBTESTCD.EQ.HCT`; equal clauses of a dataset have one OID."""
    return f"WC.{dataset}.{where_slug(dataset, where)}"


def value_oid(dataset: str, variable: str, value: ItemMeta) -> str:
    """The OID of a variable under a condition: `IT.LB.LBORRES.LBTESTCD.EQ.HCT`."""
    return f"{item_oid(dataset, variable)}.{where_slug(dataset, value.where)}"


def other(dataset: str, condition: Condition) -> str:
    """The dataset that a condition reads, when it is not `dataset` itself; else ""."""
    return "" if condition.dataset == dataset else condition.dataset


def join_comment_oid(dataset: DatasetMeta, where: tuple[Condition, ...]) -> str:
    """The OID of the comment on how a where clause's datasets are joined; "" when it reads only its own."""
    others = sorted({o for c in where if (o := other(dataset.name, c))})
    return ".".join(["COM.JOIN", dataset.name, *others]) if others else ""


def sas_name(name: str) -> str | None:
    """The name if SAS can have it (8 characters, letters, digits, underscore), else None."""
    return name if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,7}", name) else None


def yes_no(value: bool) -> str:
    """Define-XML's "Yes" or "No"."""
    return "Yes" if value else "No"
