"""The peers in virtual environments of their own below .bench/, so that their needs do not meet ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.measure import BENCH

PYTHON, VERSION = "3.12", {"yamaa": "0.6.2", "pharmaskills": "0.6.2"}


def python_of(peer: str) -> Path:
    """The Python that has a peer; installed from the package index at the first call."""
    folder = BENCH / peer
    python = folder / "bin" / "python"
    if not (folder / "installed").exists():
        subprocess.run([_base(), "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", f"{peer}=={VERSION[peer]}"], check=True)
        (folder / "installed").write_text(VERSION[peer] + "\n")
    return python


def _base() -> str:
    """A Python of the version that the peers need: this one, one of pyenv, or one on the path."""
    if sys.version_info[:2] == tuple(map(int, PYTHON.split("."))):
        return sys.executable
    found = sorted(Path.home().glob(f".pyenv/versions/{PYTHON}*/bin/python"))
    return str(found[-1]) if found else f"python{PYTHON}"
