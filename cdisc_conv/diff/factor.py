"""Values of both sides as small whole numbers, equal where the values are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from cdisc_conv.diff.frame import Floats, Ints, decoded, floats, is_coded, one_chunk
from cdisc_conv.model.ibm import missing_letters

_NARROW = 1 << 22
_MOST = 1 << 62
_SPARSE = 4


@dataclass(frozen=True, slots=True)
class Codes:
    """A code for each row of BASE and of COMPARE, each from 0 up to `size`."""

    base: Ints
    compare: Ints
    size: int


def encode(base: Any, compare: Any) -> Codes:
    """One column of either side (both text or both numbers) as codes."""
    if pa.types.is_floating(base.type):
        codes, size = _numbers(np.concatenate([floats(base), floats(compare)]))
    else:
        codes, size = _texts(one_chunk(base), one_chunk(compare))
    return Codes(codes[: len(base)], codes[len(base) :], size)


def together(columns: Sequence[Codes], rows: tuple[int, int]) -> Codes:
    """Several columns as one."""
    if not columns:
        return Codes(np.zeros(rows[0], np.int64), np.zeros(rows[1], np.int64), 1)
    base, compare, size = columns[0].base, columns[0].compare, max(columns[0].size, 1)
    for column in columns[1:]:
        if size * max(column.size, 1) > _MOST:
            base, compare, size = _dense(base, compare)
        base = base * column.size + column.base
        compare = compare * column.size + column.compare
        size *= max(column.size, 1)
    if size <= _SPARSE * (rows[0] + rows[1] + 1000):
        return Codes(base, compare, size)
    return Codes(*_dense(base, compare))


def _dense(base: Ints, compare: Ints) -> tuple[Ints, Ints, int]:
    codes, unique = pd.factorize(np.concatenate([base, compare]))
    return codes[: len(base)], codes[len(base) :], len(unique)


def same_words(base: Any, compare: Any) -> tuple[Any, Any, int]:
    """Dictionary-encoded text of both sides as numbers of one common dictionary, and its size."""
    words = pa.concat_arrays([base.dictionary, compare.dictionary]).dictionary_encode()
    into = words.indices.to_numpy(zero_copy_only=False)
    parts = into[: len(base.dictionary)], into[len(base.dictionary) :]
    codes = [
        part[side.indices.to_numpy(zero_copy_only=False)]
        for part, side in zip(parts, (base, compare), strict=True)
    ]
    return codes[0], codes[1], len(words.dictionary)


def _texts(base: Any, compare: Any) -> tuple[Ints, int]:
    if is_coded(base) and is_coded(compare):
        one, other, size = same_words(base, compare)
        return np.concatenate([one, other]).astype(np.int64), size
    base, compare = decoded(base), decoded(compare)
    encoded = pa.chunked_array([base, compare], base.type).dictionary_encode().unify_dictionaries()
    parts = [c.indices.to_numpy(zero_copy_only=False).astype(np.int64) for c in encoded.chunks]
    size = len(encoded.chunk(0).dictionary) if encoded.num_chunks else 0
    return np.concatenate(parts) if parts else np.zeros(0, np.int64), size


def _numbers(values: Floats) -> tuple[Ints, int]:
    missing = np.isnan(values)
    if missing.any():
        values = values.copy()
        letters = missing_letters(values[missing])
        values[missing] = 0.0
    low, high = (values.min(), values.max()) if len(values) else (0.0, 0.0)
    if high - low < _NARROW and (values == np.floor(values)).all():
        codes = (values - low).astype(np.int64)
        size = int(high - low) + 1
    else:
        found, unique = pd.factorize(values + 0.0)
        codes, size = found.astype(np.int64), len(unique)
    if missing.any():
        codes[missing] = size + letters.astype(np.int64)
        size += 256
    return codes, size


def counts(codes: Ints, size: int) -> npt.NDArray[np.int64]:
    """How often each code is there."""
    return np.bincount(codes, minlength=size)
