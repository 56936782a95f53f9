"""cdisc-conv nightly: every study of a config from fresh exports to a published package."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cdisc_conv.cli import _options as options


@click.command()
@click.argument("config", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--study", "only", multiple=True, metavar="NAME", help="Run this study of the config only.")
@click.option(
    "--accept",
    multiple=True,
    metavar="NAME",
    help="Publish this study tonight in spite of drift or of new errors; it is logged who did.",
)
@click.option("--check", "check_only", is_flag=True, help="Check the config only.")
@options.output_format
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "new"]),
    default="error",
    show_default=True,
    help="Exit with 1 at findings this bad or worse; new: errors that the last good run had not.",
)
def command(
    config: Path,
    only: tuple[str, ...],
    accept: tuple[str, ...],
    check_only: bool,
    output_format: str,
    fail_on: str,
) -> None:
    """Run the studies of CONFIG: snapshot, drift gate, build, verify, compare, publish, report.

    Exit code by the worst study: 0 published or unchanged, 1 with findings as bad as --fail-on, 2 not
    published (blocked, failed, or run by another process), 3 crashed. No study stops another.
    """
    from cdisc_conv.cli._nightly import finish, named, show_config
    from cdisc_conv.cli._show import end_progress, progress
    from cdisc_conv.nightly.config import read_config
    from cdisc_conv.nightly.nights import run_nights

    content = read_config(config)
    named(content, (*only, *accept))
    if check_only:
        sys.exit(show_config(content))
    reports = run_nights(content, only, accept, progress())
    end_progress()
    sys.exit(finish(content, reports, fail_on, output_format))
