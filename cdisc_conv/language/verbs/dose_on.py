"""dose_on: the dose in force on a date, from records that begin and end."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    sentence="sum of {dose} over the subject's records in force on {date}, each from {start} to "
    "{end}{where: where }{drug:; a record without end is in force until the next record of the same }",
    drops=True,
)
def dose_on(
    ctx: Context,
    date: Column,
    dose: Rows,
    start: Rows,
    end: Rows,
    drug: Rows | None = None,
    where: Rows | None = None,
) -> Number:
    """The daily dose in force on a date: those of all records that cover it, added up.

        AVAL: dose_on(ADT, CM.daily, CM.CMSTDTC, CM.CMENDTC, drug=CM.CMTRT)

    A record is in force from its start to its end, both days included; a partial start counts as its first
    possible day, a partial end as its last.  Without a start it was always in force, without an end it stays
    in force; with `drug` given it does so until the day before the next later record of the same drug that
    `where` takes.  A dose of 0 in force is 0.  No record in force gives missing (nothing is known), and so
    does a record in force without a dose, and a partial or missing `date`.
    """
    day = moments(ctx, date)
    found = amounts(ctx, "dose_on", dose, start, end, drug, where)
    at = day.first[found.row]
    covers = day.complete[found.row] & (found.first <= at) & (at <= found.last)
    return pd.Series(found.total(covers.astype("float64")), index=ctx.index)
