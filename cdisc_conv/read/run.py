"""run/run.json of a package of ours: what it was built from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cdisc_conv.model.why import Run

_HIGHEST = 8
"""How many folders above a file a package may begin."""


def run_above(path: Path) -> Run | None:
    """The package of ours that a file (or folder) is in; None when it is in none, or its record is broken."""
    path = path.absolute()
    for folder in (path, *path.parents[:_HIGHEST]):
        record = folder / "run" / "run.json"
        if record.is_file():
            return _read(record, folder)
    return None


def _read(record: Path, root: Path) -> Run | None:
    try:
        content = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(content, dict) or _dict(content, "tool").get("name") != "cdisc_conv":
        return None
    inputs = content.get("inputs")
    inputs = inputs if isinstance(inputs, dict) else {}
    return Run(
        root=str(root),
        study=str(content.get("study", "")),
        created=str(content.get("created", "")),
        tool=_dict(content, "tool").get("version", ""),
        texts=_dict(inputs, "texts"),
        raw=_dict(inputs, "raw"),
        libraries=_dict(content, "libraries"),
    )


def _dict(content: dict[str, Any], key: str) -> dict[str, str]:
    found = content.get(key)
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
