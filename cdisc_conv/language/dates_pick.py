"""The earliest or latest of several columns of dates, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cdisc_conv.language.dates import as_iso, moments

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context


def pick(ctx: Context, dates: Sequence[pd.Series[Any]], *, latest: bool) -> pd.Series[Any]:
    """The earliest or latest non-missing date of each row; the first given of two that are equal.

    An unknown part counts as worse than any known one, which makes the more precise of two win.
    """
    if len({column.dtype.kind == "M" for column in dates}) > 1:
        dates = [as_iso(column) for column in dates]
    found = [moments(ctx, column) for column in dates]
    far = np.iinfo(np.int64).max
    ranks = np.stack([_rank(m.rank(unknown_last=not latest), m.known, latest, far) for m in found])
    best = ranks.argmin(axis=0)
    values = np.stack([column.to_numpy(dtype=object) for column in dates])
    chosen = values[best, np.arange(values.shape[1])]
    chosen = np.where(ranks.min(axis=0) < far, chosen, None)
    dtype = dates[0].dtype if dates[0].dtype.kind == "M" else "str"
    return pd.Series(chosen, index=ctx.index, dtype=dtype)


def _rank(rank: Any, known: Any, latest: bool, far: int) -> Any:
    return np.where(known, -rank if latest else rank, far)
