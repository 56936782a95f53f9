"""imputation_flag: which part of a date was imputed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.language.dates import moments
from cdisc_conv.language.dates_iso import DAY, MONTH, YEAR
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Date, Dtc, Text


@verb(
    returns="text", drops=True, sentence="Highest part of {imputed} that is not known from {date}: Y, M or D"
)
def imputation_flag(ctx: Context, date: Dtc, imputed: Date) -> Text:
    """The date imputation flag: Y where the year was imputed, M the month, D the day.

        ASTDTF: imputation_flag(AESTDTC, ASTDT)

    Missing where nothing was imputed, and where `imputed` is missing.
    Source: ADaMIG 1.3 section 3.1.3, codelist DATEFL (C81223).
    """
    parts = moments(ctx, date).parts
    unknown = [parts[:, part] < 0 for part in (YEAR, MONTH, DAY)]
    flag = np.select(unknown, ["Y", "M", "D"], default="")
    column = pd.Series(flag, index=ctx.index, dtype="str")
    return column.where((column != "") & imputed.notna())
