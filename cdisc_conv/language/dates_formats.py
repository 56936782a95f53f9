"""The language of date formats: `YYYY-MM-DD`, `DD-MON-YYYY`, `YYYY年M月D日`, `YYYY-MM-DD HH:MM`, `excel`.

    YYYY            the year, four digits
    MM  M  MON      the month: two digits, one or two, an English name (Mar, MARCH)
    DD  D           the day: two digits, one or two
    HH  H  MM  SS   the time: hour (two digits; one or two), minute (MM after an hour), second
    [ ]             a part that may be absent
    excel           a serial day number of Excel's 1900 date system, five digits, with or without a fraction;
                    or a date cell that is shown with its time (midnight is a day without a time)
    excel1904       the same in the 1904 date system
    anything else   itself

A format also accepts its value without the smallest parts (`2021-03`, `2021`, `Mar-2021`) and with a word for
"unknown" in the place of a part (`2021-03-UN`, `UN-UNK-2021`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple


class Parts(NamedTuple):
    """A date and time as read: None where a part is unknown or was not given."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None


Layout = tuple[tuple[int, int, int], ...]
"""Where the known parts stand in a text: part (0 year to 5 second), start and end; a month's name gives its
number as start, with end -1."""


@dataclass(frozen=True, slots=True)
class Format:
    """A date format ready for use: `layout` says where a text holds the parts, None where it does not fit.

    A format of serial numbers has the first day of its calendar in `serial` and no layout.
    """

    text: str
    layout: Callable[[str], Layout | None]
    serial: datetime | None = None

    def read(self, value: str) -> Parts | None:
        """The parts of a value that fits, else None."""
        if self.serial:
            return _read_serial(value, self.serial)
        layout = self.layout(value)
        if layout is None:
            return None
        parts: list[int | None] = [None] * 6
        for part, start, end in layout:
            parts[part] = start if end < 0 else int(value[start:end])
        return Parts(*parts)


MONTHS = {
    name[:cut]: number
    for number, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
    for cut in (3, len(name))
} | {"sept": 9}
"""English month names, short and long, in small letters, to 1-12."""

_WORDS = re.compile(r"YYYY|MON|MM|DD|HH|SS|[MDH\[\]]|.", re.DOTALL)
_PART = {
    "YYYY": "year",
    "MON": "month",
    "MM": "month",
    "M": "month",
    "DD": "day",
    "D": "day",
    "HH": "hour",
    "H": "hour",
    "SS": "second",
}
_DIGITS = {"YYYY": r"\d{4}", "MON": r"[A-Za-z]{3,9}", "M": r"\d{1,2}", "D": r"\d{1,2}", "H": r"\d{1,2}"}
_EXCEL = {"excel": datetime(1899, 12, 30), "excel1904": datetime(1904, 1, 1)}
_SERIAL = re.compile(r"([1-9]\d{4})(\.\d+)?")
_CELL = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?(?:\.0+)?", re.ASCII)


class _Word(NamedTuple):
    part: str  # a field of Parts, or "" for a literal
    text: str


def format_mistake(text: str) -> str | None:
    """What is wrong with a date format, in a sentence; None when it is good."""
    if text.strip().lower() in _EXCEL:
        return None
    words = _words(text)
    parts = [w.part for w in words if w.part]
    rest = "".join(w.text for w in words if not w.part and w.text not in "[]T")
    if "year" not in parts:
        return "a date format needs YYYY, a year of four digits"
    if re.search(r"[A-Z]", rest):
        return f"'{re.search('[A-Z]+', rest)[0]}' is no part of a date format"  # type: ignore[index]
    if len(set(parts)) < len(parts):
        more = "; an English month name is MON" if "MMM" in text else ""
        return f"a part of the date stands twice in the format{more}"
    for part, needs in (("day", "month"), ("hour", "day"), ("minute", "hour"), ("second", "minute")):
        if part in parts and needs not in parts:
            return f"a date format with the {part} needs the {needs}"
    return None if _balanced(text) else "[ and ] in a date format do not match"


def _balanced(text: str) -> bool:
    only = re.sub(r"[^\[\]]", "", text)
    return only in ("", "[]")


@lru_cache(maxsize=500)
def compile_format(text: str, unknown: tuple[str, ...]) -> Format:
    """A good format (see `format_mistake`) as a `Format`; `unknown` are the words for an unknown part."""
    name = text.strip().lower()
    if name in _EXCEL:
        return Format(text, lambda value: None, _EXCEL[name])
    unknown_pattern = unknown_words(unknown)
    patterns = [
        re.compile("".join(_pattern(w, unknown_pattern) for w in words), re.IGNORECASE | re.ASCII)
        for words in _shorter_too(_words(text))
    ]
    is_unknown = re.compile(unknown_pattern, re.IGNORECASE)

    def layout(value: str) -> Layout | None:
        for pattern in patterns:
            if found := pattern.fullmatch(value):
                return _layout(found, is_unknown)
        return None

    return Format(text, layout)


def unknown_words(unknown: tuple[str, ...]) -> str:
    """A pattern for the words that stand for an unknown part; `XX` and `??` may be longer (`XXXX`)."""
    patterns = [
        re.escape(w[0]) + f"{{{len(w)},}}"
        if len(w) > 1 and len(set(w)) == 1 and not w.isdigit()
        else re.escape(w)
        for w in sorted(unknown, key=len, reverse=True)
        if w
    ]
    return "(?:" + "|".join(patterns) + ")" if patterns else r"(?!)"


def _words(text: str) -> list[_Word]:
    """The format cut into its words; MM after an hour is the minute."""
    found: list[_Word] = []
    for word in _WORDS.findall(text.strip().upper()):
        part = _PART.get(word, "")
        if word == "MM" and any(w.part == "hour" for w in found):
            part = "minute"
        found.append(_Word(part, word))
    return found


def _shorter_too(words: list[_Word]) -> list[list[_Word]]:
    """The format itself, then without minutes, without time, without day, without month."""
    found = [words]
    names = [w.part for w in words]
    if "hour" in names:
        hour = names.index("hour")
        cut = hour - 1 if hour and not words[hour - 1].part else hour
        found += [words[: hour + 1], words[:cut]]
    for part in ("day", "month"):
        if part in names:
            found.append(_without(found[-1], part))
    return found


def _without(words: list[_Word], part: str) -> list[_Word]:
    """The words less one part and the mark behind it, or before it when it is the last."""
    at = next(i for i, w in enumerate(words) if w.part == part)
    if at + 1 < len(words) and not words[at + 1].part:
        return words[:at] + words[at + 2 :]
    start = at - 1 if at and not words[at - 1].part else at
    return words[:start] + words[at + 1 :]


def _pattern(word: _Word, unknown: str) -> str:
    if word.text in "[]":
        return {"[": "(?:", "]": ")?"}[word.text]
    if not word.part:
        return re.escape(word.text)
    return f"(?P<{word.part}>{unknown}|{_DIGITS.get(word.text, r'[0-9]{2}')})"


def _layout(found: re.Match[str], is_unknown: re.Pattern[str]) -> Layout | None:
    places: list[tuple[int, int, int]] = []
    for name, text in found.groupdict().items():
        if text is None or is_unknown.fullmatch(text):
            continue
        if text.isdigit():
            places.append((Parts._fields.index(name), *found.span(name)))
        elif text.lower() in MONTHS:
            places.append((Parts._fields.index(name), MONTHS[text.lower()], -1))
        else:
            return None
    return tuple(places)


def _read_serial(value: str, start: datetime) -> Parts | None:
    """The day of an Excel serial number; a fraction is a time, to the nearest second."""
    found = _SERIAL.fullmatch(value)
    if not found:
        return None
    seconds = round(float(found[2] or 0) * 86400)
    moment = start + timedelta(days=int(found[1]), seconds=seconds)
    if not seconds:
        return Parts(moment.year, moment.month, moment.day)
    return Parts(moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second or None)


def read_cell(value: str) -> Parts | None:
    """The moment of a workbook's date cell whose format shows a time; None for any other text."""
    found = _CELL.fullmatch(value)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(x or 0) for x in found.groups())
    timed = (hour, minute, second or None) if hour or minute or second else (None, None, None)
    return Parts(year, month, day, *timed)
