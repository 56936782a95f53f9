"""study_day: the study day of a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.language.dates import moments
from cdisc_conv.language.verb import expr, verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Dtc, Number


@verb(
    returns="number",
    drops=True,
    sentence="Days from {reference} to {date}, plus 1 where {date} is on or after {reference}; dates only",
)
def study_day(ctx: Context, date: Dtc, reference: Dtc = expr("DM.RFSTDTC")) -> Number:
    """The study day: 1 on the reference date, -1 on the day before; there is no day 0.

        AESTDY: study_day(AESTDTC)

    Times play no part.  Missing where one of the dates is missing or has no day.
    Source: SDTMIG 3.4 section 4.4.4.
    """
    day, start = moments(ctx, date), moments(ctx, reference)
    difference = day.first - start.first
    number = np.where(difference >= 0, difference + 1, difference).astype("float64")
    number[~(day.complete & start.complete)] = np.nan
    return pd.Series(number, index=ctx.index)
