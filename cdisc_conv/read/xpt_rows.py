"""Which dataset of a transport file is read, and how many rows it has: the format stores no row count.

Observations lie end to end and the last 80-byte record is padded with blanks. Where an observation is
shorter than a record, blank rows at the very end look like padding: rows that the padding cannot account for
are kept, the others are taken for padding (as SAS does) and the finding FILE008 says so, unless the file
carries the mark of our writer (`cdisc_conv.model.xpt.rows_mark`).
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BufferedReader

from cdisc_conv.codes import file as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model import xpt
from cdisc_conv.read.xpt_header import Member


def pick(members: Sequence[Member], name: str | None, place: Place) -> Member:
    """The dataset of this name (any case), or the only one; else a finding that names them all."""
    names = [m.name.decode("ascii", "replace").strip() for m in members]
    listed = ", ".join(names)
    if name is None:
        if len(members) > 1:
            raise CannotRun(codes.XPT_MEMBERS.at(place, number=len(members), names=listed))
        return members[0]
    for member, known in zip(members, names, strict=True):
        if known.upper() == name.upper():
            return member
    raise CannotRun(codes.XPT_NO_MEMBER.at(place, name=name, names=listed))


def count_rows(file: BufferedReader, member: Member, partial: bool, place: Place, findings: Findings) -> int:
    """Rows of a dataset; a file that is cut off stops with FILE003 unless `partial`."""
    size, length = member.end - member.start, member.row_length
    most = size // length if length else 0
    rest = _read(file, member.start + most * length, member.end)
    if member.stated_rows is not None:
        what = f"{most} whole rows of {member.stated_rows}" if member.stated_rows > most else ""
    elif len(rest) >= xpt.RECORD or rest.strip(b" \0"):
        what = f"{len(rest)} bytes of a row of {length} remain after {most} whole rows"
    else:
        what = ""
    if what:
        finding = codes.XPT_TRUNCATED.at(place, what=what)
        findings.add(finding)
        if not partial:
            raise CannotRun(finding)
        return most
    if member.stated_rows is not None:
        return member.stated_rows
    if size % xpt.RECORD:
        findings.add(codes.XPT_UNPADDED.at(place))
        return most
    return _without_padding(file, member, most, place, findings)


def _without_padding(
    file: BufferedReader, member: Member, most: int, place: Place, findings: Findings
) -> int:
    """Rows of a whole file: at most `most`, less those at the end that may be padding."""
    length = member.row_length
    fewest, _ = xpt.plausible_rows(member.end - member.start, length)
    marked = xpt.marked_rows(member.unused)
    if marked is not None and fewest <= marked <= most:
        return marked
    data = _read(file, member.start + fewest * length, member.start + most * length)
    blank = (len(data) - len(data.rstrip(b" "))) // length if length else 0
    if blank and not any(n.numeric for n in member.namestrs):
        findings.add(codes.XPT_BLANK_END.at(place, number=blank))
    return most - blank


def _read(file: BufferedReader, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(max(end - start, 0))
