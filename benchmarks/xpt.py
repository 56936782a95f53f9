"""XPT v5: our reader and writer beside pyreadstat, pandas and a plain copy, in one run.

    python -m benchmarks.xpt [--rows 1000000] [--write benchmarks/results/xpt.md]

The frame has 25 columns: 14 of text (2 to 200 bytes; random letters, a quarter of the width to all of it) and
11 of numbers (two decimals, 5 % missing). Every contestant runs in a process of its own; `peak` is that
process's highest resident memory (ru_maxrss) with the interpreter, the libraries and the frame in it, and
`beyond input` what the call added to it. Data lie in .bench/ and are removed at the end.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / ".bench"
WIDTHS = (200, 200, 100, 80, 60, 40, 40, 20, 20, 16, 12, 8, 8, 2)
NUMBERS = 11
TEXT = pd.StringDtype("pyarrow", na_value=np.nan)


def text_column(rng: np.random.Generator, rows: int, width: int):
    sizes = rng.integers(max(1, width // 4), width + 1, rows)
    sizes[0] = width
    offsets = np.zeros(rows + 1, np.int64)
    np.cumsum(sizes, out=offsets[1:])
    letters = rng.integers(65, 91, offsets[-1], dtype=np.uint8)
    array = pa.LargeStringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(letters))
    return pd.array(array, dtype=TEXT)


def number_column(rng: np.random.Generator, rows: int) -> np.ndarray:
    values = np.round(rng.normal(1000, 30, rows), 2)  # never 0, which pandas reads as 5.4e-79
    values[rng.random(rows) < 0.05] = np.nan
    return values


def make_frame(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(20140702)
    columns = {f"TEXT{i:02}": text_column(rng, rows, width) for i, width in enumerate(WIDTHS)}
    columns |= {f"NUM{i:02}": number_column(rng, rows) for i in range(NUMBERS)}
    return pd.DataFrame(columns, copy=False)


def digest(frame: pd.DataFrame) -> str:
    """The same for frames of the same values, whatever their dtypes of text are."""
    total = 0
    for name in frame:
        column = frame[name]
        if not pd.api.types.is_numeric_dtype(column):
            column = column.astype(object).fillna("")
        total ^= int(pd.util.hash_pandas_object(column, index=False).to_numpy().sum())
        total = total * 31 % 2**64
    return f"{total:016x}"


def write_ours(frame: pd.DataFrame, path: Path) -> None:
    from cdisc_conv.write.xpt import write_xpt

    write_xpt(frame, path, name="BIG")


def write_pyreadstat(frame: pd.DataFrame, path: Path) -> None:
    import pyreadstat

    pyreadstat.write_xport(frame, path, table_name="BIG", file_format_version=5)


def read_ours(path: Path) -> pd.DataFrame:
    from cdisc_conv.read.xpt import read_xpt

    return read_xpt(path)


def read_pyreadstat(path: Path) -> pd.DataFrame:
    import pyreadstat

    return pyreadstat.read_xport(path)[0]


def read_pandas(path: Path) -> pd.DataFrame:
    return pd.read_sas(path, format="xport", encoding="utf-8")


def copy(path: Path, other: Path) -> None:
    with path.open("rb") as source, other.open("wb", buffering=0) as target:
        shutil.copyfileobj(source, target, 2 << 20)


CONTESTANTS = {
    "write, cdisc_conv": write_ours,
    "write, pyreadstat": write_pyreadstat,
    "copy of the file": copy,
    "read, cdisc_conv": read_ours,
    "read, pyreadstat": read_pyreadstat,
    "read, pandas": read_pandas,
}


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(what: str, rows: int, repeats: int) -> dict[str, float | str]:
    """Run one contestant; the fastest of its repeats counts."""
    path, call = BENCH / "big.xpt", CONTESTANTS[what]
    import pyreadstat  # noqa: F401  (what is imported is not timed)

    import cdisc_conv.read.xpt
    import cdisc_conv.write.xpt  # noqa: F401

    writes = what.startswith("write")
    frame = make_frame(rows) if writes else None
    before, seconds, made = peak(), [], None
    for _ in range(repeats):
        made = None
        target = path if what == "write, cdisc_conv" else BENCH / "other.xpt"
        target.unlink(missing_ok=True) if writes or what.startswith("copy") else None
        arguments = (frame, target) if writes else (path, target) if what.startswith("copy") else (path,)
        start = time.perf_counter()
        made = call(*arguments)
        seconds.append(time.perf_counter() - start)
    after = peak()
    known = frame if frame is not None else made
    return {
        "seconds": min(seconds), "peak": after, "beyond": after - before,
        "digest": digest(known) if known is not None else "", "size": path.stat().st_size,
    }  # fmt: skip


def run(what: str, rows: int) -> dict[str, float | str]:
    repeats = 1 if "pyreadstat" in what or "pandas" in what else 3
    command = [sys.executable, "-m", "benchmarks.xpt", "--child", what, "--rows", str(rows)]
    command += ["--repeats", str(repeats)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    pages = next(
        line.split()[1] for line in Path("/proc/meminfo").read_text().splitlines() if line[:8] == "MemTotal"
    )
    versions = f"Python {platform.python_version()}, pandas {pd.__version__}, pyarrow {pa.__version__}"
    return f"{len(models)} × {models[0]}, {int(pages) / 2**20:.0f} GB; {versions}, numpy {np.__version__}"


def report(results: dict[str, dict], rows: int) -> str:
    size = results["write, cdisc_conv"]["size"] / 1e6
    lines = [
        "# XPT v5: reader and writer", "",
        f"{rows:,} rows × 25 columns ({len(WIDTHS)} text of 2 to 200 bytes, {NUMBERS} numbers), file of "
        f"{size:,.0f} MB.", f"Machine: {machine()}.", "",
        "| | seconds | ours is faster by | peak MB | peak / file | beyond input MB |",
        "|---|---:|---:|---:|---:|---:|",
    ]  # fmt: skip
    for what, found in results.items():
        ours = results[("read" if what.startswith("read") else "write") + ", cdisc_conv"]["seconds"]
        lines.append(
            f"| {what} | {found['seconds']:.2f} | {found['seconds'] / ours:.1f} × | {found['peak']:.0f} "
            f"| {found['peak'] * 1.048576 / size:.2f} | {found['beyond']:.0f} |"
        )
    digests = {found["digest"] for found in results.values() if found["digest"]}
    same = "the same" if len(digests) == 1 else "NOT THE SAME"
    lines += ["", f"Values written, and read by each reader: {same}.", ""]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--write", type=Path, help="a Markdown file for the figures")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--repeats", type=int, default=1, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(child(given.child, given.rows, given.repeats)))
        return
    BENCH.mkdir(exist_ok=True)
    try:
        results = {what: run(what, given.rows) for what in CONTESTANTS}
    finally:
        for name in ("big.xpt", "other.xpt"):
            (BENCH / name).unlink(missing_ok=True)
    text = report(results, given.rows)
    print(text)
    if given.write:
        given.write.parent.mkdir(parents=True, exist_ok=True)
        given.write.write_text(text)


if __name__ == "__main__":
    main()
