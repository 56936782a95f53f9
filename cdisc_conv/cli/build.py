"""cdisc-conv build: raw exports in, submission package out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cdisc_conv.cli import _options as options


@click.command()
@options.study
@options.workspace
@options.raw
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the package (default: out/STUDY).")
@click.option("-d", "--dataset", "datasets", multiple=True, help="Build this dataset and what it reads only.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes at once.")
@click.option(
    "--partitions",
    type=click.IntRange(0),
    default=0,
    help="Cut the study into so many pieces by subject (default: by size).",
)
@options.output_format
@options.fail_on
@options.no_values
def command(
    study: str,
    workspace: Path | None,
    raw: Path | None,
    out: Path | None,
    datasets: tuple[str, ...],
    jobs: int,
    partitions: int,
    output_format: str,
    fail_on: str,
    no_values: bool,
) -> None:
    """Build STUDY's datasets (XPT v5), define.xml and run records into --out, in one step at the end."""
    from cdisc_conv import pipeline
    from cdisc_conv.cli._show import end_progress, progress, show_findings, show_json, tally

    chosen = pipeline.Options(
        workspace=workspace,
        raw=raw,
        out=out or Path("out") / study,
        datasets=tuple(d.upper() for d in datasets),
        jobs=jobs,
        partitions=partitions,
        values=not no_values,
        say=progress(),
    )
    result = pipeline.build(study, chosen)
    end_progress()
    if output_format == "json":
        show_json(
            {
                "study": study,
                "out": str(result.out) if result.out else None,
                "records": dict(result.records),
                "findings": [f.as_dict(values=not no_values) for f in result.findings],
            }
        )
    else:
        show_findings(result.findings, values=not no_values)
        for name, records in pipeline.records(result):
            click.echo(f"{name:10}{records:>9} records")
        click.echo(f"{study}: {tally(result.findings)}")
        if result.out:
            click.echo(f"package: {result.out}  (what was noticed: {result.out / 'run' / 'findings.json'})")
    if result.out is None:
        click.echo("nothing was built: mend the errors above first", err=True)
        sys.exit(2)
    sys.exit(options.exit_code(result.findings, fail_on))
