"""held_before: whether a condition held on an earlier row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.language.ordering import group_rows
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Columns, Flag


@verb(
    returns="flag",
    scope="subject",
    sentence="{condition} on an earlier record of the subject by {by}, in the order of {order}",
)
def held_before(ctx: Context, condition: Flag, by: Columns, order: Columns) -> Flag:
    """Whether a condition held on any earlier row of the same subject and group.

        where: QSORRES == "E" and held_before(QSORRES in ("A", "B", "C", "D"), by=[QSTESTCD], order=[QSDTC])

    Earlier means smaller in the order columns: rows that are equal in all of them are not before each other.
    Rows whose first `order` column is missing take no part and give false.
    """
    found = group_rows(ctx, by, order, None)
    made = np.zeros(len(ctx.index), dtype=bool)
    if len(found.rows):
        held = condition.to_numpy(dtype=bool)[found.rows].astype("int64")
        before = np.cumsum(held) - held
        # rows equal in the order look as far back as the first of them, and no row beyond its group
        first_of_tie = np.maximum.accumulate(np.where(found.ties, 0, np.arange(len(held))))
        first_of_group = np.maximum.accumulate(np.where(found.starts, np.arange(len(held)), 0))
        made[found.rows] = before[first_of_tie] > before[first_of_group]
    return pd.Series(made, index=ctx.index)
