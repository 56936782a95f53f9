"""Keys by dataset out of a study's spec."""

from __future__ import annotations

from pathlib import Path

from cdisc_conv.diff.keys import Known
from cdisc_conv.read.spec import read_spec
from cdisc_conv.read.workspace import KINDS, find_workspace


def study_keys(workspace: Path | None, study: str) -> Known:
    """The keys of a study's specs; `CannotRun` when a spec cannot be read."""
    root = find_workspace(workspace)
    folder = root / "specs" / study
    found: dict[str, tuple[tuple[str, ...], str]] = {}
    for kind in KINDS:
        for path in (folder / kind, folder / f"{kind}.xlsx"):
            if path.exists():
                found |= spec_keys(path, kind, f"specs/{study}/{path.name}")
                break
    return found


def spec_keys(path: Path, kind: str = "sdtm", shown: str = "") -> dict[str, tuple[tuple[str, ...], str]]:
    """The keys of one spec, a folder of CSV sheets or a workbook."""
    spec, _ = read_spec(path, kind, shown=shown)
    source = shown or str(path)
    return {name.upper(): (d.keys, source) for name, d in spec.datasets.items() if d.keys}
