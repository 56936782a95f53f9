"""Values of a transport file from the bytes of its observations, a column at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cdisc_conv.codes import file as codes
from cdisc_conv.findings import KEPT_ROWS, Code, Finding, Place, Row
from cdisc_conv.model import ibm, xpt
from cdisc_conv.model.xpt_text import LADDER, beyond_ascii, decode, fits, raw_bytes, recode
from cdisc_conv.read.xpt_header import Library, Member

TEXT = pd.StringDtype("pyarrow", na_value=np.nan)


class Columns:
    """The columns of some rows: numbers as float64, text as Arrow strings not decoded yet.

    `first` is the number of rows before these; `special` counts the special missing values by letter.
    """

    def __init__(self, member: Member, first: int, rows: int) -> None:
        self.member, self.first, self.rows = member, first, rows
        self.numbers = {n.name: np.empty(rows) for n in member.namestrs if n.numeric}
        self.texts = {n.name: _Text(rows, n.length) for n in member.namestrs if not n.numeric}
        self.special: dict[str, dict[str, int]] = {}
        self.odd: dict[tuple[Code, str], list[NDArray[np.int64]]] = {}

    def add(self, start: int, block: NDArray[np.uint8]) -> None:
        """Take over the rows of a block (rows × row length); `start` is 0 for the first."""
        for n in self.member.namestrs:
            part = block[:, n.position : n.position + n.length]
            if n.numeric:
                self._add_numbers(n.name, start, _words(part))
            else:
                self.texts[n.name].add(start, part)

    def _add_numbers(self, key: bytes, start: int, words: NDArray[np.uint64]) -> None:
        values = ibm.from_ibm(words)
        self.numbers[key][start : start + len(words)] = values
        name = key.decode("latin-1")
        for code, mask in (
            (codes.XPT_ROUNDED, ibm.rounded(words)),
            (codes.XPT_MALFORMED, ibm.malformed(words)),
        ):
            if mask.any():
                self.odd.setdefault((code, name), []).append(np.flatnonzero(mask) + start)
        counts = np.bincount(ibm.missing_letters(values[np.isnan(values)]), minlength=256)
        for letter in ibm.LETTERS:
            if counts[letter]:
                known = self.special.setdefault(name, {})
                known[chr(letter)] = known.get(chr(letter), 0) + int(counts[letter])

    def encoding(self) -> str:
        """The first encoding of `LADDER` that all text of these rows is of."""
        found = [LADDER.index(fits(text.array())) for text in self.texts.values() if not text.ascii]
        return LADDER[max(found, default=0)]

    def decoded(self, encoding: str, place: Place, *, said: bool) -> tuple[dict[str, Any], list[Finding]]:
        """Columns by name in the file's order, and findings; `said` when the user named the encoding."""
        dataset = self.member.name.decode("latin-1").strip()
        columns: dict[str, Any] = {}
        findings = [self._odd(code, dataset, name, rows, place) for (code, name), rows in self.odd.items()]
        for n in self.member.namestrs:
            name = decode(n.name, "cp1252")
            if n.numeric:
                columns[name] = self.numbers[n.name]
                continue
            source = self.texts[n.name]
            raw = source.array()
            if source.ascii:
                columns[name] = pd.array(raw, dtype=TEXT)
                continue
            text, failed = recode(raw, lambda b: decode(b, encoding), pa.large_string())
            columns[name] = pd.array(text, dtype=TEXT)
            where = Place(file=place.file, dataset=dataset, variable=name)
            if failed.size:
                findings.append(self._at(codes.XPT_UNDECODABLE, where, failed, None, encoding))
            elif not said:
                rows = beyond_ascii(raw)
                findings.append(self._at(codes.XPT_ENCODING, where, rows, text, encoding))
        return columns, findings

    def _odd(
        self, code: Code, dataset: str, name: str, rows: list[NDArray[np.int64]], place: Place
    ) -> Finding:
        where = Place(file=place.file, dataset=dataset, variable=name)
        return self._at(code, where, np.concatenate(rows), None, "")

    def _at(self, code: Code, where: Place, rows: NDArray[np.int64], values: Any, encoding: str) -> Finding:
        shown = [
            Row(where.file, self.first + row + 1, value=None if values is None else values[row].as_py())
            for row in rows[:KEPT_ROWS].tolist()
        ]
        return code.at(where, rows=tuple(shown), count=len(rows), encoding=encoding)


def _words(part: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The bytes of a number (2 to 8 a row) as 64-bit words; the bytes left out are zero."""
    if part.shape[1] == 8:
        return part.view(">u8")[:, 0].astype(np.uint64)
    whole = np.zeros((len(part), 8), np.uint8)
    whole[:, : part.shape[1]] = part
    return whole.view(">u8").ravel().astype(np.uint64)


class _Text:
    """A text column being filled: its bytes without trailing blanks, end to end, and where each value ends.

    Room is reserved for full-length values; pages that stay untouched take no memory.
    """

    def __init__(self, rows: int, length: int) -> None:
        self.data = np.empty(rows * length, np.uint8)
        self.ends = np.zeros(rows + 1, np.int64)
        self.used = 0
        self.ascii = True

    def add(self, start: int, part: NDArray[np.uint8]) -> None:
        """Append values (rows × length) that begin at row `start`."""
        rows, length = part.shape
        offsets = np.arange(0, rows * length + 1, length, dtype=np.int64)
        buffers = [pa.py_buffer(offsets), pa.py_buffer(part.view(f"V{length}")[:, 0].copy())]
        trimmed = pc.ascii_rtrim(pa.LargeStringArray.from_buffers(rows, *buffers), characters=" ")
        data = raw_bytes(trimmed)
        self.ascii = self.ascii and (not data.size or int(data.max()) < 128)
        self.data[self.used : self.used + data.size] = data
        ends = np.frombuffer(trimmed.buffers()[1], np.int64, rows + 1)[1:]
        np.add(ends, self.used, out=self.ends[start + 1 : start + rows + 1])
        self.used += data.size

    def array(self) -> Any:
        """The values as an Arrow array of strings, not decoded; nothing can be added any more."""
        self.data.resize(self.used, refcheck=False)
        buffers = [pa.py_buffer(self.ends), pa.py_buffer(self.data)]
        return pa.LargeStringArray.from_buffers(len(self.ends) - 1, *buffers)


def header_facts(library: Library, member: Member, rows: int, encoding: str) -> dict[str, Any]:
    """What `attrs["xpt"]` holds: plain data, texts as the headers have them less trailing blanks."""

    def text(data: bytes) -> str:
        return decode(data.rstrip(b" "), "cp1252" if encoding == "ascii" else encoding)

    return {
        "version": library.version,
        "name": text(member.name),
        "label": text(member.label),
        "type": text(member.type),
        "created": text(member.created),
        "modified": text(member.modified),
        "sas_version": text(member.sas_version),
        "os": text(member.os),
        "library_created": text(library.created),
        "library_modified": text(library.modified),
        "library_sas_version": text(library.sas_version),
        "library_os": text(library.os),
        "encoding": encoding,
        "rows": rows,
        "row_length": member.row_length,
        "variables": {decode(n.name, "cp1252"): _variable(n, text) for n in member.namestrs},
    }


def _variable(n: xpt.Namestr, text: Any) -> dict[str, Any]:
    return {
        "label": text(n.label),
        "numeric": n.numeric,
        "length": n.length,
        "position": n.position,
        "varnum": n.varnum,
        "format": str(xpt.XptFormat(text(n.format), *n.format_size)),
        "informat": str(xpt.XptFormat(text(n.informat), *n.informat_size)),
        "justify": "right" if n.justify else "left",
        "namestr": n.raw.hex(),
    }
