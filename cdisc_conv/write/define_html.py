"""define.html: define.xml rendered ahead with the stylesheet that reviewers know.

Browsers no longer run XSLT dependably, so the page is made when the package is. The stylesheet
(Lex Jansen's define2-1.xsl, MIT) is taken from the installed package `defineutils`.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from lxml import etree

STYLESHEET = "define2-1.xsl"


def stylesheet() -> bytes:
    """The stylesheet's own bytes."""
    return (resources.files("defineutils") / "definehtml" / STYLESHEET).read_bytes()


@lru_cache(maxsize=1)
def _transform() -> etree.XSLT:
    closed = etree.XSLTAccessControl(  # type: ignore[call-arg]  # the stubs lack its arguments
        read_file=False, write_file=False, create_dir=False, read_network=False, write_network=False
    )
    return etree.XSLT(etree.fromstring(stylesheet()), access_control=closed)


def render_define(document: bytes) -> bytes:
    """The HTML page of a define.xml, UTF-8; it refers to no other file than the package's own."""
    source = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    return bytes(_transform()(source))
