"""CSV files and workbooks, opened for comparison: all their values are text."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pyarrow as pa

from cdisc_conv.codes import file as codes
from cdisc_conv.codes import raw as raw_codes
from cdisc_conv.diff.frame import TEXT, Loaded, text_array
from cdisc_conv.diff.load import file_hash, modified, side
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place, Severity
from cdisc_conv.model.difference import Variable
from cdisc_conv.model.raw import RawTable
from cdisc_conv.read.csv import read_csv
from cdisc_conv.read.raw import MARKS
from cdisc_conv.read.raw_table import Content, Options
from cdisc_conv.read.xlsx import read_xlsx

WHOLE = 512 << 20  # bytes up to which a text file is read at once
BLOCK = 64 << 20
_STOPPING = (raw_codes.TRUNCATED,)


def open_text(path: Path, part: str) -> Loaded:
    """A delimited text or a workbook's sheet, opened."""
    try:
        return _opened(path, part)
    except CannotRun as error:
        raise _hinted(error, path) from None


def _opened(path: Path, part: str) -> Loaded:
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _whole(path, "xlsx", _read_sheet(path, part))
    if path.stat().st_size > WHOLE:
        return _in_blocks(path)
    data = path.read_bytes()
    _check_marks(path, data)
    return _whole(path, "csv", read_csv(_content(path, data), Options()))


def _read_sheet(path: Path, part: str) -> RawTable:
    """A sheet with its values as they are stored: two that differ only where a format hides it do differ."""
    return read_xlsx(_content(path, path.read_bytes()), Options(part, in_full=True))


def _hinted(error: CannotRun, path: Path) -> CannotRun:
    """The findings with hints that a person who compares can follow: no study declares anything here."""
    sheet = f"name the sheet behind the file: {path.name}!SHEET"
    encoding = "save it as UTF-8; by their bytes UTF-8, GB18030 and Windows-1252 are told apart, no other"
    hints = {
        raw_codes.SHEET_MISSING: sheet,
        raw_codes.SHEET_UNSAID: sheet,
        raw_codes.UNDECODABLE: encoding,
        raw_codes.NOT_TEXT: encoding,
    }
    return CannotRun(*(replace(f, hint=hints.get(f.code, f.hint)) for f in error.findings))


def _content(path: Path, data: bytes, digest: str = "") -> Content:
    return Content(str(path), data, digest or sha256(data).hexdigest(), modified(path))


def _check_marks(path: Path, start: bytes) -> None:
    for mark, what in MARKS:
        if start.startswith(mark):
            place = Place(file=str(path))
            raise CannotRun(raw_codes.NOT_WHAT_IT_SAYS.at(place, suffix=path.suffix, what=what))


def _whole(path: Path, kind: str, raw: RawTable) -> Loaded:
    _stop_at_damage(raw.findings)
    table = _table(raw.frame)
    name = raw.source.sheet.upper() if kind == "xlsx" else ""
    known = side(
        path,
        kind,
        table.num_rows,
        table.num_columns,
        dataset=name if name.isidentifier() and not name.startswith("SHEET") else "",
        encoding=raw.encoding,
        sha256=raw.sha256,
    )
    variables = tuple(Variable(n, TEXT, i) for i, n in enumerate(table.column_names, 1))
    return Loaded(
        known,
        variables,
        lambda: iter([table]),
        typed=False,
        memory=table.nbytes,
        findings=Findings(list(raw.findings)),
    )


def _stop_at_damage(findings: Findings) -> None:
    """A file that is cut off is not compared: its end would pass for deleted rows."""
    fatal = [f for f in findings if f.code in _STOPPING]
    if fatal:
        raise CannotRun(*fatal)


def _table(frame: pd.DataFrame) -> pa.Table:
    found = pa.Table.from_pandas(frame, preserve_index=False)
    return pa.table([text_array(c) for c in found.columns], names=[str(n) for n in frame.columns])


def _in_blocks(path: Path) -> Loaded:
    """A text file too large to be read at once: whole records, some tens of megabytes at a time."""
    with path.open("rb") as file:
        start = file.read(BLOCK)
    _check_marks(path, start)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in start[:4096]:
        raise CannotRun(
            codes.DIFF_UNREADABLE.at(
                Place(file=str(path)), reason="UTF-16 text of this size; save it as UTF-8"
            )
        )
    digest = file_hash(path)
    header = start[: start.index(b"\n") + 1] if b"\n" in start else start
    options = Options(encoding=_encoding(path))
    names = list(read_csv(_content(path, start, digest), replace(options, head=True)).frame.columns)
    findings = Findings()

    def pieces() -> Iterator[pa.Table]:
        for block in _blocks(path, len(header)):
            raw = read_csv(_content(path, header + block, digest), options)
            _stop_at_damage(raw.findings)
            findings.extend(f for f in raw.findings if f.severity is not Severity.NOTE)
            yield _table(raw.frame)

    rows = sum(block.count(b"\n") for block in _blocks(path, len(header)))
    variables = tuple(Variable(n, TEXT, i) for i, n in enumerate(names, 1))
    known = side(path, "csv", rows, len(names), encoding=options.encoding, sha256=digest)
    size = path.stat().st_size
    return Loaded(known, variables, pieces, typed=False, memory=size + size // 2, findings=findings)


def _blocks(path: Path, skip: int) -> Iterator[bytes]:
    """The file after its header, cut at line ends that are in no quoted field."""
    with path.open("rb") as file:
        file.seek(skip)
        rest = b""
        while data := file.read(BLOCK):
            data = rest + data
            at = _cut(data)
            if at:
                yield data[:at]
            rest = data[at:]
        if rest:
            yield rest


def _cut(data: bytes) -> int:
    """Where the last whole record ends: a line end before which the quotes are even in number."""
    at = data.rfind(b"\n") + 1
    odd = data.count(b'"', 0, at) % 2
    while at and odd:
        before = data.rfind(b"\n", 0, at - 1) + 1
        odd = (odd + data.count(b'"', before, at)) % 2
        at = before
    return at


def _encoding(path: Path) -> str:
    """UTF-8 where all of the file is, else Windows-1252."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        with path.open("rb") as file:
            while block := file.read(4 << 20):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
