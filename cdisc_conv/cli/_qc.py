"""What the commands of `qc` share: where the file is, what goes into it, how the status is told."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from cdisc_conv.diff.compare import Ways
    from cdisc_conv.model.difference import DatasetDiff
    from cdisc_conv.model.qc import QcEntry, QcFile, QcStatus

_COLOURS = {"pass": "green", "fail": "red", "stale": "yellow", "never": "magenta"}


def place(study: str, workspace: Path | None, file: Path | None) -> tuple[Path, Path]:
    """The folder that recorded paths start from (that in which `qc/` is), and the file."""
    from cdisc_conv.errors import UsageMistake

    if file is not None:
        return file.absolute().parent.parent, file
    if Path(study).name != study:
        raise UsageMistake(f"{study!r} is no name of a study; name the file with --file")
    root = workspace or Path.cwd()
    return root, root / "qc" / f"{study}.yaml"


def check(by: str, day: str) -> None:
    """Who and when, as they may be recorded; raises `UsageMistake`."""
    from cdisc_conv.errors import UsageMistake
    from cdisc_conv.qc.file import is_date

    if not by.strip() or not by.isprintable():
        raise UsageMistake("--by takes a name, on one line")
    if not is_date(day):
        raise UsageMistake(f"--on takes a day as YYYY-MM-DD, not {day!r}")


def ways(study: str, workspace: Path | None, how: Mapping[str, Any]) -> Ways:
    """How to compare: as asked, by the keys of the study's spec where there is one."""
    from cdisc_conv.cli._diff_settings import names, own_tolerance, tolerance
    from cdisc_conv.cli._show import progress
    from cdisc_conv.diff.compare import Ways
    from cdisc_conv.diff.spec_keys import study_keys
    from cdisc_conv.model.difference import Settings

    settings = Settings(
        dropped=names(how["drop"]),
        tolerance=tolerance(how["method"], how["criterion"]),
        tolerances=dict(own_tolerance(t) for t in how["tolerances"]),
        values_only=how["values_only"],
    )
    return Ways(settings, study_keys(workspace, study), say=progress())


def keep(
    study: str,
    path: Path,
    root: Path,
    diffs: Iterable[DatasetDiff],
    by: str,
    day: str,
    folders: Mapping[str, Path] | None = None,
) -> None:
    """Put finished comparisons into the file; of each dataset the last one counts."""
    from cdisc_conv import __version__
    from cdisc_conv.qc.status import entry_of, relative

    entries = [entry_of(d, root, by, day, f"cdisc_conv {__version__}") for d in diffs]
    _save(study, path, entries, {k: relative(v, root) for k, v in (folders or {}).items()})


def vouched(
    study: str,
    path: Path,
    root: Path,
    dataset: str,
    files: tuple[Path, Path],
    outcome: tuple[int, str],
    by: str,
    day: str,
) -> None:
    """Put the outcome of another program's comparison into the file: its SYSINFO, and the program."""
    from cdisc_conv.model.difference import Verdict
    from cdisc_conv.model.qc import QcEntry, QcSide
    from cdisc_conv.qc.status import file_hash, relative

    sysinfo, tool = outcome
    production, qc = (QcSide(relative(f, root), file_hash(f)) for f in files)
    verdict = Verdict.CANNOT_COMPARE if sysinfo & 32768 else Verdict.DIFFERENT if sysinfo else Verdict.EQUAL
    _save(study, path, [QcEntry(dataset.upper(), production, qc, verdict, sysinfo, by, day, tool)], {})


def _save(study: str, path: Path, entries: Iterable[QcEntry], folders: Mapping[str, str]) -> None:
    from cdisc_conv.qc.file import read_qc, write_qc

    known = read_qc(path, study)
    merged = {**known.entries, **{e.dataset: e for e in entries}}
    write_qc(path, replace(known, entries=merged, folders={**known.folders, **folders}))


def finish(study: str, workspace: Path | None, file: Path | None, output_format: str) -> None:
    """Tell where every dataset stands and end with the exit code that says it."""
    from cdisc_conv.cli._show import show_json
    from cdisc_conv.qc.file import read_qc
    from cdisc_conv.qc.status import statuses

    root, path = place(study, workspace, file)
    content = read_qc(path, study)
    found = statuses(content, root, _expected(content, study, workspace, root, path))
    if output_format == "json":
        show_json({"study": study, "file": str(path), "datasets": [_plain(s) for s in found]})
    else:
        _show(study, path, found)
    sys.exit(int(not found or any(s.state != "pass" for s in found)))


def _expected(content: QcFile, study: str, workspace: Path | None, root: Path, path: Path) -> set[str]:
    """Datasets that ought to be compared: those of the spec and those in the last production folder."""
    from cdisc_conv.codes.qc import QC_NOTHING
    from cdisc_conv.diff.folder import datasets_in
    from cdisc_conv.errors import CannotRun
    from cdisc_conv.findings import Findings, Place
    from cdisc_conv.read.workspace import find_workspace, read_workspace, studies

    names: set[str] = set()
    space = find_workspace(workspace)
    if study in studies(space):
        specs = read_workspace(space, study).specs
        names = {d for spec in specs.values() for d in spec.datasets}
    elif not content.entries:
        raise CannotRun(QC_NOTHING.at(Place(file=str(path)), study=study))
    folder = root / content.folders["production"] if "production" in content.folders else None
    if folder is not None and folder.is_dir():
        try:
            names |= set(datasets_in(folder, Findings()))
        except CannotRun:  # an empty folder expects nothing
            return names
    return names


def _show(study: str, path: Path, found: list[QcStatus]) -> None:
    from cdisc_conv.cli._diff_text import safe

    width = max([7, *(len(s.dataset) for s in found)])
    who = max([2, *(len(s.entry.by) for s in found if s.entry)])
    click.echo(
        click.style(f"{'dataset':{width}}  state  SYSINFO  date        {'by':{who}}", dim=True).rstrip()
    )
    for s in found:
        told = f"{s.entry.sysinfo:7}  {s.entry.date:10}  {s.entry.by:{who}}" if s.entry else ""
        if s.entry and not s.entry.tool.startswith("cdisc_conv"):
            told += f"  ({s.entry.tool})"
        state = click.style(f"{s.state:5}", fg=_COLOURS[s.state], bold=True)
        click.echo(safe(f"{s.dataset:{width}}  ") + state + safe(f"  {told}  {s.why}".rstrip()))
    counts = {state: sum(s.state == state for s in found) for state in _COLOURS}
    click.echo(f"{study}: " + ", ".join(f"{n} {state}" for state, n in counts.items() if n) + f"  ({path})")


def _plain(s: QcStatus) -> dict[str, Any]:
    made: dict[str, Any] = {"dataset": s.dataset, "state": str(s.state), "why": s.why}
    return made | ({"entry": asdict(s.entry)} if s.entry else {})
