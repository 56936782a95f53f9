"""Where a SAS transport file's datasets begin and end, and what their headers say (text still as bytes)."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BufferedReader

import numpy as np

from cdisc_conv.codes import file as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Finding, Place
from cdisc_conv.model import xpt

_SCAN = 60_000 * xpt.RECORD
_FIRST8 = np.frombuffer(b"HEADER R", dtype=np.uint64)[0]
_LABEL = {b"LABELV8": ">hhh", b"LABELV9": ">hhhhh"}


@dataclass(frozen=True, slots=True)
class Library:
    """The file as a whole: its version (5 or 8), the texts of its header and its size in bytes."""

    version: int
    sas_version: bytes
    os: bytes
    created: bytes
    modified: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Member:
    """One dataset: its header's texts, variables, and from where to where its observations lie."""

    name: bytes
    label: bytes
    type: bytes
    created: bytes
    modified: bytes
    sas_version: bytes
    os: bytes
    unused: bytes
    namestrs: tuple[xpt.Namestr, ...]
    start: int
    end: int
    stated_rows: int | None

    @property
    def row_length(self) -> int:
        """Bytes of one observation."""
        return max((n.position + n.length for n in self.namestrs), default=0)


class _Records:
    """The header records of an open file; a record that is not there stops the reading."""

    def __init__(self, file: BufferedReader, place: Place, at: int) -> None:
        self.file, self.place = file, place
        file.seek(at)

    def take(self, size: int = xpt.RECORD) -> bytes:
        data = self.file.read(size)
        if len(data) < size:
            raise CannotRun(_cut_headers(self.place))
        return data

    def skip_to_record(self) -> None:
        self.file.seek(-(-self.file.tell() // xpt.RECORD) * xpt.RECORD)

    def expect(self, kind: bytes) -> bytes:
        """The next record, which must be the header record of this kind."""
        record = self.take()
        if record[:48] != b"HEADER RECORD*******" + kind.ljust(8) + b"HEADER RECORD!!!!!!!":
            self.broken(f"no {kind.decode()} record at byte {self.file.tell() - xpt.RECORD}")
        return record

    def broken(self, what: str) -> None:
        raise CannotRun(codes.XPT_BROKEN.at(self.place, what=what))

    def number(self, digits: bytes, what: str) -> int:
        if not digits.strip().isdigit():
            self.broken(f"the {what} is no number")
        return int(digits)


def read_library(file: BufferedReader, place: Place) -> Library:
    """The library header; a file that is none stops here with a finding."""
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(3 * xpt.RECORD)
    version = {xpt.LIBRARY: 5, xpt.LIBRARY_V8: 8}.get(head[:48])
    if version is None:
        raise CannotRun(codes.NOT_XPT.at(place, what=_looks_like(head)))
    if len(head) < 3 * xpt.RECORD:
        raise CannotRun(_cut_headers(place))
    return Library(version, head[104:112], head[112:120], head[144:160], head[160:240], size)


def _cut_headers(place: Place) -> Finding:
    return codes.XPT_TRUNCATED.at(place, hint="Ask for the file again.", what="in its headers")


def _looks_like(head: bytes) -> str:
    if not head:
        return "it is empty"
    if head[:48].startswith(b"\0" * 12 + b"\xc2\xea\x81\x60"):
        return "it is a SAS7BDAT file"
    if head.startswith(b"**COMPRESSED**") or b"LIB CONTROL" in head:
        return "it was made by PROC CPORT"
    return "its first record is not the library header"


def read_members(file: BufferedReader, library: Library, place: Place) -> list[Member]:
    """Every dataset of the file in order; reads the whole file once, in blocks."""
    starts = list(_member_starts(file, library))
    if not starts or starts[0] != 3 * xpt.RECORD:
        records = _Records(file, place, 3 * xpt.RECORD)
        records.expect(b"MEMBER" if library.version == 5 else b"MEMBV8")
    ends = [*starts[1:], library.size]
    return [_read_member(file, library.version, place, a, b) for a, b in zip(starts, ends, strict=True)]


def _member_starts(file: BufferedReader, library: Library) -> Iterator[int]:
    """Offsets of the member headers: they stand at whole records, also after a dataset's observations."""
    wanted = xpt.MEMBER if library.version == 5 else xpt.MEMBER_V8
    buffer = bytearray(_SCAN)
    at = 0
    file.seek(0)
    while got := file.readinto(buffer):
        firsts = np.ndarray((got // xpt.RECORD,), np.uint64, buffer, 0, (xpt.RECORD,))
        for record in np.flatnonzero(firsts == _FIRST8).tolist():
            start = record * xpt.RECORD
            if buffer[start : start + len(wanted)] == wanted:
                yield at + start
        at += got


def _read_member(file: BufferedReader, version: int, place: Place, at: int, end: int) -> Member:
    records = _Records(file, place, at)
    size = records.number(records.take()[74:78], "size of the namestr records")
    records.expect(b"DSCRPTR" if version == 5 else b"DSCPTV8")
    head, more = records.take(), records.take()
    namestr = records.expect(b"NAMESTR" if version == 5 else b"NAMSTV8")
    count = records.number(namestr[48:58], "count of variables")
    if size not in (136, 140):
        records.broken(f"namestr records of {size} bytes")
    namestrs = tuple(xpt.Namestr.unpack(records.take(size)) for _ in range(count))
    records.skip_to_record()
    obs = records.take()
    if version == 8:
        namestrs = tuple(replace(n, name=n.raw[88:120].rstrip(b" \0")) for n in namestrs)
        if obs[20:27] in _LABEL:
            namestrs = _long_texts(records, obs, namestrs)
            obs = records.take()
    if obs[20:28].rstrip() != (b"OBS" if version == 5 else b"OBSV8"):
        records.broken("no OBS record after the variables")
    _check(records, namestrs)
    return _member(version, head, more, namestrs, (file.tell(), end), obs)


def _member(
    version: int,
    head: bytes,
    more: bytes,
    namestrs: tuple[xpt.Namestr, ...],
    span: tuple[int, int],
    obs: bytes,
) -> Member:
    at = 0 if version == 5 else 24  # the name takes 32 bytes in version 8
    stated = re.match(rb" *(\d+)", obs[48:63]) if version == 8 else None
    return Member(
        head[8 : 16 + at],
        more[32:72],
        more[72:80],
        head[64:80],
        more[:16],
        head[24 + at : 32 + at],
        head[32 + at : 40 + at],
        more[16:32],
        namestrs,
        *span,
        int(stated[1]) if stated and int(stated[1]) else None,
    )


def _long_texts(records: _Records, obs: bytes, old: tuple[xpt.Namestr, ...]) -> tuple[xpt.Namestr, ...]:
    """Version 8: labels over 40 bytes and formats over 8 stand in records of their own."""
    sizes = struct.Struct(_LABEL[obs[20:27]])
    found = {n.varnum: n for n in old}
    for _ in range(records.number(obs[48:80].split()[0], "count of long labels")):
        varnum, *lengths = sizes.unpack(records.take(sizes.size))
        texts = [records.take(n) for n in lengths]
        if varnum not in found:
            records.broken(f"a label for variable {varnum}, which is not there")
        new = replace(found[varnum], name=texts[0].rstrip(b" \0"), label=texts[1].rstrip(b" \0"))
        if len(texts) == 4:
            new = replace(new, format=texts[2].rstrip(b" \0"), informat=texts[3].rstrip(b" \0"))
        found[varnum] = new
    records.skip_to_record()
    return tuple(found[n.varnum] for n in old)


def _check(records: _Records, namestrs: tuple[xpt.Namestr, ...]) -> None:
    """Types, lengths and positions that cannot be read stop the reading."""
    end = 0
    for number, n in enumerate(namestrs, 1):
        if n.kind not in (1, 2) or n.length < 1 or (n.numeric and not 2 <= n.length <= 8):
            records.broken(f"variable {number} has type {n.kind} and length {n.length}")
        if n.position < end:
            records.broken(f"variable {number} begins within the one before")
        end = n.position + n.length
    names = [n.name for n in namestrs]
    if len(set(names)) < len(names):
        records.broken("two variables have one name")
