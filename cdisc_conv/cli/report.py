"""cdisc-conv report: the analyses of a study's ADaM spec as a page and as an analysis results dataset."""

from __future__ import annotations

from pathlib import Path

import click

from cdisc_conv.cli import _options as options


@click.command()
@options.study
@click.option(
    "--package",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The built package (default: out/STUDY).",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to (default: results/ in the package).",
)
@options.workspace
def command(study: str, package: Path | None, out: Path | None, workspace: Path | None) -> None:
    """Compute the analyses that STUDY's ADaM spec declares from its built datasets.

    Writes report.html, a page that needs no network, and analysis-results.csv, one statistic a row with the
    selection that made it. Only the datasets of the package are read, never the raw exports.
    """
    from cdisc_conv.cli._show import show_findings
    from cdisc_conv.reporting import report

    root = package or Path("out") / study
    done = report(study, root, out or root / "results", workspace)
    show_findings(done.findings)
    click.echo(f"{study}: {done.analyses} analyses, {done.statistics} statistics")
    for path in done.files:
        click.echo(f"  {path}")
