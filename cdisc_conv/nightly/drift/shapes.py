"""What the cells of a raw column look like: numbers, dates in some format, times, words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

_PART = r"(?:\d{1,2}|UNK|UN|UK|NK|XX|\?\?)"
_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_YEAR = r"(?:19|20)\d{2}"
DATES: dict[str, str] = {
    "YYYY-M-D": rf"{_YEAR}-{_PART}(?:-{_PART})?{_TIME}",
    "YYYY/M/D": rf"{_YEAR}/{_PART}(?:/{_PART})?{_TIME}",
    "YYYY.M.D": rf"{_YEAR}\.{_PART}\.{_PART}{_TIME}",
    "YYYYMMDD": rf"{_YEAR}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])",
    "YYYY年M月D日": rf"{_YEAR}年{_PART}月(?:{_PART}日)?{_TIME}",
    "D-MON-YYYY": rf"(?:{_PART}-)?[A-Za-z]{{3,9}}-{_YEAR}{_TIME}",
    "D MON YYYY": rf"(?:{_PART} )?[A-Za-z]{{3,9}} {_YEAR}{_TIME}",
    "DMONYYYY": rf"(?:{_PART})?[A-Za-z]{{3}}{_YEAR}{_TIME}",
    "D/M/YYYY": rf"{_PART}/{_PART}/{_YEAR}{_TIME}",
    "D-M-YYYY": rf"{_PART}-{_PART}-{_YEAR}{_TIME}",
    "D.M.YYYY": rf"{_PART}\.{_PART}\.{_YEAR}{_TIME}",
    "D/M/YY": r"\d{1,2}/\d{1,2}/\d{2}",
}
"""Formats of dates as people write them; which of two numbers is the day is not asked here."""
MONTH_OR_DAY = ("D/M/YYYY", "D-M-YYYY", "D.M.YYYY", "D/M/YY")
SERIAL = "Excel's day numbers"
_SERIAL = re.compile(r"[2-6]\d{4}(?:\.\d+)?")
NUMBER, COMMA, TIME, WORDS, DATE = "numbers", "numbers with a decimal comma", "times", "text", "dates"
_PLAIN: dict[str, tuple[str, str]] = {
    r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?": (NUMBER, ""),
    r"[+-]?\d+,\d+": (COMMA, ""),
    r"\d{1,2}:\d{2}(?::\d{2})?": (TIME, ""),
}
_SHAPES = [(re.compile(p), (DATE, name)) for name, p in DATES.items()]
_SHAPES += [(re.compile(p), found) for p, found in _PLAIN.items()]


def shape(text: str) -> tuple[str, str]:
    """What a cell looks like: its type, and for a date its format."""
    for pattern, found in _SHAPES:
        if pattern.fullmatch(text):
            return found
    return (WORDS, "")


@dataclass
class Column:
    """The filled cells of a column: how often each text is there."""

    counts: Mapping[str, int]

    @classmethod
    def of(cls, series: Any, blank: Iterable[str] = ()) -> Column:
        """The column of a raw table; blanks around texts are taken off."""
        counts = series.str.strip().value_counts()
        empty = {"", *blank}
        return cls({str(k): int(v) for k, v in counts.items() if k not in empty})

    @cached_property
    def filled(self) -> int:
        """How many cells are filled."""
        return sum(self.counts.values())

    @cached_property
    def shapes(self) -> Counter[tuple[str, str]]:
        """How many cells have each type and format; day numbers among dates are dates."""
        found: Counter[tuple[str, str]] = Counter()
        for text, n in self.counts.items():
            found[shape(text)] += n
        return found

    @cached_property
    def types(self) -> Counter[str]:
        """How many cells have each type."""
        found: Counter[str] = Counter()
        for (kind, _), n in self.shapes.items():
            found[kind] += n
        return found

    @property
    def type(self) -> str:
        """The type of most cells, "" where none has four of five."""
        kind, n = max(self.types.items(), key=lambda t: t[1], default=("", 0))
        return kind if n and n >= 0.8 * self.filled else ""

    def formats(self) -> Counter[str]:
        """How many dates are in each format; numbers that may be Excel's days count as such."""
        found = Counter({name: n for (kind, name), n in self.shapes.items() if kind == DATE})
        serial = sum(n for text, n in self.counts.items() if _SERIAL.fullmatch(text))
        if serial:
            found[SERIAL] = serial
        return found

    def written(self, format: str) -> list[str]:
        """The different texts of a date format."""
        if format == SERIAL:
            return [t for t in self.counts if _SERIAL.fullmatch(t)]
        return [t for t in self.counts if shape(t) == (DATE, format)]

    def padded(self) -> int:
        """How many cells are whole numbers with a zero in front."""
        return sum(n for t, n in self.counts.items() if len(t) > 1 and t[0] == "0" and t.isdecimal())


def frame_hash(frame: pd.DataFrame) -> Any:
    """A number for the content of each row."""
    return pd.util.hash_pandas_object(frame, index=False).to_numpy()
