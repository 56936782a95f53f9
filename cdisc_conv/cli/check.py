"""cdisc-conv check: everything wrong with a study's texts, at once."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cdisc_conv.cli import _options as options


@click.command()
@options.study
@options.workspace
@options.raw
@options.output_format
@options.fail_on
def command(study: str, workspace: Path | None, raw: Path | None, output_format: str, fail_on: str) -> None:
    """Check STUDY's spec and mapping; every slip is told at its place, with what to do.

    Of the raw exports only the headers are read.  Policies that change results are listed.
    """
    from cdisc_conv import pipeline
    from cdisc_conv.cli._show import show_findings, show_json, tally

    checked = pipeline.check(study, pipeline.Options(workspace=workspace, raw=raw))
    policies = dict(checked.texts.study.policies)
    if output_format == "json":
        findings = [f.as_dict() for f in checked.findings]
        show_json({"study": study, "findings": findings, "policies": policies})
    else:
        show_findings(checked.findings)
        datasets = ", ".join(checked.plan.datasets)
        click.echo(f"{study}: {tally(checked.findings)}; datasets {datasets}")
        if policies:
            click.echo("policies: " + ", ".join(f"{k}={v}" for k, v in sorted(policies.items())))
    sys.exit(options.exit_code(checked.findings, fail_on))
