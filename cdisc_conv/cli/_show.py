"""Findings and progress as words on a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from shutil import get_terminal_size
from time import monotonic
from typing import Any

import click

from cdisc_conv.findings import Finding, Row, Severity

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
SHOWN_ROWS = 3
SHOWN_SAME = 4


def show_findings(findings: Iterable[Finding], *, values: bool = True, err: bool = False) -> None:
    """The worst first; of one kind at most a few warnings or notes, and how many more there are."""
    kinds: dict[tuple[int, str, str], list[Finding]] = {}
    for f in findings:
        kinds.setdefault((f.severity.rank, f.code.id, f.code.name), []).append(f)
    for _, same in sorted(kinds.items(), key=lambda item: item[0][0]):
        shown = same if same[0].severity is Severity.ERROR else same[:SHOWN_SAME]
        for f in shown:
            _show(f, values, err)
        if len(same) > len(shown):
            click.echo(
                f"    … and {len(same) - len(shown)} more {same[0].code.id} {same[0].code.name}", err=err
            )


def _show(f: Finding, values: bool, err: bool) -> None:
    where = f"{f.place}: " if str(f.place) else ""
    head = click.style(f"{f.severity} {f.code.id}", fg=_COLOURS[f.severity])
    named = f" [{f.code.name}]" if f.code.id == "DATA900" else ""
    times = f" ({f.count} rows)" if f.count > 1 else ""
    click.echo(f"{where}{head}{named} {f.message}{times}", err=err)
    for row in f.rows[:SHOWN_ROWS]:
        click.echo(f"    {_row(row, values)}", err=err)
    if len(f.rows) > SHOWN_ROWS:
        click.echo(f"    … and {f.count - SHOWN_ROWS} more rows", err=err)
    if f.hint:
        click.echo(f"    hint: {f.hint}", err=err)


def _row(row: Row, values: bool) -> str:
    sheet = f"!{row.sheet}" if row.sheet else ""
    key = f" {row.key}" if row.key else ""
    value = f": {row.value!r}" if values and row.value is not None else ""
    return f"{row.file}{sheet} row {row.row}{key}{value}"


def tally(findings: Iterable[Finding]) -> str:
    """`2 errors, 1 warning, 12 notes`, or `no findings`."""
    every = list(findings)
    words = []
    for severity in Severity:
        count = sum(f.severity is severity for f in every)
        words += [f"{count} {severity}{'s' if count > 1 else ''}"] if count else []
    return ", ".join(words) or "no findings"


def show_json(content: Any) -> None:
    """JSON on stdout, for a program to read."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=1))


BAR, PAUSE = 24, 0.1
"""Letters of the bar, and seconds between two looks of it."""


class Progress:
    """A line a step on stderr; on a terminal the line is rewritten, with a bar where a share is told."""

    def __init__(self) -> None:
        self.terminal = sys.stderr.isatty()
        self.drawn = 0.0

    def __call__(self, text: str, share: float | None = None) -> None:
        """Tell a step, or how much of it is done (0 to 1)."""
        if not self.terminal:
            if share is None:
                click.echo(text, err=True)
            return
        if share is not None:
            if monotonic() - self.drawn < PAUSE and share < 1:
                return
            self.drawn = monotonic()
            full = int(share * BAR)
            text = f"[{'#' * full}{'.' * (BAR - full)}] {share:4.0%}  {text}"
        click.echo(f"\r\x1b[2K{text[: get_terminal_size().columns - 1]}", nl=False, err=True)


def progress() -> Progress:
    """Steps as they go on, for a person."""
    return Progress()


def end_progress() -> None:
    """Clear the line that `progress` left on a terminal."""
    if sys.stderr.isatty():
        click.echo("\r\x1b[2K", nl=False, err=True)
