"""Two packages compared by natural key: records new, changed and vanished, by dataset and subject."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cdisc_conv.diff.compare import Ways
from cdisc_conv.diff.find_keys import is_sequence
from cdisc_conv.diff.folder import compare_folders, datasets_in
from cdisc_conv.diff.spec_keys import study_keys
from cdisc_conv.findings import Findings
from cdisc_conv.model.difference import DatasetDiff, FolderDiff, Lines, Settings, Verdict
from cdisc_conv.read.xpt import iter_xpt

Told = dict[str, Any]
SHOWN_RECORDS = 2000
"""New or vanished records of a dataset that are listed, at most; all are counted."""


def compare_packages(old: Path, new: Path, workspace: Path, study: str) -> FolderDiff:
    """The datasets of two packages compared; a number given anew (--SEQ) is no difference."""
    sides = [datasets_in(root / "m5", Findings()) for root in (old, new)]
    both = [paths[0] for n in sides[0].keys() & sides[1].keys() for paths in (sides[0][n], sides[1][n])]
    sequences = sorted({n for path in both for n in _names(path) if is_sequence(n)})
    settings = Settings(dropped=tuple(sequences), values_only=True)
    ways = Ways(settings=settings, spec=study_keys(workspace, study))
    return compare_folders(old / "m5", new / "m5", ways)


def _names(path: Path) -> Iterable[str]:
    first = next(iter_xpt(path), None)
    return () if first is None else [str(c) for c in first.columns]


def record_changes(diff: DatasetDiff) -> Told:
    """How many records of a dataset are new, changed and vanished, in all and by subject."""
    rows = diff.rows
    apart = rows.not_paired_compare - rows.not_paired_base
    loose = min(rows.not_paired_base, rows.not_paired_compare) - rows.agreeing
    told: Told = {
        "dataset": diff.name,
        "keys": list(diff.keys.variables),
        "new": rows.only_compare + max(apart, 0),
        "changed": rows.unequal,
        "vanished": rows.only_base + max(-apart, 0),
        "not_told_apart": max(loose, 0),
        "variables": {v.name: v.unequal for v in diff.variables if v.unequal},
        "new_variables": [v.name for v in diff.only_compare_variables],
        "gone_variables": [v.name for v in diff.only_base_variables],
    }
    by_subject = _by_subject(diff)
    told["subjects"] = len(by_subject)
    told["by_subject"] = by_subject
    told["records"] = {
        "new": _listed(diff, diff.only_compare),
        "vanished": _listed(diff, diff.only_base),
    }
    if diff.verdict is Verdict.CANNOT_COMPARE:
        told["cannot"] = "; ".join(f.message for f in diff.findings if f.severity.rank == 0)
    return told


def _by_subject(diff: DatasetDiff) -> dict[str, dict[str, int]]:
    """Counts of records by subject, those without any left out."""
    found: dict[str, dict[str, int]] = {}

    def add(subject: Any, what: str, n: int) -> None:
        counts = found.setdefault(str(subject or ""), {"new": 0, "changed": 0, "vanished": 0})
        counts[what] += n

    if not diff.subject:
        return {}
    for batch in diff.by_subject or ():
        for row in batch.to_pylist():
            for what, column in (("new", "only_compare"), ("vanished", "only_base")):
                if row[column]:
                    add(row["subject"], what, row[column])
    seen: set[tuple[str, int]] = set()
    for batch in diff.differences or ():
        columns = (batch.column(n).to_pylist() for n in ("subject", "compare_row"))
        for subject, row in zip(*columns, strict=True):
            if (subject, row) not in seen:
                seen.add((subject, row))
                add(subject, "changed", 1)
    return dict(sorted(found.items()))


def _listed(diff: DatasetDiff, lines: Lines | None) -> list[str]:
    """Records by their keys, as text."""
    if lines is None:
        return []
    return [record_of(diff, row) for row in lines.head(SHOWN_RECORDS).to_pylist()]


def record_of(diff: DatasetDiff, row: Told) -> str:
    """A record by its keys: `USUBJID=… VSTESTCD=…`."""
    pairs = zip(diff.keys.variables, diff.key_columns, strict=True)
    return " ".join(f"{name}={row[column] or ''}" for name, column in pairs if name != "STUDYID")


def one_sided(diff: FolderDiff, before: dict[str, int], now: dict[str, int]) -> list[Told]:
    """Datasets that only one of the packages has: all their records are new, or vanished."""
    empty: Told = {"keys": [], "changed": 0, "not_told_apart": 0, "variables": {}, "subjects": 0}
    empty |= {"new_variables": [], "gone_variables": [], "by_subject": {}}
    empty |= {"records": {"new": [], "vanished": []}}
    told = []
    for paths, what, other, counts in (
        (diff.only_compare, "new", "vanished", now),
        (diff.only_base, "vanished", "new", before),
    ):
        for name in (Path(p).stem.upper() for p in paths):
            told.append(empty | {"dataset": name, what: counts.get(name, 0), other: 0, "whole": what})
    return told
