"""dose_between: the daily doses of a span of days added up, from records that begin and end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.language.dates import moments
from cdisc_conv.language.periods import amounts
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Number, Rows


@verb(
    returns="number",
    scope="subject",
    sentence="sum of the daily {dose} of the subject's records, each from {start} to {end}{where: where }, "
    "over the days from {since} to {until}"
    "{drug:; a record without end is in force until the next record of the same }",
    drops=True,
)
def dose_between(
    ctx: Context,
    since: Column,
    until: Column,
    dose: Rows,
    start: Rows,
    end: Rows,
    drug: Rows | None = None,
    where: Rows | None = None,
) -> Number:
    """The daily doses of all days from one date to another added up, both days included.

        PREDCUM: dose_between(TRTSDT, ADT - 1, CM.daily, CM.CMSTDTC, CM.CMENDTC, drug=CM.CMTRT)

    Which record is in force on which day is as for `dose_on`; overlapping ones add.  Days that no record
    covers add nothing; no covered day at all gives missing, and so does a record in force without a dose.
    Missing where a date is missing or partial.
    """
    low, high = moments(ctx, since), moments(ctx, until)
    found = amounts(ctx, "dose_between", dose, start, end, drug, where)
    first = np.maximum(found.first, low.first[found.row])
    last = np.minimum(found.last, high.first[found.row])
    both = (low.complete & high.complete)[found.row]
    days = np.where(both, np.maximum(last - first + 1, 0), 0).astype("float64")
    return pd.Series(found.total(days), index=ctx.index)
