"""SAS transport files (version 5 and 8) and SAS7BDAT files, opened for comparison."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from cdisc_conv.codes import raw as raw_codes
from cdisc_conv.diff.frame import NUMBER, PIECE, TEXT, Loaded, number_array, text_array
from cdisc_conv.diff.load import side
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.difference import Variable
from cdisc_conv.model.ibm import LETTERS, special_missing
from cdisc_conv.read.xpt import iter_xpt, read_xpt

WHOLE = 256 << 20  # bytes up to which a transport file is read at once
CARRIES = frozenset({"type", "label", "length", "format"})


def open_sas(path: Path, part: str) -> Loaded:
    """A SAS dataset, opened; `part` names the dataset in a transport file of several."""
    return _open_xpt(path, part) if path.suffix.lower() == ".xpt" else _open_sas7bdat(path)


def _open_xpt(path: Path, part: str) -> Loaded:
    findings = Findings()
    size = path.stat().st_size
    read: Iterator[pd.DataFrame]
    if size <= WHOLE:
        read = iter([read_xpt(path, member=part or None, findings=findings)])
    else:
        read = iter_xpt(path, PIECE, member=part or None, findings=findings)
    first = next(read)
    facts = first.attrs["xpt"]
    found = facts["variables"]
    variables = tuple(
        Variable(n, NUMBER if v["numeric"] else TEXT, i, v["label"], v["length"], v["format"], v["informat"])
        for i, (n, v) in enumerate(found.items(), 1)
    )
    waiting: list[Iterator[pd.DataFrame]] = [chain([first], read)]

    def pieces() -> Iterator[pa.Table]:
        again = iter_xpt(path, PIECE, member=part or None) if not waiting else waiting.pop()
        for frame in again:
            yield _table(frame)

    del first
    known = side(
        path,
        f"xpt{facts['version']}",
        facts["rows"],
        len(variables),
        dataset=facts["name"],
        label=facts["label"],
        encoding=facts["encoding"],
    )
    return Loaded(
        known,
        variables,
        pieces,
        carries=CARRIES | {"informat", "dataset type"},
        memory=size,
        dataset_type=facts["type"],
        findings=findings,
    )


def _table(frame: pd.DataFrame) -> pa.Table:
    frame.attrs.clear()  # pandas copies them, deep, with every column that is taken
    columns = {}
    for name in frame.columns:
        series = frame[name]
        numeric = pd.api.types.is_float_dtype(series.dtype)
        columns[name] = number_array(series.to_numpy()) if numeric else text_array(_arrow(series))
    return pa.table(columns)


def _arrow(series: pd.Series[Any]) -> Any:
    return pa.array(series, type=pa.large_string(), from_pandas=True)


def _open_sas7bdat(path: Path) -> Loaded:
    _, meta = _read(path, metadataonly=True)
    numeric = {n: meta.readstat_variable_types[n] != "string" for n in meta.column_names}
    variables = tuple(
        Variable(
            name,
            NUMBER if numeric[name] else TEXT,
            i,
            meta.column_names_to_labels.get(name) or "",
            int(meta.variable_storage_width.get(name) or 0) or None,
            _format(meta.original_variable_types.get(name)),
        )
        for i, name in enumerate(meta.column_names, 1)
    )
    rows = int(meta.number_rows)

    def pieces() -> Iterator[pa.Table]:
        for start in range(0, rows, PIECE):
            data, _ = _read(path, row_offset=start, row_limit=min(PIECE, rows - start))
            yield pa.table({v.name: _column(data[v.name], v.type) for v in variables})

    known = side(
        path,
        "sas7bdat",
        rows,
        len(variables),
        dataset=str(meta.table_name or "").upper(),
        label=meta.file_label or "",
        encoding=str(meta.file_encoding or ""),
    )
    width = sum(v.length or 8 for v in variables)
    return Loaded(known, variables, pieces, carries=CARRIES, memory=rows * width)


def _read(path: Path, **options: Any) -> Any:
    import pyreadstat

    try:
        return pyreadstat.read_sas7bdat(
            path, user_missing=True, disable_datetime_conversion=True, output_format="dict", **options
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as error:
        raise CannotRun(raw_codes.SAS_UNREADABLE.at(Place(file=str(path)), why=str(error))) from None


def _format(found: str | None) -> str:
    """The format as SAS writes it: ReadStat leaves the point out and names none for a bare number."""
    if not found or found == "NULL":
        return ""
    return found if "." in found else f"{found}."


def _column(values: Any, kind: str) -> Any:
    """A column as ReadStat gives it; a special missing value among numbers comes as its letter."""
    found = np.asarray(values, dtype=object)
    if kind == TEXT:
        return text_array(pa.array(found, pa.large_string(), from_pandas=True))
    letters = {chr(b): special_missing(chr(b)) for b in LETTERS}
    at = np.flatnonzero([isinstance(v, str) for v in found])
    numbers = found.copy()
    numbers[at] = np.nan
    made = numbers.astype(np.float64)
    made[at] = [letters.get(str(v), np.nan) for v in found[at]]
    return number_array(made)
