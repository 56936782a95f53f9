"""The config: every slip is a finding at its place, and keeps only its own study from running."""

from __future__ import annotations

from pathlib import Path

import pytest
from nightly_support import hand_place, night

from cdisc_conv.nightly.config import read_config

HEAD = "studies:\n  hand:\n    workspace: ws\n    raw: raw\n    out: out\n"

TWO = "  two:\n    {study: hand, workspace: ws, raw: raw, out: ./out}\n"
SLIPS = {
    "unknown key of a study": (HEAD + "    keeep: {runs: 2}\n", "NIGHT001", 6),
    "unknown key at the top": (HEAD + "studis: {}\n", "NIGHT001", 6),
    "unknown key of keep": (HEAD + "    keep: {run: 2}\n", "NIGHT001", 6),
    "no studies": ("at_once: 1\n", "NIGHT002", 1),
    "no raw": ("studies:\n  hand:\n    workspace: ws\n    out: out\n", "NIGHT002", 2),
    "no out": ("studies:\n  hand:\n    workspace: ws\n    raw: raw\n", "NIGHT002", 2),
    "hook without what to do": (HEAD + "    notify: {when: always}\n", "NIGHT002", 6),
    "hook with both": (HEAD + "    notify: {command: [x], webhook: 'http://x'}\n", "NIGHT002", 6),
    "no number": (HEAD + "    keep: {runs: many}\n", "NIGHT003", 6),
    "keep nothing": (HEAD + "    keep: {runs: 0}\n", "NIGHT003", 6),
    "no policy": (HEAD + "    publish: sometimes\n", "NIGHT003", 6),
    "no time": (HEAD + "    timeout: soon\n", "NIGHT003", 6),
    "no URL": (HEAD + "    notify: {webhook: ftp://x}\n", "NIGHT003", 6),
    "a study that is no mapping": (
        "defaults: {workspace: ws, raw: r, out: o}\nstudies:\n  hand: yes\n",
        "NIGHT003",
        3,
    ),
    "keep as a text": (HEAD + "    keep: all\n", "NIGHT003", 6),
    "one folder for two": (
        HEAD + "  two:\n    {study: hand, workspace: ws, raw: raw, out: ./out}\n",
        "NIGHT004",
        6,
    ),
    "out within raw": (HEAD.replace("out: out", "out: raw/out"), "NIGHT005", 2),
    "raw within out": (HEAD.replace("raw: raw", "raw: out/raw"), "NIGHT005", 2),
    "no such study": (HEAD.replace("hand:", "hond:"), "MAP030", 2),
    "a key twice": (HEAD + "    out: elsewhere\n", "MAP901", 6),
}


@pytest.mark.parametrize("name", SLIPS)
def test_slips_are_found_at_their_place(tmp_path, name):
    text, code, line = SLIPS[name]
    hand_place(tmp_path)
    (tmp_path / "c.yaml").write_text(text, encoding="utf-8")
    config = read_config(tmp_path / "c.yaml")
    found = [*config.findings, *(f for j in config.jobs for f in j.findings)]
    assert [f.code.id for f in found if f.place.line == line] == [code]
    assert all(f.place.file == "c.yaml" for f in found)


def test_defaults_lie_below_and_the_study_goes_first(tmp_path):
    hand_place(tmp_path)
    text = """
defaults: {workspace: ws, out: "o/{study}", raw: "in/{study}", keep: {runs: 3, days: 5},
  gates: {new_form: error, rows_fewer: note}}
studies:
  hand: {keep: {runs: 9}, gates: {rows_fewer: warning}, timeout: 2h}
  again: {study: hand, raw: other}
"""
    (tmp_path / "c.yaml").write_text(text, encoding="utf-8")
    config = read_config(tmp_path / "c.yaml")
    hand, again = config.jobs
    assert (hand.keep.runs, hand.keep.days, hand.timeout) == (9, 5, 7200)
    assert str(hand.gates.rule("new_form", "a.csv").severity) == "error"
    assert str(hand.gates.rule("rows_fewer", "a.csv").severity) == "warning"
    assert str(again.gates.rule("rows_fewer", "a.csv").severity) == "note"
    assert (hand.raw, hand.out) == (tmp_path / "in/hand", tmp_path / "o/hand")
    assert (again.study, again.raw, again.out) == ("hand", tmp_path / "other", tmp_path / "o/again")
    assert config.findings == hand.findings == again.findings == ()


def test_a_slip_keeps_only_its_own_study_from_running(tmp_path):
    place = hand_place(tmp_path)
    with (place / "n.yaml").open("a") as f:
        f.write("")
    text = (
        (place / "n.yaml").read_text().replace("summary", "  bad: {study: hand, raw: raw, jobs: 0}\nsummary")
    )
    (place / "n.yaml").write_text(text)
    content = night(place)
    assert {s["name"]: s["verdict"] for s in content["studies"]} == {"hand": "published", "bad": "failed"}
    assert content["exit"] == 2
    assert "jobs: '0' is not a whole number from 1 on" in content["studies"][1]["why"][0]


def test_a_config_that_is_no_yaml_cannot_run(tmp_path):
    from cdisc_conv.errors import CannotRun

    (tmp_path / "c.yaml").write_text("studies: [", encoding="utf-8")
    with pytest.raises(CannotRun):
        read_config(Path(tmp_path / "c.yaml"))
