"""One run of a study at a time, on one machine or on several that share the folder."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path


class Busy(Exception):
    """Another process holds the lock; the text says which."""


def who() -> str:
    """The user and machine that run this."""
    try:
        user = getuser()
    except (KeyError, OSError):
        user = f"uid {os.getuid()}"
    return f"{user}@{socket.gethostname()}"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a study's output folder; raises `Busy` when another process does.

    It is the system's record lock on a file: it ends with the process, however that ends, so there is
    no stale lock to be removed. Child processes do not inherit it.
    """
    with path.open("a+", encoding="utf-8") as f:
        try:
            fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            f.seek(0)
            raise Busy(_told(f.read())) from None
        f.seek(0)
        f.truncate()
        since = datetime.now(UTC).isoformat(timespec="seconds")
        json.dump({"pid": os.getpid(), "who": who(), "since": since}, f)
        f.flush()
        yield


def _told(text: str) -> str:
    try:
        holder = json.loads(text)
        return f"process {holder['pid']} of {holder['who']} since {holder['since']}"
    except (ValueError, KeyError, TypeError):
        return "by an unknown process"
