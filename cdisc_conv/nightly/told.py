"""What was noticed tonight and not last time, and what was noticed last time and is gone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

Told = dict[str, Any]
"""A finding as plain JSON data."""


def told_apart(before: Iterable[Told], now: Iterable[Told]) -> dict[str, Any]:
    """New and resolved findings, each with the rows that make the difference; `same` counts the others.

    A finding is known by its kind, its place and its rows (by the export's own row key where there is
    one); one without rows by its message. `new_kind` says that nothing of that kind and place was there.
    """
    old, new = _parts(before), _parts(now)
    kinds = {kind for kind, _ in old}
    return {
        "new": [f | {"new_kind": f.pop("kind") not in kinds} for f in _folded(new, new.keys() - old.keys())],
        "resolved": [_without_kind(f) for f in _folded(old, old.keys() - new.keys())],
        "same": len(old.keys() & new.keys()),
    }


def _parts(findings: Iterable[Told]) -> dict[tuple[str, str], tuple[Told, Told | None]]:
    found: dict[tuple[str, str], tuple[Told, Told | None]] = {}
    for f in findings:
        kind = json.dumps([f["code"], f["name"], f["severity"], f["place"]], sort_keys=True)
        for row in f["rows"]:
            key = [row["file"], row.get("sheet", ""), row.get("key") or row["row"]]
            found[kind, json.dumps(key)] = (f, row)
        if not f["rows"]:
            found[kind, f["message"]] = (f, None)
    return found


def _folded(
    parts: dict[tuple[str, str], tuple[Told, Told | None]], keys: Iterable[tuple[str, str]]
) -> list[Told]:
    """The findings of some parts, with only their rows; no values of subjects."""
    made: dict[tuple[str, str], Told] = {}
    for part in (p for p in parts if p in set(keys)):
        finding, row = parts[part]
        kind = part[0]
        folded = made.setdefault(
            (kind, finding["message"]),
            {k: finding[k] for k in ("code", "name", "severity", "message", "hint", "at")}
            | {"kind": kind, "count": 0, "rows": []},
        )
        folded["count"] += 1
        if row is not None:
            folded["rows"].append({k: v for k, v in row.items() if k != "value"})
    return list(made.values())


def _without_kind(finding: Told) -> Told:
    return {k: v for k, v in finding.items() if k != "kind"}
