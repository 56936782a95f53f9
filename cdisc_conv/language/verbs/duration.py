"""duration: a collected duration as ISO 8601 text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.codes.data import DATA030, DATA031
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Number, Text

_UNITS = {
    word: letter
    for letter, words in {
        "PY": "y yr yrs year years",
        "PM": "mo mos month months",
        "PW": "w wk wks week weeks",
        "PD": "d day days",
        "PTH": "h hr hrs hour hours",
        "PTM": "min mins minute minutes",
        "PTS": "s sec secs second seconds",
    }.items()
    for word in words.split()
}


@verb(returns="text", sentence="{value} in {unit} as ISO 8601 duration")
def duration(ctx: Context, value: Number, unit: Text) -> Text:
    """A collected duration as ISO 8601 text: 3 days is P3D, 90 minutes is PT90M, 1.5 hours is PT1.5H.

        AEDUR: duration(number(DURATION), DURUNIT)

    `unit` in English words or their usual short forms, any case: years, months, weeks, days, hours, minutes,
    seconds.  Another unit (DATA030) and a negative value (DATA031) are reported and give missing, as does a
    missing value or unit.  Source: SDTMIG 3.4 section 4.4.3.
    """
    known = value.notna()
    letters = unit.str.strip().str.lower().map(_UNITS)
    ctx.report(DATA030, known & unit.notna() & letters.isna(), unit)
    ctx.report(DATA031, known & (value < 0), value)
    good = (known & letters.notna() & (value >= 0)).to_numpy()
    codes, distinct = pd.factorize(value.where(good))
    texts = np.array([*(np.format_float_positional(v, trim="-") for v in distinct), ""], dtype=object)
    letter = letters.where(good, "P ").astype("str")
    made = letter.str[:-1] + pd.Series(texts[codes], index=ctx.index, dtype="str") + letter.str[-1]
    return made.where(good)
