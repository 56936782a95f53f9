"""greatest: the largest of several numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.language.arguments import some
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Number


@verb(returns="number", sentence="largest of {numbers}")
def greatest(ctx: Context, *numbers: Number) -> Number:
    """The largest of the numbers of a row.

        AVAL: greatest(READING1, READING2, READING3)

    Missing ones are passed over; all missing gives missing.
    """
    some(ctx, "greatest", numbers)
    return pd.Series(np.fmax.reduce([n.to_numpy(dtype="float64") for n in numbers]), index=ctx.index)
