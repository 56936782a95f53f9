"""Flags on the first or last row of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.codes import data
from cdisc_conv.language.ordering import group_rows

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Columns, Flag, Text


def end_flag(ctx: Context, by: Columns, order: Columns, where: Flag | None, *, last: bool) -> Text:
    """ "Y" on the first or last row of each subject and group; ties with that row are reported."""
    found = group_rows(ctx, by, order, where)
    chosen = found.ends if last else found.starts
    flagged, tied = (np.zeros(len(ctx.index), dtype=bool) for _ in range(2))
    flagged[found.rows[chosen]] = True
    tied[found.rows[chosen & found.tied]] = True
    ctx.report(data.DATA053, pd.Series(tied, index=ctx.index))
    return pd.Series("Y", index=ctx.index, dtype="str").where(flagged)
