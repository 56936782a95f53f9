"""Whether a run log and the packages it tells of are as they were written.

A line that was changed, removed, put in or moved breaks the chain of hashes. Lines cut off at the end
leave the chain whole; they are found by `head.json`, by the packages (each holds how long the log was
when it was published), by the folders of the nights, and by a hash that someone kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdisc_conv.codes import night as codes
from cdisc_conv.errors import UsageMistake
from cdisc_conv.findings import Finding, Findings, Place, Severity
from cdisc_conv.nightly.disk import hashes, read_json, tree_hash
from cdisc_conv.nightly.folders import Folders
from cdisc_conv.nightly.lock import locked
from cdisc_conv.nightly.publish import PUBLISHED, recover, unfinished
from cdisc_conv.nightly.runlog import LOG, Line, Log, RunLog, read_log
from cdisc_conv.read.raw_snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found; `lines` and `packages` say how much was looked at."""

    findings: Findings
    lines: int
    packages: int
    last_hash: str

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings.at_least(Severity.ERROR)


def outs_of(path: Path) -> list[Path]:
    """The studies' output folders that a path speaks of: a config, an output folder, its log, one above.

    A run log that stands alone gives none; anything else raises `UsageMistake`.
    """
    if path.suffix.lower() in (".yaml", ".yml"):
        from cdisc_conv.nightly.config import read_config

        found = [j.out for j in read_config(path).jobs if is_out(j.out)]
    else:
        near = [f for f in (path, path.parent, path.parent.parent) if is_out(f)]
        below = sorted(f for f in path.iterdir() if is_out(f)) if path.is_dir() else []
        found = near[:1] or below
    if not found and not (path.is_file() and path.suffix == ".jsonl"):
        raise UsageMistake(f"{path} is no output folder of a nightly run, nor its run log")
    return found


def is_out(folder: Path) -> bool:
    """Whether a folder is the output of nightly runs."""
    return (folder / "log").is_dir() and (folder / "runs").is_dir()


def audit_log(path: Path, head: str = "") -> Audit:
    """Audit a run log that stands alone: its chain, and its end where `head.json` is beside it."""
    log = read_log(path.parent, path.name)
    if log.head is None:
        log.head = (log.count, log.last_hash)
    found = Findings([*_chain(log), *_end(log, None, head)])
    found.add(codes.AUDIT_ALONE.at(Place(file=path.name)))
    return Audit(_less_accepted(found, log), log.count, 0, log.last_hash)


def audit(out: Path, head: str = "", *, raw: bool = True) -> Audit:
    """Audit a study's output folder; `head` is the hash of a line that was kept elsewhere.

    With `raw` the contents of every snapshot that a kept package was built from are read as well.
    """
    folders = Folders(out)
    log = read_log(folders.log)
    found = Findings([*_chain(log), *_end(log, folders, head)])
    packages = _packages(folders)
    for run in packages:
        found.extend(_package(log, folders, run, raw))
    found.extend(_gone(log, packages))
    found.extend(_current(log, folders))
    return Audit(_less_accepted(found, log), log.count, len(packages), log.last_hash)


def accept(out: Path, why: str) -> Audit:
    """Put into the log that what an audit finds now was looked into and is right, by whom and why."""
    folders = Folders(out)
    with locked(folders.lock):
        log = RunLog(folders.log, folders.work)
        recover(folders, log)
        wrong = [f for f in audit(out).findings if f.severity is Severity.ERROR]
        log.append("accepted", why=why, wrong=[_known_by(f) for f in wrong], lines=log.log.count)
    return audit(out)


def wrong_with(log: Log) -> list[Finding]:
    """What is wrong with a log alone and was not accepted: no ground to publish on."""
    found = [*_chain(log), *_short(log)]
    return [f for f in _less_accepted(Findings(found), log) if f.severity is Severity.ERROR]


def _known_by(finding: Finding) -> str:
    return f"{finding.code.id} {finding.message}"


def _less_accepted(found: Findings, log: Log) -> Findings:
    """Findings, those accepted before as notes."""
    accepted = {known: line for line in log.what("accepted") for known in line.get("wrong", ())}
    return Findings([_accepted(f, accepted[_known_by(f)]) if _known_by(f) in accepted else f for f in found])


def _accepted(finding: Finding, line: Line) -> Finding:
    return codes.AUDIT_ACCEPTED.at(
        finding.place, line=line.get("n"), why=line.get("why"), what=finding.message
    )


def _chain(log: Log) -> Iterator[Finding]:
    place = Place(file=LOG)
    for number, what in log.problems:
        yield codes.AUDIT_LINE.at(Place(file=LOG, line=number), line=number, what=what)
    if log.torn:
        what = f"the writing of a last line was cut off after {len(log.torn)} bytes"
        yield codes.AUDIT_UNFINISHED.at(place, what=what)
    for line in unfinished(log):
        yield codes.AUDIT_UNFINISHED.at(place, what=f"run {line.get('run')} began and did not end")


def _end(log: Log, folders: Folders | None, head: str) -> Iterator[Finding]:
    """Lines that are gone from the end."""
    place = Place(file=LOG)
    yield from _short(log)
    if head and all(line.get("hash") != head for line in log.lines):
        yield codes.AUDIT_SHORT.at(place, what=f"no line has the hash {head[:16]}…")
    if folders is None:
        return
    known = {line.get("run") for line in log.lines}
    for kind, folder in (("package", folders.runs), ("night", folders.nights)):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.name not in known:
                yield codes.AUDIT_SHORT.at(
                    place, what=f"there is a {kind} {path.name}, which no line tells of"
                )


def _short(log: Log) -> Iterator[Finding]:
    if short := log.shortened():
        yield codes.AUDIT_SHORT.at(Place(file=LOG), what=short)


def _packages(folders: Folders) -> list[str]:
    return sorted(p.name for p in folders.runs.iterdir() if p.is_dir()) if folders.runs.is_dir() else []


def _package(log: Log, folders: Folders, run: str, raw: bool) -> Iterator[Finding]:
    """A package held against its own list and that against the log."""
    root = folders.runs / run
    facts = read_json(root / PUBLISHED)
    place = Place(file=f"runs/{run}")
    logged = next((line for line in log.what("publishing") if line.get("run") == run), None)
    if not isinstance(facts, dict):
        yield codes.AUDIT_PACKAGE.at(place, run=run, what=f"{PUBLISHED} cannot be read")
        return
    told, there = facts.get("files", {}), hashes(root, leave=[PUBLISHED])
    for name in sorted({*told, *there}):
        if told.get(name) != there.get(name):
            what = "is gone" if name not in there else "was changed" if name in told else "was put in"
            yield codes.AUDIT_PACKAGE.at(place, run=run, what=f"{name} {what}")
    if logged is not None and logged.get("package") != tree_hash(told):
        yield codes.AUDIT_PACKAGE.at(place, run=run, what="its list of files is not that of the log")
    before = facts.get("log", {})
    count = before.get("lines", 0)
    if count and (count > log.count or log.lines[count - 1].get("hash") != before.get("hash")):
        what = f"package {run} was published on line {count} of the log, which is another one or gone"
        yield codes.AUDIT_SHORT.at(Place(file=LOG), what=what)
    if raw and logged is not None:
        yield from _snapshot(folders, run, str(logged.get("inputs", {}).get("raw", "")))


def _snapshot(folders: Folders, run: str, digest: str) -> Iterator[Finding]:
    """The raw files that a package was built from are there, each with its content."""
    from cdisc_conv.errors import CannotRun

    try:
        snapshot = Snapshot(folders.snapshot(digest))
        if tree_hash({n: f["sha256"] for n, f in snapshot.files.items()}) != digest:
            yield codes.AUDIT_STORE.at(
                Place(file=f"runs/{run}"), run=run, what="its list of files was changed"
            )
        for name in snapshot.names:
            snapshot.load(name)
    except CannotRun as e:
        what = "; ".join(f"{f.place.file}: {f.message}" for f in e.findings)
        yield codes.AUDIT_STORE.at(Place(file=f"runs/{run}"), run=run, what=what)


def _gone(log: Log, packages: list[str]) -> Iterator[Finding]:
    """Published packages that are not there, though no line says that they were removed by policy."""
    removed = {run for line in log.what("removing") for run in line.get("runs", ())}
    for run in published(log)["sure"]:
        if run not in packages and run not in removed:
            what = "it is gone, and no line says that it was removed"
            yield codes.AUDIT_PACKAGE.at(Place(file=f"runs/{run}"), run=run, what=what)


def _current(log: Log, folders: Folders) -> Iterator[Finding]:
    """The published package is the last one that the log says was published."""
    current = folders.current_run()
    state = published(log)
    place = Place(file="current")
    if current in state["sure"][-1:] or (not current and not state["sure"]):
        return
    if current in state["perhaps"] or not (current or state["sure"]):
        return
    last = (state["sure"] or ["none"])[-1]
    yield codes.AUDIT_CURRENT.at(place, what=f"it is {current or 'none'}, the log says {last}")


def published(log: Log) -> dict[str, list[str]]:
    """Runs whose package was published by the log, and the one whose publication may have been cut off."""
    ends: dict[Any, Line] = {line.get("run"): line for line in log.what("ended", "cut off")}
    sure: list[str] = []
    perhaps: list[str] = []
    for line in log.what("publishing"):
        run = str(line.get("run"))
        end = ends.get(run)
        if end is None:
            perhaps.append(run)
        elif end.get("verdict") == "published" or end.get("published"):
            sure.append(run)
    return {"sure": sure, "perhaps": perhaps}
