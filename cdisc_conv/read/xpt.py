"""Read SAS transport files (XPT, version 5; version 8 as well): values, and all that the file says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BufferedReader
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from cdisc_conv.codes import file as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place, Severity
from cdisc_conv.model.xpt_text import LADDER, fits, normal_name
from cdisc_conv.read.xpt_header import Library, Member, read_library, read_members
from cdisc_conv.read.xpt_rows import count_rows, pick
from cdisc_conv.read.xpt_values import Columns, header_facts

_BLOCK = 4 << 20  # bytes read at a time


def read_xpt(
    path: str | Path,
    *,
    encoding: str = "auto",
    member: str | None = None,
    partial: bool = False,
    findings: Findings | None = None,
) -> pd.DataFrame:
    """A SAS transport file as a frame: numbers as float64, text as `str` (trailing blanks cut, "" if blank).

    Missing numbers are NaN; special ones (`.A` to `.Z`, `._`) keep their letter in the NaN
    (`cdisc_conv.model.ibm.missing_letters`). `attrs["xpt"]` holds the facts of the headers, from which
    `write_xpt` makes the same records again; `attrs["findings"]` the findings, also added to `findings`.
    Both attrs are plain JSON data. Rows are counted from 1.

    `encoding` "auto" takes ASCII, else UTF-8 where all text is valid, else Windows-1252, and says so when
    it is not ASCII. `member` names the dataset in a file of several. A file that is cut off stops with a
    finding; `partial=True` reads its whole rows. Raises `CannotRun` with findings.
    """
    with _open(path, findings) as source:
        source.choose(member, partial)
        columns = source.load(0, source.rows)
        return source.frame(columns, source.encoding(encoding, [columns]))


def iter_xpt(
    path: str | Path,
    rows: int = 100_000,
    *,
    encoding: str = "auto",
    member: str | None = None,
    partial: bool = False,
    findings: Findings | None = None,
) -> Iterator[pd.DataFrame]:
    """The same frame as `read_xpt` gives, in pieces of `rows` rows whose index goes on; one piece when empty.

    With `encoding` "auto" the file is read once more beforehand, since its last row may decide.
    """
    with _open(path, findings) as source:
        source.choose(member, partial)
        starts = range(0, max(source.rows, 1), max(rows, 1))
        used = source.encoding(encoding, (source.load(start, rows) for start in starts))
        for start in starts:
            yield source.frame(source.load(start, rows), used)


def _open(path: str | Path, findings: Findings | None) -> _Source:
    place = Place(file=str(path))
    try:
        return _Source(Path(path).open("rb"), place, Findings() if findings is None else findings)
    except OSError as error:
        raise CannotRun(codes.XPT_UNREADABLE.at(place, what=error.strerror or str(error))) from error


class _Source:
    """An open transport file, the dataset chosen in it, and what was noticed."""

    library: Library
    member: Member
    rows: int
    auto: bool

    def __init__(self, file: BufferedReader, place: Place, findings: Findings) -> None:
        self.file, self.place, self.findings = file, place, findings
        self.before = len(findings)

    def __enter__(self) -> _Source:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def choose(self, name: str | None, partial: bool) -> None:
        """Read the headers, pick the dataset and count its rows."""
        self.library = read_library(self.file, self.place)
        if self.library.version == 8:
            self.findings.add(codes.XPT_V8.at(self.place))
        self.member = pick(read_members(self.file, self.library, self.place), name, self.place)
        self.rows = count_rows(self.file, self.member, partial, self.place, self.findings)

    def load(self, first: int, rows: int) -> Columns:
        """The columns of up to `rows` rows from row `first` (0 is the first)."""
        columns = Columns(self.member, first, max(min(rows, self.rows - first), 0))
        length = self.member.row_length
        step = max(_BLOCK // max(length, 1), 1)
        buffer = bytearray(min(step, columns.rows) * length)
        self.file.seek(self.member.start + first * length)
        for start in range(0, columns.rows, step):
            count = min(step, columns.rows - start)
            if self.file.readinto(memoryview(buffer)[: count * length]) != count * length:
                raise CannotRun(codes.XPT_TRUNCATED.at(self.place, what="it was cut while it was read"))
            columns.add(start, np.frombuffer(buffer, np.uint8, count * length).reshape(count, length))
        return columns

    def encoding(self, wanted: str, pieces: Iterable[Columns]) -> str:
        """The encoding to use; "auto" looks at the texts of the headers and of all pieces."""
        self.auto = wanted == "auto"
        if not self.auto:
            return normal_name(wanted)
        ranks = [LADDER.index(piece.encoding()) for piece in pieces]
        header = pa.array([self.member.label, *(n.label for n in self.member.namestrs)], pa.large_binary())
        return LADDER[max([LADDER.index(fits(header.view(pa.large_string()))), *ranks])]

    def frame(self, columns: Columns, encoding: str) -> pd.DataFrame:
        """The values as a frame that carries what the headers say, and the findings so far."""
        decoded, findings = columns.decoded(encoding, self.place, said=not self.auto)
        self.findings.extend(findings)
        errors = [f for f in findings if f.severity is Severity.ERROR]
        if errors:
            raise CannotRun(*errors)
        try:
            facts = header_facts(self.library, self.member, self.rows, encoding)
        except UnicodeError as error:
            raise CannotRun(codes.XPT_UNDECODABLE.at(self.place, encoding=encoding)) from error
        for name, letters in columns.special.items():
            facts["variables"][name]["special_missing"] = letters
        index = pd.RangeIndex(columns.first, columns.first + columns.rows)
        frame = pd.DataFrame(decoded, index=index, copy=False)
        frame.attrs["xpt"] = facts
        frame.attrs["findings"] = [f.as_dict() for f in self.findings.items[self.before :]]
        return frame
