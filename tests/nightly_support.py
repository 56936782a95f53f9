"""Nights run by the command, and what they left behind."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from support import HAND

from cdisc_conv.cli import group


def night(place: Path, *options: str, config: str = "n.yaml") -> dict[str, Any]:
    """One night of `place/n.yaml` by the command; its summary."""
    done = CliRunner().invoke(group, ["nightly", str(place / config), "--format", "json", *options])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    content = json.loads(done.stdout)
    assert done.exit_code == content["exit"]
    return content


def study_out(place: Path, study: str = "hand") -> Path:
    """The output folder of a study."""
    return place / "out" / study


def lines(out: Path) -> list[dict[str, Any]]:
    """The lines of a study's run log."""
    return [json.loads(line) for line in (out / "log" / "runs.jsonl").read_text("utf-8").splitlines()]


def hand_place(folder: Path, entry: str = "") -> Path:
    """The study worked out by hand, its raw exports in `raw/`, and a config `n.yaml` for it."""
    shutil.copytree(HAND, folder / "ws")
    shutil.move(folder / "ws" / "raw", folder / "raw")
    config = f"""defaults: {{workspace: ws, out: "out/{{study}}"}}
studies:
  hand: {{raw: raw{entry}}}
summary: sum
"""
    (folder / "n.yaml").write_text(config, encoding="utf-8")
    return folder
