"""cdisc-conv diff: two datasets, or two folders of them, compared."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cdisc_conv.cli import _options as options
from cdisc_conv.cli._diff_settings import (
    CRITERION,
    METHODS,
    names,
    normalised,
    own_tolerance,
    pairs,
    tolerance,
)

if TYPE_CHECKING:
    from cdisc_conv.diff.compare import Ways
    from cdisc_conv.model.difference import DatasetDiff, FolderDiff, Settings
    from cdisc_conv.model.why import Why

SCREEN, JSON_ROWS = 20, 1000


@click.command()
@click.argument("base", type=click.Path(path_type=Path))
@click.argument("compare", type=click.Path(path_type=Path))
@click.option("--id", "ids", multiple=True, metavar="VAR[,VAR]", help="Variables that pair rows.")
@click.option("--by-position", is_flag=True, help="Pair row n with row n, without keys.")
@click.option(
    "--map", "mapped", multiple=True, metavar="BASE=COMPARE", help="Pair variables of unlike names."
)
@click.option("--drop", multiple=True, metavar="VAR[,VAR]", help="Leave these variables out.")
@click.option("--keep", multiple=True, metavar="VAR[,VAR]", help="Compare these variables (and keys) only.")
@click.option(
    "--method",
    type=click.Choice(METHODS),
    help="When two numbers are equal (default: exact; relative when --criterion is given, as in SAS).",
)
@click.option(
    "--criterion", type=click.FloatRange(0), help=f"How far apart they may be (default {CRITERION:g})."
)
@click.option(
    "--tolerance",
    "tolerances",
    multiple=True,
    metavar="VAR=METHOD[:X]",
    help="The same for one variable, e.g. AVAL=absolute:0.01.",
)
@click.option(
    "--normalise-text",
    "normalise",
    multiple=True,
    metavar="WHAT[,WHAT]",
    help="Compare text without regard to: trim (blanks around), case, blanks (runs of them), all.",
)
@click.option("--values-only", is_flag=True, help="Attributes that differ do not make it different.")
@click.option("--study", "study_name", help="Take keys from this study's spec.")
@options.workspace
@click.option(
    "--spec",
    type=click.Path(path_type=Path, exists=True),
    help="Take keys from this spec (workbook or folder of CSV sheets).",
)
@click.option(
    "--rows", type=click.IntRange(0), help=f"Rows of each table to show (default {SCREEN}; JSON {JSON_ROWS})."
)
@click.option(
    "--out",
    "outs",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it to this file: .html (to read), .xlsx, .csv, .parquet or .json (all that differs). May be "
    "repeated.",
)
@click.option(
    "--memory",
    type=click.IntRange(64),
    default=2048,
    show_default=True,
    help="MB that rows may take in memory.",
)
@click.option(
    "--explain",
    "explain",
    is_flag=True,
    help="Follow values of a package of ours back to the raw data; of two runs, say what changed between.",
)
@options.raw
@options.output_format
def command(
    base: Path,
    compare: Path,
    ids: tuple[str, ...],
    by_position: bool,
    mapped: tuple[str, ...],
    drop: tuple[str, ...],
    keep: tuple[str, ...],
    method: str | None,
    criterion: float | None,
    tolerances: tuple[str, ...],
    normalise: tuple[str, ...],
    values_only: bool,
    study_name: str | None,
    workspace: Path | None,
    spec: Path | None,
    rows: int | None,
    outs: tuple[Path, ...],
    memory: int,
    explain: bool,
    raw: Path | None,
    output_format: str,
) -> None:
    """Compare COMPARE with BASE: two files, or two folders of datasets.

    XPT (version 5 and 8), SAS7BDAT, CSV, XLSX, Parquet and Dataset-JSON on either side; FILE!NAME picks a
    sheet of a workbook or a dataset of a transport file. Rows are paired by --id, else by the keys of the
    spec (--study, --spec), else of a define.xml beside the files, else by the domain's natural keys (never
    --SEQ), else by the fewest variables found to identify rows; which, is said. Rows whose key is there
    more than once are listed, not paired.

    Exit code 0 equal, 1 different (SYSINFO is not 0), 2 cannot compare.
    """
    from cdisc_conv.cli._diff_out import write_outs
    from cdisc_conv.cli._diff_why import explained
    from cdisc_conv.cli._show import end_progress, progress
    from cdisc_conv.diff.compare import Ways
    from cdisc_conv.model.difference import Settings

    settings = Settings(
        ids=names(ids),
        mapped=pairs(mapped),
        dropped=names(drop),
        kept=names(keep),
        tolerance=tolerance(method, criterion),
        tolerances=dict(own_tolerance(t) for t in tolerances),
        normalise=normalised(normalise),
        by_position=by_position,
        values_only=values_only,
    )
    _check(settings, outs, base, compare)
    say = progress()
    ways = Ways(settings, _spec_keys(workspace, study_name, spec), memory << 20, say)
    diff = _run(base, compare, ways)
    why = explained(diff, workspace, raw) if explain else []
    said = write_outs(diff, outs, why, say)
    end_progress()
    _show(diff, rows, said, output_format, why)
    sys.exit(diff.verdict.exit_code)


def _run(base: Path, compare: Path, ways: Ways) -> DatasetDiff | FolderDiff:
    from cdisc_conv.diff.compare import compare_files
    from cdisc_conv.diff.folder import compare_folders
    from cdisc_conv.errors import UsageMistake

    if base.is_dir() and compare.is_dir():
        return compare_folders(base, compare, ways)
    if base.is_dir() or compare.is_dir():
        file = compare if base.is_dir() else base
        if not _part(file)[0].exists():
            raise UsageMistake(f"there is no file or folder {file}")
        raise UsageMistake("give two files or two folders, not one of each")
    (a, part), (b, other) = _part(base), _part(compare)
    return compare_files(a, b, ways, parts=(part, other))


def _part(path: Path) -> tuple[Path, str]:
    """`book.xlsx!Sheet1` as the file and the sheet."""
    name, mark, part = path.name.rpartition("!")
    return (path.with_name(name), part) if mark and not path.exists() else (path, "")


def _show(
    diff: DatasetDiff | FolderDiff, rows: int | None, said: list[str], output_format: str, why: list[Why]
) -> None:
    from cdisc_conv.cli._diff_text import show_diff
    from cdisc_conv.cli._diff_why import show_why
    from cdisc_conv.cli._show import show_findings, show_json
    from cdisc_conv.diff.out import as_dict, datasets

    if output_format == "json":
        made = as_dict(diff, JSON_ROWS if rows is None else rows)
        show_json(made | ({"why": [w.as_dict() for w in why]} if why else {}))
        return
    show_diff(diff, SCREEN if rows is None else rows)
    show_why(why)
    found = [f for d in datasets(diff) for f in d.findings]
    if diff not in datasets(diff):
        found += diff.findings
    if found:
        click.echo()
    show_findings(found)
    for line in said:
        click.echo(line)


def _check(settings: Settings, outs: tuple[Path, ...], base: Path, compare: Path) -> None:
    from cdisc_conv.cli._diff_out import check_out
    from cdisc_conv.errors import UsageMistake

    if settings.by_position and settings.ids:
        raise UsageMistake("--id and --by-position exclude each other")
    for out in outs:
        check_out(out, base, compare)


def _spec_keys(
    workspace: Path | None, study: str | None, spec: Path | None
) -> dict[str, tuple[tuple[str, ...], str]]:
    from cdisc_conv.diff.spec_keys import spec_keys, study_keys
    from cdisc_conv.errors import UsageMistake

    found: dict[str, tuple[tuple[str, ...], str]] = {}
    if study is not None:
        found |= study_keys(workspace, study)
        if not found:
            raise UsageMistake(f"there is no spec of study {study} with keys")
    return found | spec_keys(spec) if spec is not None else found
