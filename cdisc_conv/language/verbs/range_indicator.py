"""range_indicator: where a result lies as to its reference range."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.language.results import bounds
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Number, Text


@verb(
    returns="text",
    sentence="LOW, NORMAL or HIGH: {result} against the reference range from {low} to {high}, both included",
    drops=True,
)
def range_indicator(ctx: Context, result: Text, low: Number, high: Number) -> Text:
    """LOW, NORMAL or HIGH, as --NRIND wants it: the result against its reference range, ends included.

        LBNRIND: range_indicator(LBSTRESC, LBSTNRLO, LBSTNRHI)

    A range may be open on one side; without any limit there is no indicator, never NORMAL.  A result with a
    sign, or a span, has one only where every number it may stand for has the same: "<10" of 0 to 100 is
    NORMAL (no result lies below a lower limit of 0), ">800" of 0 to 100 is HIGH, "2-4" of 0 to 3 has none.
    Words and titres have none.
    """
    least, most = (side.to_numpy(dtype="float64") for side in bounds(result))
    strict = result.str.match(r"\s*[<>](?!=)", na=False).to_numpy(dtype=bool)
    floor, ceiling = low.to_numpy(dtype="float64"), high.to_numpy(dtype="float64")
    ranged = ~(np.isnan(floor) & np.isnan(ceiling))
    floor = np.where(np.isnan(floor) | (floor <= 0), -np.inf, floor)
    ceiling = np.where(np.isnan(ceiling), np.inf, ceiling)
    is_low = (most < floor) | (strict & (most == floor))
    is_high = (least > ceiling) | (strict & (least == ceiling))
    normal = (least >= floor) & (most <= ceiling)
    made = np.select(
        [ranged & is_low, ranged & is_high, ranged & normal], ["LOW", "HIGH", "NORMAL"], default=""
    )
    return pd.Series(pd.array(made, dtype="str"), index=ctx.index).replace("", None)
