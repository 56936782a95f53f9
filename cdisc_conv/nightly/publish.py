"""A finished package becomes the published one in one step; what a run that was cut off left is tidied up."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cdisc_conv.codes.night import CUT_OFF, TORN_LOG
from cdisc_conv.findings import Findings, Place
from cdisc_conv.nightly.config import Keep
from cdisc_conv.nightly.disk import (
    as_json,
    hashes,
    link_whole,
    read_json,
    settle_folder,
    settle_tree,
    tree_hash,
    write_whole,
)
from cdisc_conv.nightly.folders import Folders
from cdisc_conv.nightly.runlog import LOG, Line, Log, RunLog
from cdisc_conv.read.raw_snapshot import object_path

PUBLISHED = "night/published.json"


@dataclass(frozen=True, slots=True)
class LastGood:
    """The published run: its id, folder and what `night/published.json` says of it."""

    run: str
    folder: Path
    facts: dict[str, Any]

    @property
    def package(self) -> str:
        """The hash of all its files, as published."""
        return str(self.facts.get("package", ""))

    def damaged(self) -> str:
        """What is not as it was published, "" when all is."""
        told: dict[str, str] = self.facts.get("files", {})
        there = hashes(self.folder, leave=[PUBLISHED])
        apart = sorted(n for n in {*told, *there} if told.get(n) != there.get(n))
        return f"{len(apart)} files, such as {apart[0]}" if apart else ""


def last_good(folders: Folders) -> LastGood | None:
    """The published run, None when there is none (or nothing says what it is)."""
    run = folders.current_run()
    facts = read_json(folders.runs / run / PUBLISHED) if run else None
    return LastGood(run, folders.runs / run, facts) if isinstance(facts, dict) else None


def publish(folders: Folders, log: RunLog, run: str, made: Path, facts: dict[str, Any]) -> str:
    """Publish the package in `made` (within `work/`) as run `run`; the hash of all its files.

    The order makes any cut-off harmless: all on disk, logged, in its place, then the link.
    """
    (made / "night").mkdir(exist_ok=True)
    files = hashes(made)
    package = tree_hash(files)
    before = {"lines": log.log.count, "hash": log.log.last_hash}
    content = {"run": run, "package": package, "files": files, "log": before, **facts}
    write_whole(made / PUBLISHED, as_json(content), made.parent)
    settle_tree(made)
    log.append("publishing", run=run, inputs=facts["fingerprint"], package=package)
    made.rename(folders.runs / run)
    settle_folder(folders.runs)
    link_whole(folders.current, f"runs/{run}", folders.work)
    return package


def recover(folders: Folders, log: RunLog) -> Findings:
    """Tidy up what a run that was cut off left; every line of the log stays."""
    findings = Findings()
    size, kept = log.mend()
    if size:
        findings.add(TORN_LOG.at(Place(file=LOG), bytes=size, file=kept))
        log.append("torn line", bytes=size, kept=kept)
    for line in unfinished(log.log):
        run = str(line["run"])
        published = folders.current_run() == run
        left = folders.runs / run
        if left.is_dir() and not published:
            shutil.rmtree(left)
        done = "it had published its package" if published else "the package before it stands"
        log.append("cut off", run=run, published=published)
        findings.add(CUT_OFF.at(Place(), run=run, when=line.get("at"), done=done))
    folders.clear_work()
    return findings


def unfinished(log: Log) -> list[Line]:
    """Runs that began and did not end."""
    done = {line.get("run") for line in log.what("ended", "cut off")}
    return [line for line in log.what("begun") if line.get("run") not in done]


def tidy(folders: Folders, log: RunLog, keep: Keep, now: datetime) -> list[str]:
    """Remove old runs as the policy says, never the published one; the runs removed."""
    current = folders.current_run()
    runs = sorted((p for p in folders.runs.iterdir() if p.is_dir()), key=lambda p: p.name, reverse=True)
    old = [r for r in runs[keep.runs :] if r.name != current and not _young(r, keep.days, now)]
    if old:
        log.append("removing", runs=[r.name for r in old])
    for run in old:
        aside = folders.work / f"old-{run.name}"
        run.rename(aside)
        shutil.rmtree(aside)
    for night in sorted(folders.nights.iterdir(), reverse=True)[keep.nights :]:
        shutil.rmtree(night)
    if keep.raw == "runs" and old:
        _forget_raw(folders)
    return [r.name for r in old]


def _young(run: Path, days: int, now: datetime) -> bool:
    try:
        made = datetime.strptime(run.name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return True
    return now - made < timedelta(days=days)


def _forget_raw(folders: Folders) -> None:
    """Remove snapshots that no kept run was built from, and contents that no snapshot has."""
    kept = {
        (read_json(r / PUBLISHED) or {}).get("fingerprint", {}).get("raw") for r in folders.runs.iterdir()
    }
    used = set()
    for path in folders.snapshots.iterdir():
        if path.name.partition(".")[0] not in kept:
            path.unlink()
        else:
            used |= {f["sha256"] for f in read_json(path)["files"].values()}
    for path in sorted(folders.objects.glob("??/*")):
        if path.name not in used:
            object_path(folders.objects, path.name).unlink()
