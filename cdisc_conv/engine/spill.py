"""Staged tables and finished frames in Arrow files, so that memory is bounded by one piece of the study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cdisc_conv.engine.sources import SourceRows
from cdisc_conv.engine.table import Table

_ORIGIN, _SUBJECT, _KEY = "\x00origin", "\x00subject", "\x00key"


def save_table(path: Path, table: Table, source: SourceRows) -> None:
    """A staged table, its rows by subject (a piece is then one slice); within a subject as they came."""
    keys = None
    if source.keys is not None:
        keys = source.keys.take(np.searchsorted(source.origins, table.origin))
    names: dict[int, str] = {}
    arrays: dict[str, Any] = {}
    same: dict[str, str] = {}
    for name, series in table.columns.items():
        if id(series) in names:
            same[name] = names[id(series)]
            continue
        names[id(series)] = name
        arrays[name] = pa.array(series, pa.large_string(), from_pandas=True)
    arrays[_ORIGIN] = pa.array(table.origin)
    if keys is not None:
        arrays[_KEY] = pa.array(keys, pa.large_string(), from_pandas=True)
    if table.subject is not None:
        arrays[_SUBJECT] = pa.array(table.subject, pa.large_string(), from_pandas=True)
    made = pa.table(arrays)
    if table.subject is not None and not _ascending(made[_SUBJECT]):
        made = made.take(pc.sort_indices(made, sort_keys=[(_SUBJECT, "ascending"), (_ORIGIN, "ascending")]))
    named = {name: str(series.name or "") for name, series in table.columns.items()}
    meta = {b"names": repr(named).encode(), b"same": repr(same).encode()}
    _write(path, made.replace_schema_metadata(meta))


def load_table(path: Path, name: str, first: str, last: str) -> tuple[Table, Any]:
    """The rows of subjects `first` to `last` (all rows of a table without subjects), and their row keys."""
    from ast import literal_eval

    with pa.memory_map(str(path)) as file:
        whole = pa.ipc.open_file(file).read_all()
    metadata = whole.schema.metadata
    names, same = literal_eval(metadata[b"names"].decode()), literal_eval(metadata[b"same"].decode())
    if _SUBJECT in whole.column_names:
        subjects = whole[_SUBJECT]
        start = _count(pc.less(subjects, first))
        stop = _count(pc.less_equal(subjects, last))
        whole = whole.slice(start, stop - start)
        if not _ascending(whole[_ORIGIN]):
            whole = whole.take(pc.sort_indices(whole[_ORIGIN]))
    columns: dict[str, Any] = {}
    for column in whole.column_names:
        if not column.startswith("\x00"):
            columns[column] = _series(whole[column], names[column])
    for alias, original in same.items():
        columns[alias] = columns[original]
    origin = whole[_ORIGIN].to_numpy()
    subject = _series(whole[_SUBJECT], None) if _SUBJECT in whole.column_names else None
    keys = _series(whole[_KEY], None) if _KEY in whole.column_names else None
    return Table(name, len(origin), origin, subject, columns), keys


def _ascending(column: Any) -> bool:
    """Whether no value is less than the one before."""
    return len(column) < 2 or pc.all(pc.less_equal(column[:-1], column[1:])).as_py()


def _count(mask: Any) -> int:
    return int(pc.sum(mask).as_py() or 0)


def _series(column: Any, name: str | None) -> Any:
    return pd.Series(column.to_pandas(), dtype="str", name=name or None)


def save_frame(path: Path, frame: pd.DataFrame) -> None:
    """A finished frame: text and numbers."""
    _write(path, pa.Table.from_pandas(frame, preserve_index=False))


def load_frame(path: Path) -> pd.DataFrame:
    """A finished frame as it was saved."""
    with pa.memory_map(str(path)) as file:
        frame: pd.DataFrame = pa.ipc.open_file(file).read_all().to_pandas()
    return frame


def _write(path: Path, table: Any) -> None:
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
