"""Work on text columns: each distinct value once, ASCII tests, columns of any kind as text, chunks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cdisc_conv.language.numbers import shortest

if TYPE_CHECKING:
    from cdisc_conv.language.verb import Column, Flag, Text


def distinct(text: Text, change: Callable[[str], str | None]) -> Text:
    """`change` of every value, worked out once for each distinct one; missing stays, "" becomes missing."""
    codes, values = pd.factorize(text)
    made: Any = pd.array([change(v) or None for v in values], dtype="str")
    return pd.Series(made.take(codes, allow_fill=True), index=text.index, name=text.name)


def distinct_where(text: Text, mask: Any, change: Callable[[str], str | None]) -> Text:
    """`change` of the values where `mask` holds; the others stay as they are."""
    if not mask.any():
        return text
    changed = text.copy()
    changed[mask] = distinct(text[mask], change).array
    return changed


def blank_to_missing(text: Text) -> Text:
    """Text with "" made missing, since no verb ever sees "" ."""
    return text.where(text != "")


def is_ascii(text: Text) -> Flag:
    """Whether a value holds ASCII only; True where missing."""
    found = pc.fill_null(pc.string_is_ascii(pa.array(text, type=pa.large_string())), True)
    return pd.Series(found.to_numpy(zero_copy_only=False), index=text.index, dtype=bool)


def matches(text: Text, pattern: str) -> Flag:
    """Whether a value holds a match of an RE2 pattern; False where missing."""
    found = pc.match_substring_regex(pa.array(text, type=pa.large_string()), pattern)
    return pd.Series(pc.fill_null(found, False).to_numpy(zero_copy_only=False), index=text.index, dtype=bool)


def byte_length(text: Text) -> Any:
    """Length of each value in UTF-8 bytes as a numpy array; 0 where missing."""
    found = pc.fill_null(pc.binary_length(pa.array(text, type=pa.large_string())), 0)
    return found.to_numpy(zero_copy_only=False)


def as_text(column: Column) -> Text:
    """A column as text: numbers in shortest decimals, dates in ISO 8601, flags as Y and N."""
    if column.dtype == bool:
        return pd.Series(np.where(column, "Y", "N"), index=column.index, dtype="str")
    if pd.api.types.is_numeric_dtype(column.dtype):
        return shortest(column)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return _iso(column)
    return column.astype("str")


def _iso(column: Column) -> Text:
    """Dates in ISO 8601, with the time of the day where it is not midnight."""
    codes, values = pd.factorize(column.to_numpy().astype("datetime64[s]"))
    days = np.datetime_as_string(values, unit="D")
    whole = values == values.astype("datetime64[D]")
    made: Any = pd.array(np.where(whole, days, np.datetime_as_string(values)).tolist(), dtype="str")
    return pd.Series(made.take(codes, allow_fill=True), index=column.index)


def joined(texts: list[Text], sep: str, *, skip: bool = False) -> Text:
    """Texts put together row by row; a missing one makes the whole missing, or is passed over."""
    made, *others = [pa.array(text, type=pa.large_string()) for text in texts]
    between = pa.scalar(sep, pa.large_string())
    for other in others:
        both = pc.binary_join_element_wise(made, other, between)
        made = pc.coalesce(both, made, other) if skip else both
    return pd.Series(pd.array(made, dtype="str"), index=texts[0].index)


def first_chunk(text: str, width: int) -> tuple[str, str, bool]:
    """The longest beginning of at most `width` bytes that ends at a word break, the rest, and whether the
    word at the break had to be cut.  The blank at the split is dropped.
    """
    head = text[: width + 1].encode()
    if len(head) <= width:
        return text, "", False
    end = len(head[:width].decode("utf-8", "ignore"))
    at = text.rfind(" ", 1, end + 1)
    while at > 0 and text[at - 1] == " ":
        at = text.rfind(" ", 1, at)
    return (text[:at], text[at + 1 :], False) if at > 0 else (text[:end], text[end:], True)


def chunks(text: str, width: int) -> tuple[list[str], bool]:
    """The whole text in chunks of at most `width` bytes, and whether any word had to be cut."""
    parts, any_cut = [], False
    while text:
        part, text, cut = first_chunk(text, width)
        parts.append(part)
        any_cut |= cut
    return parts, any_cut
