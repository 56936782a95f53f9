"""days: the number of days from one date to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.language.dates import moments
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Const, Number


@verb(returns="number", drops=True, sentence="Days from {start} to {end}{plus: plus }")
def days(ctx: Context, start: Column, end: Column, plus: Const = 0) -> Number:
    """Days from `start` to `end`: `end - start`, plus `plus`; negative where `end` is earlier.

        TRTDURD: days(TRTSDT, TRTEDT, plus=1)

    Each is a date or ISO 8601 text.  Times play no part.  Missing where one is missing or has no day.  A
    duration that counts both ends needs `plus=1`.
    """
    first, last = moments(ctx, start), moments(ctx, end)
    number = (last.first - first.first).astype("float64") + float(plus)
    number[~(first.complete & last.complete)] = np.nan
    return pd.Series(number, index=ctx.index)
