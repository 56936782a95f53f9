"""Numbers and their decimal texts: reading, shortest writing, rounding half away from zero."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from cdisc_conv.language.verb import Number, Text

DECIMAL = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
"""A decimal number, as an RE2 pattern (ASCII digits)."""

_WHOLE = 2.0**53  # up to here every whole number has a double of its own


def read_decimals(text: Text) -> Number:
    """The numbers that decimal texts stand for; missing where a text is none or is too big for a double."""
    plain = pa.array(text, type=pa.large_string())
    good = pc.fill_null(pc.match_substring_regex(plain, DECIMAL), False)
    kept = pc.if_else(good, plain, pa.scalar(None, pa.large_string()))
    values = np.array(pc.cast(kept, pa.float64()).to_numpy(zero_copy_only=False), dtype="float64")
    values[np.isinf(values)] = np.nan
    return pd.Series(values, index=text.index)


def decimal_text(value: float) -> str:
    """The shortest decimal text of a number at 15 significant digits, without exponent: 12.0 is "12"."""
    if abs(value) < _WHOLE and value == int(value):
        return str(int(value))
    short = f"{value:.15g}"
    return format(Decimal(short), "f") if "e" in short else short


def shortest(number: Number) -> Text:
    """Numbers as decimal text: no exponent, no trailing zeros, no binary noise (88.42000000000002 is 88.42).

    A double holds 15 decimal digits of any decimal number, so more than those are noise; whole numbers
    below 2**53 are written in full.
    """
    codes, values = pd.factorize(number.to_numpy(dtype="float64"))
    made: Any = pd.array([decimal_text(float(v)) for v in values], dtype="str")
    return pd.Series(made.take(codes, allow_fill=True), index=number.index, name=number.name)


def round_half_away(number: Number, digits: int = 0) -> Number:
    """Numbers rounded half away from zero, as one does on paper: 2.675 to 2 digits is 2.68, -0.5 is -1.

    2.675 has no exact double (the nearest is 2.67499999999999982); a number within two units in the last
    place of a tie counts as that tie, which is right for every decimal of up to 14 significant digits.
    """
    x = number.to_numpy(dtype="float64")
    size = np.abs(x)
    power = 10.0 ** abs(digits)
    scaled = size * power if digits >= 0 else size / power
    whole = np.floor(scaled)
    slack = np.where(scaled < 1e14, 2 * np.spacing(scaled), 0.0)
    up = scaled - whole >= 0.5 - slack
    rounded = (whole + up) / power if digits >= 0 else (whole + up) * power
    exact = ~(scaled < 2.0**51)  # no room for decimals, or missing
    result = np.where(exact, x, np.copysign(rounded, x)) + 0.0  # + 0.0: no minus zero
    return pd.Series(result, index=number.index)


def round_significant(values: Any, digits: int) -> Any:
    """Numbers rounded half away from zero to so many significant digits: 70.736 to 3 is 70.7, 0 stays 0."""
    x = np.asarray(values, dtype="float64")
    made = x.copy()
    some = np.isfinite(x) & (x != 0)
    places = digits - 1 - np.floor(np.log10(np.abs(x, where=some, out=np.ones_like(x)))).astype("int64")
    for at in np.unique(places[some]):
        rows = some & (places == at)
        made[rows] = round_half_away(pd.Series(x[rows]), int(at)).to_numpy()
    return made
