"""A workbook's cells as text with their places, however wide or tall the workbook says it is."""

from __future__ import annotations

import re
import warnings
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from cdisc_conv.codes import spec as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.read.spec_sheets import Sheet, sheet_of

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FORMULA = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"[^>]*>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)


def read_workbook(path: Path, shown: str, findings: Findings) -> list[Sheet]:
    """Every worksheet of an `.xlsx` file; a formula counts by its stored value.

    A formula without a stored value and a cell that holds an error (`#REF!`) are findings (SPEC012).
    Raises `CannotRun` (SPEC003) when the file is no workbook (or is locked with a password).
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that play no part here
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as e:
        reason = "it is no .xlsx workbook, or is locked with a password"
        raise CannotRun(codes.SPEC_UNREADABLE.at(Place(file=shown), reason=reason)) from e
    try:
        return [_read(sheet, shown, findings) for sheet in book.worksheets]
    finally:
        book.close()


def _read(worksheet: Any, shown: str, findings: Findings) -> Sheet:
    worksheet.reset_dimensions()  # what the file says of its size is not to be trusted
    title = worksheet.title
    rows: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(worksheet.iter_rows(), 1):
        rows.append((number, [cell_text(c.value) for c in cells]))
        for c in cells:
            if c.data_type == "e":
                place = Place(file=shown, sheet=title, cell=c.coordinate)
                findings.add(codes.CELL_UNREADABLE.at(place, reason=f"the cell holds {c.value}"))
    for cell in _formulas_without_value(worksheet):
        place = Place(file=shown, sheet=title, cell=cell)
        findings.add(codes.CELL_UNREADABLE.at(place, reason="a formula without a stored value"))
    return sheet_of(title, shown, rows, workbook=True)


def _formulas_without_value(worksheet: Any) -> list[str]:
    with worksheet._get_source() as source:
        data: bytes = source.read()
    return [m.decode("ascii") for m in _FORMULA.findall(data)] if b"<f" in data else []


def cell_text(value: Any) -> str:
    """A cell's value as a person sees it: 12 for 12.0, 2025-03-28 for a date, TRUE for a truth value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep="T")
    if isinstance(value, date | time):
        return value.isoformat()
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), str(value))
