"""A dataset of any format in one neutral form, so that either side of a comparison may be any of them.

Text is `large_string` without trailing blanks, "" where blank, or a dictionary of such; a number is float64
without nulls: a missing value is a NaN, a special one keeps its letter in it (`cdisc_conv.model.ibm`). Dates
and times that a format stores as such are numbers as SAS has them: days or seconds from 1960-01-01.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cdisc_conv.findings import Findings
from cdisc_conv.model.difference import Side, Variable

TEXT, NUMBER = "text", "number"
PIECE = 100_000
"""Rows of a piece, where a dataset is read in pieces."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Columns(Protocol):
    """All rows, a column at a time; a `pa.Table` is such, and so is a file that reads what is asked for."""

    @property
    def num_rows(self) -> int:
        """How many rows there are."""

    def column(self, name: str) -> Any:
        """A column in the neutral form."""


@dataclass(slots=True)
class Loaded:
    """A dataset opened: what it is, its variables, and its rows in pieces, as often as asked for.

    `typed` is False where the format has text only (CSV, XLSX); `carries` are the attributes it can hold;
    `memory` is about what all rows take, in bytes; `at_once` gives all rows where pieces are the slower way.
    `findings` grow while pieces are read.
    """

    side: Side
    variables: tuple[Variable, ...]
    pieces: Callable[[], Iterator[pa.Table]]
    at_once: Callable[[], Columns] | None = None
    typed: bool = True
    carries: frozenset[str] = frozenset()
    memory: int = 0
    dataset_type: str = ""
    findings: Findings = field(default_factory=Findings)

    @property
    def names(self) -> list[str]:
        """The variables' names, in their order."""
        return [v.name for v in self.variables]


def text_array(values: Any) -> Any:
    """Any array of text in the neutral form; one that is dictionary-encoded stays so."""
    if pa.types.is_dictionary(values.type):
        return _coded(values)
    if not pa.types.is_large_string(values.type):
        values = values.cast(pa.large_string())
    if values.null_count:
        values = values.fill_null("")
    if pc.any(pc.ends_with(values, " "), min_count=0).as_py():
        values = pc.ascii_rtrim(values, characters=" ")
    return values


def _coded(values: Any) -> Any:
    """Dictionary-encoded text: the dictionary is trimmed, "" stands for null."""
    values = one_chunk(values)
    words = text_array(values.dictionary)
    codes = values.indices.cast(pa.int32())
    if codes.null_count:
        words = pa.concat_arrays([words, pa.array([""], pa.large_string())])
        codes = codes.fill_null(len(words) - 1)
    return pa.DictionaryArray.from_arrays(codes, words)


def is_coded(values: Any) -> bool:
    """Whether text is dictionary-encoded: numbers for its rows, each of which stands for a text."""
    return bool(pa.types.is_dictionary(values.type))


def decoded(values: Any) -> Any:
    """Text without dictionary."""
    return values.dictionary.take(values.indices) if is_coded(values) else values


def number_array(values: Floats) -> pa.Array:
    """Numbers in the neutral form; the letters of special missing values stay."""
    return pa.array(np.ascontiguousarray(values, dtype=np.float64), pa.float64())


def floats(column: Any) -> Floats:
    """The numbers of a column of the neutral form."""
    return np.asarray(one_chunk(column).to_numpy(zero_copy_only=False), dtype=np.float64)


def one_chunk(column: Any) -> Any:
    """A column as one array."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)
    if is_coded(column):
        column = column.unify_dictionaries()
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def empty_table(variables: tuple[Variable, ...]) -> pa.Table:
    """No rows of these variables."""
    kinds = {TEXT: pa.large_string(), NUMBER: pa.float64()}
    return pa.table({v.name: pa.array([], kinds[v.type]) for v in variables})
