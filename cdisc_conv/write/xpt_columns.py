"""Columns of a frame as what SAS knows: numbers (float64) and text (Arrow strings), a slice at a time.

Text: `str` and string columns, categories of text, and object columns that hold only text (missing text is
blank in SAS). Numbers: floats and integers of any width, nullable ones too. Dates and times only where a
SAS format says what they become: a date format days, a datetime format seconds, since 1 January 1960.
All else is refused: it would have to be guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from cdisc_conv.codes import file as codes
from cdisc_conv.findings import Code
from cdisc_conv.model.xpt import XptFormat

_DATES = re.compile(
    r"DATE|(DDMMYY|MMDDYY|YYMMDD)[BCDNPS]?|(E|B|IS)8601DA|MONYY|MMYY|YYMM|YEAR|JULIAN|WEEKDATE|WORDDATE"
)
_DATETIMES = re.compile(r"DATETIME|(E|B|IS)8601DT|DATEAMPM|MDYAMPM")
_HINTS = {
    "bool": "Say what true and false are: 1 and 0, or Y and N.",
    "datetime": "Give the variable a SAS format (formats=): DATE9. makes days since 1960,"
    " DATETIME20. seconds; or make it ISO 8601 text.",
    "datetimetz": "Make them times without zone, or ISO 8601 text.",
    "timedelta": "Make them numbers of seconds (with a format such as TIME8.), or ISO 8601 text.",
    "null": 'The column has no values, so its type is not known: astype("str") or astype("float64").',
}


@dataclass(frozen=True, slots=True)
class Source:
    """Values of one column; `part` gives some as float64 or as a large_string array.

    `lost` tells which of them do not survive as a double.
    """

    numeric: bool
    values: Any
    change: Callable[[Any], Any]
    lost: Callable[[Any], NDArray[np.bool_]] | None = None
    lost_code: Code = codes.XPT_NUMBER_DIGITS

    def part(self, start: int, end: int) -> Any:
        """Rows `start` to `end` (0 is the first) converted."""
        return self.change(self.values[start:end])


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a column cannot be written; `rows` are positions of the values at fault, where only some are."""

    code: Code
    fields: dict[str, Any]
    hint: str | None = None
    rows: tuple[int, ...] = ()


def source_of(series: pd.Series, format: str = "", numeric: bool | None = None) -> Source | Refused:
    """A column's values as SAS knows them; `numeric` where the type is already known."""
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        series = series.astype(dtype.categories.dtype)
        dtype = series.dtype
    found = _source(series, dtype, format, numeric)
    if isinstance(found, Source) and numeric is not None and found.numeric != numeric:
        kind = "number" if found.numeric else "text"
        return Refused(
            codes.XPT_DTYPE,
            {"dtype": f"{dtype} ({kind})"},
            f"The variable is {'a number' if numeric else 'text'}.",
        )
    return found


def _source(series: pd.Series, dtype: Any, format: str, numeric: bool | None) -> Source | Refused:
    if pd.api.types.is_bool_dtype(dtype):
        return _refused(dtype, "bool")
    if isinstance(dtype, pd.DatetimeTZDtype):
        return _refused(dtype, "datetimetz")
    if pd.api.types.is_datetime64_dtype(dtype):
        return _times(series, dtype, format)
    if pd.api.types.is_timedelta64_dtype(dtype):
        return _refused(dtype, "timedelta")
    if pd.api.types.is_float_dtype(dtype) and getattr(dtype, "itemsize", 8) <= 8:
        return Source(True, _plain(series), _floats)
    if pd.api.types.is_integer_dtype(dtype):
        return Source(True, _plain(series), _floats, _too_many_digits)
    if (isinstance(dtype, np.dtype) and dtype.kind == "O") or pd.api.types.is_string_dtype(dtype):
        return _text(series, dtype, numeric)
    return Refused(codes.XPT_DTYPE, {"dtype": str(dtype)})


def _refused(dtype: Any, kind: str) -> Refused:
    return Refused(codes.XPT_DTYPE, {"dtype": str(dtype)}, _HINTS[kind])


def _plain(series: pd.Series) -> Any:
    """The numpy array of a column, or pandas' own array of a nullable one; no copy."""
    return series.to_numpy() if isinstance(series.dtype, np.dtype) else series.array


def _floats(part: Any) -> NDArray[np.float64]:
    if isinstance(part, np.ndarray):
        return np.ascontiguousarray(part, dtype=np.float64)
    return np.asarray(part.to_numpy(dtype=np.float64, na_value=np.nan))


def _too_many_digits(part: Any) -> NDArray[np.bool_]:
    """Which integers are not what they were after a double; beyond 2**53 most are not."""
    whole = part if isinstance(part, np.ndarray) else part.to_numpy(dtype=part.dtype.numpy_dtype, na_value=0)
    limit = 1 << 53
    if whole.dtype.itemsize < 8:
        return np.zeros(len(whole), np.bool_)
    large = np.asarray((whole > limit) | (whole < -limit))
    if large.any():
        rows = np.flatnonzero(large)
        large[rows] = [int(float(v)) != v for v in whole[rows].tolist()]
    return large


def _times(series: pd.Series, dtype: Any, format: str) -> Source | Refused:
    name = XptFormat.parse(format).name
    epoch = np.datetime64("1960-01-01", "D")
    if _DATETIMES.fullmatch(name):

        def seconds(part: NDArray[Any]) -> NDArray[np.float64]:
            return np.asarray((part - epoch) / np.timedelta64(1, "s"), dtype=np.float64)

        return Source(True, series.to_numpy(), seconds)
    if _DATES.fullmatch(name):

        def days(part: NDArray[Any]) -> NDArray[np.float64]:
            return np.asarray((part - epoch) / np.timedelta64(1, "D"), dtype=np.float64)

        def timed(part: NDArray[Any]) -> NDArray[np.bool_]:
            return np.asarray((part != part.astype("M8[D]")) & ~np.isnat(part))

        return Source(True, series.to_numpy(), days, timed, codes.XPT_TIME_LOST)
    return _refused(dtype, "datetime")


def _text(series: pd.Series, dtype: Any, numeric: bool | None) -> Source | Refused:
    try:
        found = pa.array(series.array, from_pandas=True)
    except (pa.ArrowException, UnicodeError):
        return _mixed(series)
    if isinstance(found, pa.Array):
        found = pa.chunked_array([found])
    if pa.types.is_null(found.type):
        if numeric is None:
            return _refused(dtype, "null")
        if numeric:
            return Source(True, np.full(len(series), np.nan), _floats)
        found = found.cast(pa.large_string())
    if pa.types.is_string(found.type):
        found = found.cast(pa.large_string())
    return Source(False, found, _one_array) if pa.types.is_large_string(found.type) else _mixed(series)


def _mixed(series: pd.Series) -> Refused:
    """An object column that is not all text: which rows, and of what types."""
    present = series.notna().to_numpy()
    other = [i for i, v in enumerate(series) if present[i] and not _is_text(v)]
    kinds = sorted({type(series.iloc[i]).__name__ for i in other})
    return Refused(codes.XPT_MIXED, {"kinds": ", ".join(kinds)}, None, tuple(other))


def _is_text(value: Any) -> bool:
    try:
        return isinstance(value, str) and value.encode() is not None
    except UnicodeError:
        return False


def _one_array(part: Any) -> Any:
    """A slice of a chunked column as one array without nulls."""
    array = part.chunk(0) if part.num_chunks == 1 else part.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], pa.large_string())
    return array.fill_null("") if array.null_count else array
