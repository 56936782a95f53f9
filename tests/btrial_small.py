"""A few subjects of Btrial in a workspace of their own, to be changed and built in a second or two."""

from __future__ import annotations

import atexit
import csv
import io
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat

from cdisc_conv.model.result import BuildResult
from cdisc_conv.pipeline import Options, build

ROOT = Path(__file__).parents[1]
RAW = ROOT / "examples" / "btrial" / "raw"
Row = dict[str, str]

SUBJECTS = (
    "01-001",
    "01-004",
    "02-007",
    "02-049",
    "03-007",
    "03-020",
    "05-013",
    "08-002",
    "08-016",
    "11-022",
)
"""Treated, never treated, flares of both kinds, screen failure, missed visit, death, two infusions."""


def small_workspace(place: Path, subjects: Iterable[str] = SUBJECTS, **policies: str) -> Path:
    """A workspace below `place` with Btrial's spec and mapping and the raw rows of these subjects.

    `policies` change the values of study.yaml's policies. The manifest is left out: its hashes are of
    the whole files.
    """
    workspace = place / "workspace"
    for folder in ("specs", "mappings"):
        shutil.copytree(ROOT / folder / "btrial", workspace / folder / "btrial")
    (workspace / "specs" / "standards").symlink_to(ROOT / "specs" / "standards")
    for name, value in policies.items():
        set_policy(workspace, name, value)
    study = workspace / "specs" / "btrial" / "study.yaml"
    study.write_text(study.read_text("utf-8").replace("  manifest: manifest.csv\n", ""), "utf-8")
    shutil.copytree(_cut(frozenset(subjects)), workspace / "examples" / "btrial" / "raw")
    return workspace


@cache
def _cut(keep: frozenset[str]) -> Path:
    """The raw export of some subjects, cut once a test process."""
    folder = Path(tempfile.mkdtemp(prefix="btrial-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for path in sorted(p for p in RAW.rglob("*") if p.is_file() and p.name != "manifest.csv"):
        target = folder / path.relative_to(RAW)
        target.parent.mkdir(parents=True, exist_ok=True)
        (_cut_workbook if path.suffix == ".xlsx" else _cut_csv)(path, target, keep)
    return folder


def set_policy(workspace: Path, name: str, value: str) -> None:
    """Another value for a policy of study.yaml, written in its short or its declared form."""
    study = workspace / "specs" / "btrial" / "study.yaml"
    text = study.read_text("utf-8")
    short = re.compile(rf"^(  {name}:\s*)(?!\{{)(\"[^\"]*\"|[^\s#{{]+)", re.M)
    declared = re.compile(rf"^(  {name}:(?:\s*\{{|\s*\n)[^}}]*?value:\s*)(\"[^\"]*\"|[^,}}\s]+)", re.M)
    found = short.search(text) or declared.search(text)
    assert found, f"study.yaml has no policy {name}"
    start, stop = found.span(2)
    study.write_text(f'{text[:start]}"{value}"{text[stop:]}', "utf-8")


def edit(workspace: Path, file: str, change: Callable[[list[Row]], list[Row] | None]) -> None:
    """Change the rows of a CSV file of the raw export: `change` edits the list or gives another."""
    path = workspace / "examples" / "btrial" / "raw" / file
    header, rows, encoding = _read(path)
    rows = change(rows) or rows
    _write(path, list(dict.fromkeys([*header, *(k for r in rows for k in r)])), rows, encoding)


def build_small(workspace: Path) -> tuple[dict[str, pd.DataFrame], BuildResult]:
    """The datasets as another reader finds them (dates of ADaM as ISO 8601 text), and the build's result."""
    out = workspace.parent / "package"
    result = build("btrial", Options(workspace=workspace, out=out))
    frames = {}
    for path in sorted(out.rglob("*.xpt")):
        frame, _ = pyreadstat.read_xport(path, disable_datetime_conversion=True)
        for name in frame.columns:
            if name.endswith("DT") and frame[name].dtype.kind == "f":
                days = pd.to_datetime(frame[name], unit="D", origin="1960-01-01")
                frame[name] = days.dt.strftime("%Y-%m-%d").fillna("")
        frames[path.stem.upper()] = frame
    return frames, result


def _read(path: Path) -> tuple[list[str], list[Row], str]:
    data = path.read_bytes()
    encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "gb18030"
    reader = csv.DictReader(io.StringIO(data.decode(encoding), newline=""))
    rows = list(reader)
    return list(reader.fieldnames or ()), rows, encoding


def _write(path: Path, header: list[str], rows: list[Row], encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(rows)


def _kept(site: str, number: str, keep: frozenset[str]) -> bool:
    return f"{site.strip().zfill(2)}-{number.strip().zfill(3)}" in keep


def _cut_csv(path: Path, target: Path, keep: frozenset[str]) -> None:
    header, rows, encoding = _read(path)
    if "SUBJ_NO" in header:
        rows = [r for r in rows if _kept(r["SITE_NO"], r["SUBJ_NO"], keep)]
    _write(target, header, rows, encoding)


def _cut_workbook(path: Path, target: Path, keep: frozenset[str]) -> None:
    book, made = openpyxl.load_workbook(path, read_only=True), openpyxl.Workbook(write_only=True)
    for sheet in book:
        lines = sheet.iter_rows(values_only=True)
        header = list(next(lines))
        copy = made.create_sheet(sheet.title)
        copy.append(header)
        at = (header.index("SITE_NO"), header.index("SUBJ_NO")) if "SUBJ_NO" in header else None
        for line in lines:
            if at is None or _kept(str(line[at[0]]), str(line[at[1]]), keep):
                copy.append(list(line))
    made.save(target)
