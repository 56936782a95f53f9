"""add_days: a date some days later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.codes.data import DATA026
from cdisc_conv.language.dates import as_dates, moments
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Date, Number


_FIRST, _LAST = (np.datetime64(d, "D").astype(int) for d in ("0001-01-01", "9999-12-31"))


@verb(returns="date", sentence="{date} plus {days} days")
def add_days(ctx: Context, date: Column, days: Number) -> Date:
    """The date `days` days after `date`, or before it where `days` is negative.

        TRTEMEND: add_days(TRTEDT, 30)

    `date` is a date or ISO 8601 text with a day; a time falls away.  Missing where one is missing.  A number
    of days that is not whole is reported and gives missing (DATA026).
    """
    found = moments(ctx, date)
    number = days.to_numpy(dtype="float64", na_value=np.nan)
    total = found.first + np.where(np.isnan(number), 0, number)
    good = (total == np.rint(total)) & (total >= _FIRST) & (total <= _LAST)
    ctx.report(DATA026, pd.Series(found.complete & ~np.isnan(number) & ~good, index=ctx.index), days)
    whole = np.where(good, total, 0).astype("int64")
    return as_dates(whole, found.complete & good & ~np.isnan(number), ctx.index)
