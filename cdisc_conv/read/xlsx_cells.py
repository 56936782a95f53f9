"""The cells of a worksheet as a stream, quick enough for laboratory files of a million cells.

Worksheets as nearly all programs write them are cut with one pattern. Anything else in the XML (other
prefixes, comments, cells without their own reference) goes the slow way, through an XML parser, to the
same result.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from cdisc_conv.read.raw_table import letters
from cdisc_conv.read.xlsx_parts import TRUE, Workbook, joined, unescaped

CHUNK = 1 << 20
CELL = re.compile(r'<c r="([A-Z]{1,3})(\d{1,7})"([^>/]*(?:/(?=>)|>[^<]*(?:<(?!/c>)[^<]*)*))')
STARTS = ("<c ", "<c>", "<c/", "<c\t", "<c\n", "<c\r")
Cell = tuple[str, str, str]
"""Column letters, row number, and the rest of the element: attributes, ">" and content."""


@dataclass(slots=True)
class Sheet:
    """What else a worksheet says, known when its cells have been read."""

    merged: int = 0
    hidden: set[str] = field(default_factory=set)


class UnusualXml(Exception):
    """The worksheet is not in the common form; `slow` reads it."""


def quick(book: Workbook, part: str, sheet: Sheet) -> Iterator[list[Cell]]:
    """The cells in lists of some ten thousand, those without content too; may raise `UnusualXml` midway."""
    for i, (text, last) in enumerate(_chunks(book, part)):
        found: list[Cell] = CELL.findall(text)
        if "<!" in text or (i == 0 and "<worksheet" not in text[:2000]):
            raise UnusualXml
        if text.count("<c") != len(found) and sum(text.count(s) for s in STARTS) != len(found):
            raise UnusualXml
        if 'hidden="' in text:
            for what, value in re.findall(r'<(row|col)\s[^>]*?\bhidden="(\w+)"', text):
                if value in TRUE:
                    sheet.hidden.add({"row": "rows", "col": "columns"}[what])
        if last:
            sheet.merged = len(re.findall(r"<mergeCell[\s/]", text))
        yield found


def _chunks(book: Workbook, part: str) -> Iterator[tuple[str, bool]]:
    """The worksheet's text, cut after whole rows; True with the last piece."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    rest = ""
    with book.open(part) as stream:
        while data := stream.read(CHUNK):
            try:
                text = rest + decoder.decode(data)
            except UnicodeDecodeError:
                raise UnusualXml from None
            cut = text.rfind("</row>") + 1
            rest = text[cut:]
            if cut:
                yield text[:cut], False
    if "</worksheet>" not in rest:
        raise UnusualXml
    yield rest, True


def slow(book: Workbook, part: str, sheet: Sheet) -> Iterator[list[Cell]]:
    """The same cells by an XML parser, whatever the form."""
    from lxml import etree

    tags = ("{*}row", "{*}col", "{*}mergeCell")
    number = 0
    with book.open(part) as stream:
        for _, element in etree.iterparse(stream, tag=tags, resolve_entities=False, huge_tree=True):
            kind = etree.QName(element).localname
            if kind == "mergeCell":
                sheet.merged += 1
            elif element.get("hidden") in TRUE:
                sheet.hidden.add({"row": "rows", "col": "columns"}[kind])
            if kind == "row":
                number = int(element.get("r", number + 1))
                yield list(_row_cells(element, number))
                element.clear()


def _row_cells(row: Any, number: int) -> Iterator[Cell]:
    at = 0
    for cell in row.iterfind("{*}c"):
        column = cell.get("r", "").rstrip("0123456789") or letters(at + 1)
        at = position(column)
        attributes = "".join(f' {k}="{v}"' for k in ("s", "t") if (v := cell.get(k)))
        yield column, str(number), f"{attributes}>{''.join(_content(cell))}"


def _content(cell: Any) -> Iterator[str]:
    if cell.find("{*}f") is not None:
        yield "<f/>"
    value, inline = cell.find("{*}v"), cell.find("{*}is")
    if value is not None:
        yield f"<v>{escape(value.text or '')}</v>"
    if inline is not None:
        yield f"<is><t>{escape(joined(inline))}</t></is>"


def position(column: str) -> int:
    """The number of a column's letters: A is 1, AA is 27."""
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - 64
    return number


@dataclass(frozen=True, slots=True)
class Stored:
    """A cell as it is stored: its type, style, whether it is a formula, and its value."""

    type: str
    style: int
    formula: bool
    value: str


ATTRIBUTE = re.compile(r'\b([st])="([^"]*)"')
VALUE = re.compile(r"<v[^>/]*>(.*?)</v>", re.DOTALL)
INLINE = re.compile(r"<t(?:\s[^>/]*)?>(.*?)</t>", re.DOTALL)
AIDS = re.compile(r"<rPh.*?</rPh>", re.DOTALL)
REFERENCE = re.compile(r"&(#x[0-9A-Fa-f]+|#\d+|lt|gt|amp|quot|apos);")
ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


def stored(rest: str) -> Stored:
    """What the rest of a cell's element says."""
    head, _, body = rest.partition(">")
    attributes = dict(ATTRIBUTE.findall(head))
    kind = attributes.get("t", "n")
    if kind == "inlineStr":
        value = "".join(INLINE.findall(AIDS.sub("", body)))
    else:
        found = VALUE.search(body)
        value = found.group(1) if found else ""
    value = _characters(value)
    if kind in ("inlineStr", "str"):
        value = unescaped(value)
    return Stored(kind, int(attributes.get("s", "0")), "<f" in body, value)


def _characters(text: str) -> str:
    """XML text as characters: line ends, references and entities."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return REFERENCE.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    name = match.group(1)
    if name in ENTITIES:
        return ENTITIES[name]
    return chr(int(name[2:], 16) if name[1] == "x" else int(name[1:]))
