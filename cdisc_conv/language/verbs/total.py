"""total: several numbers of a row added up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.language.arguments import one_of, some
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Const, Number


@verb(returns="number", sentence="sum of {numbers}", drops=True)
def total(ctx: Context, *numbers: Number, missing: Const = "null") -> Number:
    """The numbers of a row added up, as the score of a questionnaire.

        AVAL: total(ITEM1, ITEM2, ITEM3)
        AVAL: total(ITEM1, ITEM2, ITEM3, missing="zero")

    `missing="null"` (default): one missing number makes the sum missing; `missing="zero"`: missing ones
    count as 0, all missing gives missing.
    """
    some(ctx, "total", numbers)
    one_of(ctx, "total", "missing", missing, ("null", "zero"))
    table = np.column_stack([n.to_numpy(dtype="float64") for n in numbers])
    if missing == "null":
        return pd.Series(table.sum(axis=1), index=ctx.index)
    empty = np.isnan(table).all(axis=1)
    return pd.Series(np.where(empty, np.nan, np.nansum(table, axis=1)), index=ctx.index)
