"""sum_by: the numbers of a subject's rows of one group added up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.language.arguments import one_of
from cdisc_conv.language.ordering import subject_groups
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Columns, Const, Flag, Number


@verb(
    returns="number",
    scope="subject",
    sentence="sum of {number} over the subject's records with the same {by}{where:, where }",
    drops=True,
)
def sum_by(
    ctx: Context, number: Number, by: Columns, where: Flag | None = None, missing: Const = "null"
) -> Number:
    """The numbers of all rows of the same subject and group added up, given on each row of the group.

        total: sum_by(QSSTRESN, by=[QSGRPID], where=given(weight))

    Only rows for which `where` holds are added; a group without such a row gives missing.  `missing="null"`
    (default): one missing number among them makes the sum missing; `missing="zero"`: missing ones count as 0,
    all missing gives missing.  A missing `by` value is a group of its own.
    """
    one_of(ctx, "sum_by", "missing", missing, ("null", "zero"))
    group = subject_groups(ctx, by)
    taken = np.ones(len(group), dtype=bool) if where is None else where.to_numpy(dtype=bool)
    values = number.to_numpy(dtype="float64", na_value=np.nan)
    size = int(group.max(initial=-1)) + 1
    there = taken & ~np.isnan(values)
    sums = np.bincount(group[there], weights=values[there], minlength=size)
    filled = np.bincount(group[there], minlength=size)
    wanted = np.bincount(group[taken], minlength=size)
    good = (filled == wanted) & (filled > 0) if missing == "null" else filled > 0
    return pd.Series(np.where(good, sums, np.nan)[group], index=ctx.index)
