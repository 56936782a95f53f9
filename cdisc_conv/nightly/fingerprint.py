"""All that decides what a build gives: when it is the same as last time, there is nothing to build."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

from cdisc_conv import __version__
from cdisc_conv.assets import assets
from cdisc_conv.nightly.disk import hashes, tree_hash

LIBRARIES = ("defineutils", "lxml", "numpy", "odmlib", "openpyxl", "pandas", "pyarrow", "pyreadstat")
_PROGRAM = Path(__file__).resolve().parent.parent


def versions() -> dict[str, str]:
    """The program and what it runs on, by name."""
    found = {"cdisc_conv": __version__, "python": platform.python_version(), "program": program_hash()[:16]}
    return found | {name: version(name) for name in LIBRARIES}


def program_hash() -> str:
    """One hash of the program's own files and of the standards shipped with it."""
    texts = {k: v for k, v in hashes(_PROGRAM).items() if k.endswith(".py")}
    return tree_hash(
        texts | {f"standards/{k}": v for k, v in hashes(assets() / "specs" / "standards").items()}
    )


def texts_hash(workspace: Path, study: str) -> str:
    """One hash of the authors' texts of a study."""
    found: dict[str, str] = {}
    for part in ("specs", "mappings"):
        files = hashes(workspace / part / study).items()
        found |= {f"{part}/{study}/{k}": v for k, v in files if "__pycache__" not in k.split("/")}
    return tree_hash(found)


def fingerprint(snapshot: str, workspace: Path, study: str, *, values: bool) -> dict[str, str]:
    """What a build depends on, by kind; two nights with the same have the same package."""
    return {
        "raw": snapshot,
        "texts": texts_hash(workspace, study),
        "values": str(values),
        **versions(),
    }
