"""A study cut by subject gives the same bytes; a run that is killed leaves the last package whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import HAND, hashes

import cdisc_conv


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    out = tmp_path_factory.mktemp("pieces") / "one"
    cdisc_conv.build("hand", workspace=HAND, out=out, partitions=1)
    return hashes(out)


@pytest.mark.parametrize("pieces", [1, 2, 3, 7])
def test_same_bytes_for_any_cut(whole: dict[str, str], tmp_path: Path, pieces: int) -> None:
    cdisc_conv.build("hand", workspace=HAND, out=tmp_path / "out", partitions=pieces)
    assert hashes(tmp_path / "out") == whole


def test_same_bytes_from_several_processes(whole: dict[str, str], tmp_path: Path) -> None:
    cdisc_conv.build("hand", workspace=HAND, out=tmp_path / "out", partitions=3, jobs=2)
    assert hashes(tmp_path / "out") == whole


@pytest.mark.parametrize("delay", [0.05, 0.3, 0.6, 0.9, 1.2])
def test_kill_leaves_the_last_package_whole(whole: dict[str, str], tmp_path: Path, delay: float) -> None:
    out = tmp_path / "out"
    cdisc_conv.build("hand", workspace=HAND, out=out)
    command = [
        sys.executable,
        "-m",
        "cdisc_conv",
        "build",
        "hand",
        "--workspace",
        str(HAND),
        "--out",
        str(out),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(delay)
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert hashes(out) == whole
    cdisc_conv.build("hand", workspace=HAND, out=out)
    assert hashes(out) == whole
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
