"""Write SAS transport files of version 5 (XPT): vectorised, in blocks, nothing cut or replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cdisc_conv.codes import file as codes
from cdisc_conv.errors import CannotRun, UsageMistake
from cdisc_conv.findings import Findings, Place, Severity
from cdisc_conv.model import ibm, xpt
from cdisc_conv.model.xpt_text import normal_name
from cdisc_conv.write.xpt_checks import Noticed, as_bytes, header_findings, refusal
from cdisc_conv.write.xpt_columns import Refused, Source, source_of
from cdisc_conv.write.xpt_plan import plan_columns, plan_header

_BLOCK = 4 << 20  # bytes written at a time
_SLICE = 1 << 16  # rows checked at a time


def write_xpt(
    frame: pd.DataFrame,
    path: str | Path,
    *,
    name: str | None = None,
    label: str | None = None,
    labels: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
    informats: Mapping[str, str] | None = None,
    lengths: Mapping[str, int] | None = None,
    created: datetime | None = None,
    sas_version: str | None = None,
    os: str | None = None,
    encoding: str | None = None,
    strict: bool = True,
) -> Findings:
    """Write a frame as a SAS transport file; the findings (warnings, notes) are returned.

    What is not given comes from the frame's `attrs["xpt"]` (as `read_xpt` leaves them), else: the dataset's
    name from the file's, a text's length from its longest value, a number's 8, times 1960-01-01T00:00:00 so
    that the same data give the same bytes, ASCII. `lengths` are bytes; `formats` are SAS texts (`DATE9.`).
    Missing text is written as blank, NaN as `.` or the special missing value it carries
    (`cdisc_conv.model.ibm.special_missing`).

    Anything that does not fit raises `CannotRun` with all findings at once, before a byte is written: names,
    labels, lengths, types, text that is too long or not of the encoding, numbers without an IBM form.
    `strict=False` lets lower-case names and text of up to 32,767 bytes pass, which SAS reads and regulators
    refuse.
    """
    given = {"labels": labels, "formats": formats, "informats": informats, "lengths": lengths}
    options = {key: dict(value or {}) for key, value in given.items()}
    facts: dict[str, Any] = frame.attrs.get("xpt", {})
    used = normal_name(encoding or facts.get("encoding", "ascii"))
    header = plan_header(facts, Path(path), name, label, created, sas_version, os)
    place = Place(file=str(path), dataset=header.name)
    columns, findings = plan_columns(frame, facts, options, used, place, strict)
    writer = XptWriter(path, columns, header=header, encoding=used, strict=strict)
    writer.findings.extend(findings)
    writer.write(frame)
    writer.close()
    return writer.findings


class XptWriter:
    """Writes a transport file frame by frame: `write` any number of times, then `close`.

    `columns` fix names, types and lengths beforehand. Each `write` checks its whole frame first and raises
    `CannotRun` with all findings, having written nothing of it; `findings` holds the warnings. As a context
    manager it closes the file; after an error the file is not whole and the caller must not keep it.
    """

    def __init__(
        self,
        path: str | Path,
        columns: Sequence[xpt.XptColumn],
        *,
        name: str = "",
        label: str = "",
        created: datetime | None = None,
        header: xpt.XptHeader | None = None,
        encoding: str = "ascii",
        strict: bool = True,
    ) -> None:
        made = plan_header({}, Path(path), name or None, label, created, None, None)
        self.header = header or made
        self.path, self.columns, self.strict = Path(path), tuple(columns), strict
        self.encoding = normal_name(encoding)
        self.rows = 0
        self.row_length = sum(c.length for c in self.columns)
        self.place = Place(file=str(path), dataset=self.header.name)
        self.findings = Findings()
        self.findings.extend(header_findings(self.header, self.columns, self.place, self.encoding, strict))
        self._file: Any = None
        self._tail = b""

    def write(self, frame: pd.DataFrame) -> None:
        """Append the rows of a frame that has these columns in this order."""
        if [str(c) for c in frame.columns] != [c.name for c in self.columns]:
            raise UsageMistake(f"the frame's columns are not those of {self.header.name}, in their order")
        sources = self._sources(frame)
        self._check(sources, len(frame))
        self._append([s for s in sources if s is not None], len(frame))

    def _append(self, sources: list[Source], rows: int) -> None:
        self._open()
        step = max(_BLOCK // self.row_length, 1)
        block = np.empty((min(step, rows), self.row_length), np.uint8)
        for start in range(0, rows, step):
            part = block[: min(step, rows - start)]
            self._fill(part, sources, start)
            self._put(part)
        self.rows += rows

    def close(self) -> None:
        """Write the padding (and the headers, when there was no row) and close the file."""
        self._stop_on_errors()
        self._open()
        size = self.rows * self.row_length
        self._put(b" " * (-size % xpt.RECORD))
        lost = self._blank_rows(size + -size % xpt.RECORD)
        if lost:
            self.findings.add(codes.XPT_BLANK_ROWS.at(self.place, number=lost))
            self._file.seek(xpt.ROWS_AT)
            self._put(xpt.rows_mark(self.rows))
        self._file.close()

    def __enter__(self) -> XptWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        elif self._file is not None:
            self._file.close()

    def _sources(self, frame: pd.DataFrame) -> list[Source | None]:
        found: list[Source | None] = []
        for i, column in enumerate(self.columns):
            form = column.format if xpt.is_format(column.format) else ""
            source = source_of(frame.iloc[:, i], form, column.numeric)
            if isinstance(source, Refused):
                finding = refusal(self.place, column.name, source, frame.iloc[:, i], self.rows)
                if finding not in self.findings.items:
                    self.findings.add(finding)
            found.append(source if isinstance(source, Source) else None)
        return found

    def _check(self, sources: list[Source | None], rows: int) -> None:
        noticed = Noticed(self.place, self.encoding, self.strict)
        for column, source in zip(self.columns, sources, strict=True):
            if source is None:
                continue
            check = noticed.numbers if column.numeric else noticed.texts
            for start in range(0, rows, _SLICE):
                check(column, source, start, min(start + _SLICE, rows), self.rows)
        self.findings.extend(noticed.findings())
        self._stop_on_errors()

    def _stop_on_errors(self) -> None:
        if self.findings.at_least(Severity.ERROR):
            raise CannotRun(*self.findings.merged())

    def _open(self) -> None:
        if self._file is not None:
            return
        try:
            self._file = self.path.open("wb", buffering=0)
        except OSError as error:
            raise CannotRun(codes.XPT_UNWRITABLE.at(self.place, what=error.strerror or str(error))) from error
        self._put(xpt.pack_header(self.header, len(self.columns), self.encoding))
        position, records = 0, []
        for number, column in enumerate(self.columns, 1):
            records.append(xpt.pack_namestr(column, number, position, self.encoding))
            position += column.length
        self._put(xpt.padded(b"".join(records)) + xpt.OBS_RECORD)
        self._tail = b""

    def _put(self, data: Any) -> None:
        view = memoryview(data).cast("B") if len(data) else memoryview(b"")
        try:
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            self._file.close()
            raise CannotRun(codes.XPT_UNWRITABLE.at(self.place, what=error.strerror or str(error))) from error

    def _fill(self, block: NDArray[np.uint8], sources: list[Source], start: int) -> None:
        """Put the columns' bytes into a block (rows × row length)."""
        end = start + len(block)
        at = 0
        for column, source in zip(self.columns, sources, strict=True):
            target = block[:, at : at + column.length]
            if column.numeric:
                _put_numbers(target, source.part(start, end))
            else:
                _put_texts(target, as_bytes(source.part(start, end), self.encoding))
            at += column.length
        if self.row_length < xpt.RECORD:
            self._tail = (self._tail + block[-2 * xpt.RECORD :].tobytes())[-2 * xpt.RECORD :]

    def _blank_rows(self, size: int) -> int:
        """How many rows at the end a reader would take for padding; `size` counts whole records."""
        fewest, _ = xpt.plausible_rows(size, self.row_length)
        blank = (len(self._tail) - len(self._tail.rstrip(b" "))) // self.row_length
        return max(min(blank, self.rows - fewest), 0)


def _put_numbers(target: NDArray[np.uint8], values: NDArray[np.float64]) -> None:
    words = ibm.to_ibm(values)
    if target.shape[1] == 8:
        target.view(">u8")[:, 0] = words
    else:
        target[...] = words.astype(">u8").view(np.uint8).reshape(-1, 8)[:, : target.shape[1]]


def _put_texts(target: NDArray[np.uint8], array: Any) -> None:
    rows, length = target.shape
    padded = pc.ascii_rpad(array.view(pa.large_string()), width=length, padding=" ")
    whole = f"V{length}"  # one item a value: numpy copies it in one go
    if rows:
        target.view(whole)[:, 0] = np.frombuffer(padded.buffers()[2], whole, rows)
