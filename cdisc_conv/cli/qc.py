"""cdisc-conv qc: which datasets of a study were compared with an independent program's, and still pass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from cdisc_conv.cli import _options as options
from cdisc_conv.cli._diff_settings import METHODS
from cdisc_conv.cli._qc import check, finish, keep, place, vouched, ways

_file = click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file that holds the status (default: qc/STUDY.yaml of the workspace).",
)
_by = click.option("--by", required=True, metavar="NAME", help="Who compared.")
_on = click.option("--on", "day", required=True, metavar="DATE", help="When: YYYY-MM-DD; no clock is read.")
_path = click.Path(path_type=Path)
_HOW = (
    click.option(
        "--method",
        type=click.Choice(METHODS),
        help="When numbers are equal, as in `diff` (default: exact).",
    ),
    click.option("--criterion", type=click.FloatRange(0), help="How far apart they may be."),
    click.option(
        "--tolerance",
        "tolerances",
        multiple=True,
        metavar="VAR=METHOD[:X]",
        help="A method for one variable, e.g. AVAL=absolute:0.01.",
    ),
    click.option("--drop", multiple=True, metavar="VAR[,VAR]", help="Leave these variables out."),
    click.option("--values-only", is_flag=True, help="Attributes that differ do not make it fail."),
)


def _how(command: Any) -> Any:
    """The options of a comparison that QC takes; what was asked for is recorded with the outcome."""
    for option in reversed(_HOW):
        command = option(command)
    return command


@click.group()
def command() -> None:
    """QC by independent programming: compare, record the outcome, list what still holds.

    The outcome of each dataset is held in qc/STUDY.yaml, which belongs into version control, with the
    hashes of both files: when one of them changes, a pass is stale by itself.
    """


@command.command()
@options.study
@options.workspace
@_file
@options.output_format
def status(study: str, workspace: Path | None, file: Path | None, output_format: str) -> None:
    """List every dataset of STUDY: pass, fail, stale or never compared.

    Datasets are those recorded, those of the spec in the workspace and those in the last production folder.
    Exit code 0 when all pass, 1 otherwise.
    """
    finish(study, workspace, file, output_format)


@command.command()
@options.study
@click.option("--production", type=_path, required=True, help="Folder with our datasets.")
@click.option("--qc", type=_path, required=True, help="Folder of the other program.")
@_by
@_on
@options.workspace
@_file
@_how
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the report there, as `diff --out`."
)
@options.output_format
def run(
    study: str,
    production: Path,
    qc: Path,
    by: str,
    day: str,
    workspace: Path | None,
    file: Path | None,
    out: Path | None,
    output_format: str,
    **how: Any,
) -> None:
    """Compare a whole folder of datasets made by an independent program with production, and record it.

    Keys are those of the study's spec where the workspace has one, else found as `diff` finds them.
    Datasets in one of the folders only are told and not recorded. Exit code 0 when all datasets of the
    study pass, 1 otherwise, 2 when nothing could be compared.
    """
    from cdisc_conv.cli._diff_out import check_out, write_out
    from cdisc_conv.cli._show import end_progress, show_findings
    from cdisc_conv.diff.folder import compare_folders
    from cdisc_conv.errors import UsageMistake

    check(by, day)
    check_out(out, production, qc)
    for folder in (production, qc):
        if not folder.is_dir():
            raise UsageMistake(f"there is no folder {folder}")
    root, path = place(study, workspace, file)
    diff = compare_folders(production, qc, ways(study, workspace, how))
    end_progress()
    named = [replace(d, name=Path(d.base.path).name.rpartition(".")[0]) for d in diff.datasets]
    keep(study, path, root, named, by, day, {"production": production, "qc": qc})
    if out is not None:
        write_out(diff, out)
    if output_format == "text":
        broken = [f for d in diff.datasets if d.verdict.exit_code == 2 for f in d.findings]
        show_findings([*diff.findings, *broken])
    finish(study, workspace, file, output_format)


@command.command()
@options.study
@click.option("--dataset", help="Its name (default: that in the production file).")
@click.option("--production", type=_path, required=True, help="Our file.")
@click.option("--qc", type=_path, required=True, help="The other program's file.")
@_by
@_on
@click.option("--sysinfo", type=click.IntRange(0, 65535), help="SYSINFO of a comparison made elsewhere.")
@click.option("--tool", help="What made it, e.g. 'SAS 9.4 PROC COMPARE'; needed with --sysinfo.")
@options.workspace
@_file
@_how
@options.output_format
def record(
    study: str,
    dataset: str | None,
    production: Path,
    qc: Path,
    by: str,
    day: str,
    sysinfo: int | None,
    tool: str | None,
    workspace: Path | None,
    file: Path | None,
    output_format: str,
    **how: Any,
) -> None:
    """Record the comparison of one dataset: made here, or elsewhere (--sysinfo with --tool).

    The hashes are those of the two files as they are now. Exit codes as of `qc run`.
    """
    from cdisc_conv.cli._show import end_progress, show_findings
    from cdisc_conv.diff.compare import compare_files
    from cdisc_conv.errors import UsageMistake

    check(by, day)
    for given in (production, qc):
        if not given.is_file():
            raise UsageMistake(f"there is no file {given}")
    if (sysinfo is None) is not (tool is None):
        raise UsageMistake("--sysinfo and --tool belong together: what came out, and of which program")
    root, path = place(study, workspace, file)
    if sysinfo is None:
        diff = compare_files(production, qc, ways(study, workspace, how))
        end_progress()
        diff = replace(diff, name=dataset.upper()) if dataset else diff
        keep(study, path, root, [diff], by, day)
        if output_format == "text" and diff.verdict.exit_code == 2:
            show_findings(diff.findings)
    else:
        name = dataset or production.name.split(".")[0]
        vouched(study, path, root, name, (production, qc), (sysinfo, str(tool)), by, day)
    finish(study, workspace, file, output_format)
