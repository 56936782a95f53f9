"""A workbook's number formats: a stored number as the text a person sees, dates as ISO 8601."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from cdisc_conv.codes import raw as codes
from cdisc_conv.findings import Code
from cdisc_conv.read.xlsx_number import (
    NumberFormat,
    parse_number_format,
    plain,
    plain_decimal,
    show_number,
    split_sections,
)

CHINESE = {
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    **dict.fromkeys((32,), 'h"时"mm"分"'),
    **dict.fromkeys((33,), 'h"时"mm"分"ss"秒"'),
    **dict.fromkeys((34, 55), '上午/下午h"时"mm"分"'),
    **dict.fromkeys((35, 56), '上午/下午h"时"mm"分"ss"秒"'),
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
}
"""The built-in formats 27-36 and 50-58, which depend on the language of Excel (ECMA-376 part 1, 18.8.30)."""

NOT_SHOWN = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|AM/PM|A/P|上午/下午', re.IGNORECASE | re.DOTALL
)
UNITS = re.compile(r"y+|m+|d+|h+|s+(?:\.0+)?", re.IGNORECASE)
LAST_DAY = 2_958_465  # 9999-12-31 in the 1900 system
DAY_MS = 86_400_000


class Problem(NamedTuple):
    """What a cell's format does to its value: the kind of finding and its words."""

    code: Code
    words: str = ""


class Shown(NamedTuple):
    """A cell as it is read, and what there is to say about it."""

    text: str
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class DateFormat:
    """What a date format shows; `second_digits` are those after the decimal point."""

    date: bool
    day: bool
    time: bool
    seconds: bool
    second_digits: int
    elapsed: bool


Format = NumberFormat | DateFormat | None  # None: General


def code_of(number: int, custom: dict[int, str]) -> str:
    """The format code of an id in the styles; "General" when there is none."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    return custom.get(number) or CHINESE.get(number) or BUILTIN_FORMATS.get(number) or "General"


def parse_format(code: str) -> Format:
    """A format code as what it shows."""
    first = split_sections(code)[0]
    if first.strip().lower() in ("general", "@", ""):
        return None if ";" not in code else parse_number_format(code)
    bare = NOT_SHOWN.sub("", first)
    units = [u.lower() for u in UNITS.findall(bare)]
    if not units:
        return parse_number_format(code)
    return _date_format(units, elapsed=bool(re.search(r"\[[hms]+\]", first, re.IGNORECASE)))


def _date_format(units: list[str], *, elapsed: bool) -> DateFormat:
    """Units in their order; an m beside hours or seconds is minutes."""
    kinds = [u[0] for u in units]
    for i, kind in enumerate(kinds):
        after_hour = i > 0 and kinds[i - 1] == "h"
        before_second = i + 1 < len(kinds) and kinds[i + 1] == "s"
        if kind == "m" and (after_hour or before_second or (elapsed and "h" not in kinds)):
            kinds[i] = "n"
    seconds = [u for u in units if u[0] == "s"]
    day = any(u[0] == "d" and len(u) < 3 for u in units)
    has = set(kinds)
    return DateFormat(
        date=bool(has & {"y", "m", "d"}),
        day=day or "y" not in has,
        time=bool(has & {"h", "n", "s"}),
        seconds=bool(seconds),
        second_digits=max((len(s.partition(".")[2]) for s in seconds), default=0),
        elapsed=elapsed,
    )


def show(stored: str, fmt: Format, code: str, *, date1904: bool) -> Shown:
    """A stored number as it is read under its format."""
    if isinstance(fmt, DateFormat):
        return _show_date(float(stored), fmt, stored, date1904)
    if isinstance(fmt, NumberFormat):
        text, exact, applied = show_number(stored, fmt)
        if not applied:
            return Shown(text, Problem(codes.FORMAT_NOT_APPLIED, code))
        return Shown(text, None if exact else Problem(codes.SHOWN_SHORT, "more digits"))
    number = Decimal(stored)
    if abs(number) >= 10**15 and len(number.normalize().as_tuple().digits) > 15:
        return Shown(plain_decimal(number), Problem(codes.NUMBER_LONG))
    return Shown(plain(stored))


def show_in_full(stored: str, fmt: Format, code: str, *, date1904: bool) -> Shown:
    """A stored number with all that its format hides: every digit, the date and the time of day.

    Where the format hides nothing the value is as shown, so that a code such as 007 keeps its zeros.
    """
    if isinstance(fmt, DateFormat):
        return _show_date(float(stored), _whole(float(stored), fmt), stored, date1904)
    shown = show(stored, fmt, code, date1904=date1904)
    if shown.problem and shown.problem.code is codes.NUMBER_LONG:
        return shown
    try:
        if float(shown.text) == float(stored):
            return Shown(shown.text)
    except ValueError:
        pass  # a percent sign or a currency
    return Shown(plain_decimal(Decimal(repr(float(stored)))))


def _whole(serial: float, fmt: DateFormat) -> DateFormat:
    """The format, made to show all of a moment."""
    days, ms = divmod(round(serial * DAY_MS), DAY_MS)
    return replace(
        fmt,
        date=fmt.date or (days > 0 and not fmt.elapsed),
        time=fmt.time or ms > 0,
        seconds=fmt.seconds or ms // 1000 % 60 > 0 or ms % 1000 > 0,
        second_digits=3 if ms % 1000 else fmt.second_digits,
    )


def _show_date(serial: float, fmt: DateFormat, stored: str, date1904: bool) -> Shown:
    unit = 10 ** (3 - min(fmt.second_digits, 3))  # milliseconds
    exact = round(serial * DAY_MS)
    total = (exact + unit // 2) // unit * unit
    hidden = "fractions of a second" if fmt.seconds and abs(total - exact) > 1 else ""
    days, ms = divmod(total, DAY_MS)
    if serial < 0 or days > LAST_DAY:
        return Shown(plain(stored), Problem(codes.DATE_IMPOSSIBLE))
    clock = _clock(ms + days * DAY_MS if fmt.elapsed else ms, fmt)
    if ms // 1000 % 60 and fmt.time and not fmt.seconds:
        hidden = "seconds"
    if not fmt.date:
        hidden = "a date" if days and not fmt.elapsed else hidden
        return Shown(clock, Problem(codes.SHOWN_SHORT, hidden) if hidden else None)
    text, real = _calendar(days, date1904)
    text = f"{text}T{clock}" if fmt.time else text
    if not real:
        return Shown(text, Problem(codes.DATE_IMPOSSIBLE))
    if ms and not fmt.time:
        hidden = "a time of day"
    if hidden:
        return Shown(text, Problem(codes.SHOWN_SHORT, hidden))
    return Shown(text, None if fmt.day else Problem(codes.DAY_HIDDEN))


def _clock(ms: int, fmt: DateFormat) -> str:
    """HH:MM, with :SS and decimals where the format shows them."""
    seconds, rest = divmod(ms, 1000)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    if fmt.seconds:
        text += f":{seconds % 60:02d}"
        if fmt.second_digits:
            text += f".{rest:03d}"[: 1 + fmt.second_digits]
    return text


def _calendar(days: int, date1904: bool) -> tuple[str, bool]:
    """The day of a serial number, and whether it is one: the 1900 system has a 1900-02-29 and a day 0."""
    if date1904:
        return (date(1904, 1, 1) + timedelta(days=days)).isoformat(), True
    if days == 60:
        return "1900-02-29", False
    if days == 0:
        return "1900-01-00", False
    first = date(1899, 12, 31) if days < 60 else date(1899, 12, 30)
    return (first + timedelta(days=days)).isoformat(), True
