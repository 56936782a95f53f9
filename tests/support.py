"""Shared by the tests: the study worked out by hand, and frames as text cells."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pandas as pd

DATA = Path(__file__).parent / "data"
HAND = DATA / "hand"


def cells(frame: pd.DataFrame) -> list[dict[str, str]]:
    """A frame as a person would type it: numbers in their shortest form, "" for missing."""
    return [{k: _cell(v) for k, v in row.items()} for row in frame.to_dict("records")]


def _cell(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return repr(int(value)) if value == int(value) else repr(value)
    return str(value)


def table(path: Path) -> list[dict[str, str]]:
    """A CSV table of expected values."""
    with path.open(encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
