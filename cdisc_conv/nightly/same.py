"""Whether two snapshots hold the same exports but for the time that the sender's list tells."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from cdisc_conv.errors import CannotRun
from cdisc_conv.read.raw_snapshot import Snapshot

TIME = "exported_at"
Lines = dict[str, dict[str, str]]


def same_but_for_time(old: Path, new: Path, manifest: str) -> bool:
    """Whether only the manifest is another file, only its times are others, and none is earlier.

    Every file that it lists must be there with the hash it says; in doubt the answer is no.
    """
    try:
        sides = Snapshot(old), Snapshot(new)
        files = [{n: f["sha256"] for n, f in s.files.items() if n != manifest} for s in sides]
        if files[0] != files[1] or any(manifest not in s.files for s in sides):
            return False
        before, now = (_lines(s.load(manifest)) for s in sides)
    except (CannotRun, UnicodeDecodeError, csv.Error):
        return False
    if before is None or now is None or before.keys() != now.keys():
        return False
    return all(_same(before[name], now[name], files[1].get(name)) for name in now)


def _same(before: dict[str, str], now: dict[str, str], digest: str | None) -> bool:
    times = before.get(TIME, ""), now.get(TIME, "")
    others = [{k: v for k, v in line.items() if k != TIME} for line in (before, now)]
    sound = now.get("sha256", "").lower() == digest and len(times[0]) == len(times[1])
    return sound and others[0] == others[1] and times[0] <= times[1]


def _lines(data: bytes) -> Lines | None:
    """The manifest's lines by file, None when it is not of the plain kind."""
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    names = [(n or "").strip().lower() for n in reader.fieldnames or ()]
    if "file" not in names or "sha256" not in names:
        return None
    reader.fieldnames = names
    found: Lines = {}
    for row in reader:
        if None in row or None in row.values() or row["file"] in found:
            return None
        found[row["file"]] = row
    return found
