"""Which encoding a text file is in: by its byte order mark, its validity and how likely its text is."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from typing import NamedTuple

from cdisc_conv.codes import raw as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place, Row

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WEIGHED = 1_000_000
"""Bytes that are weighed, of the lines that are not plain ASCII."""

SAMPLE = 20_000
"""Characters, or runs of non-ASCII bytes, that are weighed of those."""

UNSURE = 0.3
"""Two encodings whose likelihoods (0 to 1) are nearer than this cannot be told apart."""

CUT_OFF = ("unexpected end of data", "incomplete multibyte sequence", "truncated data")
"""What Python's decoders say of a character whose last bytes are not there."""

WESTERN_SIGNS = frozenset("°±²³µ·×÷½¼¾§©®™€£…–—‘’“”•«»¿¡ºª")
HIGH_RUN = re.compile(rb"(.?)([\x80-\xff]+)(?=(.?))", re.DOTALL)


class Text(NamedTuple):
    """A file's text as UTF-8 without a byte order mark, and the encoding it was in."""

    utf8: bytes
    encoding: str


def to_text(data: bytes, declared: str, file: str, findings: Findings) -> Text:
    """Decode a text file strictly; `declared` wins over what the bytes look like.

    Raises `CannotRun` where bytes are not of the encoding: row and byte offset are in the finding.
    """
    if declared.lower() not in ("", "auto"):
        return _strict(data, _known(declared, file), file)
    for mark, name in MARKS:
        if data.startswith(mark):
            return _strict(data, name, file)
    if data.isascii() and b"\0" not in data:
        return Text(data, "utf-8")
    if b"\0" in data:
        raise CannotRun(codes.NOT_TEXT.at(Place(file=file)))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(data, _likeliest(data, file, findings), file)
    return Text(data, "utf-8")


def _known(declared: str, file: str) -> str:
    try:
        codecs.lookup(declared)
        "".encode(declared)
    except LookupError:
        raise CannotRun(codes.ENCODING_UNKNOWN.at(Place(file=file), encoding=declared)) from None
    return declared.lower()


def _strict(data: bytes, encoding: str, file: str) -> Text:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as e:
        offset = e.start + (len(codecs.BOM_UTF8) if encoding == "utf-8-sig" else 0)
        before = data[:offset].decode(encoding, "ignore").replace("\r\n", "\n").replace("\r", "\n")
        place = Place(file=file, line=before.count("\n") + 1)
        row = _row(before)
        if e.reason in CUT_OFF and e.end + offset - e.start >= len(data):
            why = f"it ends in the middle of a character (row {row})"
            raise CannotRun(codes.TRUNCATED.at(place, why=why, rows=(Row(file, row),))) from None
        raise CannotRun(
            codes.UNDECODABLE.at(place, offset=offset, row=row, encoding=encoding, rows=(Row(file, row),))
        ) from None
    if "\0" in text:
        raise CannotRun(codes.NOT_TEXT.at(Place(file=file)))
    text = text.removeprefix("\ufeff")
    return Text(text.encode("utf-8"), encoding)


def _row(before: str) -> int:
    """The row that begins or goes on after this text: line breaks within quotes do not count."""
    return sum(part.count("\n") for part in before.split('"')[::2]) + 1


def _likeliest(data: bytes, file: str, findings: Findings) -> str:
    """The likeliest of UTF-8 (damaged), GB18030 and Windows-1252; a finding says how sure that is."""
    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())[:WEIGHED]
    scores = {"gb18030": chinese(telling), "cp1252": western(telling), "utf-8": damaged_utf8(telling)}
    (best, first), (other, second) = sorted(scores.items(), key=lambda s: -s[1])[:2]
    if first - second < UNSURE or first < 0.5:
        findings.add(codes.ENCODING_UNSURE.at(Place(file=file), encoding=best, other=other))
    else:
        findings.add(codes.ENCODING_DETECTED.at(Place(file=file), encoding=best))
    return best


def damaged_utf8(data: bytes) -> float:
    """Share of the non-ASCII characters that are whole when read as UTF-8."""
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return (beyond - lost) / beyond


def chinese(data: bytes) -> float:
    """How likely the text is GB18030: common Chinese characters and signs among the non-ASCII ones."""
    text = re.sub(r"[\x00-\x7f]+", "", data.decode("gb18030", "replace"))[:SAMPLE]
    seen = Counter(text)
    return sum(_weight(c) * n for c, n in seen.items()) / max(len(text), 1)


def _weight(character: str) -> float:
    """1 for a common character of GB 2312 (level 1, signs), less for a rarer one, 0 for a broken one."""
    if character == "\ufffd" or "\ue000" <= character <= "\uf8ff":
        return 0.0
    try:
        lead = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 0.2
    return 1.0 if lead <= 0xD7 else 0.5


def western(data: bytes) -> float:
    """How likely the text is Windows-1252: lone accented letters within words, and the usual signs."""
    good = total = 0
    for match, _ in zip(HIGH_RUN.finditer(data), range(SAMPLE), strict=False):
        before, run, after = match.groups()
        total += len(run)
        good += _western_run(before, run.decode("cp1252", "replace"), after)
    return good / max(total, 1)


def _western_run(before: bytes, run: str, after: bytes) -> int:
    """How many characters of a run of non-ASCII ones could stand there in Western text."""
    beside = before.isalpha() + after.isalpha()
    if len(run) == 1:
        return int(run in WESTERN_SIGNS or (run.isalpha() and beside > 0))
    if len(run) == 2 and (beside == 2 or (beside and run[0] in WESTERN_SIGNS)):
        return sum(c in WESTERN_SIGNS or c.isalpha() for c in run)
    return 0
