"""A dataset of any format in one neutral form, so that either side of a comparison may be any of them.

Text is `large_string` without trailing blanks, "" where blank; a number is float64 without nulls: a missing
value is a NaN, a special one keeps its letter in it (`cdisc_conv.model.ibm`). Dates and times that a format
stores as such are numbers as SAS has them: days or seconds from 1960-01-01.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class Loaded:
    """A dataset opened: what it is, its variables, and its rows in pieces, as often as asked for.

    `typed` is False where the format has text only (CSV, XLSX); `carries` are the attributes it can hold;
    `memory` is about what all rows take, in bytes. `findings` grow while pieces are read.
    """

    side: Side
    variables: tuple[Variable, ...]
    pieces: Callable[[], Iterator[pa.Table]]
    typed: bool = True
    carries: frozenset[str] = frozenset()
    memory: int = 0
    dataset_type: str = ""
    findings: Findings = field(default_factory=Findings)

    def variable(self, name: str) -> Variable:
        """The variable of this name."""
        return next(v for v in self.variables if v.name == name)

    @property
    def names(self) -> list[str]:
        """The variables' names, in their order."""
        return [v.name for v in self.variables]


def text_array(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Any array of text in the neutral form."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if not pa.types.is_large_string(values.type):
        values = values.cast(pa.large_string())
    if values.null_count:
        values = values.fill_null("")
    trimmed = pc.ascii_rtrim(values, characters=" ")
    return trimmed


def number_array(values: Floats) -> pa.Array:
    """Numbers in the neutral form; the letters of special missing values stay."""
    return pa.array(np.ascontiguousarray(values, dtype=np.float64), pa.float64())


def floats(column: pa.Array | pa.ChunkedArray) -> Floats:
    """The numbers of a column of the neutral form."""
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        return np.empty(0)
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def one_chunk(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column as one array."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def empty_table(variables: tuple[Variable, ...]) -> pa.Table:
    """No rows of these variables."""
    kinds = {TEXT: pa.large_string(), NUMBER: pa.float64()}
    return pa.table({v.name: pa.array([], kinds[v.type]) for v in variables})
