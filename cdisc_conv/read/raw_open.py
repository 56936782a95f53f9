"""Which kind of raw export stands at a path: a folder, a zip of one, or the snapshot of a night."""

from __future__ import annotations

from pathlib import Path

from cdisc_conv.codes import raw as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Place
from cdisc_conv.read.raw_snapshot import ENDING, Snapshot
from cdisc_conv.read.raw_store import Folder, Store, Zip


def open_store(path: Path) -> Store:
    """The files of a raw folder, of a zip of one or of a snapshot; raises `CannotRun` when there is none."""
    if path.is_dir():
        return Folder(path)
    if not path.is_file():
        raise CannotRun(codes.NO_EXPORT.at(Place(file=path.name), path=str(path)))
    return Snapshot(path) if path.name.endswith(ENDING) else Zip(path)
