"""unscheduled_number: visit numbers for visits that were not planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.codes import data
from cdisc_conv.language.ordering import in_order, subject_groups
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Const, Dtc, Flag, Number


@verb(
    returns="number",
    scope="subject",
    sentence="{planned}; for an unscheduled visit that of the last attended planned visit, plus {step} for "
    "the first, twice {step} for the second … by {date}",
)
def unscheduled_number(
    ctx: Context, planned: Number, date: Dtc, counts: Flag | None = None, step: Const = 0.01
) -> Number:
    """Visit numbers: the planned one where there is one, else that of the planned visit before plus 0.01.

        VISITNUM: unscheduled_number(planned, SVSTDTC)      # after visit 5: 5.01, then 5.02

    `planned` is missing for unscheduled visits.  The visit before is the subject's last planned one by
    `date`; on one day the planned visit comes first.  Planned visits without a date were not attended and
    are nobody's visit before, nor are those for which `counts` does not hold (an early termination).
    An unscheduled visit without a date is a finding and gives missing; one before all planned visits counts
    from 0 (0.01, 0.02 …).
    """
    dated = date.notna().to_numpy()
    free = planned.isna().to_numpy()
    base = ~free if counts is None else ~free & counts.to_numpy(dtype=bool)
    found = in_order(subject_groups(ctx), [date, pd.Series(free.astype("float64"))], dated & (free | base))
    rows, unplanned = found.rows, free[found.rows]
    at = np.arange(len(rows))
    last = np.maximum.accumulate(np.where(~unplanned | found.starts, at, 0))
    from_zero = unplanned[last]  # the first of the subject's rows, itself unscheduled
    start = np.where(from_zero, 0.0, planned.to_numpy(dtype="float64")[rows[last]])
    number = np.round(start + (at - last + from_zero) * float(step), 6)
    made = planned.to_numpy(dtype="float64", copy=True)
    made[rows[unplanned]] = number[unplanned]
    ctx.report(data.DATA056, pd.Series(free & ~dated, index=ctx.index))
    return pd.Series(made, index=ctx.index)
