"""The package on disk: built aside, swapped in whole; a run that dies leaves the last one as it was."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from cdisc_conv.codes.file import FILE080, FILE081, FILE082
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Finding, Findings, Place
from cdisc_conv.model.metadata import DatasetMeta, ItemMeta, PackageMeta
from cdisc_conv.model.xpt import XptColumn
from cdisc_conv.write.define import write_define
from cdisc_conv.write.xpt import XptWriter

RUN = Path("run") / "run.json"
_FOLDERS = {"sdtm": "tabulations/sdtm", "adam": "analysis/adam/datasets"}


def dataset_folder(root: Path, study: str, kind: str) -> Path:
    """Where datasets of a kind belong in an eCTD: m5/datasets/<study>/…"""
    return root / "m5" / "datasets" / study.lower() / _FOLDERS[kind]


def write_dataset(folder: Path, meta: DatasetMeta, parts: Iterable[pd.DataFrame], created: str) -> Findings:
    """One dataset as XPT v5, part after part; lengths are those of the metadata."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = [_column(item) for item in meta.items]
    writer = XptWriter(
        folder / f"{meta.name.lower()}.xpt",
        columns,
        name=meta.name,
        label=meta.label,
        created=datetime.fromisoformat(created[:19]),
    )
    with writer:
        for part in parts:
            writer.write(part)
    return Findings([_named(finding, f"{meta.name.lower()}.xpt") for finding in writer.findings])


def _named(finding: Finding, file: str) -> Finding:
    """A finding of the writer by the file's own name: the folder that it is written in does not last."""
    rows = tuple(replace(row, file=file) for row in finding.rows)
    return replace(finding, place=replace(finding.place, file=file), rows=rows)


def _column(item: ItemMeta) -> XptColumn:
    """An item as it stands in the file; a display format such as DATE9. makes a number of a date type."""
    numeric = item.data_type in ("integer", "float") or (item.format != "" and item.format[0] != "$")
    return XptColumn(item.name, item.label, numeric, 8 if numeric else item.width, item.format)


def write_metadata(root: Path, study: str, packages: Iterable[PackageMeta]) -> Findings:
    """define.xml, stylesheet and define.html beside the datasets of each package."""
    findings = Findings()
    for package in packages:
        folder = dataset_folder(root, study, package.kind)
        folder.mkdir(parents=True, exist_ok=True)
        findings.extend(write_define(package, folder))
    return findings


def write_json(path: Path, content: Any) -> None:
    """JSON as we write it everywhere: UTF-8, sorted keys, one trailing newline."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def file_hash(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


@contextmanager
def aside(out: Path) -> Iterator[Path]:
    """A folder beside `out` to build in; it takes the place of `out` when the block ends well.

    Raises `CannotRun` when `out` holds something that is no package of ours, or cannot be written.
    """
    out = out.absolute()
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / RUN).is_file())):
        raise CannotRun(FILE080.at(Place(file=str(out))))
    building = out.parent / f".{out.name}.building-{os.getpid()}"
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _clear_abandoned(out)
        building.mkdir()
    except OSError as e:
        raise CannotRun(FILE081.at(Place(file=str(out)), reason=e.strerror or str(e))) from None
    try:
        yield building
        _swap(building, out)
    except OSError as e:
        raise CannotRun(FILE081.at(Place(file=str(out)), reason=e.strerror or str(e))) from None
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _clear_abandoned(out: Path) -> None:
    """Remove what runs that were killed left behind; a run still alive keeps its folder."""
    for old in out.parent.glob(f".{out.name}.building-*"):
        pid = old.name.rpartition("-")[2]
        if not (pid.isdigit() and Path(f"/proc/{pid}").exists()):
            shutil.rmtree(old, ignore_errors=True)


def _swap(building: Path, out: Path) -> None:
    """Put the new folder where the old one is, in one step where the system can exchange names."""
    _settle(building)
    if not out.exists():
        building.rename(out)
    elif not _exchange(building, out):
        old = building.with_name(building.name.replace(".building-", ".old-"))
        out.rename(old)
        building.rename(out)
        shutil.rmtree(old, ignore_errors=True)


def _settle(folder: Path) -> None:
    """Make sure that all is on disk before it gets its name."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as f:
                os.fsync(f.fileno())


def _exchange(first: Path, second: Path) -> bool:
    """renameat2(…, RENAME_EXCHANGE) of Linux: both names change owner at once; False where there is none."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    at_cwd, exchange = -100, 2
    return bool(call(at_cwd, os.fsencode(first), at_cwd, os.fsencode(second), exchange) == 0)


def refuse_partial(out: Path) -> None:
    """Raises `CannotRun` when a build of some datasets would replace a whole package."""
    run = out / RUN
    if run.is_file() and not json.loads(run.read_text(encoding="utf-8")).get("only"):
        raise CannotRun(FILE082.at(Place(file=str(out))))
