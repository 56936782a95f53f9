"""daily_dose: the amount a day from a dose and how often it is taken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.codes import data
from cdisc_conv.language.texts import joined
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Number, Rows, Text

_TERM = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*([^\W\d_%]*)\s*(.*?)\s*")


@verb(
    returns="number",
    sentence="{dose} times the number of doses a day that {frequency} stands for; a regimen of several "
    "parts, each with its own frequency, added up",
)
def daily_dose(ctx: Context, dose: Text, frequency: Text, per_day: Rows, name: Rows) -> Number:
    """The amount a day: a dose times how often a day it is taken, by a table of frequencies.

        daily: daily_dose(DOSE, FREQ, frequencies.PER_DAY, frequencies.FREQ)

    `frequencies` holds the number of doses a day for each frequency, such as qd 1, bid 2, qod 0.5; words are
    matched trimmed and in small letters.  A dose may be a whole regimen, parts joined by `+`, each with its
    unit and frequency: `5 mg qd + 2.5 mg qn` is 7.5.  A part without frequency takes the column's.
    A dose of 0 is 0 whatever its frequency.  A dose that is no number, and a frequency that is missing or not
    in the table, is a finding and gives missing; one that is there without a number (prn) is noted.
    """
    known = _table(per_day, name)
    both = joined([dose.fillna(""), frequency.fillna("")], "\t", skip=False)
    codes, pairs = pd.factorize(both)
    doses = np.array([*(_amount(pair, known) for pair in pairs), np.nan])[codes]
    asked, shown = dose.notna(), joined([dose, frequency], " ", skip=True)
    ctx.report(data.DATA058, asked & np.isnan(doses), shown)
    ctx.report(data.DATA059, asked & np.isinf(doses), shown)
    return pd.Series(np.where(np.isfinite(doses), doses, np.nan), index=ctx.index).where(asked)


def _table(per_day: Rows, name: Rows) -> dict[str, float]:
    """Doses a day by frequency, infinite where the table has no number."""
    numbers = pd.to_numeric(per_day.values).to_numpy(dtype="float64", na_value=np.inf)
    return {str(n).strip().lower(): d for n, d in zip(name.values, numbers, strict=True)}


def _amount(pair: str, known: dict[str, float]) -> float:
    """The amount a day of a dose and a frequency: NaN where it cannot be told, infinite for one as needed."""
    total = 0.0
    dose, _, frequency = pair.partition("\t")
    for part in dose.split("+"):
        found = _TERM.fullmatch(part)
        if found is None:
            return float("nan")
        amount, unit, often = float(found[1]), found[2].lower(), found[3].lower()
        if not often and unit in known:
            often = unit
        often = often or frequency.strip().lower()
        total += amount * known.get(often, float("nan")) if amount else 0.0
    return total
