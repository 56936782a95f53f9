"""The command `cdisc-conv`: each subcommand is one file here, loaded only when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from cdisc_conv import __version__

CLEAN, FOUND, CANNOT_RUN, BUG = 0, 1, 2, 3
"""Exit codes: clean; findings at or above --fail-on; cannot run; a bug of the tool."""

_SUMMARY = {
    "audit": "Check a run log and the packages it tells of: nothing changed, removed, put in.",
    "build": "Build a study's datasets, define.xml and run records.",
    "diff": "Compare two datasets, or two folders of them, as PROC COMPARE does.",
    "check": "Check a study's spec and mapping; no data are read.",
    "explain": "Walk back from a value to the raw cells it came from.",
    "init": "Make a new workspace, or a new study in one.",
    "nightly": "Run the studies of a config: snapshot, drift gate, build, verify, publish.",
    "qc": "QC by independent programs: compare, record, list what still passes.",
    "report": "Compute a study's analyses: results as a page and a dataset.",
    "verbs": "List the verbs of the mapping language, or explain one.",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        folder = Path(__file__).parent
        return sorted(p.stem for p in folder.glob("*.py") if not p.stem.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(f"cdisc_conv.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _SUMMARY.get(name, "")) for name in self.list_commands(ctx)])


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cdisc-conv")
def group() -> None:
    """Raw CRF exports in, CDISC submission package (SDTM, ADaM, define.xml) out."""


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; a bug keeps its traceback and ends with exit code 3."""
    from cdisc_conv.errors import CannotRun, UsageMistake

    try:
        group.main(args=arguments, prog_name="cdisc-conv", standalone_mode=False)
    except click.exceptions.Exit as e:
        sys.exit(e.exit_code)
    except click.ClickException as e:
        e.show()
        sys.exit(CANNOT_RUN)
    except click.exceptions.Abort:
        sys.exit(CANNOT_RUN)
    except UsageMistake as e:
        click.echo(f"cdisc-conv: {e}", err=True)
        sys.exit(CANNOT_RUN)
    except CannotRun as e:
        from cdisc_conv.cli._show import show_findings

        show_findings(e.findings, err=True)
        sys.exit(CANNOT_RUN)
    except BrokenPipeError:
        sys.exit(CANNOT_RUN)
    except Exception:
        import traceback

        traceback.print_exc()
        click.echo("This is a bug of cdisc-conv, not of your study.", err=True)
        sys.exit(BUG)
