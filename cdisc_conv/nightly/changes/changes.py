"""What changed since the last good run: records by natural key, behind each changed value the raw change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdisc_conv import pipeline
from cdisc_conv.diff.why import Present, follow_all, runs_apart
from cdisc_conv.errors import CdiscConvError
from cdisc_conv.model.difference import DatasetDiff
from cdisc_conv.model.lineage import Trace
from cdisc_conv.model.why import Followed, Run
from cdisc_conv.nightly.changes.raw import RawChange, RawChanges, raw_changes
from cdisc_conv.nightly.changes.records import Told, compare_packages, one_sided, record_changes
from cdisc_conv.nightly.drift.export import Export
from cdisc_conv.nightly.drift.uses import Uses, uses_of
from cdisc_conv.read.run import run_above

FOLLOWED = 5000
"""Changed values that are followed to the raw data, at most."""
SUBJECTS = 400
"""Subjects that are built again for it, at most, all at once."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The package and the raw snapshot of the last good run, and those of tonight."""

    old: Path
    new: Path
    old_raw: Path
    new_raw: Path


def changes(
    sides: Sides, workspace: Path, study: str, records: tuple[dict[str, int], dict[str, int]]
) -> Told:
    """All that changed, as plain JSON data with values of subjects."""
    diff = compare_packages(sides.old, sides.new, workspace, study)
    told = [record_changes(d) for d in diff.datasets] + one_sided(diff, *records)
    told = [
        d for d in told if any(d[k] for k in ("new", "changed", "vanished", "not_told_apart")) or _other(d)
    ]
    content: Told = {"datasets": told, "inputs": _inputs(sides), "values": [], "values_left_out": 0}
    unequal = [d for d in diff.datasets if d.unequal]
    content["raw_rows"] = {}
    if unequal or told:
        _explained(content, unequal, sides, workspace, study)
    return content


def _other(told: Told) -> bool:
    return bool(told["new_variables"] or told["gone_variables"] or told.get("cannot"))


def _inputs(sides: Sides) -> list[Told]:
    """Inputs that are not the same in the two runs."""
    old, new = run_above(sides.old), run_above(sides.new)
    if old is None or new is None:
        return []
    return [{"kind": c.kind, "name": c.name, "what": c.what} for c in runs_apart(old, new).changes]


def _explained(content: Told, unequal: list[DatasetDiff], sides: Sides, workspace: Path, study: str) -> None:
    """Put in the raw changes, and the changed values each with those behind it."""
    options = pipeline.Options(workspace=workspace, raw=sides.new_raw)
    checked = pipeline.check(study, options)
    assert checked.raw is not None
    withheld = frozenset(
        f
        for f in Export.open(sides.new_raw, checked.plan.study, frozenset()).raw.files()
        if checked.raw.is_withheld(f)
    )
    exports = [Export.open(p, checked.plan.study, withheld) for p in (sides.old_raw, sides.new_raw)]
    uses = uses_of(checked.plan)
    raw = raw_changes(exports[0], exports[1], uses)
    content["raw_rows"] = _tally(raw)
    if not unequal:
        return
    run = run_above(sides.new)
    subjects = _subjects(unequal)
    chosen = subjects[:SUBJECTS]
    try:
        study_now = pipeline.present_for(study, chosen, options)
    except CdiscConvError as error:
        content["note"] = f"values cannot be followed: {error}"
        content["values_left_out"] = sum(d.unequal for d in unequal)
        return
    assert run is not None
    reader = _Behind(raw, uses, [c["name"] for c in content["inputs"] if c["kind"] != "raw data"])
    left = FOLLOWED
    for diff in unequal:
        _follow(content, diff, run, study_now, reader, left)
        left = max(FOLLOWED - len(content["values"]), 0)


def _follow(content: Told, diff: DatasetDiff, run: Run, study: Present, reader: _Behind, limit: int) -> None:
    why = follow_all(diff, run, study, limit)
    content["values_left_out"] += why.left_out
    rows = diff.differences.head(limit).to_pylist() if diff.differences else []
    for value, row in zip(why.followed, rows, strict=True):
        content["values"].append(reader.told(diff.name, str(row["subject"] or ""), value))


def _subjects(unequal: list[DatasetDiff]) -> list[str]:
    found: dict[str, None] = {}
    for diff in unequal:
        for batch in diff.differences or ():
            found |= dict.fromkeys(str(s) for s in batch.column("subject").unique().to_pylist() if s)
    return sorted(found)


def _tally(raw: RawChanges) -> dict[str, dict[str, int]]:
    """Changed raw rows by file and kind."""
    found: dict[str, dict[str, int]] = {}
    everything = [
        *raw.rows.values(),
        *(c for cs in raw.by_subject.values() for _, c in cs if c.what == "row gone"),
    ]
    for change in everything:
        name = f"{change.file}!{change.sheet}" if change.sheet else change.file
        counts = found.setdefault(name, {})
        counts[change.what] = counts.get(change.what, 0) + 1
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class _Behind:
    """Finds the raw change behind a changed value."""

    raw: RawChanges
    uses: Uses
    texts: list[str]

    def told(self, dataset: str, subject: str, value: Followed) -> Told:
        """The changed value with what is behind it, `how` that was found."""
        told: Told = {
            "dataset": dataset,
            "variable": value.variable,
            "subject": subject,
            "record": value.record,
            "before": value.base,
            "after": value.compare,
        }
        exact = _distinct(self._of_trace(value.trace)) if value.trace is not None else []
        if exact:
            return told | {"how": "a raw cell on its way", "raw": [c.as_dict() for c in exact]}
        near = self._of_subject(dataset, subject)
        if near:
            return told | {"how": "raw rows of the subject that the dataset reads", "raw": near}
        if self.texts:
            return told | {"how": "no raw change; the texts changed", "raw": [], "texts": self.texts}
        return told | {"how": "not found" + (f": {value.note}" if value.note else ""), "raw": []}

    def _of_trace(self, trace: Trace) -> Iterator[RawChange]:
        if trace.row is not None:
            change = self.raw.of(trace.row.file, trace.row.sheet, trace.row.row)
            if change is not None:
                yield _narrowed(change, trace)
        for inner in trace.inputs:
            yield from self._of_trace(inner)

    def _of_subject(self, dataset: str, subject: str) -> list[Told]:
        """Changed raw rows of a subject in forms that a dataset reads; failing these, in any."""
        mine = self.raw.by_subject.get(subject, [])
        forms = {form for (form, _), readers in self.uses.readers.items() if dataset in readers}
        near = [c for form, c in mine if form in forms] or [c for _, c in mine]
        return [c.as_dict() for c in near[:20]]


def _narrowed(change: RawChange, trace: Trace) -> RawChange:
    """The change with only the cells that this step of the way read, where they can be told."""
    cells = tuple(c for c in change.cells if c[0] in trace.name or c[2].strip() == trace.value.strip())
    if change.cells and not cells:
        return RawChange("", change.file, change.sheet, change.row, change.key)
    return RawChange(change.what, change.file, change.sheet, change.row, change.key, cells)


def _distinct(found: Iterator[RawChange]) -> list[RawChange]:
    return [c for c in dict.fromkeys(found) if c.what]


def without_values(content: Told) -> Told:
    """What the summary may hold: counts by dataset and subject, no values, no keys of records."""
    kept = ("dataset", "new", "changed", "vanished", "not_told_apart", "variables", "subjects", "by_subject")
    more = ("new_variables", "gone_variables", "cannot", "whole")
    datasets = [{k: d[k] for k in (*kept, *more) if k in d} for d in content["datasets"]]
    numbers: dict[str, Any] = {
        "values": len(content["values"]),
        "values_left_out": content["values_left_out"],
    }
    followed = sum(bool(v["raw"]) for v in content["values"])
    return {
        "datasets": datasets,
        "inputs": content["inputs"],
        "raw_rows": content["raw_rows"],
        **numbers,
        "values_followed": followed,
    }
