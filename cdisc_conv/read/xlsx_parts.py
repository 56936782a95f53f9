"""The parts of a workbook: its sheets, styles and shared texts (ECMA-376, transitional or strict)."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import IO, Any

from cdisc_conv.codes import raw as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Place
from cdisc_conv.read.raw_table import Content, did_you_mean
from cdisc_conv.read.xlsx_format import Format, code_of, parse_format

ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
TRUE = ("1", "true", "on")


@dataclass(frozen=True, slots=True)
class Style:
    """A cell style's number format: its code and what it shows."""

    code: str
    format: Format


class Workbook:
    """An open .xlsx; raises `CannotRun` when it is none or is protected or damaged."""

    def __init__(self, content: Content) -> None:
        self.place = Place(file=content.file)
        if not content.data.startswith(b"PK\x03\x04"):
            why, hint = _what(content.data)
            raise CannotRun(codes.WORKBOOK_UNREADABLE.at(self.place, why=why, hint=hint))
        with self._reading():
            self._zip = zipfile.ZipFile(io.BytesIO(content.data))
            self._main = self._targets("")["officeDocument"][0][1]
            self._book = self._tree(self._main)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """What a damaged workbook raises, as a finding."""
        from lxml import etree

        damaged = (zipfile.BadZipFile, KeyError, EOFError, RuntimeError, NotImplementedError, OSError)
        try:
            yield
        except (*damaged, etree.XMLSyntaxError, UnicodeDecodeError) as e:
            why = f"it is damaged ({e})"
            raise CannotRun(codes.WORKBOOK_UNREADABLE.at(self.place, why=why)) from None

    @cached_property
    def sheets(self) -> dict[str, str]:
        """Part of each sheet by its name, in the workbook's order (chart sheets left out)."""
        targets = dict(self._targets(self._main).get("worksheet", []))
        found: dict[str, str] = {}
        for sheet in self._book.iterfind("{*}sheets/{*}sheet"):
            relation = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
            if relation in targets:
                found[sheet.get("name")] = targets[relation]
        return found

    def part(self, sheet: str) -> str:
        """The part of a sheet; without a name the only one."""
        names = ", ".join(repr(s) for s in self.sheets)
        if not sheet and len(self.sheets) == 1:
            return next(iter(self.sheets.values()))
        if not sheet:
            raise CannotRun(codes.SHEET_UNSAID.at(self.place, sheets=names))
        if sheet not in self.sheets:
            hint = did_you_mean(sheet, self.sheets)
            raise CannotRun(codes.SHEET_MISSING.at(self.place, sheet=sheet, sheets=names, hint=hint))
        return self.sheets[sheet]

    @contextmanager
    def open(self, part: str) -> Iterator[IO[bytes]]:
        """A part's bytes as a stream; damage met in it is a finding."""
        with self._reading(), self._zip.open(part) as stream:
            yield stream

    @cached_property
    def date1904(self) -> bool:
        """Whether days count from 1904-01-01 instead of from 1900."""
        found = self._book.find("{*}workbookPr")
        return found is not None and found.get("date1904", "0") in TRUE

    @cached_property
    def styles(self) -> list[Style]:
        """The cell styles by their index."""
        parts = self._targets(self._main).get("styles")
        if not parts:
            return []
        tree = self._tree(parts[0][1])
        custom = {
            int(f.get("numFmtId")): str(f.get("formatCode")) for f in tree.iterfind("{*}numFmts/{*}numFmt")
        }
        numbers = [int(x.get("numFmtId", "0")) for x in tree.iterfind("{*}cellXfs/{*}xf")]
        known = {n: code_of(n, custom) for n in set(numbers)}
        styles = {n: Style(code, parse_format(code)) for n, code in known.items()}
        return [styles[n] for n in numbers]

    @cached_property
    def shared(self) -> list[str]:
        """The shared texts by their index; the parts of rich text joined."""
        from lxml import etree

        parts = self._targets(self._main).get("sharedStrings")
        if not parts:
            return []
        texts: list[str] = []
        with self.open(parts[0][1]) as stream:
            for _, item in etree.iterparse(stream, tag="{*}si", resolve_entities=False):
                texts.append(joined(item))
                item.clear()
                while item.getprevious() is not None:
                    del item.getparent()[0]
        return texts

    def _targets(self, part: str) -> dict[str, list[tuple[str, str]]]:
        """Related parts by kind, each as (relation id, part)."""
        folder, name = posixpath.split(part)
        try:
            tree = self._tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        except KeyError:
            return {}
        found: dict[str, list[tuple[str, str]]] = {}
        for r in tree.iterfind("{*}Relationship"):
            target = posixpath.normpath(posixpath.join("/", folder, r.get("Target", "")))
            kind = r.get("Type", "").rpartition("/")[2]
            found.setdefault(kind, []).append((r.get("Id", ""), target.lstrip("/")))
        return found

    def _tree(self, part: str) -> Any:
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        with self._zip.open(part) as stream:
            return etree.parse(stream, parser).getroot()


def joined(item: Any) -> str:
    """The text of a shared or inline string: its runs joined, reading aids (furigana) left out."""
    runs = item.iterfind("{*}t"), item.iterfind("{*}r/{*}t")
    return unescaped("".join(t.text or "" for some in runs for t in some))


def unescaped(text: str) -> str:
    """Control characters, which workbooks write as `_x000D_`, as themselves."""
    return ESCAPE.sub(lambda m: chr(int(m.group(1), 16)), text) if "_x" in text else text


def _what(data: bytes) -> tuple[str, str]:
    """What a file that is no workbook is instead, and what to do."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        hint = "take the password off, or save it as .xlsx"
        return "it is protected by a password, or an old .xls", hint
    if not data:
        return "it is empty", "ask the sender for the file again"
    if re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|table)", data[:200], re.IGNORECASE):
        return "it is a web page or XML, named .xlsx", "open it in Excel and save it as .xlsx"
    return "it is no workbook", "check what its name should end with"
