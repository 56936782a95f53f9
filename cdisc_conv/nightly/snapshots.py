"""A study's raw exports as they are tonight: every content kept once, by its hash."""

from __future__ import annotations

import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cdisc_conv.codes.night import OBJECT_DAMAGED, UNSTABLE
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.nightly.disk import as_json, file_hash, settle_folder, tree_hash, write_whole
from cdisc_conv.nightly.folders import Folders
from cdisc_conv.read.raw_open import open_store
from cdisc_conv.read.raw_snapshot import KIND, object_path
from cdisc_conv.read.raw_store import Store

PAUSE = 2.0
"""Seconds to wait before a raw folder that changed while it was copied is copied again."""
_SHOWN = 5

Marks = dict[str, tuple[int, ...]]
"""Of each raw file what changes when someone writes to it: size, times, the file itself."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A snapshot: its hash (of names and contents), its file, and what it cost in new contents."""

    hash: str
    path: Path
    files: int
    size: int
    new_files: int
    new_bytes: int
    findings: Findings

    def as_dict(self) -> dict[str, object]:
        """The snapshot as plain JSON data."""
        told = ("hash", "files", "size", "new_files", "new_bytes")
        return {name: getattr(self, name) for name in told}


def take(raw: Path, folders: Folders, pause: float = PAUSE) -> Taken:
    """Copy a raw folder or zip into the store; the files are never written to.

    What changes or vanishes meanwhile is copied again, once; raises `CannotRun` when it still changes.
    """
    for attempt in (1, 2):
        before = marks(raw)
        try:
            taken = _copy(raw, folders)
            changed = _apart(before, marks(raw))
        except CannotRun as e:
            changed = [f.place.file for f in e.findings if f.code.id == "RAW005"]
            if not changed:
                raise
        if not changed:
            return taken
        if attempt == 1:
            time.sleep(pause)
    files = ", ".join(changed[:_SHOWN]) + (f" and {len(changed) - _SHOWN} more" * (len(changed) > _SHOWN))
    raise CannotRun(UNSTABLE.at(Place(file=raw.name), files=files))


def marks(raw: Path) -> Marks:
    """The marks of every file of a raw folder, or of the zip."""
    names = {n: raw / n for n in open_store(raw).names} if raw.is_dir() else {raw.name: raw}
    found: Marks = {}
    for name, path in names.items():
        try:
            stat = path.stat()
        except OSError:
            found[name] = ()
            continue
        found[name] = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_dev)
    return found


def _apart(before: Marks, after: Marks) -> list[str]:
    return sorted(n for n in {*before, *after} if before.get(n) != after.get(n) or not before.get(n))


def _copy(raw: Path, folders: Folders) -> Taken:
    store = open_store(raw)
    files: dict[str, dict[str, object]] = {}
    new: dict[str, int] = {}
    damaged: list[str] = []
    for name in store.names:
        data = store.load(name)
        digest = sha256(data).hexdigest()
        if _keep(folders, digest, data, name, damaged):
            new[digest] = len(data)
        files[name] = {"sha256": digest, "size": len(data), "modified": _time(store, name)}
    findings = Findings(list(store.findings))
    if damaged:
        findings.add(OBJECT_DAMAGED.at(Place(file=str(folders.objects)), files=", ".join(damaged[:_SHOWN])))
    tree = tree_hash({n: str(f["sha256"]) for n, f in files.items()})
    path = folders.snapshot(tree)
    if not path.exists():
        write_whole(path, as_json({"kind": KIND, "files": files}), folders.work)
    size = sum(int(str(f["size"])) for f in files.values())
    return Taken(tree, path, len(files), size, len(new), sum(new.values()), findings)


def _time(store: Store, name: str) -> str:
    return store.modified(name).isoformat(timespec="seconds")


def _keep(folders: Folders, digest: str, data: bytes, name: str, damaged: list[str]) -> bool:
    """Put a content into the store; whether it was not there."""
    path = object_path(folders.objects, digest)
    there = path.exists()
    if there and file_hash(path) == digest:
        return False
    if there:
        damaged.append(name)
    if not path.parent.is_dir():
        path.parent.mkdir()
        settle_folder(folders.objects)
    write_whole(path, data, folders.work)
    return not there
