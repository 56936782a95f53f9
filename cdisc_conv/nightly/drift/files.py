"""Files of an export against last time, as files: cut off, older, twice, not what the manifest says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cdisc_conv.codes import drift as codes
from cdisc_conv.codes import raw as raw_codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Finding, Findings, Place, Severity
from cdisc_conv.model.raw import Delivered, RawTable
from cdisc_conv.nightly.drift.export import Export, Key
from cdisc_conv.nightly.drift.gates import Seen
from cdisc_conv.read.raw import READERS
from cdisc_conv.read.raw_snapshot import Snapshot

_SENDER = (raw_codes.HASH_DIFFERS, raw_codes.ROWS_DIFFER, raw_codes.MANIFEST_UNREADABLE)
_SIMILAR = 0.6


@dataclass(frozen=True, slots=True)
class Night:
    """The exports of an earlier good run: when, and the hash of each file."""

    when: str
    files: Mapping[str, str]

    @classmethod
    def of(cls, when: str, path: Path) -> Night | None:
        """A night's snapshot; None when it is gone."""
        try:
            files = Snapshot(path).files
        except CannotRun:
            return None
        return cls(when, {n: str(f["sha256"]) for n, f in files.items()})


def read_all(seen: Seen, export: Export, files: Sequence[str]) -> dict[Key, RawTable]:
    """The tables of some files; what cannot be read, or not whole, is told."""
    found: dict[Key, RawTable] = {}
    for file in files:
        try:
            keys = export.keys(file)
        except CannotRun as e:
            _unreadable(seen, Place(file=file), e.findings)
            continue
        for key in keys:
            place = Place(file=key[0], sheet=key[1])
            try:
                found[key] = export.table(key)
            except CannotRun as e:
                _unreadable(seen, place, e.findings)
                continue
            if not any(f.code is codes.TRUNCATED and f.place.file == file for f in seen.findings):
                _damaged(seen, place, found[key].findings)
    return found


def _unreadable(seen: Seen, place: Place, findings: Sequence[Finding]) -> None:
    empty = any(f.code is raw_codes.EMPTY for f in findings)
    what = "; ".join(f.message for f in findings)
    seen.add(codes.TRUNCATED if empty else codes.UNREADABLE, place, why=what)


def _damaged(seen: Seen, place: Place, findings: Findings) -> None:
    """What is wrong with a table that was read; of one that was cut off that alone."""
    cut = [f for f in findings if f.code is raw_codes.TRUNCATED]
    for f in cut or findings:
        if f.code is raw_codes.TRUNCATED:
            why = f.message.partition(": ")[2] or f.message
            seen.add(codes.TRUNCATED, place, why=why, rows=f.rows, count=f.count)
        elif f.code in (raw_codes.ROW_RAGGED, raw_codes.QUOTE_STRAY, raw_codes.REPLACED):
            seen.add(codes.DAMAGED, place, why=f.message, rows=f.rows, count=f.count)


def manifest(seen: Seen, old: Export | None, new: Export, changed: Sequence[str]) -> None:
    """What the sender's list says against what was sent, and against last time's list."""
    before = old.delivered() if old else {}
    if not new.study.manifest and new.manifest not in new.raw.files():
        return
    if new.manifest not in new.raw.files():
        if old is None or before:
            seen.add(codes.MANIFEST_MISSING, Place(file=new.manifest))
        return
    try:
        findings = new.raw.check_manifest(new.manifest, count_rows=changed)
    except CannotRun as e:
        seen.add(codes.UNREADABLE, Place(file=new.manifest), why="; ".join(f.message for f in e.findings))
        return
    for f in findings:
        if f.code in _SENDER or (f.code is raw_codes.FILE_MISSING):
            seen.add(codes.MANIFEST, f.place, why=_told(f))
        elif f.code is raw_codes.NOT_LISTED and f.place.file in before:
            seen.add(codes.NOT_LISTED, f.place)
        elif f.code not in (raw_codes.NOT_LISTED,) and f.severity is Severity.ERROR:
            seen.add(codes.MANIFEST, f.place, why=_told(f))
    _exported(seen, before, new.delivered())


def _told(finding: Finding) -> str:
    if finding.code is raw_codes.HASH_DIFFERS:
        return "its SHA-256 is another"
    return finding.message


def _exported(seen: Seen, before: Mapping[str, Delivered], now: Mapping[str, Delivered]) -> None:
    """Files that were exported earlier than last time's."""
    late: dict[tuple[datetime, datetime], list[str]] = {}
    for file, line in now.items():
        last = before.get(file)
        if last and last.exported_at and line.exported_at and line.exported_at < last.exported_at:
            late.setdefault((last.exported_at, line.exported_at), []).append(file)
    for (was, is_now), files in late.items():
        more = f" and {len(files) - 1} more files" if len(files) > 1 else ""
        why = f"exported {is_now:%Y-%m-%d %H:%M:%S} by the manifest, last time {was:%Y-%m-%d %H:%M:%S}"
        seen.add(codes.OLDER, Place(file=files[0]), why=f"{why}{more}", count=len(files))


def twice(seen: Seen, old: Export | None, new: Export) -> None:
    """Files with one content under several names, which they had not last time."""
    by_hash: dict[str, list[str]] = {}
    for file in new.files:
        if new.store.size(file):
            by_hash.setdefault(new.hash(file), []).append(file)
    for files in by_hash.values():
        before = old.files if old else []
        if len(files) < 2 or (old and len({old.hash(f) if f in before else f for f in files}) == 1):
            continue
        files.sort(key=lambda f: (not new.is_read(f), f not in before, f))
        for file in files[1:]:
            code = codes.DUPLICATE_FORM if new.is_read(file) else codes.DUPLICATE_FILE
            seen.add(code, Place(file=file), other=files[0])


def cut_off(seen: Seen, old: Export, new: Export, file: str) -> bool:
    """Whether a text file is the beginning of last time's, or ends within a line as it did not."""
    if READERS.get(Path(file).suffix.lower()) != "csv":
        return False
    before, now = old.bytes(file), new.bytes(file)
    place = Place(file=file)
    if now and len(now) < len(before) and before.startswith(now):
        why = f"it is the first {len(now):,} of the {len(before):,} bytes of last time"
        seen.add(codes.TRUNCATED, place, why=why)
        return True
    if now and before.endswith((b"\n", b"\r")) and not now.endswith((b"\n", b"\r")):
        seen.add(codes.TRUNCATED, place, why="it does not end with a line end, last time it did")
        return True
    return False


def older(seen: Seen, old: Export, new: Export, file: str, earlier: Sequence[Night], listed: bool) -> None:
    """A file that was sent before, or was written earlier; `listed`: a manifest tells its time."""
    place = Place(file=file)
    for night in earlier:
        if night.files.get(file) == new.hash(file):
            seen.add(codes.OLDER, place, why=f"it is the file of {night.when}, which was changed since")
            return
    if not listed and new.modified(file) < old.modified(file):
        why = f"written {new.modified(file)}, last time {old.modified(file)}"
        seen.add(codes.OLDER, place, why=why)


def reading(seen: Seen, place: Place, old: RawTable, new: RawTable) -> bool:
    """Encoding and delimiter; whether texts beyond ASCII are no more what they were."""
    garbled = _garbled(seen, place, old, new)
    if old.encoding != new.encoding and len(new.rows):
        told = "see the garbled text" if garbled else "the texts are as they were"
        seen.add(codes.ENCODING, place, old=old.encoding, new=new.encoding, told=told)
    if old.delimiter != new.delimiter:
        seen.add(codes.DELIMITER, place, old=repr(old.delimiter), new=repr(new.delimiter))
    return garbled


def _garbled(seen: Seen, place: Place, old: RawTable, new: RawTable) -> bool:
    before, now = (_foreign(t) for t in (old, new))
    kept = len(before & now)
    if len(before) < 3 or kept > 0.5 * len(before) or len(new.rows) < _SIMILAR * len(old.rows):
        return False
    seen.add(codes.GARBLED, place, before=len(before), kept=kept)
    return True


def _foreign(table: RawTable) -> set[str]:
    """The different texts with letters beyond ASCII."""
    return {t for c in table.frame.columns for t in table.frame[c].unique() if not t.isascii()}


def like(old: RawTable, new: RawTable, old_hash: str, new_hash: str) -> tuple[float, str]:
    """How alike two tables of different names are, 0 when not at all, and why."""
    if old_hash == new_hash:
        return 2.0, "the same content"
    one, other = set(old.frame.columns), set(new.frame.columns)
    share = len(one & other) / max(len(one | other), 1)
    return (share, f"{share:.0%} of its columns are the same") if share >= 0.8 else (0.0, "")
