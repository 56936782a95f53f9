"""Two folders compared, dataset by dataset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from cdisc_conv.codes import file as codes
from cdisc_conv.diff.compare import Ways, compare_files
from cdisc_conv.diff.load import LOADERS
from cdisc_conv.diff.match import near_name
from cdisc_conv.diff.parents import Parent, names_parents
from cdisc_conv.diff.sysinfo import ERROR
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.difference import DatasetDiff, FolderDiff, Settings, Verdict

NO_DATA = (".txt",)
"""Suffixes that a file has to be named for: in a folder they are read-me files, as a rule."""


def compare_folders(base: Path, compare: Path, ways: Ways | None = None) -> FolderDiff:
    """Compare all datasets of two folders, paired by their file names without suffix (any case).

    Names in settings need to be in one dataset at least. A dataset on one side only is different.
    Raises `CannotRun` when a folder holds no dataset.
    """
    ways = replace(ways or Ways(), lenient=True)
    findings = Findings()
    sides = [datasets_in(folder, findings) for folder in (base, compare)]
    doubles = {n for side in sides for n, files in side.items() if len(files) > 1}
    both = [n for n in sides[0] if n in sides[1] and n not in doubles]
    done = _compared({n: (sides[0][n][0], sides[1][n][0]) for n in both}, ways, findings)
    only = [
        tuple(_shown(files[0], root) for n, files in mine.items() if n not in other)
        for mine, other, root in ((sides[0], sides[1], base), (sides[1], sides[0], compare))
    ]
    for names, word, root in ((only[0], "BASE", base), (only[1], "COMPARE", compare)):
        for name in names:
            findings.add(codes.DIFF_NO_NAMESAKE.at(Place(file=str(root)), dataset=name, side=word))
    check_names(ways.settings, done, base)
    code = ERROR if doubles else 0
    for diff in done:
        code |= diff.sysinfo
    worst = max([Verdict.EQUAL, *(d.verdict for d in done)], key=lambda v: v.exit_code)
    if doubles:
        worst = Verdict.CANNOT_COMPARE
    elif worst is Verdict.EQUAL and (only[0] or only[1]):
        worst = Verdict.DIFFERENT
    return FolderDiff(
        str(base), str(compare), worst, code, tuple(done), only[0], only[1], tuple(findings.merged())
    )


def _compared(pairs: Mapping[str, tuple[Path, Path]], ways: Ways, findings: Findings) -> list[DatasetDiff]:
    """Each pair, in its order; those that name records of others once the others are compared."""
    by_number = any(i.casefold() == "idvarval" for i in ways.settings.ids)
    later = [] if by_number else [n for n in pairs if names_parents(n)]
    done = {n: compare_files(*pairs[n], ways) for n in pairs if n not in later}
    keys = {n: (d.keys.variables, d.keys.compare_variables) for n, d in done.items()}
    parents = tuple({n: Parent(pairs[n][side], k[side]) for n, k in keys.items()} for side in (0, 1))
    if later:
        findings.add(codes.DIFF_BY_PARENT.at(Place(), datasets=", ".join(later)))
    beside = replace(ways, parents=(parents[0], parents[1]))
    done |= {n: compare_files(*pairs[n], beside) for n in later}
    return [done[n] for n in pairs]


def datasets_in(folder: Path, findings: Findings) -> dict[str, list[Path]]:
    """The datasets of a folder, by name: those in it, or, when there is none, those below it."""
    suffixes = [s for s in LOADERS if s not in NO_DATA]
    files: list[Path] = []
    for found in (folder.iterdir(), folder.rglob("*")):
        files = sorted(p for p in found if p.suffix.lower() in suffixes and p.is_file() and _is_data(p))
        if files:
            break
    if not files:
        hint = codes.DIFF_FORMAT.hint
        raise CannotRun(codes.DIFF_FOLDER_EMPTY.at(Place(file=str(folder)), hint=hint))
    named: dict[str, list[Path]] = {}
    for path in files:
        named.setdefault(path.name.rsplit(".", 1)[0].upper(), []).append(path)
    for name, paths in named.items():
        if len(paths) > 1:
            words = ", ".join(_shown(p, folder) for p in paths)
            findings.add(codes.DIFF_FOLDER_TWICE.at(Place(file=str(folder)), dataset=name, files=words))
    return named


def _is_data(path: Path) -> bool:
    """Whether a file is no scratch file and none of a run's own records (`run/` of a package)."""
    return path.name[0] not in ".~" and not (path.parent / "run.json").is_file()


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def check_names(settings: Settings, done: Iterable[DatasetDiff], base: Path) -> None:
    """Raise `CannotRun` when a name of the settings is in none of the datasets."""
    present: dict[str, str] = {}
    for diff in done:
        variables = [v for d in diff.variables for v in (d.base, d.compare)]
        for v in (*variables, *diff.only_base_variables, *diff.only_compare_variables):
            present[v.name.casefold()] = v.name
        present |= {n.casefold(): n for n in diff.left_out}
    asked = {
        "--id": settings.ids,
        "--drop": settings.dropped,
        "--keep": settings.kept,
        "--tolerance": tuple(settings.tolerances),
        "--map": tuple(n for pair in settings.mapped for n in pair),
    }
    for option, names in asked.items():
        for name in names:
            if present and name.casefold() not in present:
                hint = near_name(name, present.values())
                where = Place(file=str(base))
                raise CannotRun(
                    codes.DIFF_VARIABLE_UNKNOWN.at(
                        where, option=option, variable=name, side="any dataset", hint=hint
                    )
                )
