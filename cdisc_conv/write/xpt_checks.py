"""What a SAS transport file of version 5 cannot hold: names, labels, lengths, text, numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cdisc_conv.codes import file as codes
from cdisc_conv.findings import KEPT_ROWS, Code, Finding, Place, Row, Severity
from cdisc_conv.model import ibm, xpt
from cdisc_conv.model.xpt_text import beyond_ascii, encode, raw_bytes, recode
from cdisc_conv.write.xpt_columns import Refused, Source

_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,7}")
_LOOSE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,7}")
_LONGEST = 32767


def header_findings(
    header: xpt.XptHeader, columns: Sequence[xpt.XptColumn], place: Place, encoding: str, strict: bool
) -> Iterator[Finding]:
    """What is wrong with the dataset's and the variables' names, labels, lengths and formats."""
    yield from _name(header.name, "dataset", place, strict)
    yield from _label(header.label, place, encoding)
    for what, size in _HEADER_SIZES.items():
        text = getattr(header, what)
        if not text.isascii() or len(text) > size:
            yield codes.XPT_HEADER_TEXT.at(place, what=what, text=text, size=size)
    if not columns:
        yield codes.XPT_NO_COLUMNS.at(place)
    for name, count in Counter(c.name.upper() for c in columns).items():
        if count > 1:
            yield codes.XPT_TWICE.at(_of(place, name), name=name)
    for column in columns:
        yield from _column(column, _of(place, column.name), encoding, strict)


_HEADER_SIZES = {
    "type": 8,
    "sas_version": 8,
    "os": 8,
    "library_sas_version": 8,
    "library_os": 8,
} | dict.fromkeys(("created", "modified", "library_created", "library_modified"), 16)


def _of(place: Place, variable: str) -> Place:
    return Place(dataset=place.dataset, variable=variable)


def _name(name: str, what: str, place: Place, strict: bool) -> Iterator[Finding]:
    if _NAME.fullmatch(name):
        return
    if _LOOSE_NAME.fullmatch(name):
        severity = None if strict else Severity.WARNING
        yield codes.XPT_NAME.at(
            place, what=what, name=name, why="it has lower-case letters", severity=severity
        )
    elif not name:
        yield codes.XPT_NAME.at(place, what=what, name=name, why="it is empty")
    elif len(name) > xpt.MAX_NAME:
        yield codes.XPT_NAME.at(place, what=what, name=name, why=f"it has {len(name)} characters")
    else:
        yield codes.XPT_NAME.at(place, what=what, name=name, why="it has other characters")


def _label(label: str, place: Place, encoding: str) -> Iterator[Finding]:
    try:
        size = len(encode(label, encoding))
    except UnicodeError:
        yield codes.XPT_NOT_ENCODABLE.at(place, encoding=encoding, hint="It is the label.")
        return
    if size > xpt.MAX_LABEL:
        yield codes.XPT_LABEL.at(place, size=size)


def _column(column: xpt.XptColumn, place: Place, encoding: str, strict: bool) -> Iterator[Finding]:
    yield from _name(column.name, "variable", place, strict)
    yield from _label(column.label, place, encoding)
    low, high = (2, 8) if column.numeric else (1, xpt.MAX_TEXT if strict else _LONGEST)
    if not low <= column.length <= high:
        kind = "a number" if column.numeric else "text"
        yield codes.XPT_LENGTH.at(place, length=column.length, kind=kind)
    for what in ("format", "informat"):
        text = getattr(column, what)
        if not (text.isascii() and xpt.is_format(text)):
            yield codes.XPT_FORMAT.at(place, text=text, what=what)


@dataclass(slots=True)
class _Seen:
    rows: list[Row] = field(default_factory=list)
    count: int = 0
    size: int = 0


class Noticed:
    """Values that do not fit, gathered over slices: one finding per variable and kind."""

    def __init__(self, place: Place, encoding: str, strict: bool) -> None:
        self.place, self.encoding, self.strict = place, encoding, strict
        self.seen: dict[tuple[str, str], tuple[Code, xpt.XptColumn, _Seen]] = {}

    def note(
        self, code: Code, column: xpt.XptColumn, rows: Any, values: Any, first: int, size: int = 0
    ) -> None:
        """Keep these positions of a slice whose first row is `first` (0-based) for the finding."""
        if not len(rows):
            return
        _, _, seen = self.seen.setdefault((column.name, code.id), (code, column, _Seen()))
        for i in rows[: KEPT_ROWS - len(seen.rows)].tolist():
            value = values[i]
            text = value.as_py() if isinstance(value, pa.Scalar) else str(value)
            seen.rows.append(Row(self.place.file, first + i + 1, value=text))
        seen.count += len(rows)
        seen.size = max(seen.size, size)

    def findings(self) -> Iterator[Finding]:
        """One finding per variable and kind, in the order they were met."""
        for code, column, seen in self.seen.values():
            where = "a variable of 8 bytes" if column.length == 8 else f"a variable of {column.length} bytes"
            yield code.at(
                _of(self.place, column.name),
                rows=tuple(seen.rows),
                count=seen.count,
                size=seen.size,
                length=column.length,
                encoding=self.encoding,
                format=column.format,
                where=where,
            )

    def numbers(self, column: xpt.XptColumn, source: Source, start: int, end: int, first: int) -> None:
        """Check some numbers of a column; row 0 of the source is row `first` of the dataset."""
        values = source.part(start, end)
        if source.lost is not None:
            raw = source.values[start:end]
            self.note(source.lost_code, column, np.flatnonzero(source.lost(raw)), raw, first + start)
        large, small = ibm.unfit(values)
        self.note(codes.XPT_NUMBER_LARGE, column, np.flatnonzero(large), values, first + start)
        self.note(codes.XPT_NUMBER_SMALL, column, np.flatnonzero(small), values, first + start)
        if 2 <= column.length < 8:
            cut = np.uint64((1 << 8 * (8 - column.length)) - 1)
            words = ibm.to_ibm(np.where(large | small, 0.0, values))
            self.note(codes.XPT_NUMBER_DIGITS, column, np.flatnonzero(words & cut), values, first + start)

    def texts(self, column: xpt.XptColumn, source: Source, start: int, end: int, first: int) -> None:
        """Check some texts of a column, as bytes of the encoding."""
        values = source.part(start, end)
        array, failed = encoded(values, self.encoding)
        self.note(codes.XPT_NOT_ENCODABLE, column, failed, values, first + start)
        if self.encoding != "ascii":
            rows = np.setdiff1d(beyond_ascii(values), failed)
            self.note(codes.XPT_TEXT_ENCODED, column, rows, values, first + start)
        sizes = pc.binary_length(array).to_numpy()
        longest = int(sizes.max(initial=0))
        limit = xpt.MAX_TEXT if self.strict else _LONGEST
        if longest > min(limit, column.length):
            long = sizes > limit
            over = (sizes > column.length) & ~long
            self.note(codes.XPT_TEXT_LONG, column, np.flatnonzero(long), values, first + start, longest)
            size = int(sizes.max(initial=0, where=over))
            self.note(codes.XPT_TEXT_OVER, column, np.flatnonzero(over), values, first + start, size)
        rows = np.flatnonzero(_ends_blank(array, sizes))
        self.note(codes.XPT_TRAILING_BLANKS, column, rows, values, first + start)


def refusal(place: Place, variable: str, refused: Refused, series: pd.Series, first: int) -> Finding:
    """The finding of a column that cannot be written; row 0 of it is row `first` of the dataset."""
    rows = tuple(Row(place.file, first + i + 1, value=str(series.iloc[i])) for i in refused.rows[:KEPT_ROWS])
    count = len(refused.rows) or 1
    return refused.code.at(_of(place, variable), hint=refused.hint, rows=rows, count=count, **refused.fields)


def encoded(values: Any, encoding: str) -> tuple[Any, NDArray[np.int64]]:
    """Text as bytes of an encoding (a large array), and the positions of what it does not have."""
    if encoding == "utf-8":
        return values, np.empty(0, np.int64)
    return recode(values, lambda b: encode(b.decode(), encoding), pa.large_binary())


def as_bytes(values: Any, encoding: str) -> Any:
    """Text as bytes of an encoding that is known to have it."""
    return values if encoding in ("ascii", "utf-8") else encoded(values, encoding)[0]


def _ends_blank(array: Any, sizes: NDArray[np.int64]) -> NDArray[np.bool_]:
    data = raw_bytes(array)
    if not data.size:
        return np.zeros(len(array), dtype=np.bool_)
    ends = np.cumsum(sizes)
    return np.asarray((data[np.maximum(ends - 1, 0)] == 32) & (sizes > 0))
