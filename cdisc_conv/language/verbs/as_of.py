"""as_of: the value that was last known at a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.codes import data
from cdisc_conv.language.arguments import one_of
from cdisc_conv.language.dates import moments, moments_of
from cdisc_conv.language.matching import table_of
from cdisc_conv.language.periods import dated, subjects_of, taken
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Const, Rows


@verb(
    returns="same",
    scope="subject",
    sentence="{value} of the subject's last record by {date} up to {on}{where: where }",
    drops=True,
)
def as_of(
    ctx: Context,
    value: Rows,
    date: Rows,
    on: Column,
    where: Rows | None = None,
    same_day: Const = "include",
) -> Column:
    """The last value of another dataset that was known on a date, however long before.

        WEIGHT: as_of(VS.VSSTRESN, VS.VSDTC, on=ADT, where=VS.VSTESTCD == "WEIGHT")

    Rows without a value or a date are passed over; a partial date counts as its last possible day, so that
    no value is taken that may be of later.  Of the rows of one day the last by time counts; where several
    differ there, that is a finding and gives missing.  `same_day="exclude"` takes only rows of days before
    `on`.  Missing where no row is left, or where `on` is missing or partial.
    """
    one_of(ctx, "as_of", "same_day", same_day, ("include", "exclude"))
    subjects, day, at = subjects_of(ctx, "as_of", value, date, where), moments_of(ctx, date), moments(ctx, on)
    found = dated(subjects, day, taken(where, len(value.values)) & value.values.notna().to_numpy())
    asked = at.complete & (subjects.ours >= 0)
    place = found.until(at.first, asked, included=same_day == "include")
    there = asked & (place > found.begins())
    rank = day.rank(unknown_last=True)[found.rows]
    kinds = pd.factorize(value.values)[0][found.rows]
    tied = (found.keys[1:] == found.keys[:-1]) & (rank[1:] == rank[:-1]) & (kinds[1:] != kinds[:-1])
    unclear = there & np.append(False, tied)[np.where(there, place - 1, 0)] if len(found.rows) else there
    what = table_of(value)
    ctx.report(
        data.DATA052,
        pd.Series(unclear, index=ctx.index),
        what=what,
        which=f"last up to {on.name or 'the date'}",
    )
    row = np.full(len(there), -1)
    row[there & ~unclear] = found.rows[place[there & ~unclear] - 1]
    return pd.Series(value.values.array.take(row, allow_fill=True), index=ctx.index)
