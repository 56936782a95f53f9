"""Nights of a small study through the command: published, unchanged, built anew, and what the log says."""

from __future__ import annotations

import json
from pathlib import Path

import pyreadstat
import pytest
from nightly_support import hand_place, lines, night, study_out


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The study worked out by hand, its raw exports, and a config for it."""
    return hand_place(tmp_path)


def test_first_night_publishes_a_whole_package(place):
    report = night(place)["studies"][0]
    assert (report["verdict"], report["why"]) == ("published", [])
    out = study_out(place)
    assert out.joinpath("current").readlink() == Path("runs") / report["run"]
    dm, _ = pyreadstat.read_xport(out / "current/m5/datasets/hand/tabulations/sdtm/dm.xpt")
    assert len(dm) == report["records"]["DM"]
    assert [line["what"] for line in lines(out)] == ["begun", "publishing", "ended"]


def test_a_night_without_change_builds_nothing(place):
    first = night(place)["studies"][0]
    second = night(place)["studies"][0]
    assert second["verdict"] == "unchanged"
    assert second["current"] == first["run"] != second["run"]
    assert [p.name for p in (study_out(place) / "runs").iterdir()] == [first["run"]]
    assert second["snapshot"]["new_files"] == 0


def test_a_corrected_value_is_published_and_costs_one_file(place):
    first = night(place)["studies"][0]
    people = place / "raw" / "people.csv"
    people.write_bytes(people.read_bytes() + b"\n")
    second = night(place)["studies"][0]
    assert second["verdict"] == "published"
    assert second["current"] == second["run"] != first["run"]
    assert second["snapshot"]["new_files"] == 1
    assert json.loads((study_out(place) / "log/head.json").read_text())["lines"] == 6
