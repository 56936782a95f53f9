"""A raw date column and a raw time column put together, over the distinct pairs of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cdisc_conv.codes import data
from cdisc_conv.language.dates_formats import Parts
from cdisc_conv.language.dates_read import (
    Reading,
    Rules,
    as_text,
    iso_text,
    read_column,
    read_time,
    rules_for,
)

if TYPE_CHECKING:
    from cdisc_conv.findings import Code
    from cdisc_conv.language.context import Context

    Codes = np.ndarray[Any, Any]


def to_iso(
    ctx: Context,
    readings: list[Reading],
    codes: Codes,
    raw: pd.Series[Any],
    time: pd.Series[Any] | None,
    rules: Rules,
) -> pd.Series[Any]:
    """ISO 8601 text of read dates, with a time beside them if given; each problem reported with its rows."""
    _report(ctx, [r.problem for r in readings], codes, raw, rules)
    if time is None:
        texts = [iso_text(r.parts) for r in readings]
        return _spread(texts, codes, raw.index)
    time_codes, times = pd.factorize(as_text(time))
    time_readings = [*(read_time(str(t), rules.unknown) for t in times), Reading()]
    _report(ctx, [r.problem for r in time_readings], time_codes, time, rules)
    pair_codes, pairs = pd.factorize(codes.astype(np.int64) * (len(times) + 1) + time_codes + 1)
    joined = [
        _join(readings[int(p) // (len(times) + 1)], time_readings[int(p) % (len(times) + 1) - 1])
        for p in pairs
    ]
    _report(ctx, [r.problem for r in joined], pair_codes, time, rules)
    return _spread([iso_text(r.parts) for r in joined], pair_codes, raw.index)


def read_and_join(
    ctx: Context, raw: pd.Series[Any], time: pd.Series[Any] | None, rules: Rules
) -> pd.Series[Any]:
    """The whole way from a raw date (and time) column to ISO 8601 text."""
    readings, codes = read_column(raw, rules)
    return to_iso(ctx, readings, codes, raw, time, rules)


def _join(date: Reading, time: Reading) -> Reading:
    """One date with one time; problems that were reported before are not repeated."""
    if time.parts.hour is None:
        return Reading(date.parts)
    if all(p is None for p in date.parts):
        return Reading(problem=None if date.problem else data.DATA016)
    if None in date.parts[:3]:
        return Reading(date.parts, None if date.problem is data.DATA017 else data.DATA017)
    held = date.parts[3:]
    if all(a == b or None in (a, b) for a, b in zip(held, time.parts[3:], strict=True)):
        finer = max(held, time.parts[3:], key=lambda t: sum(p is not None for p in t))
        return Reading(Parts(*date.parts[:3], *finer))
    return Reading(Parts(*date.parts[:3]), data.DATA018)


def _report(
    ctx: Context, problems: list[Code | None], codes: Codes, raw: pd.Series[Any], rules: Rules
) -> None:
    for problem in sorted({p for p in problems if p}, key=lambda c: c.id):
        mask = np.array([p is problem for p in problems])[codes]
        ctx.report(problem, pd.Series(mask, index=raw.index), raw, **rules.shown)


def _spread(texts: list[str | None], codes: Codes, index: pd.Index[Any]) -> pd.Series[Any]:
    values = pd.array(texts, dtype="str").take(codes)
    return pd.Series(values, index=index)


def join_parts(
    ctx: Context,
    year: pd.Series[Any],
    month: pd.Series[Any] | None,
    day: pd.Series[Any] | None,
    time: pd.Series[Any] | None,
) -> pd.Series[Any]:
    """Year, month and day of separate columns as ISO 8601 text; a missing part is an unknown one."""
    words = tuple(ctx.unknown_tokens(year)) or ("UN",)
    given = [year, *(c if c is not None else _nothing(year) for c in (month, day))]
    texts = [as_text(c).fillna(words[0]).astype("str") for c in given]
    some = np.any([c.notna() for c in given], axis=0)
    raw = pd.Series(texts[0] + "/" + texts[1] + "/" + texts[2], index=ctx.index, dtype="str").where(some)
    formats = ("YYYY/M/D", "YYYY/MON/D")
    return read_and_join(ctx, raw, time, rules_for(ctx, raw, formats, words))


def _nothing(like: pd.Series[Any]) -> pd.Series[Any]:
    return pd.Series([None] * len(like), index=like.index, dtype="str")
