"""Figures as Markdown tables, and the machine that they were measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Measured


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are figures."""
    lines = [" | ".join(header), "|".join(["---", *["---:"] * (len(header) - 1)])]
    return "\n".join(f"| {line} |" for line in [*lines, *(" | ".join(r) for r in rows)]) + "\n"


def side_by_side(what: str, ours: Measured, peer: Measured) -> list[str]:
    """A row: seconds and MB of both, and how many times less we need."""
    return [
        what, f"{ours.seconds:.2f}", f"{peer.seconds:.2f}", f"**{peer.seconds / ours.seconds:.1f} ×**",
        f"{ours.peak:.0f}", f"{peer.peak:.0f}", f"{peer.peak / ours.peak:.1f} ×",
    ]  # fmt: skip


def beside(peer: str) -> list[str]:
    """The header of rows made by `side_by_side`."""
    return ["", "s, cdisc_conv", f"s, {peer}", "faster by", "MB, cdisc_conv", f"MB, {peer}", "less by"]


def machine(date: str) -> str:
    """Processor, cores, memory, versions, and the date that the caller gives."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{p} {version(p)}" for p in ("pandas", "pyarrow", "numpy", "lxml"))
    return (
        f"Machine: {os.cpu_count()} × {model}, {memory:.0f} GiB, {platform.system()}; "
        f"Python {platform.python_version()}, {packages}; {date}."
    )
