"""in_range: a value from the row of a table in whose range a number or date lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cdisc_conv.codes import data
from cdisc_conv.language.arguments import refused
from cdisc_conv.language.matching import kind_of
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Rows


@verb(
    returns="same",
    sentence="{give} of the row with {low} <= {value} <= {high}",
    drops=True,
)
def in_range(ctx: Context, give: Rows, value: Column, low: Rows, high: Rows) -> Column:
    """The value from the row of a small table in whose range a number (or date) lies, both ends included.

        AVISIT: in_range(windows.AVISIT, ADY, low=number(windows.AWLO), high=number(windows.AWHI))

    A missing bound is open.  A value in no range, and a missing value, give missing; one that lies in several
    ranges with different values is a finding (DATA003) and gives missing.  The table knows no subjects.
    """
    if give.subject is not None or low.subject is not None or high.subject is not None:
        raise refused(ctx, "in_range", f"looks into {give.name}, which knows subjects; it takes a table")
    kinds = {kind_of(c) for c in (value, low.values, high.values) if c.notna().any()}
    if len(kinds) > 1 or kinds - {"number", "date"}:
        raise refused(ctx, "in_range", "needs value, low and high as numbers, or all as dates")
    at, several = _row_of(value, low.values, high.values, give.values)
    ctx.report(data.DATA003, pd.Series(several, index=ctx.index), value, what="range", table=give.name)
    found = give.values.array.take(np.where(several, -1, at), allow_fill=True)
    return pd.Series(found, index=ctx.index)


def _row_of(value: Any, low: Any, high: Any, give: Any) -> tuple[Any, Any]:
    """The row of the table for each value (-1: none), and where several rows disagree."""
    at = np.full(len(value), -1)
    several = np.zeros(len(value), dtype=bool)
    codes = pd.factorize(give)[0]
    for row in range(len(give)):
        inside = value.notna().to_numpy(copy=True)
        if pd.notna(low.iloc[row]):
            inside &= (value >= low.iloc[row]).to_numpy(dtype=bool)
        if pd.notna(high.iloc[row]):
            inside &= (value <= high.iloc[row]).to_numpy(dtype=bool)
        several |= inside & (at >= 0) & (codes[at] != codes[row])
        at[inside & (at < 0)] = row
    return at, several
