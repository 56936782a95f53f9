"""The Btrial raw exports with their subjects replicated under new site numbers; only files that are read.

Sheets with subjects become CSV: a sheet holds no more than 1,048,576 rows.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import ROOT

if TYPE_CHECKING:
    from cdisc_conv.model.study import Form

RAW = ROOT / "examples/btrial/raw"
SITES = 20  # more than the sites there are: the first copy gets sites 21 and on


def write_btrial(folder: Path, times: int) -> int:
    """`times` as many subjects; the number of raw bytes written. No manifest."""
    from cdisc_conv.read.raw import RawExport
    from cdisc_conv.read.study import read_study

    study, _ = read_study(ROOT / "specs/btrial", "btrial", "study.yaml")
    shutil.rmtree(folder, ignore_errors=True)
    for form in study.forms.values():
        target = folder / (csv_of(form) or form.file)
        target.parent.mkdir(parents=True, exist_ok=True)
        if csv_of(form):
            table = RawExport.open(RAW).read(form.file, form.sheet).frame
            _replicate([list(table.columns), *table.to_numpy().tolist()], target, times, "utf-8")
        elif form.subject is None:
            shutil.copy(RAW / form.file, target)
        else:
            encoding = "utf-8" if _is_utf8(RAW / form.file) else "gb18030"
            with (RAW / form.file).open(encoding=encoding, newline="") as file:
                _replicate(list(csv.reader(file)), target, times, encoding)
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())


def csv_of(form: Form) -> str:
    """The CSV file that stands for a sheet with subjects, "" for any other form."""
    if not form.sheet or form.subject is None:
        return ""
    return f"{form.file.rpartition('.')[0]}_{form.sheet}.csv"


def _replicate(lines: list[list[str]], target: Path, times: int, encoding: str) -> None:
    """The rows `times` times: SITE_NO moved, ROW_ID numbered."""
    header, *rows = lines
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
