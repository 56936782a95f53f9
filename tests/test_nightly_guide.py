"""The guide of nightly runs is true: its configs are read without a slip, every kind of drift is told of."""

from __future__ import annotations

import re
from pathlib import Path

from nightly_support import hand_place

from cdisc_conv.nightly.config import read_config
from cdisc_conv.nightly.drift.gates import KINDS, USUAL_GATES

GUIDE = (Path(__file__).resolve().parent.parent / "docs" / "guides" / "nightly.md").read_text("utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.S)


def test_the_config_of_the_guide_has_no_slip(tmp_path):
    hand_place(tmp_path)
    (tmp_path / "c.yaml").write_text(BLOCKS[0], "utf-8")
    config = read_config(tmp_path / "c.yaml")
    found = [*config.findings, *(f for j in config.jobs for f in j.findings)]
    assert {f.code.id for f in found} <= {"MAP030"}  # the studies it names are not there
    assert [j.name for j in config.jobs] == ["btrial", "other"]


def test_the_gates_of_the_guide_are_read(tmp_path):
    hand_place(tmp_path)
    gates = "".join(f"    {line}\n" for line in BLOCKS[1].splitlines())
    text = f"studies:\n  hand:\n    workspace: ws\n    raw: raw\n    out: out\n{gates}"
    (tmp_path / "c.yaml").write_text(text, "utf-8")
    config = read_config(tmp_path / "c.yaml")
    (job,) = config.jobs
    assert (config.findings, job.findings) == ((), ())
    assert job.gates.rule("encoding", "lab/local_lab.csv").severity is None
    assert str(job.gates.rule("rows_fewer", "edc/ae.csv").of(0.04)) == "warning"
    assert str(job.gates.rule("rows_fewer", "edc/ae.csv").of(0.06)) == "error"
    assert str(job.gates.rule("rows_fewer", "lab/x.csv").of(0.01)) == "error"


def test_a_slip_in_the_gates_is_told_at_its_place(tmp_path):
    hand_place(tmp_path)
    entry = "{workspace: ws, raw: raw, out: out, gates: {new_colum: off, older: never}}"
    (tmp_path / "c.yaml").write_text(f"studies:\n  hand: {entry}\n", "utf-8")
    (job,) = read_config(tmp_path / "c.yaml").jobs
    assert [(f.code.id, f.hint or f.message) for f in job.findings] == [
        ("NIGHT001", "did you mean 'new_column'?"),
        ("NIGHT003", "older: 'never' is not error, warning, note or off, with or without 'above N%'"),
    ]


def test_every_kind_of_drift_is_in_the_guide_with_its_usual_severity():
    told: dict[str, str] = {}
    for cells in re.findall(r"^\| (`[a-z_`, /]+) \| ([a-z0-9% /]+) \|", GUIDE, re.M):
        parts = cells[0].split(" / ")
        severities = cells[1].split(" / ")
        for i, part in enumerate(parts):
            for kind in re.findall(r"`([a-z_]+)`", part):
                told[kind] = severities[min(i, len(severities) - 1)]
    usual = {kind: str(USUAL_GATES.rule(kind, "").severity) for kind in KINDS}
    assert {k: told.get(k, "").removesuffix(" above 1%") for k in usual} == usual
