"""Tables that grow while a comparison goes on: in memory while they are small, on disk when they are not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
from pyarrow import ipc

from cdisc_conv.model.difference import Lines

HELD = 128 << 20  # bytes of a table held in memory
_FEW, _ROUGH = 100, 300  # rows of which the size is not looked at, and bytes that one is taken to have
_LZ4 = ipc.IpcWriteOptions(compression="lz4")


class Spool:
    """Arrow tables of one schema, one after the other."""

    def __init__(self, schema: pa.Schema, held: int = HELD) -> None:
        self.schema, self.rows, self._limit = schema, 0, held
        self._tables: list[pa.Table] = []
        self._bytes = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._files: list[Path] = []

    def add(self, table: pa.Table) -> None:
        """Append a table, whose columns stand in the order of the schema."""
        if not table.num_rows:
            return
        self._tables.append(table if table.schema.equals(self.schema) else table.cast(self.schema))
        self.rows += table.num_rows
        self._bytes += table.nbytes if table.num_rows > _FEW else table.num_rows * _ROUGH
        if self._bytes > self._limit:
            self._to_disk()

    def _to_disk(self) -> None:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="cdisc-conv-diff-")
        path = Path(self._folder.name) / f"{len(self._files)}.arrow"
        with ipc.new_file(str(path), self.schema, options=_LZ4) as file:
            for table in self._tables:
                file.write_table(table, 64_000)
        self._files.append(path)
        self._tables, self._bytes = [], 0

    @property
    def in_memory(self) -> bool:
        """Whether nothing had to go to disk."""
        return self._folder is None

    def replace(self, table: pa.Table) -> None:
        """Hold this table in place of all that was added."""
        self._tables, self._files, self._folder = [table.cast(self.schema)], [], None
        self.rows = table.num_rows

    def batches(self) -> Iterator[pa.RecordBatch]:
        """What was added, in order."""
        for path in self._files:
            with ipc.open_file(str(path)) as file:
                for i in range(file.num_record_batches):
                    yield file.get_batch(i)
        for table in self._tables:
            yield from table.to_batches(64_000)

    def lines(self) -> Lines:
        """The finished table; its files stay as long as it does."""
        return Lines(self.schema, self.rows, self.batches)
