"""How a night is told on the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from cdisc_conv.nightly.config import Config

_COLOURS = {"published": "green", "unchanged": "green", "blocked": "yellow"}


def named(config: Config, names: Iterable[str]) -> None:
    """Raises `UsageMistake` for a study that the config has not."""
    from cdisc_conv.errors import UsageMistake

    known = [j.name for j in config.jobs]
    for name in names:
        if name not in known:
            raise UsageMistake(
                f"{config.file.name} has no study {name!r}; it has {', '.join(known) or 'none'}"
            )


def show_config(config: Config) -> int:
    """Every slip of the config; exit code 2 when one keeps a study from running."""
    from cdisc_conv.cli._show import show_findings, tally

    findings = [*config.findings, *(f for j in config.jobs for f in j.findings)]
    show_findings(findings)
    click.echo(f"{config.file.name}: {len(config.jobs)} studies, {tally(findings)}")
    return 2 if any(f.severity.rank == 0 for f in findings) else 0


def finish(config: Config, reports: list[dict[str, Any]], fail_on: str, output_format: str) -> int:
    """Write the summary, tell who is to be told, say it here; the exit code."""
    from cdisc_conv.cli._show import show_findings, show_json
    from cdisc_conv.nightly.notify import tell
    from cdisc_conv.nightly.report import cannot_write
    from cdisc_conv.nightly.summary import summary, without_values, write_summary

    findings = [*config.findings, *tell(config, reports)]
    content = summary(reports, findings, fail_on)
    try:
        page = str(write_summary(content, config.summary))
    except OSError as e:
        findings.append(cannot_write(e))
        content = summary(reports, findings, fail_on)
        page = "could not be written"
    if output_format == "json":
        show_json(without_values(content))  # a log may keep what is said here
    else:
        show_findings(findings)
        for report in reports:
            _show(report)
        click.echo(f"summary: {page}")
    return int(content["exit"])


def _show(report: dict[str, Any]) -> None:
    verdict = report["verdict"]
    head = click.style(verdict, fg=_COLOURS.get(verdict, "red"))
    current = f", current: {report['current']}" if report["current"] else ", nothing published"
    click.echo(f"{report['name']}: {head}{current} ({report['seconds']} s)")
    for why in report["why"]:
        click.echo(f"    {why}")
    for f in report["drift"]:
        if verdict != "blocked" or f["severity"] != "error":
            click.echo(f"    {f['severity']} {f['code']}: {f['at']}: {f['message']}")
