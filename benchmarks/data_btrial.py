"""The Btrial raw exports with their subjects replicated under new site numbers; only files that are read."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from benchmarks.measure import ROOT

RAW = ROOT / "examples/btrial/raw"
SITES = 20  # more than the sites there are: the first copy gets sites 21 and on


def write_btrial(folder: Path, times: int) -> int:
    """`times` as many subjects; the number of raw bytes written. No manifest."""
    from cdisc_conv.read.study import read_study

    study, _ = read_study(ROOT / "specs/btrial", "btrial", "study.yaml")
    shutil.rmtree(folder, ignore_errors=True)
    for form in study.forms.values():
        target = folder / form.file
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix != ".csv" or form.subject is None:
            shutil.copy(RAW / form.file, target)
        else:
            _replicate(RAW / form.file, target, times)
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())


def _replicate(source: Path, target: Path, times: int) -> None:
    """The rows `times` times: SITE_NO moved, ROW_ID numbered; bytes and encoding stay those of the file."""
    encoding = "utf-8" if _is_utf8(source) else "gb18030"
    with source.open(encoding=encoding, newline="") as file:
        header, *rows = list(csv.reader(file))
    site, row_id = _find(header, "SITE_NO"), _find(header, "ROW_ID")
    with target.open("w", encoding=encoding, newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        for k in range(times):
            out.writerows(_moved(row, site, row_id, k) for row in rows)


def _moved(row: list[str], site: int, row_id: int, k: int) -> list[str]:
    if k == 0 or len(row) <= max(site, row_id):
        return row
    made = list(row)
    if made[site].strip().isdigit():
        made[site] = f"{int(made[site]) + SITES * k:02}"
    if row_id >= 0:
        made[row_id] = f"{made[row_id]}-{k}"
    return made


def _find(header: list[str], name: str) -> int:
    plain = [h.strip('\ufeff "') for h in header]
    return plain.index(name) if name in plain else -1


def _is_utf8(path: Path) -> bool:
    try:
        path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
