"""ISO 8601 text as SDTM writes it, to its parts and back; and the calendar's arithmetic on arrays."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

YEAR, MONTH, DAY, HOUR, MINUTE, SECOND = range(6)
"""Columns of an array of parts, rows x 6; -1 stands for an unknown part."""
_ISO = re.compile(
    r"(\d{4}|-)(?:-(\d\d|-)(?:-(\d\d|-)(?:T(\d\d|-)(?::(\d\d|-)(?::(\d\d)(?:\.\d+)?)?)?)?)?)?", re.ASCII
)
_FULL = "0000-00-00T00:00:00"
_AT = ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19))  # the parts in _FULL
_WIDTH = len(_FULL) + 1


def iso_parts(texts: Sequence[str]) -> tuple[Ints, Bools]:
    """The parts of each text, and whether it is ISO 8601; unknown middle parts are `-` (SDTMIG 4.4.2)."""
    letters = _letters(texts)
    length = (letters != 0).sum(axis=1)
    parts = np.full((len(texts), 6), -1, dtype=np.int64)
    plain = np.isin(length, [end for _, end in _AT])
    digits = letters - ord("0")
    for i, mark in enumerate(_FULL):
        fits = (digits[:, i] >= 0) & (digits[:, i] <= 9) if mark == "0" else letters[:, i] == ord(mark)
        plain &= fits | (length <= i)
    for column, (start, end) in enumerate(_AT):
        there = plain & (length >= end)
        parts[there, column] = digits[there, start:end] @ (10 ** np.arange(end - start)[::-1])
    good = plain & are_possible(parts)
    for row in np.flatnonzero(~plain).tolist():
        found = _irregular(texts[row])
        good[row], parts[row] = found is not None, found or -1
    return parts, good


def _letters(texts: Sequence[str]) -> Ints:
    """The characters of each text as numbers, cut behind one more than the longest plain text has."""
    wide = np.array(texts, dtype=f"U{_WIDTH}")
    return wide.view(np.uint32).reshape(len(texts), _WIDTH).astype(np.int64)


def _irregular(text: str) -> tuple[int, ...] | None:
    found = _ISO.fullmatch(text)
    if not found or text.endswith("-"):
        return None
    parts = tuple(int(p) if p and p != "-" else -1 for p in found.groups())
    return parts if is_possible(parts) else None


def iso_texts(parts: Ints) -> list[str | None]:
    """Parts to ISO 8601 text, as precise as they are; None for a row that knows nothing."""
    known = parts >= 0
    count = known.sum(axis=1)
    unbroken = known.cumprod(axis=1).sum(axis=1) == count
    letters = np.tile(np.array([ord(c) for c in _FULL], dtype=np.uint32), (len(parts), 1))
    for column, (start, end) in enumerate(_AT):
        for place in range(start, end):
            letters[:, place] += (np.maximum(parts[:, column], 0) // 10 ** (end - 1 - place) % 10).astype(
                np.uint32
            )
    ends = np.array([0] + [end for _, end in _AT])
    letters[np.arange(len(_FULL)) >= ends[count][:, None]] = 0
    texts: list[Any] = letters.view(f"U{len(_FULL)}").ravel().tolist()
    for i in np.flatnonzero(~unbroken | (count == 0)):
        texts[i] = _irregular_text(parts[i].tolist())
    return texts


def _irregular_text(parts: list[int]) -> str | None:
    known = [i for i, part in enumerate(parts) if part >= 0]
    if not known:
        return None
    marks = ("", "-", "-", "T", ":", ":")
    return "".join(
        mark + ("-" if part < 0 else f"{part:0{4 if i == 0 else 2}d}")
        for i, (mark, part) in enumerate(zip(marks, parts, strict=True))
        if i <= known[-1]
    )


def is_possible(parts: tuple[int, ...]) -> bool:
    """Whether the known parts are those of a real day and time; 29 February passes without a year."""
    year, month, day, hour, minute, second = parts
    if year == 0 or not (-1 <= hour < 24 and minute < 60 and second < 60):
        return False
    if month == 0 or month > 12 or day == 0 or day > 31:
        return False
    return day < 0 or day <= days_in_month(year, month)


def are_possible(parts: Ints) -> Bools:
    """The same for rows of parts."""
    year, month, day, hour, minute, second = parts.T
    length = month_length(np.where(year < 0, 2000, year), np.where(month < 1, 1, month))
    longest = np.where(month < 0, 31, np.where((year < 0) & (month == 2), 29, length))
    date = (year != 0) & (month != 0) & (month <= 12) & (day != 0) & (day <= longest)
    return np.asarray(date & (hour < 24) & (minute < 60) & (second < 60))


def days_in_month(year: int, month: int) -> int:
    """Days of a month; the most it can have where year or month is unknown (-1)."""
    if month < 0:
        return 31
    if month == 2:
        return 29 if year < 0 or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def day_number(year: Ints, month: Ints, day: Ints) -> Ints:
    """Days since 1970-01-01 of calendar dates."""
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64) + day - 1


def month_length(year: Ints, month: Ints) -> Ints:
    """Days of each month."""
    one = np.ones(len(year), dtype=np.int64)
    return day_number(year + month // 12, month % 12 + 1, one) - day_number(year, month, one)
