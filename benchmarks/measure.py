"""Whole processes measured from outside: wall seconds, and the highest memory of all that run at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / ".bench"
STUDIES = ROOT / "benchmarks" / "studies"
PAGE = os.sysconf("SC_PAGESIZE")


@dataclass(frozen=True, slots=True)
class Measured:
    """One process: wall seconds from start to end, peak memory in MB (of 1,000,000 bytes)."""

    seconds: float
    peak: float
    output: str = ""


class Failed(Exception):
    """A measured process did not end well."""


def run(command: Sequence[str | Path], *, ok: Sequence[int] = (0,), repeats: int = 1) -> Measured:
    """The fastest of some runs of a command; its peak is the highest of all runs.

    The peak of a single process is what the kernel says (`ru_maxrss` of wait4); where there are children at
    the same time, the resident memory of all is summed ten times a second and counts if it is higher.
    """
    runs = [_once([str(c) for c in command], ok) for _ in range(repeats)]
    best = min(runs, key=lambda r: r.seconds)
    return Measured(best.seconds, max(r.peak for r in runs), best.output)


def _once(command: list[str], ok: Sequence[int]) -> Measured:
    environment = {**os.environ, "PYTHONPATH": "", "NO_COLOR": "1"}
    said = BENCH / "output.txt"
    launcher = [sys.executable, "-I", "-S", str(ROOT / "benchmarks/launch.py"), str(said), *command]
    with subprocess.Popen(launcher, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as process:
        watch = _Watch(process.pid)
        watch.start()
        found = json.loads(process.communicate()[0])
        watch.stop()
    output = said.read_text(encoding="utf-8", errors="replace")
    if found["code"] not in ok:
        raise Failed(f"{' '.join(command)}\nended with {found['code']}:\n{output[:4000]}")
    return Measured(found["seconds"], max(found["peak"], watch.peak) / 1e6, output)


class _Watch(threading.Thread):
    """Looks at the memory of several processes that a launcher started, until told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self._over = pid, 0, threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.1):
            tree = descendants(self.pid)[1:]
            if len(tree) > 1:
                self.peak = max(self.peak, sum(resident(p) for p in tree))

    def stop(self) -> None:
        self._over.set()
        self.join()


def descendants(pid: int) -> list[int]:
    """A process and all that it started, directly or not."""
    found = [pid]
    for parent in found:
        try:
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        except OSError:
            continue
        found += [int(c) for c in children]
    return found


def resident(pid: int) -> int:
    """Bytes of a process in memory, 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def build_command(
    study: str, raw: Path, out: Path, *more: str, workspace: Path = STUDIES
) -> list[str | Path]:
    """Our build, as a user types it; findings below an error do not matter here."""
    return [
        sys.executable, "-m", "cdisc_conv", "build", study, "--workspace", workspace,
        "--raw", raw, "--out", out, "--format", "json", "--no-values", *more,
    ]  # fmt: skip
