"""Parquet files, opened for comparison: numbers, dates and times become numbers as SAS has them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cdisc_conv.codes import file as codes
from cdisc_conv.diff.frame import NUMBER, PIECE, TEXT, Loaded
from cdisc_conv.diff.load import side
from cdisc_conv.diff.parquet_values import is_text, neutral, reader_of
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.difference import Variable

EXACT = 2**53
"""Integers beyond this size are compared as text: float64 would not tell them apart."""
SAMPLED = 700 << 20
"""Bytes, guessed, from which rows are looked at to know better."""
SINGLY = 300
"""Columns up to which each is read by itself, which takes little memory."""
WORDY = 6
"""Bytes a row from which a text column is read without dictionary."""
MAPPED = 256 << 20
"""Bytes up to which a file is mapped into memory, where all of it counts as this process's."""
_BROKEN = (pa.ArrowException, OSError)


def open_parquet(path: Path, part: str) -> Loaded:
    """A Parquet file, opened."""
    source = _Source(path)
    findings = Findings()
    for field in source.strange:
        where = Place(file=str(path), variable=field.name)
        findings.add(codes.DIFF_COLUMN_KIND.at(where, variable=field.name, kind=str(field.type)))
    label = (source.schema.metadata or {}).get(b"label", b"").decode("utf-8", "replace")
    variables = source.variables()
    carried = {"label"} if any(v.label for v in variables) else set()
    return Loaded(
        side(path, "parquet", source.num_rows, len(variables), label=label),
        variables,
        lambda: source.pieces(PIECE),
        at_once=lambda: source,
        carries=frozenset({"type", *carried}),
        memory=source.memory(),
        findings=findings,
    )


class _Source:
    """A Parquet file: its rows in pieces, or a column at a time, read when it is asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            small = path.stat().st_size < MAPPED
            self.source = pa.memory_map(str(path)) if small else pa.OSFile(str(path))
            self.file = pq.ParquetFile(self.source)
            self.schema = self.file.schema_arrow
        except _BROKEN as error:
            raise self.broken(error, "no whole Parquet file") from None
        names = self.schema.names
        if len(set(names)) < len(names):
            reason = "two columns have the same name"
            raise CannotRun(codes.DIFF_UNREADABLE.at(Place(file=str(path)), reason=reason))
        self.fields = list(self.schema)
        self.strange = [f for f in self.schema if reader_of(f.type) is None]
        wide = _too_wide(self.file, self.schema)
        texts = wide | {f.name for f in self.fields if is_text(f.type)} | {f.name for f in self.strange}
        self.kinds = {f.name: TEXT if f.name in texts else NUMBER for f in self.fields}
        self.num_rows: int = self.file.metadata.num_rows
        self._coded = sorted(_few_words(self.file, self.schema))
        self._readers = threading.local()
        self._table: pa.Table | None = None

    def broken(self, error: Exception, what: str) -> CannotRun:
        reason = f"{what} ({str(error).splitlines()[0]})"
        return CannotRun(codes.DIFF_UNREADABLE.at(Place(file=str(self.path)), reason=reason))

    def variables(self) -> tuple[Variable, ...]:
        return tuple(
            Variable(
                f.name,
                self.kinds[f.name],
                i,
                _said(f, b"label"),
                None,
                _said(f, b"format") or _format(f.type),
            )
            for i, f in enumerate(self.fields, 1)
        )

    def pieces(self, size: int) -> Iterator[pa.Table]:
        try:
            for batch in self.file.iter_batches(size, columns=list(self.kinds)):
                yield pa.table({n: neutral(batch.column(n), kind) for n, kind in self.kinds.items()})
        except _BROKEN as error:
            raise self.broken(error, "damaged") from None

    def column(self, name: str) -> Any:
        """A column; of a file of very many columns all are read when the first one is asked for."""
        if len(self.kinds) <= SINGLY:
            return neutral(self._read([name])[name], self.kinds[name])
        if self._table is None:
            self._table = self._read(list(self.kinds))
        return neutral(self._table[name], self.kinds[name])

    def _read(self, names: list[str]) -> pa.Table:
        try:
            return self._opened().read(names, use_threads=len(names) > 1)
        except _BROKEN as error:
            raise self.broken(error, "damaged") from None

    def _opened(self) -> pq.ParquetFile:
        """The file opened for this thread; columns of few words come with their dictionary."""
        if not hasattr(self._readers, "file"):
            self._readers.file = pq.ParquetFile(
                self.source, metadata=self.file.metadata, read_dictionary=self._coded
            )
        found: pq.ParquetFile = self._readers.file
        return found

    def memory(self) -> int:
        """About what all rows take, in bytes."""
        guess = _guess(self.file, self.fields)
        if guess > SAMPLED and (sample := next(self.pieces(2_000), None)) is not None:
            return int(sample.nbytes / sample.num_rows * self.num_rows)
        return guess


def _guess(file: pq.ParquetFile, fields: list[pa.Field]) -> int:
    """About what the rows take in memory, in bytes."""
    meta = file.metadata
    stored = sum(meta.row_group(g).total_byte_size for g in range(meta.num_row_groups))
    return int(max(stored, meta.num_rows * sum(40 if is_text(f.type) else 8 for f in fields)))


def _few_words(file: pq.ParquetFile, schema: pa.Schema) -> set[str]:
    """Text columns that the file stores in few bytes a row: there a dictionary is worth while."""
    meta, sizes = file.metadata, Counter[str]()
    for g in range(meta.num_row_groups):
        group = meta.row_group(g)
        for column in map(group.column, range(meta.num_columns)):
            sizes[column.path_in_schema] += column.total_uncompressed_size
    texts = (f.name for f in schema if is_text(f.type))
    return {n for n in texts if n in sizes and sizes[n] < WORDY * meta.num_rows}


def _said(field: pa.Field, what: bytes) -> str:
    return str((field.metadata or {}).get(what, b"").decode("utf-8", "replace"))


def _too_wide(file: pq.ParquetFile, schema: pa.Schema) -> set[str]:
    """Columns of integers or decimals that float64 may not hold exactly."""
    flat = schema.names == [file.metadata.schema.column(i).path for i in range(file.metadata.num_columns)]
    found = set()
    for i, field in enumerate(schema):
        kind = field.type
        if not (pa.types.is_int64(kind) or pa.types.is_uint64(kind) or pa.types.is_decimal(kind)):
            continue
        if pa.types.is_decimal(kind) and kind.precision <= 15:
            continue
        if _largest(file, i if flat else None, field.name) > EXACT:
            found.add(field.name)
    return found


def _largest(file: pq.ParquetFile, at: int | None, name: str) -> float:
    """The greatest absolute value, by the file's statistics, else by its values."""
    groups = range(file.metadata.num_row_groups)
    stats = [file.metadata.row_group(g).column(at).statistics for g in groups] if at is not None else []
    if stats and all(s is not None and s.has_min_max for s in stats):
        ends = [e for s in stats for e in (s.min, s.max)]
    else:
        ends = []
        for batch in file.iter_batches(PIECE, columns=[name]):
            found = pc.min_max(batch.column(0)).as_py()
            ends += [v for v in found.values() if v is not None]
    return max((abs(float(e)) for e in ends), default=0.0)


def _format(kind: pa.DataType) -> str:
    if pa.types.is_date(kind):
        return "DATE9."
    if pa.types.is_timestamp(kind):
        return "DATETIME20."
    return "TIME8." if pa.types.is_time(kind) else ""
