"""A raw date column and a raw time column put together, over the distinct pairs of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cdisc_conv.codes import data
from cdisc_conv.language.dates_iso import DAY, HOUR, iso_texts
from cdisc_conv.language.dates_many import PROBLEMS, Readings, from_list, problem_number, read_dates
from cdisc_conv.language.dates_read import Rules, as_text, read_time, rules_for

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.dates_iso import Ints


def read_and_join(
    ctx: Context, raw: pd.Series[Any], time: pd.Series[Any] | None, rules: Rules
) -> pd.Series[Any]:
    """A raw date (and time) as ISO 8601 text; each problem is reported with its rows."""
    codes, uniques = pd.factorize(as_text(raw))
    dates = _and_missing(read_dates(uniques.astype("str").to_numpy(dtype=object).tolist(), rules))
    _report(ctx, dates, codes, raw, rules)
    if time is None:
        return _spread(dates, codes, raw.index)
    time_codes, uniques = pd.factorize(as_text(time))
    times = _and_missing(from_list([read_time(str(u), rules.unknown) for u in uniques]))
    _report(ctx, times, time_codes, time, rules)
    width = len(times.problem)
    pair_codes, pairs = pd.factorize(codes.astype(np.int64) * width + time_codes % width)
    joined = _joined(dates.take(pairs // width), times.take(pairs % width))
    _report(ctx, joined, pair_codes, time, rules)
    return _spread(joined, pair_codes, raw.index)


def _and_missing(found: Readings) -> Readings:
    """With one more at the end, which -1 takes: that of a missing value."""
    parts = np.vstack([found.parts, np.full((1, 6), -1, dtype=np.int64)])
    return Readings(parts, np.append(found.problem, 0))


def _joined(dates: Readings, times: Readings) -> Readings:
    """Dates with times, pair by pair; a problem that was reported before is not repeated."""
    clock = dates.parts[:, HOUR:], times.parts[:, HOUR:]
    timed = clock[1][:, 0] >= 0
    unknown = dates.parts[:, : DAY + 1] < 0
    nothing, partial = timed & unknown.all(axis=1), timed & unknown.any(axis=1)
    differ = timed & ((clock[0] != clock[1]) & (clock[0] >= 0) & (clock[1] >= 0)).any(axis=1)
    reported = dates.problem > 0
    repeated = dates.problem == problem_number(data.DATA017)
    problem = np.select(
        [nothing & reported, nothing, partial & repeated, partial, differ],
        [0, problem_number(data.DATA016), 0, problem_number(data.DATA017), problem_number(data.DATA018)],
        default=0,
    )
    finer = np.where((partial | differ)[:, None], -1, np.maximum(*clock))
    return Readings(np.hstack([dates.parts[:, : DAY + 1], finer]), problem)


def _report(ctx: Context, found: Readings, codes: Ints, raw: pd.Series[Any], rules: Rules) -> None:
    for number in np.unique(found.problem[found.problem > 0]):
        mask = (found.problem == number)[codes]
        code = PROBLEMS[number]
        assert code is not None
        ctx.report(code, pd.Series(mask, index=raw.index), raw, **rules.shown)


def _spread(found: Readings, codes: Ints, index: pd.Index[Any]) -> pd.Series[Any]:
    return pd.Series(pd.array(iso_texts(found.parts), dtype="str").take(codes), index=index)


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
