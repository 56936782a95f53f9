"""What a night is held against: the package of the last good run and the exports that it was built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cdisc_conv.codes import night as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Finding, Place
from cdisc_conv.nightly.config import Job
from cdisc_conv.nightly.disk import read_json
from cdisc_conv.nightly.folders import Folders
from cdisc_conv.nightly.publish import LastGood
from cdisc_conv.nightly.report import Report, Verdict
from cdisc_conv.nightly.runlog import Log
from cdisc_conv.nightly.same import same_but_for_time

Earlier = tuple[tuple[str, Path], ...]


@dataclass(frozen=True, slots=True)
class Same:
    """Whether a build would give what was published; `notes` say what is another all the same."""

    yes: bool
    notes: tuple[Finding, ...] = ()


def same_as_last(folders: Folders, last: LastGood, made_of: Mapping[str, str]) -> Same:
    """Whether all that a build depends on is as it was; a later time in the manifest alone is no change."""
    before: dict[str, str] = last.facts.get("fingerprint", {})
    if before == made_of:
        return Same(True)
    manifest = str(last.facts.get("manifest", ""))
    if not manifest or before | {"raw": ""} != {**made_of, "raw": ""}:
        return Same(False)
    paths = [folders.snapshot(f["raw"]) for f in (before, made_of)]
    if not same_but_for_time(paths[0], paths[1], manifest):
        return Same(False)
    return Same(True, (codes.NEWER_MANIFEST.at(Place(file=manifest), manifest=manifest),))


def exports_before(folders: Folders, log: Log, last: LastGood | None) -> tuple[Path | None, Earlier]:
    """The snapshot of the last good run, and those of the good runs before it with their times."""
    good = [line for line in log.what("ended") if line.get("verdict") == str(Verdict.PUBLISHED)]
    nights = {str(line.get("snapshot")): f"the run of {line.get('at', '')[:16]}" for line in good}
    raw = str(last.facts.get("fingerprint", {}).get("raw", "")) if last else ""
    earlier = [(when, folders.snapshot(digest)) for digest, when in nights.items() if digest != raw]
    return (folders.snapshot(raw) if raw else None), tuple(earlier)


def compare(
    job: Job, folders: Folders, report: Report, last: LastGood | None, old_raw: Path | None, made: Path
) -> None:
    """What changed since the last good run: with the values in the package, without in the report."""
    from cdisc_conv.nightly.changes.changes import Sides, changes, without_values
    from cdisc_conv.nightly.changes.page import write_changes

    if last is None or old_raw is None:
        return
    if why := last.damaged() or ("" if old_raw.exists() else "its raw snapshot is gone"):
        report.night.add(codes.NOT_COMPARED.at(Place(), run=last.run, why=why))
        return
    before = read_json(last.folder / "run" / "run.json") or {}
    records = before.get("records", {}), report.records
    sides = Sides(last.folder, made, old_raw, folders.snapshot(str(report.snapshot["hash"])))
    try:
        content = changes(sides, job.workspace, job.study, records)
    except CannotRun as e:
        why = "; ".join(f.message for f in e.findings)
        report.night.add(codes.NOT_COMPARED.at(Place(), run=last.run, why=why))
        return
    report.changes = without_values(content)
    write_changes(made / "night", content, last.run, report.run, values=job.values)
