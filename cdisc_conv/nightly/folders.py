"""Where things are in a study's output folder.

current -> runs/ID          the published package; swapped in one step
runs/ID/m5/…  run/…         a package as `build` makes it
runs/ID/night/              published.json (hashes of all its files), profile.json, changes.json
nights/ID/                  report.json and output.log of every night, published or not
log/runs.jsonl  head.json   the run log, and how long it is
raw/objects/ab/…            raw files by their hash, each content once
raw/snapshots/HASH.snapshot.json    which file had which content
work/                       what is being made; the lock
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from cdisc_conv.codes.night import OUT_FOREIGN
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Place

_OURS = {"current", "runs", "nights", "log", "raw", "work"}
LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of one study's output; nothing is made until `make` is called."""

    out: Path

    @property
    def current(self) -> Path:
        """The link to the published run."""
        return self.out / "current"

    @property
    def runs(self) -> Path:
        """Published packages."""
        return self.out / "runs"

    @property
    def nights(self) -> Path:
        """A folder for each night."""
        return self.out / "nights"

    @property
    def log(self) -> Path:
        """The run log's folder."""
        return self.out / "log"

    @property
    def objects(self) -> Path:
        """Raw files by hash."""
        return self.out / "raw" / "objects"

    @property
    def snapshots(self) -> Path:
        """Snapshots by hash."""
        return self.out / "raw" / "snapshots"

    @property
    def work(self) -> Path:
        """What is being made."""
        return self.out / "work"

    @property
    def lock(self) -> Path:
        """The file that a run holds locked."""
        return self.work / LOCK

    def snapshot(self, digest: str) -> Path:
        """The file of a snapshot."""
        return self.snapshots / f"{digest}.snapshot.json"

    def make(self) -> None:
        """Make the folders; raises `CannotRun` when something else than a nightly output is there."""
        if self.out.is_dir():
            foreign = sorted(p.name for p in self.out.iterdir() if p.name not in _OURS)
            if foreign and not (self.out / "log").is_dir():
                what = ", ".join(foreign[:3]) + (" and more" if len(foreign) > 3 else "")
                raise CannotRun(OUT_FOREIGN.at(Place(file=str(self.out)), what=what))
        for folder in (self.runs, self.nights, self.log, self.objects, self.snapshots, self.work):
            folder.mkdir(parents=True, exist_ok=True)

    def clear_work(self) -> None:
        """Remove what a run that was cut off left half made; only for who holds the lock."""
        for path in self.work.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != LOCK:
                path.unlink()

    def current_run(self) -> str:
        """The run that is published, "" when there is none."""
        if not self.current.is_symlink():
            return ""
        return self.current.readlink().name if (self.current / "night").is_dir() else ""
