"""Characters in ASCII: the shipped character table, then Unicode's compatibility forms."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from cdisc_conv.assets import assets


def control_runs() -> str:
    """A pattern (RE2 and Python) of a run of control characters, line and paragraph breaks."""
    return "[\x00-\x1f\x7f-\x9f\u2028\u2029]+"


def has_table(name: Any) -> bool:
    """Whether there is a character table of that name."""
    return isinstance(name, str) and bool(re.fullmatch(r"[\w-]+", name)) and _path(name).is_file()


def _path(name: str) -> Path:
    return assets() / "specs" / "standards" / "text" / f"{name}.csv"


@cache
def character_table(name: str) -> dict[str, str]:
    """ASCII by character (or short run of characters) of `specs/standards/text/<name>.csv`.

    The column `code` holds the code points, `U+00B0 U+0043`.
    """
    with _path(name).open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    return {"".join(chr(int(c[2:], 16)) for c in row["code"].split()): row["ascii"] for row in rows}


@cache
def folder(name: str) -> Callable[[str], str]:
    """A function that brings a text to ASCII as far as it goes: table, NFKC, table again.

    A run of superscripts has one `^` at its beginning: 10⁻³ becomes 10^-3.
    """
    table = character_table(name)
    several = sorted((k for k in table if len(k) > 1), key=len, reverse=True)
    single = "".join(re.escape(k) for k in table if len(k) == 1)
    one = re.compile("|".join([*map(re.escape, several), f"[{single}]"]))
    runs = re.compile(f"(?:{one.pattern})+")

    def put(match: re.Match[str]) -> str:
        if match.group() in table:
            return table[match.group()]
        out = ""
        raised = False
        for piece in one.finditer(match.group()):
            plain = table[piece.group()]
            out += plain[1:] if raised and plain[:1] == "^" else plain
            raised = plain[:1] == "^"
        return out

    def fold(text: str) -> str:
        first = runs.sub(put, text)
        return first if first.isascii() else runs.sub(put, unicodedata.normalize("NFKC", first))

    return fold
