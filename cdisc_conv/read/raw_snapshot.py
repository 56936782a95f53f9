"""A raw export as it was on one night: a list of files, their contents held once each by hash.

raw/snapshots/HASH.snapshot.json    {"kind": …, "files": {"ae.csv": {"sha256": …, "size": …, "modified": …}}}
raw/objects/ab/abcdef…              the contents
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cdisc_conv.codes import raw as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.read.raw_store import Store

ENDING = ".snapshot.json"
KIND = "cdisc_conv raw snapshot"
_HASH = re.compile(r"[0-9a-f]{64}")


def object_path(objects: Path, digest: str) -> Path:
    """Where a content of that hash is kept."""
    return objects / digest[:2] / digest


class Snapshot(Store):
    """The files of a snapshot; every content is held against its hash when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings = Findings()
        self.objects = path.absolute().parent.parent / "objects"
        self.files = self._read()

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            files: dict[str, dict[str, Any]] = dict(content["files"]) if content["kind"] == KIND else {}
            sound = content["kind"] == KIND and all(
                _HASH.fullmatch(f["sha256"]) and f["size"] >= 0 and f["modified"] for f in files.values()
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            sound = False
        if not sound:
            raise CannotRun(
                codes.SNAPSHOT_BROKEN.at(Place(file=self.path.name), what="the list of its files")
            )
        return files

    @property
    def names(self) -> list[str]:
        """The raw files, sorted."""
        return sorted(self.files)

    def load(self, name: str) -> bytes:
        """The bytes; they must have the hash they had."""
        digest = self.files[name]["sha256"]
        try:
            data = object_path(self.objects, digest).read_bytes()
        except OSError:
            data = None
        if data is None or sha256(data).hexdigest() != digest:
            what = "its content is gone" if data is None else "its content was changed"
            raise CannotRun(codes.SNAPSHOT_BROKEN.at(Place(file=name), what=what))
        return data

    def modified(self, name: str) -> datetime:
        """When the file was last written, as it was when the snapshot was taken."""
        return datetime.fromisoformat(self.files[name]["modified"])

    def size(self, name: str) -> int:
        """The file's bytes."""
        return int(self.files[name]["size"])
