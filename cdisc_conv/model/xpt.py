"""Layout of SAS transport files (XPORT engine, version 5; version 8 for reading).

A file is a run of 80-byte records: library header, then per dataset (member) its header, one 140-byte
namestr per variable, and the observations end to end, blank-padded to a whole record. No row count is
stored. Source: SAS technical papers TS-140 (version 5) and "Record layout of a SAS version 8 or 9 data set".
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from datetime import datetime

from cdisc_conv.model.xpt_text import encode

RECORD = 80
NAMESTR = 140
MAX_NAME = 8
MAX_LABEL = 40
MAX_TEXT = 200
EPOCH = datetime(1960, 1, 1)
"""The fixed creation time of files, so that the same data give the same bytes."""

_TAIL = b"0" * 30 + b"  "
LIBRARY = b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"
MEMBER = b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!"
DSCRPTR = b"HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!"
NAMESTRS = b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!"
OBS = b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!"
LIBRARY_V8 = b"HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!"
MEMBER_V8 = b"HEADER RECORD*******MEMBV8  HEADER RECORD!!!!!!!"

_NAMESTR = struct.Struct(">hhhh8s40s8shhh2s8shhi")
_FORMAT = re.compile(r"(?P<name>\$?(?:[A-Z_](?:[A-Z0-9_]*[A-Z_])?)?)(?P<width>\d*)\.(?P<decimals>\d*)", re.I)


@dataclass(frozen=True, slots=True)
class XptFormat:
    """A format or informat: `DATE9.` is the name DATE and the width 9; `8.2` has no name."""

    name: str = ""
    width: int = 0
    decimals: int = 0

    @classmethod
    def parse(cls, text: str) -> XptFormat:
        """Read `DATE9.`, `$12.`, `8.2`; "" is no format. Any other text raises `ValueError`."""
        if not text:
            return cls()
        match = _FORMAT.fullmatch(text)
        if match is None or len(match["name"]) > MAX_NAME:
            raise ValueError(text)
        name, width, decimals = match.groups()
        made = cls(name.upper(), int(width or 0), int(decimals or 0))
        if max(made.width, made.decimals) > 32767:
            raise ValueError(text)
        return made

    def __str__(self) -> str:
        if self == XptFormat():
            return ""
        return f"{self.name}{self.width or ''}.{self.decimals or ''}"


def is_format(text: str) -> bool:
    """Whether `XptFormat.parse` takes this text."""
    try:
        return XptFormat.parse(text) is not None
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class XptColumn:
    """One variable: `length` in bytes (numbers 2 to 8, text 1 to 200), formats as text such as `DATE9.`.

    `namestr` is the record of the file that the variable was read from: bytes of it that these facts do
    not decide (padding, alignment of the format) are written as they were.
    """

    name: str
    label: str = ""
    numeric: bool = False
    length: int = 8
    format: str = ""
    informat: str = ""
    namestr: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class XptHeader:
    """What the headers say: of the dataset (member) and of the library around it; times as written there."""

    name: str = ""
    label: str = ""
    type: str = ""
    created: str = ""
    modified: str = ""
    sas_version: str = "9.4"
    os: str = "PYTHON"
    library_created: str = ""
    library_modified: str = ""
    library_sas_version: str = "9.4"
    library_os: str = "PYTHON"


@dataclass(frozen=True, slots=True)
class Namestr:
    """A variable's record as bytes: text fields still undecoded, trailing blanks and NULs cut."""

    numeric: bool
    length: int
    varnum: int
    name: bytes
    label: bytes
    format: bytes
    format_size: tuple[int, int]
    justify: int
    informat: bytes
    informat_size: tuple[int, int]
    position: int
    kind: int
    raw: bytes

    @classmethod
    def unpack(cls, raw: bytes) -> Namestr:
        """Take apart 136 or 140 bytes."""
        kind, _, length, varnum, name, label, form, fl, fd, justify, _, inform, il, idec, at = (
            _NAMESTR.unpack_from(raw)
        )
        name, label, form, inform = (text.rstrip(b" \0") for text in (name, label, form, inform))
        sizes = (fl, fd), (il, idec)
        return cls(
            kind == 1, length, varnum, name, label, form, sizes[0], justify, inform, sizes[1], at, kind, raw
        )


def pack_namestr(column: XptColumn, varnum: int, position: int, encoding: str) -> bytes:
    """The 140 bytes of a variable; `varnum` from 1, `position` in bytes from the start of the observation."""
    form, inform = XptFormat.parse(column.format), XptFormat.parse(column.informat)
    old = Namestr.unpack(column.namestr) if len(column.namestr) >= _NAMESTR.size else None

    def text(value: str, size: int, at: int, before: bytes | None) -> bytes:
        new = encode(value, encoding)
        return column.namestr[at : at + size] if new == before else new.ljust(size)

    fixed = _NAMESTR.pack(
        1 if column.numeric else 2,
        struct.unpack_from(">h", column.namestr, 2)[0] if old else 0,
        column.length,
        varnum,
        text(column.name, 8, 8, old.name if old else None),
        text(column.label, 40, 16, old.label if old else None),
        text(form.name, 8, 56, old.format if old else None),
        form.width,
        form.decimals,
        old.justify if old else 0,
        column.namestr[70:72] if old else b"\0\0",
        text(inform.name, 8, 72, old.informat if old else None),
        inform.width,
        inform.decimals,
        position,
    )
    return fixed + column.namestr[_NAMESTR.size : NAMESTR].ljust(NAMESTR - _NAMESTR.size, b"\0")


def padded(data: bytes) -> bytes:
    """Blank-padded to whole records."""
    return data.ljust(-(-len(data) // RECORD) * RECORD)


def pack_header(header: XptHeader, columns: int, encoding: str) -> bytes:
    """All header records before the namestrs."""

    def put(text: str, size: int) -> bytes:
        return encode(text, encoding).ljust(size)

    library = b"SAS     SAS     SASLIB  " + put(header.library_sas_version, 8) + put(header.library_os, 8)
    member = put("SAS", 8) + put(header.name, 8) + b"SASDATA "
    member += put(header.sas_version, 8) + put(header.os, 8)
    return b"".join(
        [
            LIBRARY + _TAIL,
            library + b" " * 24 + put(header.library_created, 16),
            put(header.library_modified, 80),
            MEMBER + b"000000000000000001600000000140  ",
            DSCRPTR + _TAIL,
            member + b" " * 24 + put(header.created, 16),
            put(header.modified, 32) + put(header.label, 40) + put(header.type, 8),
            NAMESTRS + b"%010d" % columns + b"0" * 20 + b"  ",
        ]
    )


_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
OBS_RECORD = OBS + _TAIL
ROWS_AT = 6 * RECORD + 16
"""Where the 16 unused bytes of the member header are; see `rows_mark`."""


def rows_mark(rows: int) -> bytes:
    """The row count as this package notes it in unused header bytes, only where the data cannot tell it.

    Rows at the end that are all blank look like the padding of the last record when an observation is
    short. SAS and all readers drop them; the mark lets our reader keep them.
    """
    return b"ROWS%12d" % rows


def marked_rows(unused: bytes) -> int | None:
    """The row count of a `rows_mark`, None when the bytes are not one."""
    match = re.fullmatch(rb"ROWS *(\d+)", unused)
    return int(match[1]) if match else None


def plausible_rows(size: int, row_length: int) -> tuple[int, int]:
    """Fewest and most whole observations that `size` bytes of padded records may hold.

    The padding is shorter than a record, so the counts differ only when an observation is, too.
    """
    if not size or not row_length:
        return 0, 0
    return max(size - RECORD, -row_length) // row_length + 1, size // row_length


def timestamp(when: datetime) -> str:
    """A time as the headers have it: `30MAY18:09:31:18` (16 characters, two-digit year)."""
    return f"{when:%d}{_MONTHS[when.month - 1]}{when:%y:%H:%M:%S}"
