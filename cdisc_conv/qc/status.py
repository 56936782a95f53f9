"""Where every dataset of a study stands: the recorded outcome, if both files are still those compared."""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import file_digest
from pathlib import Path

from cdisc_conv.model.difference import DatasetDiff, Side, Verdict
from cdisc_conv.model.qc import QcEntry, QcFile, QcSide, QcStatus, State

SAME_BYTES = "both sides are the same file, byte for byte: a copy is no independent program's"


def statuses(content: QcFile, root: Path, expected: Iterable[str]) -> list[QcStatus]:
    """The state of every dataset recorded or expected, by name; files are looked for from `root`."""
    names = sorted({*content.entries, *expected})
    return [_status(name, content.entries.get(name), root) for name in names]


def _status(name: str, entry: QcEntry | None, root: Path) -> QcStatus:
    if entry is None:
        return QcStatus(name, State.NEVER)
    sides = (("production", entry.production), ("qc", entry.qc))
    moved = [text for what, side in sides if (text := _moved(what, side, root))]
    if moved:
        was = "" if entry.verdict is Verdict.EQUAL else f" (was {entry.verdict})"
        return QcStatus(name, State.STALE, "; ".join(moved) + was, entry)
    if entry.verdict is Verdict.EQUAL:
        same = entry.production.sha256 == entry.qc.sha256
        return QcStatus(name, State.PASS, SAME_BYTES if same else "", entry)
    return QcStatus(name, State.FAIL, str(entry.verdict), entry)


def _moved(what: str, side: QcSide, root: Path) -> str:
    """What is no longer as it was compared; "" when all is."""
    path = root / side.file
    if not path.is_file():
        return f"{what}: {side.file} is not there"
    return "" if file_hash(path) == side.sha256 else f"{what}: {side.file} changed"


def file_hash(path: Path) -> str:
    """SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def entry_of(diff: DatasetDiff, root: Path, by: str, date: str, tool: str) -> QcEntry:
    """A finished comparison (BASE production, COMPARE QC) as it is recorded."""
    how = diff.settings
    single = [f"{name} {tolerance}" for name, tolerance in sorted(how.tolerances.items())]
    method = [str(how.tolerance), *single]
    method += [f"without {', '.join(how.dropped)}"] if how.dropped else []
    method += [f"only {', '.join(how.kept)}"] if how.kept else []
    method += [f"text without regard to {', '.join(how.normalise)}"] if how.normalise else []
    method += ["values only"] if how.values_only else []
    return QcEntry(
        dataset=diff.name.upper(),
        production=_side(diff.base, root),
        qc=_side(diff.compare, root),
        verdict=diff.verdict,
        sysinfo=diff.sysinfo,
        by=by,
        date=date,
        tool=tool,
        method="; ".join(method),
        keys=diff.keys.variables,
    )


def _side(side: Side, root: Path) -> QcSide:
    path = Path(side.path)
    return QcSide(relative(path, root), side.sha256 or file_hash(path))


def relative(path: Path, root: Path) -> str:
    """A path as it is recorded: from the folder that `qc/` is in, '/' between."""
    return Path(os.path.relpath(path.absolute(), root.absolute())).as_posix()
