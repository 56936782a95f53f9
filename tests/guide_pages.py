"""A guide as a script: its file blocks are written, its commands run, the lines shown must be printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from click.testing import CliRunner

BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)


def run_guide(page: Path, folder: Path) -> None:
    """Play a guide in an empty folder (the current one)."""
    for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
        kind, file, text = found.groups()
        if kind == "diff":
            change(folder / file, text)
        elif file:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, encoding="utf-8")
        elif kind == "console":
            play(text)


def change(path: Path, text: str) -> None:
    """Put the lines with + in the place of those with -."""
    old, new = ("".join(f"{line[1:]}\n" for line in text.splitlines() if line[0] == sign) for sign in "-+")
    content = path.read_text(encoding="utf-8")
    assert content.count(old) == 1, f"{path.name} must hold once: {old}"
    path.write_text(content.replace(old, new), encoding="utf-8")


def play(text: str) -> None:
    """Commands that begin with `$ cdisc-conv`; the lines beneath each must be printed, in any order."""
    output, command = "", ""
    for line in text.splitlines():
        if line.startswith("$ cdisc-conv "):
            command = line
            output = run(shlex.split(line.removeprefix("$ cdisc-conv ")))
        else:
            assert line.rstrip() in output, f"{command}\ndoes not print\n{line}\nbut\n{output}"


def run(arguments: list[str]) -> str:
    """What the command prints, stdout and stderr."""
    from cdisc_conv.cli import group

    result = CliRunner().invoke(group, arguments)
    assert result.exit_code in (0, 1), result.output + repr(result.exception)
    return result.output
