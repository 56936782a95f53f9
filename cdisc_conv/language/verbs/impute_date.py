"""impute_date: a calendar day for a partial date, by a stated rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.codes.data import DATA025
from cdisc_conv.language.dates import as_dates, moments
from cdisc_conv.language.dates_impute import day_rule, imputed_days, month_rule, spans
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Const, Date, Dtc


@verb(
    returns="date",
    sentence="{date}; unknown day: {day}{month:; unknown month: }{missing:; where missing: }"
    "{not_before:; not before }{at_most:; not after }",
)
def impute_date(
    ctx: Context,
    date: Dtc,
    day: Const = "first",
    month: Const = None,
    missing: Column | None = None,
    not_before: Column | None = None,
    at_most: Column | None = None,
) -> Date:
    """A calendar day for each date: the day itself where known, else one by rule.

        ASTDT: impute_date(AESTDTC, missing=ADSL.TRTSDT, not_before=ADSL.TRTSDT, at_most=AENDT)
        AENDT: impute_date(AEENDTC, day="last", at_most=ADSL.EOSDT)
        DXDT:  impute_date(MHSTDTC, day="mid", at_most=ADSL.RANDDT)

    `day`: "first", "last" or "mid" (the 15th) of the month, or a number (the last day where the month is
    shorter).  `month`: "first", "last", "mid" (July) or a number; as `day` when not given, and then
    "mid" is 1 July.  `missing` stands in for a date without a year.
    `not_before` and `at_most` bound an imputed day, in that order, each only where the known parts allow it:
    2021-05 with not_before 2021-05-12 gives 12 May, with not_before 2021-04-12 gives 1 May.  Known parts
    after `at_most` are reported (DATA025) and not changed; complete dates are never changed.
    Bounds are dates or ISO 8601 text.  Missing stays missing unless `missing` is given.
    Source: ADaMIG 1.3 section 3.1.3 (imputed dates); see imputation_flag().
    """
    found = moments(ctx, date)
    span = spans(found, None if missing is None else moments(ctx, missing))
    days = imputed_days(found, day_rule(ctx, day), month_rule(ctx, month, day))
    days = np.where(span.filled, span.fill, days)
    if not_before is not None:
        limit = moments(ctx, not_before)
        days = np.where(span.holds(limit, limit.first), np.maximum(days, limit.first), days)
    if at_most is not None:
        limit = moments(ctx, at_most)
        days = np.where(span.holds(limit, limit.last), np.minimum(days, limit.last), days)
        late = span.open & limit.known & (limit.last < span.first)
        ctx.report(DATA025, pd.Series(late, index=ctx.index), date)
    return as_dates(days, span.known, ctx.index)
