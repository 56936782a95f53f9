"""A brief run of the faults harness (`make faults` runs it at length), and faults at chosen moments."""

from __future__ import annotations

import errno
import importlib.util
import os
import sys
from pathlib import Path

import pytest
from nightly_support import hand_place, lines, night, study_out

from cdisc_conv.errors import CannotRun
from cdisc_conv.nightly import disk, publish, snapshots
from cdisc_conv.nightly.audit import audit
from cdisc_conv.nightly.config import read_config
from cdisc_conv.nightly.folders import Folders
from cdisc_conv.nightly.lock import locked
from cdisc_conv.nightly.night import Night
from cdisc_conv.nightly.report import Report

ROOT = Path(__file__).resolve().parent.parent


def test_a_few_faults_of_each_kind_lose_nothing(tmp_path):
    spec = importlib.util.spec_from_file_location("faults", ROOT / "tools" / "faults.py")
    faults = importlib.util.module_from_spec(spec)
    sys.modules["faults"] = faults
    spec.loader.exec_module(faults)
    told = faults.run(tmp_path, kills=2, others=1, seed=os.getpid(), say=sys.stderr.write, brief=True)
    assert told["lost"] == []
    assert told["kill -9"]["times"] == 2


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The study by hand after a first good night."""
    hand_place(tmp_path)
    assert here(tmp_path).verdict == "published"
    return tmp_path


def here(place: Path, **job: object) -> Report:
    """A night in this process, where what it calls can be made to fail."""
    from dataclasses import replace

    (entry,) = read_config(place / "n.yaml").jobs
    return Night(replace(entry, **job), lambda text: None).run()


def change_raw(place: Path) -> None:
    with (place / "raw" / "people.csv").open("a") as f:
        f.write("\n")


class Killed(BaseException):
    """The process ends here: nothing after it runs."""


STEPS = {
    "while the first line is written": (disk, "settle_folder", 1),
    "before the snapshot": (snapshots, "open_store", 1),
    "while it is settled on disk": (publish, "settle_tree", 1),
    "before the package gets its place": (publish, "settle_folder", 1),
    "before the link is swapped": (publish, "link_whole", 1),
    "after the link is swapped": (publish, "tidy", 1),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_run_that_ends_anywhere_leaves_a_whole_package(place, monkeypatch, name):
    """The process is as good as dead at a chosen step: the next night tidies up and publishes."""
    from cdisc_conv.nightly import night as night_module

    module, function, _ = STEPS[name]
    before = Folders(study_out(place)).current_run()
    change_raw(place)

    def die(*args: object, **named: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(module, function, die)
        if hasattr(night_module, function):
            patch.setattr(night_module, function, die)
        with pytest.raises(Killed):
            here(place)
    now = Folders(study_out(place)).current_run()
    assert (now != before) == (name == "after the link is swapped")
    assert audit(study_out(place)).passed
    report = here(place)
    assert report.verdict == ("unchanged" if now != before else "published")
    assert "NIGHT021" in [f.code.id for f in report.night]
    assert audit(study_out(place)).passed
    assert not [p.name for p in (study_out(place) / "work").iterdir() if p.name != "lock"]


@pytest.mark.parametrize("step", ["settle_tree", "settle_folder", "link_whole", "write_whole"])
def test_a_disk_that_fails_while_publishing_leaves_the_old_package(place, monkeypatch, step):
    before = Folders(study_out(place)).current_run()
    change_raw(place)

    def full(*args: object, **named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "dm.xpt")

    with monkeypatch.context() as patch:
        patch.setattr(publish, step, full)
        report = here(place)
    assert report.verdict == "failed"
    assert report.why == ["cannot write or read dm.xpt: No space left on device"]
    assert report.current == before
    assert lines(study_out(place))[-1]["verdict"] == "failed"
    assert audit(study_out(place)).passed
    assert here(place).verdict == "published"


def test_a_raw_file_that_changes_once_while_it_is_copied_is_copied_again(place, monkeypatch):
    change_raw(place)
    disturb(monkeypatch, place / "raw" / "vitals.csv", times=1)
    taken = snapshots.take(place / "raw", Folders(study_out(place)), pause=0)
    got = snapshots.open_store(taken.path).load("vitals.csv")
    assert got == (place / "raw" / "vitals.csv").read_bytes()


@pytest.mark.parametrize("how", ["changes", "vanishes", "comes"])
def test_a_raw_file_that_will_not_stand_still_stops_the_study(place, monkeypatch, how):
    before = Folders(study_out(place)).current_run()
    victim = place / "raw" / {"changes": "vitals.csv", "vanishes": "vitals.csv", "comes": "new.csv"}[how]
    disturb(monkeypatch, victim, times=2, how=how)
    monkeypatch.setattr(snapshots, "PAUSE", 0)
    monkeypatch.setattr(snapshots.take, "__defaults__", (0,))
    report = here(place)
    assert report.verdict == "failed"
    assert victim.name in report.why[0] and "NIGHT010" in [f.code.id for f in report.night]
    assert report.current == before
    assert audit(study_out(place)).passed


def disturb(monkeypatch: pytest.MonkeyPatch, victim: Path, times: int, how: str = "changes") -> None:
    """Someone writes to the raw folder after its first file was copied."""
    real, left = snapshots._keep, [times]

    def keep(*args: object) -> bool:
        if left[0] and args[3] == "doses.csv":
            left[0] -= 1
            if how == "vanishes":
                victim.rename(victim.with_name("vitals.bak") if left[0] else victim.with_name("away"))
                victim.touch() if left[0] else None
            else:
                with victim.open("a") as f:
                    f.write("\n")
        return bool(real(*args))

    monkeypatch.setattr(snapshots, "_keep", keep)


def test_a_second_run_says_so_and_leaves(place):
    with locked_elsewhere(study_out(place)):
        content = night(place)
    (report,) = content["studies"]
    assert (report["verdict"], content["exit"]) == ("busy", 2)
    assert "another run of this study is going on (process" in report["why"][0]
    assert night(place)["studies"][0]["verdict"] == "unchanged"


def locked_elsewhere(out: Path):
    """The lock is of processes: this one holds it, the study's own finds it held."""
    return locked(Folders(out).lock)


def test_a_stored_content_that_was_damaged_is_written_again(place):
    folders = Folders(study_out(place))
    victim = next(folders.objects.glob("??/*"))
    whole = victim.read_bytes()
    victim.write_bytes(b"x" * len(whole))
    assert not audit(folders.out).passed
    report = here(place)
    assert report.verdict == "unchanged"
    assert "NIGHT011" in [f.code.id for f in report.night]
    assert victim.read_bytes() == whole


def test_a_published_package_that_was_damaged_is_built_anew(place):
    first = Folders(study_out(place)).current_run()
    dm = next((study_out(place) / "current").glob("m5/**/dm.xpt"))
    whole = dm.read_bytes()
    dm.write_bytes(whole[:-80])
    report = here(place)
    assert report.verdict == "published" and report.current != first
    assert next((study_out(place) / "current").glob("m5/**/dm.xpt")).read_bytes() == whole


def test_an_output_folder_of_something_else_is_left_alone(tmp_path):
    place = hand_place(tmp_path)
    study_out(place).mkdir(parents=True)
    (study_out(place) / "thesis.doc").write_text("mine")
    (report,) = night(place)["studies"]
    assert report["verdict"] == "failed" and "thesis.doc" in report["why"][0]
    assert [p.name for p in study_out(place).iterdir()] == ["thesis.doc"]


def test_a_broken_snapshot_list_cannot_be_read(place):
    path = next(Folders(study_out(place)).snapshots.iterdir())
    path.write_text("{}")
    with pytest.raises(CannotRun, match="RAW017"):
        snapshots.open_store(path)
