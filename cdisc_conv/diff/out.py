"""A finished comparison for programs: as JSON, or all that differs as one CSV or Parquet table."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from cdisc_conv.codes import file as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Place
from cdisc_conv.model.difference import DatasetDiff, FolderDiff, Lines, Verdict

Diff = DatasetDiff | FolderDiff
TEXT = pa.large_string()
_BEGINS = np.zeros(256, dtype=bool)
_BEGINS[list(b"=+-@|\t\r")] = True
_NUMBER = r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$"
TABLE = pa.schema(
    [
        ("what", TEXT),
        ("variable", TEXT),
        ("base_row", pa.int64()),
        ("compare_row", pa.int64()),
        ("base_value", TEXT),
        ("compare_value", TEXT),
        ("difference", pa.float64()),
        ("percent", pa.float64()),
        ("note", TEXT),
    ]
)
"""Columns of the table of all that differs; in front stand the keys (of folders: dataset and keys)."""


def datasets(diff: Diff) -> Sequence[DatasetDiff]:
    """The datasets of a comparison, one or several."""
    return diff.datasets if isinstance(diff, FolderDiff) else (diff,)


def as_dict(diff: Diff, rows: int | None = None) -> dict[str, Any]:
    """The comparison as plain JSON data; of each long table `rows` rows (None: all).

    A table is {"rows": how many there are, "shown": how many are here, "values": [...]}.
    """
    if isinstance(diff, FolderDiff):
        return _folder(diff) | {"datasets": [as_dict(d, rows) for d in diff.datasets]}
    return _plain(diff) | {n: _table(lines, rows) for n, lines in diff.lines().items()}


def _folder(diff: FolderDiff) -> dict[str, Any]:
    return {
        "base": diff.base,
        "compare": diff.compare,
        **_outcome(diff),
        "only_base": list(diff.only_base),
        "only_compare": list(diff.only_compare),
    }


def _outcome(diff: Diff) -> dict[str, Any]:
    from cdisc_conv.model.difference import bits

    return {
        "verdict": str(diff.verdict),
        "exit_code": Verdict(diff.verdict).exit_code,
        "sysinfo": diff.sysinfo,
        "sysinfo_bits": [{"bit": b, "name": n, "meaning": m} for b, n, m in bits(diff.sysinfo)],
        "findings": [f.as_dict() for f in diff.findings],
    }


def _plain(diff: DatasetDiff) -> dict[str, Any]:
    """All but the long tables."""
    long = {"differences", "only_base", "only_compare", "duplicates", "by_subject", "largest"}
    done = {"verdict", "sysinfo", "findings"}
    made: dict[str, Any] = {"name": diff.name, **_outcome(diff), "unequal": diff.unequal}
    for f in fields(diff):
        if f.name not in long | done | {"name"}:
            made[f.name] = _value(getattr(diff, f.name))
    return made


def _value(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return _value(asdict(value))
    if isinstance(value, dict):
        return {str(k): _value(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [_value(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value


def _table(lines: Lines, rows: int | None) -> dict[str, Any]:
    shown = lines.rows if rows is None else min(rows, lines.rows)
    values = [_value(r) for r in lines.head(shown).to_pylist()]
    return {"rows": lines.rows, "shown": shown, "values": values}


def write_json(diff: Diff, path: Path) -> None:
    """The comparison with every row of every table, written as it is read."""

    def write(file: IO[bytes]) -> None:
        _stream(diff, file)
        file.write(b"\n")

    _in_place(path, write)


def _stream(diff: Diff, file: IO[bytes]) -> None:
    if isinstance(diff, FolderDiff):
        file.write(_dumped(_folder(diff))[:-1] + b',\n"datasets": [')
        for i, dataset in enumerate(diff.datasets):
            file.write(b",\n" if i else b"\n")
            _stream(dataset, file)
        file.write(b"]}")
        return
    file.write(_dumped(_plain(diff))[:-1])
    for name, lines in diff.lines().items():
        file.write(
            b',\n"%b": {"rows": %d, "shown": %d, "values": [' % (name.encode(), lines.rows, lines.rows)
        )
        first = True
        for batch in lines:
            rows = b",\n".join(_dumped(_value(r)) for r in batch.to_pylist())
            file.write((b"\n" if first else b",\n") + rows if rows else b"")
            first = False
        file.write(b"]}")
    file.write(b"}")


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "backslashreplace")


def write_csv(diff: Diff, path: Path) -> None:
    """All that differs as CSV (UTF-8); text that a spreadsheet would take for a formula gets a ' in front."""

    def write(file: IO[bytes]) -> None:
        schema = _schema(diff)
        options = arrow_csv.WriteOptions(quoting_style="needed")
        names = [_guarded(pa.array([n], TEXT))[0].as_py() for n in schema.names]
        header = pa.schema([f.with_name(n) for f, n in zip(schema, names, strict=True)])
        with arrow_csv.CSVWriter(file, header, write_options=options) as out:
            for batch in _all(diff, schema):
                out.write(pa.record_batch([_guarded(c) for c in batch.columns], schema=header))

    _in_place(path, write)


def _guarded(column: Any) -> Any:
    if column.type != TEXT:
        return column
    at = _may_be_formula(column)
    if not len(at):
        return column
    risky = np.zeros(len(column), dtype=bool)
    risky[at] = ~np.asarray(pc.match_substring_regex(column.take(pa.array(at)), _NUMBER))
    marked = pc.binary_join_element_wise(pa.scalar("'", TEXT), column, pa.scalar("", TEXT))
    return pc.if_else(pa.array(risky), marked, column)


def _may_be_formula(column: Any) -> Any:
    """Positions of texts that begin as formulas do; only the first byte of each is looked at."""
    _, ends, data = column.buffers()
    if data is None:
        return np.zeros(0, np.int64)
    ends = np.frombuffer(ends, np.int64, len(column) + 1, column.offset * 8)
    at = np.flatnonzero((ends[1:] > ends[:-1]) & np.asarray(column.is_valid()))
    return at[_BEGINS[np.frombuffer(data, np.uint8)[ends[at]]]]


def write_parquet(diff: Diff, path: Path) -> None:
    """All that differs as Parquet."""

    def write(file: IO[bytes]) -> None:
        schema = _schema(diff)
        with pq.ParquetWriter(file, schema) as out:
            for batch in _all(diff, schema):
                out.write_batch(batch)

    _in_place(path, write)


def _schema(diff: Diff) -> pa.Schema:
    """Keys in front: each in a column of its own; of folders the dataset and its keys as one text."""
    taken = set(TABLE.names)
    if isinstance(diff, FolderDiff):
        front = ["dataset", "keys"]
    else:
        front = [f"{k}_key" if k in taken else k for k in diff.key_columns]
    return pa.schema([(k, TEXT) for k in front] + list(TABLE))


def _all(diff: Diff, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    for dataset in datasets(diff):
        for what, side, lines in (
            ("value differs", "", dataset.differences),
            ("only in BASE", "base", dataset.only_base),
            ("only in COMPARE", "compare", dataset.only_compare),
            ("duplicate key", "", dataset.duplicates),
        ):
            for batch in lines or ():
                keys = [batch.column(k) for k in dataset.key_columns]
                if isinstance(diff, FolderDiff):
                    keys = [_repeated(dataset.name, batch), _joined(dataset, keys, batch)]
                rest = _columns(what, side, batch)
                yield pa.record_batch([*keys, *(rest[n] for n in TABLE.names)], schema=schema)


def _repeated(text: str, batch: pa.RecordBatch) -> Any:
    return pa.repeat(pa.scalar(text, TEXT), batch.num_rows)


def _joined(dataset: DatasetDiff, keys: list[Any], batch: pa.RecordBatch) -> Any:
    """`USUBJID=01-701-1015; AESEQ=3`."""
    if not keys:
        return pa.nulls(batch.num_rows, TEXT)
    named = [
        pc.binary_join_element_wise(pa.scalar(n, TEXT), k, pa.scalar("=", TEXT))
        for n, k in zip(dataset.keys.variables, keys, strict=True)
    ]
    return pc.binary_join_element_wise(*named, pa.scalar("; ", TEXT))


def _columns(what: str, side: str, batch: pa.RecordBatch) -> dict[str, Any]:
    """The columns of `TABLE` out of a batch of any of the tables."""
    rows = batch.num_rows
    made = {f.name: pa.nulls(rows, f.type) for f in TABLE}
    made["what"] = _repeated(what, batch)
    names = batch.schema.names
    if "base_row" in names:
        return made | {n: batch.column(n) for n in TABLE.names if n in names}
    if side:
        made[f"{side}_row"], made["note"] = batch.column("row"), _near(batch)
        return made
    in_base = pc.equal(batch.column("side"), "base")
    made["base_row"] = pc.if_else(in_base, batch.column("row"), None)
    made["compare_row"] = pc.if_else(in_base, None, batch.column("row"))
    made["note"] = _times(batch)
    return made


def _near(batch: pa.RecordBatch) -> Any:
    row = pc.cast(batch.column("near_row"), TEXT)
    words = [pa.scalar("nearest: row ", TEXT), row, pa.scalar(" (", TEXT), batch.column("near_keys")]
    return pc.binary_join_element_wise(*words, pa.scalar(")", TEXT), pa.scalar("", TEXT))


def _times(batch: pa.RecordBatch) -> Any:
    agrees = pc.if_else(batch.column("agrees"), "the same set on both sides", "not compared")
    words = [
        pc.cast(batch.column("times"), TEXT),
        pa.scalar(" times here, ", TEXT),
        pc.cast(batch.column("other_times"), TEXT),
        pa.scalar(" on the other side; ", TEXT),
        pc.cast(agrees, TEXT),
    ]
    return pc.binary_join_element_wise(*words, pa.scalar("", TEXT))


def _in_place(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Write beside and move in one step; what goes wrong on the disk is a finding."""
    aside = path.with_name(f".{path.name}.part")
    try:
        with aside.open("wb") as file:
            write(file)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise CannotRun(codes.DIFF_OUT_FAILED.at(Place(file=str(path)), reason=reason)) from error


WRITERS = {".json": write_json, ".csv": write_csv, ".parquet": write_parquet}
"""By the suffix of the file."""
