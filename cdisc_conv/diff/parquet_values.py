"""Values of Parquet columns in the neutral form: numbers, dates and times become numbers as SAS has them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from cdisc_conv.diff.frame import TEXT, number_array, one_chunk, text_array

_UNIX_DAYS = 3653  # 1970-01-01 as days from 1960-01-01


def is_text(kind: pa.DataType) -> bool:
    """Whether a column of this kind holds text, or nothing at all."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_null(kind)
    )


def neutral(values: Any, kind: str) -> Any:
    """A column as text or as numbers, as `kind` says."""
    if isinstance(values, pa.ChunkedArray) and values.num_chunks:
        return pa.chunked_array([neutral(chunk, kind) for chunk in values.chunks])
    values = one_chunk(values)
    if kind == TEXT:
        if reader_of(values.type) is None:
            values = _as_json(values)
        elif pa.types.is_null(values.type):
            values = values.cast(pa.large_string())
        return text_array(values)
    reader = reader_of(values.type)
    assert reader is not None
    return number_array(reader(values))


def _as_json(values: pa.Array) -> pa.Array:
    """Lists, structures, bytes and durations as JSON."""

    def other(value: Any) -> str:
        return value.hex() if isinstance(value, bytes) else str(value)

    texts = [
        None if v is None else json.dumps(v, ensure_ascii=False, default=other) for v in values.to_pylist()
    ]
    return pa.array(texts, pa.large_string())


def reader_of(kind: pa.DataType) -> Callable[[pa.Array], Any] | None:
    """How numbers come out of a column of this kind; None where none can."""
    if is_text(kind):
        return _plain
    if pa.types.is_date(kind):
        return _days
    if pa.types.is_timestamp(kind):
        return _seconds
    if pa.types.is_time(kind):
        return _time
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return _plain
    return _plain if pa.types.is_decimal(kind) else None


def _plain(values: pa.Array) -> Any:
    if pa.types.is_float64(values.type) and not values.null_count:
        return values.to_numpy(zero_copy_only=False)  # NaN keeps its letter
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.int8())
    return values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)


def _days(values: pa.Array) -> Any:
    return _plain(values.cast(pa.date32()).cast(pa.int32())) + _UNIX_DAYS


def _seconds(values: pa.Array) -> Any:
    return _scaled(values, values.type.unit) + _UNIX_DAYS * 86_400.0


def _time(values: pa.Array) -> Any:
    return _scaled(values, values.type.unit)


def _scaled(values: pa.Array, unit: str) -> Any:
    whole = values.cast(pa.int32() if pa.types.is_time32(values.type) else pa.int64())
    per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    nothing = np.asarray(whole.is_null())
    counts = np.asarray(whole.cast(pa.int64()).fill_null(0))
    seconds, rest = np.divmod(counts, per_second)
    return np.where(nothing, np.nan, seconds + rest / per_second)
