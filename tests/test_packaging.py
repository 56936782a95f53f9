"""The wheel holds all that a user needs, and works without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built with what is installed: no network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", str(ROOT), "--no-deps", "--no-build-isolation"]
    done = subprocess.run([*command, "-q", "-w", str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def unpacked(wheel) -> Path:
    folder = wheel.parent / "unpacked"
    with zipfile.ZipFile(wheel) as z:
        z.extractall(folder)
    return folder


def of_checkout(folder: str) -> set[str]:
    """The files of a folder that git knows or would take."""
    command = ["git", "ls-files", "-co", "--exclude-standard", folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return {line for line in done.stdout.splitlines() if (ROOT / line).is_file()}
    found = (p for p in (ROOT / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return {p.relative_to(ROOT).as_posix() for p in found}


@pytest.mark.parametrize("folder", ["specs", "mappings", "templates"])
def test_wheel_carries(wheel, folder):
    with zipfile.ZipFile(wheel) as z:
        packed = {n.removeprefix("cdisc_conv/_assets/") for n in z.namelist()}
    wanted = {f for f in of_checkout(folder) if not f.startswith("specs/standards/README")}
    assert wanted and wanted <= packed


def test_wheel_carries_the_terminology_licence_and_notice(wheel):
    with zipfile.ZipFile(wheel) as z:
        names = z.namelist()
    assert "cdisc_conv/_assets/specs/standards/ct/2025-03-28/sdtm.csv" in names
    assert {Path(n).name for n in names if ".dist-info/" in n} >= {"LICENSE", "NOTICE", "entry_points.txt"}
    assert not [n for n in names if n.startswith(("tests/", "examples/", "benchmarks/"))]


def run(unpacked: Path, cwd: Path, *arguments: str) -> str:
    """A command of the unpacked wheel, away from the checkout."""
    environment = os.environ | {"PYTHONPATH": str(unpacked)}
    command = [sys.executable, "-m", "cdisc_conv", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_wheel_makes_checks_and_builds_a_workspace(unpacked, tmp_path):
    code = "import cdisc_conv; print(cdisc_conv.__file__)"
    where = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(unpacked)
    run(unpacked, tmp_path, "init", ".", "--study", "packed")
    assert "datasets DM, AE" in run(unpacked, tmp_path, "check", "packed")
    run(unpacked, tmp_path, "build", "packed", "--out", "out")
    assert sorted(p.name for p in (tmp_path / "out").rglob("*.xpt")) == ["ae.xpt", "dm.xpt", "suppae.xpt"]
