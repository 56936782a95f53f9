"""Text of SAS transport files: Arrow strings to and from bytes in an encoding that contains ASCII.

A transport file does not say its encoding. "cp1252" here is Windows-1252 with its five unassigned bytes kept
as the control characters of the same number, so that any bytes can be read and written again.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cdisc_conv.errors import UsageMistake

Ints = NDArray[np.int64]

LADDER = ("ascii", "utf-8", "cp1252")
"""Encodings tried in turn when none is given; the last takes any bytes."""


@cache
def normal_name(encoding: str) -> str:
    """Python's name of an encoding; one that is unknown, or does not contain ASCII, is a mistake."""
    try:
        name = codecs.lookup(encoding).name
        contains = bytes(range(128)).decode(name) == "".join(map(chr, range(128)))
    except (LookupError, UnicodeError):
        contains = False
    if not contains:
        raise UsageMistake(f"encoding {encoding!r} is unknown or does not contain ASCII; try utf-8 or cp1252")
    return "utf-8" if name == "utf-8-sig" else name


@cache
def _cp1252() -> tuple[str, dict[int, int]]:
    decoded = [bytes([b]).decode("cp1252", "replace") for b in range(256)]
    table = "".join(chr(b) if text == "\ufffd" else text for b, text in enumerate(decoded))
    return table, {ord(text): b for b, text in enumerate(table)}


def decode(data: bytes, encoding: str) -> str:
    """Bytes as text; `UnicodeError` when they are not of this encoding."""
    if encoding == "cp1252":
        return codecs.charmap_decode(data, "strict", _cp1252()[0])[0]
    return data.decode(encoding)


def encode(text: str, encoding: str) -> bytes:
    """Text as bytes; `UnicodeError` when the encoding does not have it."""
    if encoding == "cp1252":
        return codecs.charmap_encode(text, "strict", _cp1252()[1])[0]
    return text.encode(encoding)


def _offsets(array: Any) -> Ints:
    if not len(array):
        return np.zeros(1, np.int64)
    return np.frombuffer(array.buffers()[1], np.int64, len(array) + 1, array.offset * 8)


def raw_bytes(array: Any) -> NDArray[np.uint8]:
    """The bytes of all values of a large string or binary array, end to end, as a view."""
    start, end = _offsets(array)[[0, -1]].tolist()
    if end == start:
        return np.empty(0, np.uint8)
    return np.frombuffer(array.buffers()[2], np.uint8, end - start, start)


def is_ascii(array: Any) -> bool:
    """Whether no byte of any value is above 127."""
    data = raw_bytes(array)
    return not data.size or int(data.max()) < 128


def fits(array: Any) -> str:
    """The first encoding of `LADDER` that a large string array, not validated yet, is of."""
    if is_ascii(array):
        return "ascii"
    try:
        array.view(pa.large_binary()).cast(pa.large_string())
    except pa.ArrowInvalid:
        return "cp1252"
    return "utf-8"


def beyond_ascii(array: Any) -> Ints:
    """Positions of the values with a byte above 127; looks at all bytes of the array."""
    if is_ascii(array):
        return np.empty(0, np.int64)
    high = np.concatenate([[0], np.cumsum(raw_bytes(array) > 127)])
    offsets = _offsets(array)
    counts = high[offsets - offsets[0]]
    return np.flatnonzero(np.diff(counts)).astype(np.int64)


def recode(array: Any, change: Callable[[Any], Any], kind: Any) -> tuple[Any, Ints]:
    """The array with `change` done to each distinct value beyond ASCII, and the positions where it failed.

    `kind` is the Arrow type that results: large_string (decoding bytes) or large_binary (encoding text).
    Failed values are left as they are.
    """
    rows = beyond_ascii(array)
    source = array.view(pa.large_binary())
    if not rows.size:
        return source.view(kind), rows
    distinct = source.take(pa.array(rows)).dictionary_encode()
    made, failed = [], []
    for value in distinct.dictionary.to_pylist():
        try:
            made.append(change(value))
            failed.append(False)
        except UnicodeError:
            made.append(b"")
            failed.append(True)
    codes = distinct.indices.to_numpy(zero_copy_only=False)
    texts = pa.array([m.encode() if isinstance(m, str) else m for m in made], pa.large_binary())
    mask = np.zeros(len(array), dtype=np.bool_)
    mask[rows] = True
    done = pc.replace_with_mask(source, pa.array(mask), texts.take(distinct.indices))
    return done.view(kind), rows[np.array(failed)[codes]]
