"""Run benchmarks and print their figures.

    python -m benchmarks [xpt] [lb] [yamaa] [btrial] [diff] [--quick] [--write] [--date 2026-11-23]

Without names all of them. `--quick` takes small sizes, to see that everything works; `--write` puts what was
printed into benchmarks/RESULTS.md. Peers are installed, and data made, below .bench/.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from importlib import import_module

from benchmarks.measure import BENCH, ROOT
from benchmarks.tables import machine

NAMES = ("xpt", "lb", "yamaa", "btrial", "diff")
PROGRAMS = {"xpt": ["--rows", "1000000"], "diff": ["--rows", "1000000", "--large", "10000000"]}
"""Benchmarks that are programs of their own, with their options; the others have a function `main`."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Figures beside the peers.")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--write", action="store_true", help="put the figures into benchmarks/RESULTS.md")
    parser.add_argument("--date", default="no date given", help="the date to print with the figures")
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    BENCH.mkdir(exist_ok=True)
    size = "Small sizes (`--quick`): the figures say nothing about speed.\n\n" if given.quick else ""
    head = f"# Benchmarks\n\n{machine(given.date)}\n\n{size}"
    print(head, flush=True)
    sections = []
    for name in given.names or NAMES:
        sections.append(section(name, given.quick))
        print(sections[-1], flush=True)
    if given.write:
        (ROOT / "benchmarks/RESULTS.md").write_text(head + "\n".join(sections), encoding="utf-8")


def section(name: str, quick: bool) -> str:
    """The figures of one benchmark, as Markdown."""
    if name not in PROGRAMS:
        text: str = import_module(f"benchmarks.{name}").main(quick)
        return text
    options = ["--rows", "20000"] if quick else PROGRAMS[name]
    command = [sys.executable, "-m", f"benchmarks.{name}", *options]
    environment = {**os.environ, "PYTHONPATH": ""}
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return done.stdout.replace("# ", "## ", 1)


if __name__ == "__main__":
    main()
