"""Files that are there whole or not at all: written aside, settled on disk, then given their name."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def file_hash(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def tree_hash(files: Mapping[str, str]) -> str:
    """One hash of many files, from their names and hashes in order of name."""
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted(files.items()))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def hashes(root: Path, leave: Iterable[str] = ()) -> dict[str, str]:
    """Hash of every file below a folder by its relative path ('/' between); links are no files of it."""
    left = set(leave)
    found = sorted(p for p in root.rglob("*") if p.is_file() and not p.is_symlink())
    names = {p.relative_to(root).as_posix(): p for p in found}
    return {n: file_hash(p) for n, p in names.items() if n not in left}


def settle_folder(folder: Path) -> None:
    """The names in a folder, on disk."""
    handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def settle_tree(root: Path) -> None:
    """Everything below a folder, contents and names, on disk."""
    for folder, _, files in os.walk(root):
        for name in files:
            with Path(folder, name).open("rb") as f:
                os.fsync(f.fileno())
        settle_folder(Path(folder))


def write_whole(path: Path, data: bytes, aside: Path) -> None:
    """Write a file so that its name always shows all of the old or all of the new content.

    `aside` is a folder of the same file system that is cleared after a run that was cut off.
    """
    part = aside / f"{path.name}.{os.getpid()}.part"
    try:
        with part.open("wb") as f:
            f.write(data)
            f.flush()
            os.fsync(f.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    settle_folder(path.parent)


def as_json(content: Any) -> bytes:
    """JSON as it is written everywhere here: UTF-8, sorted keys, one trailing newline."""
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def read_json(path: Path) -> Any:
    """The content of a JSON file; None when it is not there or is no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def link_whole(link: Path, target: str, aside: Path) -> None:
    """Point a symbolic link elsewhere in one step: a reader follows it to the old or to the new place."""
    part = aside / f"{link.name}.{os.getpid()}.link"
    part.unlink(missing_ok=True)
    part.symlink_to(target)
    part.replace(link)
    settle_folder(link.parent)
