"""All studies of a night on one page and in one JSON file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cdisc_conv import __version__
from cdisc_conv.findings import Finding
from cdisc_conv.nightly.disk import as_json, write_whole
from cdisc_conv.nightly.lock import who


def summary(reports: Iterable[dict[str, Any]], findings: Iterable[Finding], fail_on: str) -> dict[str, Any]:
    """The night as plain JSON data; `exit` is the worst of all studies for `fail_on`."""
    studies = list(reports)
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": who(),
        "tool": __version__,
        "exit": max((r["exit"][fail_on] for r in studies), default=2),
        "verdicts": _tally(r["verdict"] for r in studies),
        "findings": [f.as_dict(values=False) for f in findings],
        "studies": studies,
    }


def _tally(words: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in words:
        found[word] = found.get(word, 0) + 1
    return found


def write_summary(content: Mapping[str, Any], folder: Path) -> tuple[Path, Path]:
    """Write `summary.json` and `index.html`, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    data, page = folder / "summary.json", folder / "index.html"
    write_whole(data, as_json(content), folder)
    return data, page
