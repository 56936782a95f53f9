"""Rows of ours without a partner as values to follow: the key that keeps one from its nearest row."""

from __future__ import annotations

from typing import Any

from cdisc_conv.model.difference import DatasetDiff

ROWS = 3
"""Rows without a partner that are followed, at most."""


def lone_rows(diff: DatasetDiff, side: str, subjects: set[str | None]) -> list[dict[str, Any]]:
    """Some rows that only our side has, those of `subjects` (built already) first."""
    lines = diff.only_base if side == "base" else diff.only_compare
    if lines is None or not lines.rows or not diff.keys.variables:
        return []
    rows = lines.head(500).to_pylist()
    rows.sort(key=lambda r: (r["near_row"] is None, r["subject"] not in subjects))
    return [_as_value(diff, side, row) for row in rows[:ROWS]]


def _as_value(diff: DatasetDiff, side: str, row: dict[str, Any]) -> dict[str, Any]:
    other = "compare" if side == "base" else "base"
    names = dict(zip(diff.keys.variables, diff.key_columns, strict=True))
    variable = next((n for n in names if (row["near_keys"] or "").startswith(f"{n}: ")), "")
    lone = f"a row of {side.upper()} only"
    if variable:
        own, told = row[names[variable]] or "", row["near_keys"].removeprefix(f"{variable}: ")
        theirs = told.removeprefix(f"{own} | ") if side == "base" else told.removesuffix(f" | {own}")
        note = f"{lone}; nearest is row {row['near_row']:,} of {other.upper()}"
    else:
        variable = diff.keys.variables[-1]
        own, theirs, note = row[names[variable]] or "", "", f"{lone}; there is none near it"
    if diff.name.startswith("SUPP"):
        variable, own, theirs = "QVAL", None, ""
    values = {f"{side}_value": own, f"{other}_value": theirs}
    places = {f"{side}_row": row["row"], f"{other}_row": row["near_row"]}
    return row | values | places | {"variable": variable, "lone": note}
