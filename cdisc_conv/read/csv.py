"""Delimited text (CSV and its kin) as a raw table: every field exactly as it is written."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from cdisc_conv.codes import raw as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings
from cdisc_conv.model.raw import RawTable, Source
from cdisc_conv.read.csv_encoding import to_text
from cdisc_conv.read.csv_shape import Shape, shape_of
from cdisc_conv.read.raw_table import STR, Content, Options, raw_table, rows_of

DELIMITERS = ",;\t|"
END_MARK = re.compile(r"\s*(EOF|END OF FILE|\x1a|\(?\d+ rows?( affected| selected)?\)?\.?)\s*", re.IGNORECASE)
HEAD = 1 << 16
Records = list[tuple[int, list[str]]]  # row number and fields


@dataclass(slots=True)
class _Reading:
    """A text on its way to a table."""

    text: bytes
    delimiter: str
    source: Source
    findings: Findings


def read_csv(content: Content, options: Options) -> RawTable:
    """The table of a delimited text; raises `CannotRun` without a header or with undecodable bytes."""
    findings = Findings()
    source = Source(content.file)
    data = _head(content.data) if options.head else content.data
    text, encoding = to_text(data, options.encoding, content.file, findings)
    if not text or text.isspace():
        raise CannotRun(codes.EMPTY.at(source.place))
    delimiter = _delimiter(text, options, source, findings)
    reading, shape = _without_footer(_Reading(text, delimiter, source, findings))
    quick = _regular(reading, shape, options.header_row)
    header, frame, rows = quick or _irregular(reading, shape, options.header_row)
    table = raw_table(content, source, header, frame, rows, encoding, findings)
    table.delimiter = delimiter
    return table


def _head(data: bytes) -> bytes:
    """The first megabyte, to the end of a line; all of a text that is not one byte a letter."""
    start = data[:HEAD]
    return data if len(data) <= HEAD or b"\0" in start else start[: start.rfind(b"\n") + 1] or data


def _delimiter(text: bytes, options: Options, source: Source, findings: Findings) -> str:
    """The declared delimiter, or the one that cuts the header and the first rows alike into most fields."""
    if options.delimiter not in ("", "auto"):
        declared = {"tab": "\t", "\\t": "\t"}.get(options.delimiter.lower(), options.delimiter)
        if len(declared) != 1 or not declared.isascii() or declared in '"\r\n':
            raise CannotRun(codes.DELIMITER_BAD.at(source.place, delimiter=options.delimiter))
        return declared
    ranked = sorted(DELIMITERS, key=lambda d: _cuts(text[:200_000], d, options.header_row), reverse=True)
    first, second = ranked[:2]
    if (cuts := _cuts(text[:200_000], second, options.header_row))[0] and cuts[1] > 1:
        findings.add(codes.DELIMITER_UNSURE.at(source.place, first=first, second=second))
    return first


def _cuts(start: bytes, delimiter: str, header_row: int) -> tuple[bool, int]:
    """Whether the first records have as many fields as the header, and how many that has."""
    shape = shape_of(start, delimiter)
    fields = shape.fields[header_row - 1 : header_row + 50]
    fields = fields[~shape.blank[header_row - 1 : header_row + 50]]
    if not len(fields):
        return False, 0
    alike = fields[:-1] if len(fields) > 1 else fields
    return bool(fields[0] > 1 and (alike == fields[0]).all()), int(fields[0])


def _without_footer(r: _Reading) -> tuple[_Reading, Shape]:
    """The text without an end mark in its last row (as Rave writes one), and its shape."""
    shape = shape_of(r.text, r.delimiter)
    filled = np.flatnonzero(~shape.blank)
    if shape.open_end or len(filled) < 2:
        return r, shape
    at = int(filled[-1])
    last = _record(r.text, shape, at).replace(r.delimiter, "").strip('" ')
    if not END_MARK.fullmatch(last) or (shape.fields[filled[0]] == 1 and last != "EOF"):
        return r, shape
    r.findings.add(codes.FOOTER.at(r.source.place, rows=rows_of(r.source, [at + 1])))
    cut = replace(r, text=r.text[: shape.starts[at]])
    return cut, shape_of(cut.text, r.delimiter)


def _regular(
    r: _Reading, shape: Shape, header_row: int
) -> tuple[list[str], pd.DataFrame, npt.NDArray[np.int64]] | None:
    """The quick way, for a text without irregularity but blank lines; None sends it the thorough way."""
    filled = np.flatnonzero(~shape.blank)
    fields = shape.fields[filled]
    if shape.stray or shape.open_end or header_row > 1 or filled[0] != 0 or (fields != fields[0]).any():
        return None
    header = next(csv.reader([_record(r.text, shape, 0)], delimiter=r.delimiter, strict=True))
    rows = filled[1:] + 1
    if not len(rows):
        frame = _frame([], len(header))
    elif len(frame := _arrow(r, shape, len(header))) != len(rows):
        return None
    _note_blank(r, np.flatnonzero(shape.blank) + 1)
    return header, frame, rows


def _record(text: bytes, shape: Shape, i: int) -> str:
    return text[shape.starts[i] : shape.ends[i]].decode("utf-8")


def _arrow(r: _Reading, shape: Shape, width: int) -> pd.DataFrame:
    import pyarrow as pa
    from pyarrow import csv as arrow

    names = [str(i) for i in range(width)]
    longest = int((shape.ends - shape.starts).max())
    table = arrow.read_csv(
        pa.BufferReader(memoryview(r.text)[int(shape.starts[1]) :]),
        read_options=arrow.ReadOptions(column_names=names, block_size=max(1 << 22, 4 * longest)),
        parse_options=arrow.ParseOptions(delimiter=r.delimiter, newlines_in_values=True),
        convert_options=arrow.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=[], strings_can_be_null=False
        ),
    )
    frame: pd.DataFrame = table.to_pandas(types_mapper={pa.string(): STR}.get)
    return frame


def _frame(records: Records, width: int) -> pd.DataFrame:
    columns = zip(*(fields for _, fields in records), strict=True) if records else ((),) * width
    return pd.DataFrame({str(i): pd.array(list(c), dtype=STR) for i, c in enumerate(columns)})


def _irregular(
    r: _Reading, shape: Shape, header_row: int
) -> tuple[list[str], pd.DataFrame, npt.NDArray[np.int64]]:
    """The thorough way: every irregularity is a finding with its rows."""
    records = _records(r)
    above = [fields for n, fields in records if n < header_row]
    header = next((fields for n, fields in records if n == header_row), None)
    if header is None or not any(f.strip() for f in header):
        raise CannotRun(codes.NO_HEADER_ROW.at(r.source.place, row=header_row))
    if above:
        r.findings.add(codes.ABOVE_HEADER.at(r.source.place, n=len(above)))
    data = [(n, fields) for n, fields in records if n > header_row]
    data = _without_blanks(r, data, len(header))
    _check_end(r, shape, data, len(header))
    data = _straightened(r, data, len(header))
    return header, _frame(data, len(header)), np.array([n for n, _ in data], dtype=np.int64)


def _records(r: _Reading) -> Records:
    """All records with their row numbers, those out of order in their quotes too."""
    csv.field_size_limit(2**31 - 1)
    text = r.text.decode("utf-8")
    strict = csv.reader(io.StringIO(text, newline=""), delimiter=r.delimiter, strict=True)
    records: Records = []
    try:
        for fields in strict:
            records.append((len(records) + 1, fields))
    except csv.Error as e:
        row = len(records) + 1
        if "unexpected end of data" in str(e):
            why = f"the quoted field that begins in row {row} is never closed"
            r.findings.add(codes.TRUNCATED.at(r.source.place, why=why, rows=rows_of(r.source, [row])))
        else:
            r.findings.add(codes.QUOTE_STRAY.at(r.source.place, rows=rows_of(r.source, [row])))
        loose = csv.reader(io.StringIO(text, newline=""), delimiter=r.delimiter)
        return [(n, fields) for n, fields in enumerate(loose, 1)]
    return records


def _without_blanks(r: _Reading, data: Records, width: int) -> Records:
    blank = {n for n, f in data if not f or (width > 1 and len(f) == 1 and not f[0].strip())}
    _note_blank(r, np.array(sorted(blank), dtype=np.int64))
    return [(n, f) for n, f in data if n not in blank]


def _note_blank(r: _Reading, rows: npt.NDArray[np.int64]) -> None:
    if len(rows):
        found = rows_of(r.source, rows)
        r.findings.add(codes.BLANK_LINES.at(r.source.place, rows=found, count=len(rows)))


def _check_end(r: _Reading, shape: Shape, data: Records, width: int) -> None:
    """The last line cut short: no line break and fewer fields than the header."""
    if data and not shape.ended and not shape.open_end and len(data[-1][1]) < width:
        why = "the last row has no line end and fewer fields than the header"
        rows = rows_of(r.source, [data[-1][0]])
        r.findings.add(codes.TRUNCATED.at(r.source.place, why=why, rows=rows))


def _straightened(r: _Reading, data: Records, width: int) -> Records:
    """Every record as wide as the header: fields that are missing blank, surplus ones in the finding."""
    trailing: list[int] = []
    ragged: dict[int, list[tuple[int, str]]] = {}
    out: Records = []
    for n, fields in data:
        surplus = fields[width:]
        if any(surplus) or len(fields) < width:
            ragged.setdefault(len(fields), []).append((n, r.delimiter.join(surplus)))
        elif surplus:
            trailing.append(n)
        out.append((n, fields[:width] + [""] * (width - len(fields))))
    if trailing:
        rows = rows_of(r.source, trailing)
        r.findings.add(codes.TRAILING_DELIMITER.at(r.source.place, rows=rows, count=len(trailing)))
    for got, found in ragged.items():
        rows = rows_of(r.source, [n for n, _ in found], [v for _, v in found])
        r.findings.add(codes.ROW_RAGGED.at(r.source.place, got=got, want=width, rows=rows, count=len(found)))
    return out
