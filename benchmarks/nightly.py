"""A night without change beside a full build: all of Btrial, through the command, each night a process.

python -m benchmarks.nightly [--runs 3] [--quick]
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import ROOT
from benchmarks.tables import machine

CONFIG = """
studies:
  btrial: {{workspace: {root}, raw: raw, out: out, jobs: 2}}
summary: summary
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="one run of each")
    parser.add_argument("--date", default="no date given")
    given = parser.parse_args()
    runs = 1 if given.quick else given.runs
    with tempfile.TemporaryDirectory(prefix="nights-") as folder:
        print(machine(given.date))
        print(table(measured(Path(folder), runs)))


def measured(place: Path, runs: int) -> dict[str, list[float]]:
    """Seconds of whole processes: a plain build, a first night, one without change, a corrected value."""
    shutil.copytree(ROOT / "examples" / "btrial" / "raw", place / "raw")
    (place / "n.yaml").write_text(CONFIG.format(root=ROOT), "utf-8")
    found: dict[str, list[float]] = {"build": [], "first": [], "unchanged": [], "corrected": []}
    for _ in range(runs):
        shutil.rmtree(place / "plain", ignore_errors=True)
        command = ["build", "btrial", "--workspace", ROOT, "--raw", place / "raw", "--out", place / "plain"]
        found["build"].append(_seconds([*command, "--jobs", "2"]))
    for _ in range(runs):
        shutil.rmtree(place / "out", ignore_errors=True)
        found["first"].append(_night(place, "published"))
        found["unchanged"].append(_night(place, "unchanged"))
    for i in range(runs):
        _correct(place / "raw" / "edc" / "vitals.csv", i)
        found["corrected"].append(_night(place, "published", "--accept", "btrial"))
    return found


def _correct(path: Path, i: int) -> None:
    """Another weight in one row; the manifest knows nothing of it, which --accept lets pass."""
    lines = path.read_bytes().split(b"\n")
    cells = lines[20 + i].split(b",")
    cells[8] = b"61.%d" % i
    lines[20 + i] = b",".join(cells)
    path.write_bytes(b"\n".join(lines))


def _night(place: Path, verdict: str, *options: str) -> float:
    seconds = _seconds(["nightly", place / "n.yaml", *options])
    (study,) = json.loads((place / "summary" / "summary.json").read_text("utf-8"))["studies"]
    if study["verdict"] != verdict:
        raise SystemExit(f"the night was {study['verdict']}, not {verdict}: {study['why']}")
    return seconds


def _seconds(arguments: list[object]) -> float:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "cdisc_conv", *map(str, arguments)], capture_output=True, text=True
    )
    if done.returncode not in (0, 1):
        raise SystemExit(done.stdout + done.stderr)
    return time.perf_counter() - start


def table(found: dict[str, list[float]]) -> str:
    """The fastest of each, in seconds, beside a plain build."""
    names = {
        "build": "`build` alone",
        "first": "the first night: snapshot, gate, build, verify, publish",
        "unchanged": "a night without change",
        "corrected": "a night with a corrected value: gate, build, verify, compare, publish",
    }
    base = min(found["build"])
    lines = ["| Btrial, whole processes | s, fastest | of a build |", "|---|---:|---:|"]
    for name, words in names.items():
        fastest = min(found[name])
        lines.append(f"| {words} | {fastest:.2f} | {fastest / base:.3f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
