"""cdisc-conv audit: is the run log whole, and are the published packages those it tells of?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cdisc_conv.cli import _options as options


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--head", default="", metavar="HASH", help="The hash of a line that was kept elsewhere: it must be there."
)
@click.option(
    "--accept", "why", metavar="WHY", help="Log that what is wrong was looked into; it is told as notes then."
)
@click.option("--packages-only", is_flag=True, help="Leave the raw snapshots out.")
@options.output_format
def command(path: Path, head: str, why: str | None, packages_only: bool, output_format: str) -> None:
    """Audit PATH, a study's output folder of nightly runs or its run log.

    Every line of the log, every kept package file by file and the snapshots they were built from. Exit
    code 0 when all is as it was written, 1 when not, 2 when there is nothing to audit.
    """
    from cdisc_conv.cli._show import show_findings, show_json, tally
    from cdisc_conv.errors import UsageMistake
    from cdisc_conv.nightly.audit import accept, audit, out_of

    out = out_of(path)
    if why is not None:
        if not why.strip():
            raise UsageMistake("--accept takes the reason")
        accept(out, why)
    done = audit(out, head, raw=not packages_only)
    facts = {"lines": done.lines, "packages": done.packages, "last": done.last_hash}
    if output_format == "json":
        show_json({"passed": done.passed, **facts, "findings": [f.as_dict() for f in done.findings]})
    else:
        show_findings(done.findings)
        click.echo(f"{out}: {done.lines} lines, {done.packages} packages, {tally(done.findings)}")
        click.echo(f"last line: {done.last_hash}")
    sys.exit(0 if done.passed else 1)
