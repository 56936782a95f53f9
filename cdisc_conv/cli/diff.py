"""cdisc-conv diff: two datasets, or two folders of them, compared."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cdisc_conv.cli import _options as options

if TYPE_CHECKING:
    from cdisc_conv.diff.compare import Ways
    from cdisc_conv.model.difference import DatasetDiff, FolderDiff, Settings, Tolerance

METHODS = ("exact", "absolute", "relative", "percent")
CRITERION = 0.00001
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
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write all that differs to this file."
)
@click.option(
    "--memory",
    type=click.IntRange(64),
    default=2048,
    show_default=True,
    help="MB that rows may take in memory.",
)
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
    out: Path | None,
    memory: int,
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
    from cdisc_conv.cli._show import end_progress, progress
    from cdisc_conv.diff.compare import Ways
    from cdisc_conv.model.difference import Settings

    settings = Settings(
        ids=_names(ids),
        mapped=_pairs(mapped),
        dropped=_names(drop),
        kept=_names(keep),
        tolerance=_tolerance(method, criterion),
        tolerances=dict(_own(t) for t in tolerances),
        normalise=_normalise(normalise),
        by_position=by_position,
        values_only=values_only,
    )
    _check(settings, out)
    ways = Ways(settings, _spec_keys(workspace, study_name, spec), memory << 20, progress())
    diff = _run(base, compare, ways)
    end_progress()
    if out is not None:
        _write(diff, out)
    _show(diff, rows, out, output_format)
    sys.exit(diff.verdict.exit_code)


def _run(base: Path, compare: Path, ways: Ways) -> DatasetDiff | FolderDiff:
    from cdisc_conv.diff.compare import compare_files
    from cdisc_conv.diff.folder import compare_folders
    from cdisc_conv.errors import UsageMistake

    if base.is_dir() and compare.is_dir():
        return compare_folders(base, compare, ways)
    if base.is_dir() or compare.is_dir():
        raise UsageMistake("give two files or two folders, not one of each")
    (a, part), (b, other) = _part(base), _part(compare)
    return compare_files(a, b, ways, parts=(part, other))


def _part(path: Path) -> tuple[Path, str]:
    """`book.xlsx!Sheet1` as the file and the sheet."""
    name, mark, part = path.name.rpartition("!")
    return (path.with_name(name), part) if mark and not path.exists() else (path, "")


def _show(diff: DatasetDiff | FolderDiff, rows: int | None, out: Path | None, output_format: str) -> None:
    from cdisc_conv.cli._diff_text import show_diff
    from cdisc_conv.cli._show import show_findings, show_json
    from cdisc_conv.diff.out import as_dict, datasets

    if output_format == "json":
        show_json(as_dict(diff, JSON_ROWS if rows is None else rows))
        return
    show_diff(diff, SCREEN if rows is None else rows)
    found = [f for d in datasets(diff) for f in d.findings]
    if diff not in datasets(diff):
        found += diff.findings
    if found:
        click.echo()
    show_findings(found)
    if out is not None:
        click.echo(f"all that differs: {out}")


def _write(diff: DatasetDiff | FolderDiff, out: Path) -> None:
    from cdisc_conv.diff.out import WRITERS

    WRITERS[out.suffix.lower()](diff, out)


def _check(settings: Settings, out: Path | None) -> None:
    from cdisc_conv.diff.out import WRITERS
    from cdisc_conv.errors import UsageMistake

    if settings.by_position and settings.ids:
        raise UsageMistake("--id and --by-position exclude each other")
    if out is not None and out.suffix.lower() not in WRITERS:
        raise UsageMistake(f"--out takes a file named {', '.join(WRITERS)}, not {out.name}")
    if out is not None and not out.absolute().parent.is_dir():
        raise UsageMistake(f"there is no folder {out.parent} to write {out.name} to")


def _names(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for text in given for n in text.replace(",", " ").split()))


def _pairs(given: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    from cdisc_conv.errors import UsageMistake

    found = []
    for text in given:
        for item in text.split(","):
            one, equals, other = (part.strip() for part in item.partition("="))
            if not (one and equals and other):
                raise UsageMistake(f"--map takes BASE=COMPARE, not {item!r}")
            found.append((one, other))
    return tuple(found)


def _tolerance(method: str | None, criterion: float | None) -> Tolerance:
    from cdisc_conv.errors import UsageMistake
    from cdisc_conv.model.difference import Tolerance

    if method == "exact" and criterion:
        raise UsageMistake("--method exact takes no --criterion")
    if method is None:
        method = "relative" if criterion else "exact"
    if method == "exact":
        return Tolerance()
    return Tolerance(method, CRITERION if criterion is None else criterion)


def _own(text: str) -> tuple[str, Tolerance]:
    """`AVAL=absolute:0.01`."""
    from cdisc_conv.errors import UsageMistake

    name, equals, rest = (part.strip() for part in text.partition("="))
    method, _, number = rest.partition(":")
    try:
        criterion = float(number) if number else None
    except ValueError:
        criterion = -1.0
    bad = criterion is not None and not 0 <= criterion < float("inf")
    if not (name and equals) or method not in METHODS or bad:
        raise UsageMistake(f"--tolerance takes VAR=METHOD[:X] with {', '.join(METHODS)}, not {text!r}")
    return name, _tolerance(method, criterion)


def _normalise(given: tuple[str, ...]) -> tuple[str, ...]:
    from cdisc_conv.diff.numbers import NORMAL
    from cdisc_conv.errors import UsageMistake

    words = _names(given)
    for word in words:
        if word not in (*NORMAL, "all"):
            raise UsageMistake(f"--normalise-text takes {', '.join(NORMAL)} or all, not {word!r}")
    return NORMAL if "all" in words else tuple(w for w in NORMAL if w in words)


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
