"""Comparison of two datasets: ours beside datacompy (pandas), in one run.

    python -m benchmarks.diff [--rows 1000000] [--large 10000000] [--write benchmarks/results/diff.md]

A laboratory dataset of 25 columns: 14 of text (study, subject, codes, units, visits; results as text, time of
collection, and an accession number that is different in every row) and 11 of numbers; and a copy whose rows
stand in another order and of whose cells 1 % are changed. Both are Parquet; rows are paired by two keys.
Ours reads both, compares, prints its report, writes the HTML page and every difference to a CSV file;
datacompy reads both with pandas, compares and makes its report (which shows ten rows a variable). Every
contestant runs in a process of its own, five times in turn, and the fastest counts; what is imported is not
timed.
`peak` is that process's highest resident memory (ru_maxrss), libraries included. `--large` is ours alone, on
so many rows, with the default --memory of 2048 MB. Data lie in .bench/ and are removed at the end.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.xpt import machine

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / ".bench"
BLOCK = 500_000  # rows made at a time
KEYS = ("USUBJID", "LBSEQ")
CODED = {
    "STUDYID": 1, "DOMAIN": 1, "LBTESTCD": 40, "LBTEST": 40, "LBCAT": 5, "LBORRESU": 25, "LBNRIND": 3,
    "LBSPEC": 4, "VISIT": 15,
}  # fmt: skip
NUMBERS = (
    "LBSTRESN", "LBORNRLO", "LBORNRHI", "LBSTNRLO", "LBSTNRHI",
    "VISITNUM", "LBDY", "LBTPTNUM", "LBREPNUM", "LBSIGMA",
)  # fmt: skip
CHANGED = 0.01
REPEATS = 5


def block(rng: np.random.Generator, first: int, rows: int) -> pa.Table:
    """Rows whose keys are all different; text of coded columns is 5 to 20 letters."""
    row = np.arange(first, first + rows)
    columns = {"USUBJID": pa.array([f"CDISC-01-{n:08d}" for n in row // 200])}
    columns["LBSEQ"] = pa.array((row % 200 + 1).astype(np.float64))
    for name, many in CODED.items():
        words = pa.array([f"{name} {i:02d} " + "x" * (i % 12) for i in range(many)])
        columns[name] = words.take(pa.array(rng.integers(0, many, rows)))
    results = pa.array(np.round(rng.normal(100, 30, rows), 1))
    columns["LBORRES"] = columns["LBSTRESC"] = pa.compute.cast(results, pa.string())
    minutes = np.datetime64("2014-01-01T00:00") + rng.integers(0, 900 * 1440, rows).astype("timedelta64[m]")
    columns["LBDTC"] = pa.array(np.datetime_as_string(minutes))
    columns["LBREFID"] = pa.array([f"{n:012d}" for n in row * 7_919])
    for name in NUMBERS:
        values = np.round(rng.normal(100, 30, rows), 2)
        values[rng.random(rows) < 0.05] = np.nan
        columns[name] = pa.array(values)
    return pa.table(columns)


def changed(rng: np.random.Generator, table: pa.Table) -> pa.Table:
    """1 % of the cells beside the keys other than they were, rows in another order."""
    columns = {}
    for name in table.column_names:
        column = table[name].combine_chunks()
        at = rng.random(table.num_rows) < CHANGED
        if name not in KEYS and pa.types.is_floating(column.type):
            values = column.to_numpy(zero_copy_only=False).copy()
            values[at] = np.where(np.isnan(values[at]), 1.0, values[at] + 0.01)
            column = pa.array(values)
        elif name not in KEYS:
            other = pa.compute.binary_join_element_wise(column, pa.scalar("!"), pa.scalar(""))
            column = pa.compute.if_else(pa.array(at), other, column)
        columns[name] = column
    return pa.table(columns).take(pa.array(rng.permutation(table.num_rows)))


def make(rows: int) -> None:
    """base.parquet and compare.parquet; in blocks, so that any number of rows can be made."""
    rng = np.random.default_rng(20140702)
    with contextlib.ExitStack() as stack:
        files = []
        for first in range(0, rows, BLOCK):
            base = block(rng, first, min(BLOCK, rows - first))
            if not files:
                names = ("base", "compare")
                files = [
                    stack.enter_context(pq.ParquetWriter(BENCH / f"{n}.parquet", base.schema)) for n in names
                ]
            files[0].write_table(base)
            files[1].write_table(changed(rng, base))


def ours() -> dict[str, int]:
    from cdisc_conv.cli._diff_text import show_diff
    from cdisc_conv.diff.compare import Ways, compare_files
    from cdisc_conv.diff.out import write_csv
    from cdisc_conv.model.difference import Settings
    from cdisc_conv.report.diff_html import write_diff_html

    diff = compare_files(BENCH / "base.parquet", BENCH / "compare.parquet", Ways(Settings(ids=KEYS)))
    write_csv(diff, BENCH / "all.csv")
    write_diff_html(diff, BENCH / "page.html", complete="all.csv")
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        show_diff(diff, 20)
    return {"unequal": diff.unequal, "paired": diff.rows.paired}


def theirs() -> dict[str, int]:
    import datacompy
    import pandas as pd

    frames = [pd.read_parquet(BENCH / f"{n}.parquet") for n in ("base", "compare")]
    found = datacompy.PandasCompare(*frames, join_columns=list(KEYS), cast_column_names_lower=False)
    (BENCH / "theirs.txt").write_text(found.report())
    return {
        "unequal": int(sum(c["unequal_cnt"] for c in found.column_stats)),
        "paired": len(found.intersect_rows),
    }


IMPORTED = {
    "cdisc_conv": (
        "cdisc_conv.cli._diff_text",
        "cdisc_conv.diff.compare",
        "cdisc_conv.diff.load_parquet",
        "cdisc_conv.diff.out",
        "cdisc_conv.report.diff_html",
    ),
    "datacompy, pandas": ("datacompy", "pandas"),
}
CONTESTANTS = {"cdisc_conv": ours, "datacompy, pandas": theirs}


def child(what: str) -> dict[str, float]:
    for module in IMPORTED[what]:
        import_module(module)
    start = time.perf_counter()
    found = CONTESTANTS[what]()
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, **found}


def run(contestants: Iterable[str], repeats: int = REPEATS) -> dict[str, dict[str, float]]:
    """The fastest of some processes of each contestant, who take turns so that other load meets all alike."""
    found: dict[str, list[dict[str, float]]] = {what: [] for what in contestants}
    for what in [*found] * repeats:
        command = [sys.executable, "-m", "benchmarks.diff", "--child", what]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        found[what].append(json.loads(done.stdout.splitlines()[-1]))
    return {what: min(runs, key=lambda f: f["seconds"]) for what, runs in found.items()}


def line(what: str, rows: int, found: dict[str, float], base: float) -> str:
    ours = f"{found['seconds'] / base:.1f} ×"
    figures = f"{found['seconds']:.2f} | {ours} | {found['peak']:.0f} | {found['unequal']:,}"
    return f"| {what} | {rows:,} | {figures} |"


def measure(rows: int, large: int) -> str:
    make(rows)
    size = (BENCH / "base.parquet").stat().st_size / 1e6
    results = run(CONTESTANTS)
    base = results["cdisc_conv"]["seconds"]
    lines = [
        "# Comparison of two datasets", "",
        f"{rows:,} rows × 25 columns on either side (Parquet of {size:,.0f} MB each), 1 % of cells changed, "
        "rows in another order, paired by two keys.", f"Machine: {machine()}.", "",
        "| | rows | seconds | of ours | peak MB | values found unequal |", "|---|---:|---:|---:|---:|---:|",
        *(line(what, rows, found, base) for what, found in results.items()),
    ]  # fmt: skip
    if large:
        make(large)
        found = run(["cdisc_conv"], 1)["cdisc_conv"]
        lines.append(line("cdisc_conv, parts on disk", large, found, base))
    return "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--large", type=int, default=0, help="rows of a second run, of ours alone")
    parser.add_argument("--write", type=Path, help="a Markdown file for the figures")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(child(given.child)))
        return
    BENCH.mkdir(exist_ok=True)
    try:
        text = measure(given.rows, given.large)
    finally:
        for name in ("base.parquet", "compare.parquet", "all.csv", "page.html", "theirs.txt"):
            (BENCH / name).unlink(missing_ok=True)
    print(text)
    if given.write:
        given.write.parent.mkdir(parents=True, exist_ok=True)
        given.write.write_text(text)


if __name__ == "__main__":
    main()
