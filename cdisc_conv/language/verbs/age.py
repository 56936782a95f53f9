"""age: the age at a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.codes.data import DATA021, DATA022, DATA023, DATA024
from cdisc_conv.language.dates import Moments, choice, moments
from cdisc_conv.language.dates_iso import DAY, MONTH, YEAR
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.dates_iso import Bools, Ints
    from cdisc_conv.language.verb import Const, Dtc, Number


@verb(returns="number", drops=True, sentence="Completed {unit} from {birth} to {at}")
def age(ctx: Context, birth: Dtc, at: Dtc, unit: Const = "YEARS") -> Number:
    """The age at a date in completed units: YEARS, MONTHS, WEEKS or DAYS (codelist AGEU).

        AGE: age(BRTHDTC, RFICDTC)

    By the calendar: born on 29 February, the birthday of a common year is 1 March.  A birth date of month
    precision compares months, and in the birth month itself the birthday counts as reached (DATA021); of year
    precision the years are subtracted (DATA022); units other than YEARS need complete dates (DATA024).
    Birth after the date is reported (DATA023).  Missing where one of the dates is missing.
    """
    choice(ctx, "unit", unit, ("YEARS", "MONTHS", "WEEKS", "DAYS"))
    born, then = moments(ctx, birth), moments(ctx, at)
    usable = born.known & then.known & (born.precision >= YEAR) & (then.precision >= YEAR)
    if unit == "YEARS":
        number = _years(ctx, born, then, usable)
    else:
        whole = born.complete & then.complete
        ctx.report(DATA024, pd.Series(usable & ~whole, index=ctx.index), birth, unit=unit.lower())
        number, usable = _units(born, then, unit), usable & whole
    negative = usable & (born.first > then.last)
    ctx.report(DATA023, pd.Series(negative, index=ctx.index), birth)
    return pd.Series(np.where(usable & ~negative, number, np.nan), index=ctx.index)


def _years(ctx: Context, born: Moments, then: Moments, usable: Bools) -> Ints:
    shared = np.minimum(born.precision, then.precision)
    years = then.parts[:, YEAR] - born.parts[:, YEAR]
    months = then.parts[:, MONTH] - born.parts[:, MONTH]
    by_month = (shared == MONTH) & usable & (months == 0)
    ctx.report(DATA021, pd.Series(by_month, index=ctx.index))
    ctx.report(DATA022, pd.Series((shared == YEAR) & usable, index=ctx.index))
    days = then.parts[:, DAY] - born.parts[:, DAY]
    early = (shared >= MONTH) & ((months < 0) | ((months == 0) & (shared >= DAY) & (days < 0)))
    return np.asarray(years - early)


def _units(born: Moments, then: Moments, unit: str) -> Ints:
    days = then.first - born.first
    if unit != "MONTHS":
        return np.asarray(days if unit == "DAYS" else days // 7)
    difference = then.parts - born.parts
    months = difference[:, YEAR] * 12 + difference[:, MONTH]
    return np.asarray(months - (difference[:, DAY] < 0))
