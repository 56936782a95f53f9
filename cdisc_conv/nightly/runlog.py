"""The run log: one line a happening, each with the hash of the line before, so that no line can be changed,
removed or put in without the chain breaking; `head.json` holds how many lines there are and the last hash.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cdisc_conv.nightly.disk import as_json, read_json, settle_folder, write_whole
from cdisc_conv.nightly.lock import who

LOG, HEAD = "runs.jsonl", "head.json"
START = "0" * 64
"""The hash that stands before the first line."""

Line = dict[str, Any]
Problem = tuple[int, str]
"""A line's number, and what is wrong with it."""


def line_hash(line: Line) -> str:
    """The hash that a line should have: of its content, but for the hash itself."""
    content = {k: v for k, v in line.items() if k != "hash"}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(slots=True)
class Log:
    """A run log as it was read.

    `problems` are lines that break the chain; `torn` is what stands behind the last line end, the
    rest of a line whose writing was cut off; `head` is (number of lines, last hash) as `head.json` says.
    """

    path: Path
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    torn: bytes = b""
    head: tuple[int, str] | None = None

    @property
    def count(self) -> int:
        """How many whole lines there are."""
        return len(self.lines)

    @property
    def last_hash(self) -> str:
        """The hash of the last line."""
        return str(self.lines[-1].get("hash", "")) if self.lines else START

    def shortened(self) -> str:
        """What is gone of the end of the log by `head.json`, "" when nothing is."""
        if self.head is None:
            return f"{HEAD} is gone" if self.count > 1 else ""
        count, digest = self.head
        if count > self.count:
            return f"{HEAD} counts {count} lines, there are {self.count}"
        at = str(self.lines[count - 1].get("hash", "")) if count else START
        if at != digest:
            return f"line {count} is not the one that {HEAD} names"
        if self.count > count + 1:
            return f"{HEAD} counts {count} lines, there are {self.count}"
        return ""

    def what(self, *kinds: str) -> Iterator[Line]:
        """The lines of some kinds, in order."""
        return (line for line in self.lines if line.get("what") in kinds)


def read_log(folder: Path, name: str = LOG) -> Log:
    """The run log in a folder, with all that is wrong with its chain; empty when there is none."""
    path = folder / name
    log = Log(path)
    head = read_json(folder / HEAD)
    if isinstance(head, dict):
        log.head = (int(head.get("lines", 0)), str(head.get("hash", "")))
    data = path.read_bytes() if path.exists() else b""
    *whole, log.torn = data.split(b"\n")
    before = START
    for number, text in enumerate(whole, 1):
        line, slip = _line(text)
        log.lines.append(line)
        slips = [slip] if slip else _slips(line, number, before)
        log.problems += [(number, s) for s in slips]
        before = str(line.get("hash", ""))
    return log


def _line(text: bytes) -> tuple[Line, str]:
    try:
        line = json.loads(text)
    except ValueError:
        return {}, "is no JSON"
    return (line, "") if isinstance(line, dict) else ({}, "is no JSON object")


def _slips(line: Line, number: int, before: str) -> list[str]:
    found = []
    if line.get("hash") != line_hash(line):
        found.append("was changed: its hash is not that of its content")
    if line.get("prev") != before:
        found.append("does not follow the line before: one was removed, put in, changed or moved")
    if line.get("n") != number:
        found.append(f"has number {line.get('n')}: lines were removed, put in or moved")
    return found


class RunLog:
    """The log being written to; only for who holds the study's lock."""

    def __init__(self, folder: Path, work: Path) -> None:
        self.folder, self.work = folder, work
        self.log = read_log(folder)

    def mend(self) -> tuple[int, str]:
        """Take off the rest of a line whose writing was cut off; its bytes, and the file that keeps them.

        A whole line that lacks only its end gets it. (0, "") when the log ends as it should.
        """
        torn = self.log.torn
        if torn:
            line, slip = _line(torn)
            if not slip and not _slips(line, self.log.count + 1, self.log.last_hash):
                _append(self.log.path, b"\n")
                self.log.lines.append(line)
                self.log.torn = b""
                torn = b""
        kept = ""
        if torn:
            kept = f"torn-{hashlib.sha256(torn).hexdigest()[:12]}"
            write_whole(self.folder / kept, torn, self.work)
            with self.log.path.open("rb+") as f:
                f.truncate(self.log.path.stat().st_size - len(torn))
                os.fsync(f.fileno())
            self.log.torn = b""
        if self.log.lines and not self.log.problems and not self.log.shortened():
            self._write_head()
        return len(torn), kept

    def append(self, what: str, **facts: Any) -> Line:
        """Add a line, on disk when this returns."""
        self._write_head()
        line: Line = {
            "n": self.log.count + 1,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "who": who(),
            "what": what,
            **facts,
            "prev": self.log.last_hash,
        }
        line["hash"] = line_hash(line)
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        fresh = not self.log.path.exists()
        _append(self.log.path, text.encode("utf-8", "surrogatepass") + b"\n")
        if fresh:
            settle_folder(self.folder)
        self.log.lines.append(line)
        self._write_head()
        return line

    def _write_head(self) -> None:
        head = (self.log.count, self.log.last_hash)
        if self.log.head != head and self.log.lines:
            content = {"lines": head[0], "hash": head[1]}
            write_whole(self.folder / HEAD, as_json(content), self.work)
            self.log.head = head


def _append(path: Path, data: bytes) -> None:
    """Bytes at the end of a file, on disk; what could be written in part only is taken off again."""
    size = path.stat().st_size if path.exists() else 0
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        done = 0
        try:
            while done < len(data):
                done += os.write(handle, data[done:])
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)
