"""All studies of a night: one JSON file, one page that needs no network and no script."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cdisc_conv import __version__
from cdisc_conv.assets import assets
from cdisc_conv.findings import Finding
from cdisc_conv.nightly.disk import as_json, write_whole
from cdisc_conv.nightly.lock import who

SHOWN_ROWS = 8
COUNTED = ("new", "changed", "vanished")
Told = dict[str, Any]


def summary(reports: Iterable[Told], findings: Iterable[Finding], fail_on: str) -> Told:
    """The night as plain JSON data; `exit` is the worst of all studies for `fail_on`."""
    studies, told = list(reports), list(findings)
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": who(),
        "tool": __version__,
        "exit": max((*(r["exit"][fail_on] for r in studies), 2 * any(f.severity.rank == 0 for f in told))),
        "verdicts": dict(Counter(r["verdict"] for r in studies)),
        "findings": [f.as_dict(values=False) for f in told],
        "studies": studies,
    }


def without_values(content: Told) -> Told:
    """The summary without the coded values that drifts may show."""

    def bare(f: Told) -> Told:
        return f | {"rows": [{k: v for k, v in r.items() if k != "value"} for r in f["rows"]]}

    studies = [s | {"drift": [bare(f) for f in s["drift"]]} for s in content["studies"]]
    return content | {"studies": studies}


def write_summary(content: Told, folder: Path) -> Path:
    """Write `summary.json` and `index.html`, each whole or not at all; where the page is."""
    folder.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(folder)
    page = folder / "index.html"
    write_whole(folder / "summary.json", as_json(content), folder)
    write_whole(page, page_of(content, folder).encode("utf-8"), folder)
    return page


def _clear_abandoned(folder: Path) -> None:
    """Remove what a run that was killed had half written."""
    for part in folder.glob("*.part"):
        pid = part.name.split(".")[-2]
        if not Path(f"/proc/{pid}").exists():
            part.unlink(missing_ok=True)


def page_of(content: Told, folder: Path) -> str:
    """The page; links lead from `folder` to the studies' folders."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    templates = assets() / "templates" / "nightly"
    made = Environment(
        loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return made.get_template("nightly.html.j2").render(
        night=content,
        studies=[_study(r, n, folder) for n, r in enumerate(content["studies"], 1)],
        shown=SHOWN_ROWS,
        style=Markup((templates / "nightly.css").read_text(encoding="utf-8")),  # our own file
    )


def _study(report: Told, number: int, folder: Path) -> Told:
    """A study as the page shows it."""
    told = {"new": [], "resolved": [], "tally": {}} | report["findings"]
    datasets = [d for d in report["changes"].get("datasets", ()) if any(d[c] for c in COUNTED)]
    compared, built = bool(report["changes"]), "tally" in report["findings"]
    return report | {
        "anchor": f"study-{number}",
        "findings": told,
        "new_findings": _count(told["new"]) if built else "",
        "resolved_findings": _count(told["resolved"]) if built else "",
        "errors": told["tally"].get("error", 0) if built else "",
        "datasets": datasets,
        "compared": compared,
        "drift_errors": sum(f["severity"] == "error" for f in report["drift"]),
        "drift_others": sum(f["severity"] == "warning" for f in report["drift"]),
        "drift_told": [f for f in report["drift"] if f["severity"] != "note"],
        "drift_notes": [f for f in report["drift"] if f["severity"] == "note"],
        "night": [f for f in report["night"] if not f["code"].startswith("DRIFT")],
        "by_subject": _by_subject(datasets),
        "totals": [sum(d[c] for d in datasets) if compared else "" for c in COUNTED],
        **_links(report, folder),
    }


def _by_subject(datasets: Iterable[Told]) -> list[Told]:
    """Subjects with changes, each with its datasets."""
    found: dict[str, Told] = {}
    for d in datasets:
        for subject, counts in d.get("by_subject", {}).items():
            told = found.setdefault(subject, dict.fromkeys(COUNTED, 0) | {"subject": subject, "datasets": []})
            told["datasets"].append(d["dataset"])
            for c in COUNTED:
                told[c] += counts[c]
    return [found[s] for s in sorted(found)]


def _count(findings: Iterable[Mapping[str, Any]]) -> int:
    return sum(f["count"] for f in findings)


def _links(report: Told, folder: Path) -> dict[str, str]:
    """Where the page's links lead, as paths from its folder; "" where there is nothing."""
    out = ""
    with suppress(ValueError):  # on another drive of Windows
        out = Path(os.path.relpath(report["out"], folder)).as_posix() if report["out"] else ""
    run = _quoted(f"{out}/runs/{report['current']}/") if out else ""
    compared = report["changes"] and report["current"] == report["run"]
    return {
        "folder": _quoted(out),
        "link": run,
        "changes_link": f"{run}night/changes.html" if compared else "",
    }


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path)
