"""highest_between: the highest value dated after one date and until another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.language.periods import subjects_of, taken, within
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Number, Rows


@verb(
    returns="number",
    scope="subject",
    sentence="highest {value} of the subject's records with {date} after {after} and on or before {until}"
    "{where: where }",
    drops=True,
)
def highest_between(
    ctx: Context, value: Rows, date: Rows, after: Column, until: Column, where: Rows | None = None
) -> Number:
    """The highest number of another dataset among the subject's rows after one date and until another.

        peak: highest_between(LB.LBSTRESN, LB.LBDTC, after=TRTSDT, until=ADT, where=LB.LBTESTCD == "CREAT")

    Rows without a number are passed over; a partial date counts where all of its possible days lie between,
    and is noted where only some of them do (DATA020).  Missing where no row is left, or where `after` or
    `until` is missing or partial.
    """
    subjects = subjects_of(ctx, "highest_between", value, date, where)
    numbers = value.values.to_numpy(dtype="float64", na_value=np.nan)
    keep = taken(where, len(numbers)) & ~np.isnan(numbers)
    which, rows = within(ctx, subjects, date, keep, after, until)
    highest = np.full(len(ctx.index), -np.inf)
    np.maximum.at(highest, which, numbers[rows])
    return pd.Series(np.where(np.isinf(highest), np.nan, highest), index=ctx.index)
