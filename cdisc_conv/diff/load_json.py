"""Dataset-JSON 1.1 (json, ndjson, and dsjc, its compressed form), opened for comparison."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from cdisc_conv.codes import file as codes
from cdisc_conv.diff.frame import NUMBER, PIECE, TEXT, Loaded, number_array, text_array
from cdisc_conv.diff.load import side
from cdisc_conv.diff.numbers import sas_numbers
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Place
from cdisc_conv.model.difference import Variable

_NUMERIC = ("integer", "float", "double", "decimal", "boolean")
_FORMATS = {"date": "DATE9.", "datetime": "DATETIME20.", "time": "TIME8."}


def open_json(path: Path, part: str) -> Loaded:
    """A Dataset-JSON file, opened; ndjson is read in pieces, json as a whole."""
    lines = path.suffix.lower() != ".json"
    try:
        meta = _first_line(path) if lines else _document(path)
        columns, rows = _facts(path, meta)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError, zlib.error) as error:
        raise CannotRun(_broken(path, f"no whole JSON ({error})")) from None
    variables = tuple(_variable(c, i) for i, c in enumerate(columns, 1))
    if lines:
        stated = rows

        def pieces() -> Iterator[pa.Table]:
            yield from _pieces(path, variables, columns, stated)

        memory = path.stat().st_size * (4 if path.suffix.lower() == ".dsjc" else 1)
    else:
        found = meta.pop("rows", [])
        if len(found) != rows:
            raise CannotRun(_broken(path, f"records says {rows}, there are {len(found)} rows"))
        table = _table(path, found, variables, columns, 0)
        memory = table.nbytes
        del found

        def pieces() -> Iterator[pa.Table]:
            yield table

    known = side(
        path,
        "dataset-ndjson" if lines else "dataset-json",
        rows,
        len(variables),
        dataset=str(meta.get("name") or ""),
        label=str(meta.get("label") or ""),
        encoding="utf-8",
    )
    carries = frozenset({"type", "label", "text length", "format"})
    return Loaded(known, variables, pieces, carries=carries, memory=memory)


def _broken(path: Path, reason: str) -> Any:
    return codes.DIFF_UNREADABLE.at(Place(file=str(path)), reason=f"not Dataset-JSON 1.1: {reason}")


def _document(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8-sig") as file:
        found = json.load(file)
    return found if isinstance(found, dict) else {}


def _first_line(path: Path) -> dict[str, Any]:
    found = json.loads(next(_lines(path), "{}"))
    return found if isinstance(found, dict) else {}


def _lines(path: Path) -> Iterator[str]:
    if path.suffix.lower() != ".dsjc":
        with path.open(encoding="utf-8-sig") as file:
            yield from file
        return
    unpack, rest = zlib.decompressobj(), b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            *whole, rest = (rest + unpack.decompress(block)).split(b"\n")
            yield from (line.decode("utf-8") for line in whole)
    if rest:
        yield rest.decode("utf-8")


def _facts(path: Path, meta: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
    columns, rows = meta.get("columns"), meta.get("records")
    if not isinstance(columns, list) or not all(isinstance(c, dict) and c.get("name") for c in columns):
        raise CannotRun(_broken(path, "it has no columns with names"))
    names = [c["name"] for c in columns]
    if len(set(names)) != len(names):
        raise CannotRun(_broken(path, "two columns have the same name"))
    if not isinstance(rows, int) or rows < 0:
        raise CannotRun(_broken(path, "records is no number"))
    return columns, rows


def _variable(column: dict[str, Any], position: int) -> Variable:
    kind = column.get("dataType", "string")
    numeric = kind in _NUMERIC or column.get("targetDataType") in ("integer", "decimal")
    shown = str(column.get("displayFormat") or (_FORMATS.get(kind, "") if numeric else ""))
    length = column.get("length")
    return Variable(
        str(column["name"]),
        NUMBER if numeric else TEXT,
        position,
        str(column.get("label") or ""),
        length if isinstance(length, int) and not numeric else None,
        shown,
    )


def _pieces(
    path: Path, variables: tuple[Variable, ...], columns: list[dict[str, Any]], stated: int
) -> Iterator[pa.Table]:
    lines = islice(_lines(path), 1, None)
    done = 0
    try:
        while piece := [s for line in islice(lines, PIECE) if (s := line.strip())]:
            rows = json.loads(f"[{','.join(piece)}]")
            yield _table(path, rows, variables, columns, done)
            done += len(rows)
    except (UnicodeDecodeError, json.JSONDecodeError, zlib.error) as error:
        raise CannotRun(_broken(path, f"a row after row {done} is no JSON ({error})")) from None
    if done != stated:
        raise CannotRun(_broken(path, f"records says {stated}, there are {done} rows"))


def _table(
    path: Path, rows: list[Any], variables: tuple[Variable, ...], columns: list[dict[str, Any]], before: int
) -> pa.Table:
    width = len(variables)
    for n, row in enumerate(rows, before + 1):
        if not isinstance(row, list) or len(row) != width:
            raise CannotRun(_broken(path, f"row {n} is no list of {width} values"))
    values = list(zip(*rows, strict=True)) if rows else [()] * width
    made = {}
    for variable, column, found in zip(variables, columns, values, strict=True):
        try:
            made[variable.name] = _column(found, variable, str(column.get("dataType", "string")))
        except (ValueError, TypeError, pa.ArrowException):
            reason = f"column {variable.name} holds a value that is no {column.get('dataType')}"
            raise CannotRun(_broken(path, reason)) from None
    return pa.table(made)


def _column(values: tuple[Any, ...], variable: Variable, kind: str) -> Any:
    if variable.type == TEXT:
        return text_array(pa.array(values, pa.large_string()))
    if kind in _FORMATS or kind in ("string", "decimal", "URI"):
        numbers, bad = sas_numbers(text_array(pa.array(values, pa.large_string())), variable.format)
        if numbers is None:
            raise ValueError(bad)
        return number_array(numbers)
    return number_array(np.array([np.nan if v is None else v for v in values], dtype=np.float64))
