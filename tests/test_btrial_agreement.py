"""Datasets of Btrial held against each other in every build: a mapping that breaks an agreement is told."""

from __future__ import annotations

from pathlib import Path

from btrial_small import build_small, small_workspace

# page, what stands there, what breaks it, the check, the records it names (of ten subjects: 03-020 is a
# screen failure, 01-004 never treated; None: at least one)
BREAKS = [
    ("adsl", "from: DM\n", "from: DM\nwhere: given(ARMCD)\n", "SUBJECT_NOT_IN_ADSL", None),
    ("adae", "from: AE\n", 'from: AE\nwhere: AESER == "Y"\n', "EVENT_NOT_IN_ADAE", None),
    ("adtte", 'ITTFL == "Y" and (', 'SAFFL == "Y" and (', "SUBJECT_NOT_IN_ADTTE", 1),
    ("adtte", "where: category >= 1\n", "where: category >= 2\n", "EVENTS_AND_FLARES_DIFFER", None),
    ("adtte", "where: category == 2\n", "where: category == 3\n", "EVENTS_AND_MAJOR_FLARES_DIFFER", None),
    ("adtte", "where: category == 1 and", "where: category == 3 and", "EVENTS_AND_MILD_FLARES_DIFFER", None),
    ("adpga", "when(ADT > coalesce", "when(ADT >= coalesce", "CHANGE_BEFORE_FIRST_DOSE", None),
]


def test_each_broken_agreement_is_told(tmp_path: Path) -> None:
    names = {name for *_, name, _ in BREAKS}
    (tmp_path / "right").mkdir()
    right = build_small(small_workspace(tmp_path / "right"))[1].findings
    assert not names & {f.code.name for f in right}
    workspace = small_workspace(tmp_path)
    for page, old, new, *_ in BREAKS:
        path = workspace / "mappings" / "btrial" / f"{page}.yaml"
        text = path.read_text("utf-8")
        assert old in text, (page, old)
        path.write_text(text.replace(old, new, 1), "utf-8")
    frames, result = build_small(workspace)
    told = {f.code.name: f for f in result.findings if f.code.name in names}
    assert set(told) == names
    assert all(f.severity == "error" and f.rows for f in told.values())
    assert {n: told[n].count for *_, n, c in BREAKS if c} == {n: c for *_, n, c in BREAKS if c}
    assert told["SUBJECT_NOT_IN_ADSL"].count == len(frames["DM"]) - len(frames["ADSL"]) > 0
    assert told["EVENT_NOT_IN_ADAE"].count == len(frames["AE"]) - len(frames["ADAE"]) > 0
