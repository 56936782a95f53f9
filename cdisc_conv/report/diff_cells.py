"""Cells of the page of a comparison; its long table is made here, quicker than in a template."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from cdisc_conv.report.marks import plain, visible

SHORT = 18
"""Letters of a key up to which it stays on one line."""


@lru_cache(4096)
def _seen(text: str) -> Markup:
    return visible(text)


def text(value: object) -> Markup:
    """A value as HTML, "" where there is none."""
    return Markup("") if value is None else _seen(str(value))


def count(value: int | None) -> str:
    """A whole number with separators of thousands."""
    return "" if value is None else f"{value:,}"


def figure(value: float | None) -> str:
    """A number as a reader wants it, six digits."""
    return "" if value is None else f"{value:.6g}"


def _number(value: float | None, *, of_figure: bool = False) -> str:
    if value is None:
        return '<td class="n" data-v=""></td>'
    said = figure(value) if of_figure else f"{value:,}"
    return f'<td class="n" data-v="{value}">{said}</td>'


def _key(value: str | None) -> str:
    short = " s" if value and len(value) <= SHORT else ""
    return f'<td class="k{short}">{text(value)}</td>'


def number(value: float | None, of_figure: bool = False) -> Markup:
    """A cell of a number, in full for the script that sorts."""
    return Markup(_number(value, of_figure=of_figure))


def key(value: str | None) -> Markup:
    """A cell of a key; a short one is not broken."""
    return Markup(_key(value))


@lru_cache(1024)
def _attribute(value: str) -> Markup:
    return escape(plain(value))


def differences(view: dict[str, Any], keys: Sequence[str]) -> Markup:
    """The rows of the table of differing values; numeric differences only where a row has one."""
    rows = view["differences"].rows
    numeric = any(r["difference"] is not None for r in rows)
    made = []
    for row, marked in zip(rows, view["marked"], strict=True):
        name = row["variable"]
        cells = [
            f'<tr data-variable="{_attribute(name)}">',
            f'<td class="k s" title="{_attribute(view["labels"].get(name, ""))}">{text(name)}</td>',
            *(_key(row[k]) for k in keys),
            *(_number(row[k]) for k in ("base_row", "compare_row")),
            f'<td class="v b">{marked[0]}</td><td class="v c">{marked[1]}</td>',
            *(_number(row[k], of_figure=True) for k in (("difference", "percent") if numeric else ())),
            "</tr>\n",
        ]
        made.append("".join(cells))
    return Markup("".join(made))
