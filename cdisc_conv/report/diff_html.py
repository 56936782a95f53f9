"""A comparison as one HTML page: overview, variables, subjects, differences, rows and keys, attributes.

The page needs no network and works without its script, which only sorts and searches; the same comparison
always gives the same page.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from cdisc_conv.assets import assets
from cdisc_conv.model.difference import DatasetDiff, FolderDiff, bits
from cdisc_conv.model.why import Why
from cdisc_conv.report import diff_cells as cells
from cdisc_conv.report import diff_words as words
from cdisc_conv.report.diff_shown import Shown, differences, head, most
from cdisc_conv.report.marks import marked, plain

if TYPE_CHECKING:
    from jinja2 import Environment

LIMIT = 2_000
"""Differing values that one page shows; a page of more is slow to open."""
PART = 4
"""A quarter of that, shared out, is shown of each other table."""
LEAST = 50


def write_diff_html(
    diff: DatasetDiff | FolderDiff,
    path: Path,
    *,
    limit: int = LIMIT,
    complete: str = "",
    why: Sequence[Why] = (),
) -> int:
    """Write the page; `complete` says where all rows are when the page leaves some out.

    What comes back is how many of the differing values are not on it.
    """
    text, left_out = _made(diff, limit, complete, why)
    path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    return left_out


def diff_html(
    diff: DatasetDiff | FolderDiff, *, limit: int = LIMIT, complete: str = "", why: Sequence[Why] = ()
) -> str:
    """The page as text."""
    return _made(diff, limit, complete, why)[0]


def _made(diff: DatasetDiff | FolderDiff, limit: int, complete: str, why: Sequence[Why]) -> tuple[str, int]:
    every = words.datasets(diff)
    share = max(limit // max(len(every), 1), min(limit, LEAST))
    views = [_view(d, n, share, why) for n, d in enumerate(every, 1)]
    return _page(diff, views, complete), sum(view["differences"].left_out for view in views)


def _page(diff: DatasetDiff | FolderDiff, views: Sequence[dict[str, Any]], complete: str) -> str:
    script = _template("diff.js")
    return (
        _environment()
        .get_template("diff.html.j2")
        .render(
            folder=diff if isinstance(diff, FolderDiff) else None,
            whole=diff,
            views=views,
            title=_title(diff),
            sentence=words.folder_verdict(diff) if isinstance(diff, FolderDiff) else "",
            complete=complete or "all of them go to a file with --out NAME.xlsx",
            style=Markup(_template("diff.css")),  # our own file
            script=Markup(script),
            script_hash="sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )


def _template(name: str) -> str:
    return (assets() / "templates" / "diff" / name).read_text(encoding="utf-8").strip()


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(assets() / "templates" / "diff"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"shown": cells.text, "count": cells.count, "figure": cells.figure, "plain": plain}
    made.globals |= {"many": words.many, "bits_of": bits, "number": cells.number, "key": cells.key}
    made.globals["differing_rows"] = cells.differences
    return made


def _title(diff: DatasetDiff | FolderDiff) -> str:
    if isinstance(diff, DatasetDiff):
        return f"{diff.name}: {diff.verdict}"
    return f"{len(diff.datasets)} datasets: {diff.verdict}"


def _view(diff: DatasetDiff, number: int, limit: int, why: Sequence[Why]) -> dict[str, Any]:
    """All that the page says of one dataset."""
    part = max(limit // PART, min(limit, LEAST))
    found = differences(diff, limit)
    unequal = [v for v in diff.variables if v.unequal]
    only, twice = (head(diff.only_base, part), head(diff.only_compare, part)), head(diff.duplicates, part)
    largest = head(diff.largest, part)
    told = [r for shown in (found, *only, twice, largest) for r in shown.rows]
    return {
        "id": f"d{number}",
        "diff": diff,
        "sentence": words.verdict(diff),
        "key_words": words.keys(diff.keys),
        "settings": words.settings(diff.settings),
        "differences": found,
        "marked": [marked(r["base_value"] or "", r["compare_value"] or "") for r in found.rows],
        "labels": {v.name: v.base.label or v.compare.label for v in diff.variables},
        "constant": _constant(told, diff.key_columns),
        "unequal": sorted(unequal, key=lambda v: -v.unequal),
        "not_compared": [v for v in diff.variables if not v.compared and v.why != "key"],
        "agreeing": [v for v in diff.variables if v.compared and not v.unequal],
        "attributes": Shown([*diff.attributes[:part]], max(len(diff.attributes) - part, 0)),  # type: ignore[list-item]
        "attribute_marks": [marked(a.base, a.compare) for a in diff.attributes[:part]],
        "only": [
            ("BASE", only[0], diff.only_base_variables),
            ("COMPARE", only[1], diff.only_compare_variables),
        ],
        "duplicates": twice,
        "subjects": most(diff.by_subject, ("differences", "only_base", "only_compare"), part),
        "largest": largest,
        "why": next((w for w in why if w.dataset == diff.name), None),
        "max_unequal": max((v.unequal for v in unequal), default=1),
    }


def _constant(rows: Sequence[dict[str, Any]], keys: Sequence[str]) -> dict[str, Any]:
    """Keys that have one value in all rows shown; said once, above the table."""
    if len(rows) < 2:
        return {}
    return {k: rows[0][k] for k in keys if all(r[k] == rows[0][k] for r in rows)}
