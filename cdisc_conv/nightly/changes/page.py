"""The changes of a run as JSON and as a page that needs no network and no script, beside its package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cdisc_conv.assets import assets
from cdisc_conv.nightly.changes.records import Told
from cdisc_conv.nightly.disk import as_json

JSON, PAGE = "changes.json", "changes.html"
SHOWN = 1000
"""Changed values shown on the page; the JSON file has all that were followed."""


def write_changes(folder: Path, content: Told, before: str, run: str, *, values: bool) -> None:
    """Write both; without `values` nothing of them holds a value of a subject."""
    folder.mkdir(exist_ok=True)
    content = {"run": run, "before": before, **(content if values else _stripped(content))}
    (folder / JSON).write_bytes(as_json(content))
    (folder / PAGE).write_text(_page(content), encoding="utf-8")


def _page(content: Told) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    templates = assets() / "templates" / "nightly"
    made = Environment(
        loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return made.get_template("changes.html.j2").render(
        c=content,
        shown=SHOWN,
        style=Markup((templates / "nightly.css").read_text(encoding="utf-8")),  # our own file
    )


def _stripped(content: Told) -> Told:
    """The changes without values: of a cell only its column."""
    return {
        k: [_without(v) for v in kept] if (kept := content[k]) and k == "values" else content[k]
        for k in content
    }


def _without(value: Told) -> Told:
    raw: list[dict[str, Any]] = [
        r | ({"cells": [{"column": c["column"]} for c in r["cells"]]} if "cells" in r else {})
        for r in value["raw"]
    ]
    return {k: v for k, v in value.items() if k not in ("before", "after")} | {"raw": raw}
