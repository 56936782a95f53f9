"""--explain of diff: why values differ, asked of the runs that the files are of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cdisc_conv.diff.why import Present
    from cdisc_conv.model.difference import DatasetDiff, FolderDiff
    from cdisc_conv.model.why import Change, Run, Why

CHANGES = 12
"""Changed inputs shown on a terminal."""


def explained(diff: DatasetDiff | FolderDiff, workspace: Path | None, raw: Path | None) -> list[Why]:
    """What can be said of every dataset that differs; a study is read once for all of them."""
    from cdisc_conv import pipeline
    from cdisc_conv.diff.out import datasets
    from cdisc_conv.diff.why import why
    from cdisc_conv.model.difference import Verdict
    from cdisc_conv.read.run import run_above

    known: dict[str, Present] = {}

    def present(run: Run) -> Present:
        if run.study not in known:
            known[run.study] = pipeline.present(run.study, pipeline.Options(workspace=workspace, raw=raw))
        return known[run.study]

    found = []
    for one in datasets(diff):
        if one.verdict is Verdict.DIFFERENT:
            runs = run_above(Path(one.base.path)), run_above(Path(one.compare.path))
            found.append(why(one, runs, present))
    return found


def show_why(found: list[Why]) -> None:
    """The reasons on a terminal; what changed between two runs is said once."""
    told: set[tuple[str, str]] = set()
    for one in found:
        click.echo(f"\nWhy {one.dataset} differs")
        if one.runs is not None and (pair := (one.runs.base.root, one.runs.compare.root)) not in told:
            told.add(pair)
            same = ", ".join(one.runs.same) or "nothing"
            click.echo(f"  two runs of {one.runs.compare.study}; the same in both: {same}")
            _changes(one.runs.changes)
        for note in one.notes:
            click.echo(f"  note: {note}")
        for value in one.followed:
            _value(value)
        if one.left_out:
            click.echo(f"  … {one.left_out:,} differing values were not followed")


def _changes(changes: tuple[Change, ...]) -> None:
    for c in changes[:CHANGES]:
        click.echo(f"  {c.kind}: {c.name} {c.what} ({c.base[:12] or '-'} | {c.compare[:12] or '-'})")
    if len(changes) > CHANGES:
        click.echo(f"  … and {len(changes) - CHANGES} more changed inputs")


def _value(value: object) -> None:
    from cdisc_conv.cli._diff_text import safe
    from cdisc_conv.model.why import Followed

    assert isinstance(value, Followed)
    head = f"{value.variable} of {value.record}: {value.base or '(blank)'} | {value.compare or '(blank)'}"
    click.echo("\n  " + click.style(safe(head), bold=True))
    if value.touched:
        click.echo(f"    made from what changed: {', '.join(value.touched)}")
    if value.note:
        click.echo(f"    note: {safe(value.note)}")
    for line in value.trace.lines() if value.trace is not None else ():
        click.echo(f"    {safe(line)}")
