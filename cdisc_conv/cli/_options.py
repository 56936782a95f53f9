"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from cdisc_conv.findings import Findings, Severity

F = TypeVar("F", bound=Callable[..., Any])

study = click.argument("study")
workspace = click.option(
    "--workspace",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with specs/ and mappings/ (default: the current folder, else what is shipped).",
)
raw = click.option(
    "--raw",
    type=click.Path(path_type=Path),
    help="Folder or zip of raw exports (default: raw: folder: of study.yaml).",
)
output_format = click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
fail_on = click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="error",
    show_default=True,
    help="Exit with 1 at findings this bad or worse.",
)
no_values = click.option("--no-values", is_flag=True, help="Show and write no values of subjects.")


def exit_code(findings: Findings, fail_on: str) -> int:
    """0 clean, 1 when something is as bad as `fail_on` or worse."""
    return int(findings.at_least(Severity(fail_on)))
