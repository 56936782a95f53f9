"""Raw dates and times to ISO 8601 text, by declared formats; what does not fit is said, never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cdisc_conv.codes import data
from cdisc_conv.language.dates import refuse
from cdisc_conv.language.dates_formats import (
    Format,
    Parts,
    compile_format,
    format_mistake,
    read_cell,
    unknown_words,
)
from cdisc_conv.language.dates_iso import is_possible

if TYPE_CHECKING:
    from cdisc_conv.findings import Code
    from cdisc_conv.language.context import Context

ISO_FORMATS = ("YYYY-MM-DD", "YYYY-MM-DDTHH:MM[:SS]")
"""Read without being declared, for they can mean one thing only."""
NOTHING = Parts()
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?|(\d\d)(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one raw value means: its parts (`NOTHING` where it names no date) and what is wrong with it."""

    parts: Parts = NOTHING
    problem: Code | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """How the dates of one column are read."""

    formats: tuple[Format, ...]
    unknown: re.Pattern[str]
    years: tuple[int, int] = (1850, 2100)
    declared: bool = True
    by_shape: bool = True  # whether values alike but for their digits are read alike
    shown: dict[str, str] = field(default_factory=dict)  # blanks of the findings' messages


def rules_for(ctx: Context, column: pd.Series[Any], formats: Any = None, unknown: Any = None) -> Rules:
    """The rules for a raw column: `formats` and `unknown` as given in the mapping, else as declared."""
    wanted = _listed(formats) or tuple(ctx.date_formats(column))
    words = _listed(unknown) or tuple(ctx.unknown_tokens(column))
    for text in wanted:
        if mistake := format_mistake(text):
            refuse(ctx, "format", text, mistake)
    years = _years(ctx)
    used = tuple(compile_format(text, words) for text in wanted or ISO_FORMATS)
    by_shape = not any(c.isdigit() for word in words for c in word)
    shown = {"formats": ", ".join(wanted or ISO_FORMATS), "years": f"{years[0]}-{years[1]}"}
    return Rules(used, re.compile(unknown_words(words), re.IGNORECASE), years, bool(wanted), by_shape, shown)


def _listed(given: Any) -> tuple[str, ...]:
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(str(g) for g in given)


def _years(ctx: Context) -> tuple[int, int]:
    text = ctx.policies.get("years", "1850-2100")
    found = re.fullmatch(r"(\d{4})-(\d{4})", text)
    if not found:
        refuse(ctx, "policy.years", text, "two years as 1850-2100")
    return int(found[1]), int(found[2])


def as_text(column: pd.Series[Any]) -> pd.Series[Any]:
    """A raw column as text: dates of a workbook as ISO 8601, whole numbers without a point."""
    if column.dtype.kind == "M":
        moments = column.to_numpy().astype("datetime64[s]")
        whole = moments == moments.astype("datetime64[D]")
        texts = np.where(whole, np.datetime_as_string(moments, "D"), np.datetime_as_string(moments, "s"))
        return pd.Series(texts, index=column.index, name=column.name, dtype="str").where(column.notna())
    if column.dtype.kind in "fi":
        numbers = [f"{v:.10f}".rstrip("0").rstrip(".") for v in column]
        return pd.Series(numbers, index=column.index, name=column.name, dtype="str").where(column.notna())
    return column


def clean(text: str) -> str:
    """The text with full-width and other compatibility characters made plain (NFKC) and trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def read_date(text: str, rules: Rules) -> Reading:
    """What one raw value means under all declared formats; two meanings are a problem, not a choice."""
    value = clean(text)
    if not value or rules.unknown.fullmatch(value):
        return Reading()
    fits = dict.fromkeys(p for f in rules.formats if (p := f.read(value)) is not None)
    if not fits and any(f.serial for f in rules.formats) and (cell := read_cell(value)):
        fits = {cell: None}
    readings = [_checked(p, rules) for p in fits]
    good = [r for r in readings if r.problem is None]
    if len(good) == 1:
        return good[0]
    if good:
        return Reading(problem=data.DATA012)
    if readings:
        return readings[0]
    return Reading(problem=data.DATA010 if rules.declared else data.DATA011)


def _checked(parts: Parts, rules: Rules) -> Reading:
    date = parts[:3]
    if not is_possible(as_numbers(date)):
        return Reading(problem=data.DATA013)
    if parts.year is not None and not rules.years[0] <= parts.year <= rules.years[1]:
        return Reading(problem=data.DATA014)
    if not is_possible(as_numbers(parts)):
        return Reading(Parts(*date), data.DATA015)
    if parts.hour is not None and None in date:
        return Reading(Parts(*date), data.DATA017 if date != (None, None, None) else data.DATA016)
    return Reading(parts)


def as_numbers(parts: Iterable[int | None]) -> tuple[int, ...]:
    """Six numbers, -1 for an unknown part."""
    numbers = [-1 if p is None else p for p in parts]
    return tuple(numbers + [-1] * (6 - len(numbers)))


def read_time(text: str, unknown: re.Pattern[str]) -> Reading:
    """A time `9:30`, `09:30`, `09:30:15` or `0930`; an unknown minute leaves the hour (`09:UN`)."""
    value = clean(text)
    if not value or unknown.fullmatch(value):
        return Reading()
    pieces = value.split(":")
    while pieces and unknown.fullmatch(pieces[-1]):
        pieces.pop()
    if not pieces:
        return Reading()
    if len(pieces) == 1 and ":" in value and re.fullmatch(r"\d{1,2}", pieces[0], re.ASCII):
        return _checked_time((int(pieces[0]),))
    found = _TIME.fullmatch(":".join(pieces))
    if not found:
        return Reading(problem=data.DATA015)
    return _checked_time(tuple(int(g) for g in found.groups() if g is not None))


def _checked_time(numbers: tuple[int, ...]) -> Reading:
    hour, minute, second = (*numbers, None, None)[:3]
    parts = Parts(hour=hour, minute=minute, second=second)
    return Reading(parts) if is_possible(as_numbers(parts)) else Reading(problem=data.DATA015)
