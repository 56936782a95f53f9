"""define.html: define.xml rendered ahead with the stylesheet that reviewers know.

Browsers no longer run XSLT dependably, so the page is made when the package is. The stylesheet
(Lex Jansen's define2-1.xsl, MIT) is taken from the installed package `defineutils`. It looks every
reference up by walking all definitions, a minute for a large study; here the same look-ups
go through `xsl:key`, and the page is the same to the byte.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

STYLESHEET = "define2-1.xsl"

_KEYS = {
    "ItemDefs": ("odm:ItemDef", "@OID"),
    "CodeLists": ("odm:CodeList", "@OID"),
    "WhereClauseDefs": ("def:WhereClauseDef", "@OID"),
    "MethodDefs": ("odm:MethodDef", "@OID"),
    "CommentDefs": ("def:CommentDef", "@OID"),
    "ValueListDefs": ("def:ValueListDef", "@OID"),
    "ItemGroupDefs": ("odm:ItemGroupDef", "@OID"),
    "GroupItemRefs": ("odm:ItemGroupDef/odm:ItemRef", "@ItemOID"),
    "ValueListRefs": ("odm:ItemDef/def:ValueListRef", "@ValueListOID"),
}
_LOOKUPS = (
    (r"\$g_seqItemGroupDefs/odm:ItemRef\[@ItemOID\s*=\s*(\$\w+)\]", r"key('GroupItemRefs', \1)"),
    (r"\.\./\.\./odm:ItemDef/def:ValueListRef\[@ValueListOID\s*=\s*(\$\w+)\]", r"key('ValueListRefs', \1)"),
    (r"\.\./\.\./odm:ItemDef\[@OID\s*=\s*(\$\w+)\]", r"key('ItemDefs', \1)"),
    (
        r"\$g_seq(ItemDefs|CodeLists|WhereClauseDefs|MethodDefs|CommentDefs|ValueListDefs|ItemGroupDefs)"
        r"\[@OID\s*=\s*(\$\w+)\]",
        r"key('\1', \2)",
    ),
)


def stylesheet() -> bytes:
    """The stylesheet's own bytes; the package is found, not imported (that alone takes 0.2 s)."""
    found = find_spec("defineutils")
    assert found is not None and found.submodule_search_locations
    return (Path(found.submodule_search_locations[0]) / "definehtml" / STYLESHEET).read_bytes()


def indexed(sheet: bytes) -> etree._Element:
    """The stylesheet with its look-ups by OID made through keys."""
    root = etree.fromstring(sheet)
    for node in root.iter(etree.Element):
        for name in ("select", "test"):
            expression = node.get(name)
            if expression:
                for pattern, replacement in _LOOKUPS:
                    expression = re.sub(pattern, replacement, expression)
                node.set(name, expression)
    for key, (match, use) in _KEYS.items():
        etree.SubElement(root, f"{{{root.nsmap['xsl']}}}key", name=key, match=match, use=use)
    return root


@lru_cache(maxsize=1)
def _transform() -> etree.XSLT:
    closed = etree.XSLTAccessControl(  # type: ignore[call-arg]  # the stubs lack its arguments
        read_file=False, write_file=False, create_dir=False, read_network=False, write_network=False
    )
    return etree.XSLT(indexed(stylesheet()), access_control=closed)


def render_define(document: bytes) -> bytes:
    """The HTML page of a define.xml, UTF-8; it refers to no other file than the package's own."""
    source = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    return bytes(_transform()(source))
