"""cdisc-conv audit: is the run log whole, and are the published packages those it tells of?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cdisc_conv.cli import _options as options

if TYPE_CHECKING:
    from cdisc_conv.nightly.audit import Audit


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
    """Audit PATH: a study's output folder of nightly runs, its run log, or a config (all its studies).

    Every line of the log, every kept package file by file and the snapshots they were built from. Exit
    code 0 when all is as it was written, 1 when not, 2 when there is nothing to audit.
    """
    from cdisc_conv.cli._show import show_json
    from cdisc_conv.errors import UsageMistake
    from cdisc_conv.nightly.audit import accept, audit, audit_log, outs_of

    outs = outs_of(path)
    if (head or why is not None) and len(outs) > 1:
        raise UsageMistake(f"{path} has {len(outs)} studies; --head and --accept are for one")
    if why is not None:
        if not why.strip() or not outs:
            raise UsageMistake("--accept takes the reason, and the output folder of a study")
        accept(outs[0], why)
    done = {str(out): audit(out, head, raw=not packages_only) for out in outs}
    done = done or {str(path): audit_log(path, head)}
    if output_format == "json":
        show_json([_facts(out, found) for out, found in done.items()])
    else:
        for out, found in done.items():
            _show(out, found)
    sys.exit(0 if all(found.passed for found in done.values()) else 1)


def _facts(out: str, found: Audit) -> dict[str, Any]:
    findings = [f.as_dict() for f in found.findings]
    counts = {"lines": found.lines, "packages": found.packages, "last": found.last_hash}
    return {"out": out, "passed": found.passed, **counts, "findings": findings}


def _show(out: str, found: Audit) -> None:
    from cdisc_conv.cli._show import show_findings, tally

    show_findings(found.findings)
    click.echo(f"{out}: {found.lines} lines, {found.packages} packages, {tally(found.findings)}")
    click.echo(f"last line: {found.last_hash}")
