"""A week of nightly exports of Btrial: the right verdict each day, and why."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pyreadstat
from btrial_small import SUBJECTS, small_workspace
from nightly_btrial import Days, drift
from nightly_support import lines

from cdisc_conv.nightly.audit import audit

FIRST = SUBJECTS[:7]
NEW = SUBJECTS[7:]
VITALS, AE, PGA = "edc/vitals.csv", "edc/ae.csv", "edc/pga.csv"


def test_a_week_of_exports_has_the_right_verdict_each_day(tmp_path):
    days = Days(tmp_path, FIRST)
    out = tmp_path / "out" / "btrial"

    monday = days.night()
    assert (monday["verdict"], monday["drift"], monday["changes"]) == ("published", [], {})
    assert dm(out) == {f"BTRIAL-{s}" for s in FIRST}

    tuesday = new_subjects(days, tmp_path)
    assert tuesday["verdict"] == "published"
    assert [d for d in drift(tuesday) if d[1] == "error"] == []
    assert counts(tuesday, "DM") == (3, 0, 0)
    assert set(subjects(tuesday, "DM")) == {f"BTRIAL-{s}" for s in NEW}
    assert dm(out) == {f"BTRIAL-{s}" for s in SUBJECTS}

    wednesday = corrected(days)
    assert (wednesday["verdict"], wednesday["drift"]) == ("published", [])
    assert counts(wednesday, "VS") == (0, 1, 0)
    assert weight(out)["raw"] == [
        {
            "what": "changed",
            "file": VITALS,
            "row": 5,
            "key": days.corrected["ROW_ID"],
            "cells": [{"column": "WEIGHT", "before": days.corrected["WEIGHT"], "after": "91.1"}],
        }
    ]
    good = {p.name: p.read_bytes() for p in days.raw.rglob("*") if p.is_file()}
    published = wednesday["run"]

    days.rename_column(VITALS, "SBP", "SYSTOLIC")
    thursday = days.night()
    blocked(thursday, published, out, ("renamed-column", "error", VITALS))
    assert "column SBP" in thursday["why"][0] and "SYSTOLIC" in thursday["why"][0]
    back(days, good)

    days.edit(AE, lambda rows: rows[2].update(OUTCOME="resolving nicely"))
    friday = days.night()
    blocked(friday, published, out, ("unknown-code", "error", AE))
    assert [r["key"] for r in friday["drift"][0]["rows"]] == [days.code["ROW_ID"]]
    assert "resolving nicely" not in json.dumps(friday)  # what is said may end up in a log
    assert "resolving nicely" in (tmp_path / "summary" / "summary.json").read_text("utf-8")
    back(days, good)

    days.rewrite(PGA, lambda data: data[: len(data) * 2 // 3])
    saturday = days.night()
    blocked(saturday, published, out, ("truncated", "error", PGA))
    back(days, good)

    days.list_files()
    sunday = days.run()
    assert (sunday["verdict"], sunday["current"], sunday["drift"]) == ("unchanged", published, [])
    assert [n["code"] for n in sunday["night"]] == ["NIGHT012"]  # the list has a later time, no more
    verdicts = [line["verdict"] for line in lines(out) if line["what"] == "ended"]
    assert verdicts == ["published"] * 3 + ["blocked"] * 3 + ["unchanged"]
    assert audit(out).passed


def new_subjects(days: Days, place: Path) -> dict:
    """The export with three more subjects."""
    more = small_workspace(place / "more", SUBJECTS) / "examples" / "btrial" / "raw"
    shutil.copytree(more, days.raw, dirs_exist_ok=True)
    return days.night()


def corrected(days: Days) -> dict:
    """A weight is corrected, as the EDC says by a later LAST_MODIFIED."""

    def change(rows):
        days.corrected = dict(rows[3])
        rows[3] |= {"WEIGHT": "91.1", "LAST_MODIFIED": "2023-07-13 08:00:00"}

    days.edit(VITALS, change)
    with (days.raw / AE).open(encoding="utf-8-sig", newline="") as f:
        days.code = list(csv.DictReader(io.StringIO(f.read())))[2]
    return days.night()


def back(days: Days, good: dict[str, bytes]) -> None:
    """The exports as they were, but for the manifest."""
    for path in days.raw.rglob("*"):
        if path.is_file() and path.name != "manifest.csv" and path.read_bytes() != good[path.name]:
            path.write_bytes(good[path.name])


def blocked(report: dict, published: str, out: Path, wanted: tuple[str, str, str]) -> None:
    """The verdict is blocked for what was wanted, and the last good package stands as it was."""
    assert report["verdict"] == "blocked"
    assert wanted in drift(report)
    assert report["exit"]["error"] == 2
    assert report["current"] == published == (out / "current").readlink().name
    assert all(f["hint"] for f in report["drift"] if f["severity"] == "error")


def counts(report: dict, dataset: str) -> tuple[int, int, int]:
    """New, changed and vanished records of a dataset."""
    (told,) = [d for d in report["changes"]["datasets"] if d["dataset"] == dataset]
    return told["new"], told["changed"], told["vanished"]


def subjects(report: dict, dataset: str) -> dict:
    """Counts by subject of a dataset."""
    (told,) = [d for d in report["changes"]["datasets"] if d["dataset"] == dataset]
    return told["by_subject"]


def weight(out: Path) -> dict:
    """The changed VSORRES of the published package, with what is behind it."""
    values = json.loads((out / "current/night/changes.json").read_text("utf-8"))["values"]
    (value,) = [v for v in values if (v["dataset"], v["variable"]) == ("VS", "VSORRES")]
    assert value["after"] == "91.1"
    assert "91.1" in (out / "current/night/changes.html").read_text("utf-8")
    return value


def dm(out: Path) -> set[str]:
    """The subjects of the published package."""
    frame, _ = pyreadstat.read_xport(next((out / "current").glob("m5/**/dm.xpt")))
    return set(frame["USUBJID"])


def test_a_mended_mapping_answers_a_renamed_column(tmp_path):
    days = Days(tmp_path, SUBJECTS[2:4], manifest=False)
    first = days.night()
    days.rename_column(VITALS, "TEMP", "BODY_TEMP")
    assert days.night()["verdict"] == "blocked"
    mapping = days.workspace / "mappings" / "btrial"
    touched = 0
    for path in sorted(mapping.iterdir()):
        text = path.read_text("utf-8")
        if "form.TEMP" in text:
            path.write_text(text.replace("form.TEMP", "form.BODY_TEMP"), "utf-8")
            touched += 1
    assert touched == 1
    report = days.night()
    assert report["verdict"] == "published", report["why"]
    assert drift(report) == [("renamed-column-unread", "warning", VITALS)]
    assert [d["dataset"] for d in report["changes"]["datasets"]] == []
    assert {i["kind"] for i in report["changes"]["inputs"]} == {"raw data", "mapping"}
    assert report["current"] != first["current"]


def test_what_is_accepted_is_the_base_of_the_next_night(tmp_path):
    days = Days(tmp_path, SUBJECTS[2:4], manifest=False)
    days.night()
    days.edit(VITALS, lambda rows: rows[:-4])
    assert days.night()["verdict"] == "blocked"
    report = days.night("--accept", "btrial")
    assert report["verdict"] == "published"
    assert counts(report, "VS")[2] > 0
    passed = [line for line in lines(tmp_path / "out/btrial") if line["what"] == "let pass"]
    assert len(passed) == 1 and "DRIFT060" in passed[0]["what_passed"]
    days.edit(VITALS, lambda rows: rows[1].update(WEIGHT="70"))
    assert (days.night()["verdict"], days.night()["verdict"]) == ("published", "unchanged")
