"""previous: the value of the row before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.codes import data
from cdisc_conv.language.ordering import group_rows
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Columns, Flag


@verb(
    returns="same",
    scope="subject",
    sentence="{value} of the subject's previous record{by: by }, in the order of {order}{where: where }",
    drops=True,
)
def previous(ctx: Context, value: Column, by: Columns, order: Columns, where: Flag | None = None) -> Column:
    """The value of the row before, within the subject and group.

        PREVTOT: previous(AVAL, by=[PARAMCD], order=[ADT, AVISITN])

    Only rows for which `where` holds and whose first `order` column is filled take part: others give
    missing and are nobody's row before.  The first row of a group gives missing, as does a row before
    without value.  A missing `by` value is a group of its own.  Rows that are equal in the order are a
    finding; their order in the source decides.
    """
    found = group_rows(ctx, by, order, where)
    before = np.full(len(ctx.index), -1)
    before[found.rows[1:]] = np.where(found.starts[1:], -1, found.rows[:-1])
    tied = np.zeros(len(ctx.index), dtype=bool)
    tied[found.rows] = found.tied
    ctx.report(data.DATA053, pd.Series(tied, index=ctx.index))
    return pd.Series(value.array.take(before, allow_fill=True), index=ctx.index)
