"""A comparison into a file: the page, the workbook, or a table for programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cdisc_conv.model.difference import DatasetDiff, FolderDiff
    from cdisc_conv.model.why import Why


def check_out(out: Path | None, base: Path, compare: Path) -> None:
    """Say at once what would keep the file from being written at the end; what is compared stays whole."""
    from cdisc_conv.diff.out import WRITERS
    from cdisc_conv.errors import UsageMistake

    if out is None:
        return
    known = (".html", ".xlsx", *WRITERS)
    if out.suffix.lower() not in known:
        raise UsageMistake(f"--out takes a file named {', '.join(known)}, not {out.name}")
    if not out.absolute().parent.is_dir():
        raise UsageMistake(f"there is no folder {out.parent} to write {out.name} to")
    for side in (base, compare):
        if out.resolve() == side.resolve():
            raise UsageMistake(f"--out names {out}, one of the two files that are compared")
        if side.is_dir() and out.resolve().is_relative_to(side.resolve()) and out.suffix.lower() != ".html":
            raise UsageMistake(f"--out lies in {side}, where it would be taken for a dataset the next time")


def write_outs(
    diff: DatasetDiff | FolderDiff, outs: Sequence[Path], why: Sequence[Why], say: Callable[[str], None]
) -> list[str]:
    """Write each file; a line for each that says what it holds."""
    whole = next((o.name for o in outs if o.suffix.lower() != ".html"), "")
    said = []
    for out in outs:
        say(f"write {out}")
        said.append(write_out(diff, out, why, whole))
    return said


def write_out(diff: DatasetDiff | FolderDiff, out: Path, why: Sequence[Why] = (), whole: str = "") -> str:
    """Write the file, by its suffix; in words what it holds. A page names `whole`, which has all."""
    from cdisc_conv.diff.out import WRITERS

    suffix = out.suffix.lower()
    if suffix == ".html":
        return _page(diff, out, why, whole)
    if suffix == ".xlsx":
        return _workbook(diff, out, why)
    WRITERS[suffix](diff, out)
    return f"all that differs: {out}"


def _page(diff: DatasetDiff | FolderDiff, out: Path, why: Sequence[Why], whole: str) -> str:
    from cdisc_conv.report.diff_html import write_diff_html

    complete = f"all of them are in {whole}" if whole else ""
    with _aside(out) as path:
        left_out = write_diff_html(diff, path, complete=complete, why=why)
    more = f" ({left_out:,} of the values that differ are left out; a file .xlsx or .csv holds all)"
    return f"page to read: {out}{more if left_out and not whole else ''}"


def _workbook(diff: DatasetDiff | FolderDiff, out: Path, why: Sequence[Why]) -> str:
    from cdisc_conv.report.diff_xlsx import write_diff_xlsx

    with _aside(out) as path:
        told = write_diff_xlsx(diff, path, why=why)
    for sheet in told:
        for note in sheet.notes():
            click.echo(f"{out.name}, sheet {sheet.title}: {note}", err=True)
    whole = not any(sheet.notes() for sheet in told)
    return f"{'all that differs' if whole else 'what fits of all that differs'}: {out}"


class _aside:
    """A file beside `out` that takes its place when all went well."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.path = out.with_name(f".{out.name}.part")

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        from cdisc_conv.codes.file import DIFF_OUT_FAILED
        from cdisc_conv.errors import CannotRun
        from cdisc_conv.findings import Place

        try:
            if error is None:
                self.path.replace(self.out)
        except OSError as failed:
            error = failed
        if error is not None:
            self.path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            place = Place(file=str(self.out))
            raise CannotRun(DIFF_OUT_FAILED.at(place, reason=error.strerror or str(error))) from None
