"""Each policy of Btrial: another value changes the result as the design says, and define.xml tells it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from btrial_policies import CASES, SUBJECTS, Cell, change_forms
from btrial_small import ROOT, build_small, set_policy, small_workspace

import cdisc_conv
from cdisc_conv.engine.study_checks import POLICIES
from cdisc_conv.model.result import BuildResult
from cdisc_conv.read.study import read_study

Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    """The subjects with every policy as it stands."""
    return build_small(small_workspace(tmp_path_factory.mktemp("usual")))[0]


@pytest.fixture
def otherwise(tmp_path: Path) -> Callable[..., Frames]:
    """The subjects with some policies changed."""
    return lambda **policies: build_small(small_workspace(tmp_path, **policies))[0]


def define(tmp_path: Path, kind: str) -> str:
    """The text of a define.xml of the package just built."""
    return next((tmp_path / "package").rglob(f"{kind}/**/define.xml")).read_text("utf-8")


def test_instruments_in_rs(usual: Frames, otherwise: Callable[..., Frames], tmp_path: Path) -> None:
    """Domain, codelist of the category, SUPP-- and SRCDOM change; the analysis stays as it is."""
    built = otherwise(sfi_domain="RS", pga_domain="RS")
    moved = usual["QS"][usual["QS"].QSCAT.isin(["PGA SELENA", "SELENA-SLEDAI FLARE INDEX"])]
    assert len(built["RS"]) == len(moved) > 0
    assert len(built["QS"]) == len(usual["QS"]) - len(moved)
    assert set(built["SUPPRS"].QNAM) == {n.replace("QS", "RS", 1) for n in usual["SUPPQS"].QNAM} - {"RSASSR"}
    assert set(built["RELREC"].RDOMAIN) - set(usual["RELREC"].RDOMAIN) == {"RS"}
    assert set(built["ADPGA"].SRCDOM) == set(built["ADSFI"].SRCDOM) == {"RS"}
    assert set(built["ADSLEDAI"].SRCDOM) == {"QS"}
    same = ["USUBJID", "PARAMCD", "AVAL", "CNSR", "ADT"]
    assert built["ADTTE"][same].equals(usual["ADTTE"][same])
    assert built["ADSL"].equals(usual["ADSL"])
    told = define(tmp_path, "sdtm")
    assert "CL.CCCAT" in told and "C118971" in told
    assert 'Name="RSCAT"' in told and 'Name="QSCAT"' in told


def test_all_instruments_in_rs_leave_no_qs(otherwise: Callable[..., Frames], tmp_path: Path) -> None:
    built = otherwise(sfi_domain="RS", pga_domain="RS", sledai_domain="RS", bilag_domain="RS")
    assert "QS" not in built and "SUPPQS" not in built
    assert "IG.QS" not in define(tmp_path, "sdtm")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[Frames, BuildResult, str]:
    """The subjects of the table of cases with every policy as it stands, and the text of both define.xml."""
    place = tmp_path_factory.mktemp("before")
    workspace = small_workspace(place, SUBJECTS)
    change_forms(workspace)
    frames, result = build_small(workspace)
    return frames, result, "".join(define(place, kind) for kind in ("sdtm", "adam"))


def found(frames: Frames, cell: Cell) -> Any:
    """The value of a cell as another reader finds it: None for missing, times cut off as asked."""
    frame = frames.get(cell.dataset, pd.DataFrame())
    if cell.subject:
        frame = frame[frame["USUBJID"] == f"BTRIAL-{cell.subject}"]
    for name, value in cell.where.items():
        same = frame[name] == value
        cut = frame[name].str[: len(value)] == value if isinstance(value, str) else same
        frame = frame[same | cut]
    if cell.variable == "ROWS":
        return len(frame)
    if cell.variable not in frame or frame.empty:
        return None
    assert len(frame) == 1, (cell, frame)
    value = frame[cell.variable].iloc[0]
    return None if value == "" or pd.isna(value) else value


def same(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, str) and isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", wanted):
        return value[:10] == wanted
    return value == wanted if isinstance(wanted, str) or wanted is None else value == pytest.approx(wanted)


@pytest.mark.parametrize("name", CASES)
def test_policies_change_the_result(
    name: str, before: tuple[Frames, BuildResult, str], tmp_path: Path
) -> None:
    """Each cell is what the design says, before and after; define.xml tells the new value."""
    policies, cells = CASES[name]
    workspace = small_workspace(tmp_path, SUBJECTS, **policies)
    change_forms(workspace)
    frames, result = build_small(workspace)
    told = "".join(define(tmp_path, kind) for kind in ("sdtm", "adam"))
    wrong = [
        f"{c}: {when} {found(f, c)!r}"
        for c in cells
        for when, f, wanted in (("before", before[0], c.before), ("after", frames, c.after))
        if not same(found(f, c), wanted)
    ]
    assert not wrong, "\n".join(wrong)
    assert not [f for f in result.findings if f.code.id.startswith(("ADAM", "DATA001", "SDTM003", "MAP"))]
    for policy, value in policies.items():
        assert f"Policy {policy} = {value} (" in told or re.search(rf'{value}"? \(policy {policy}\)', told), (
            policy
        )


CHECKS_ONLY = {"dose_tolerance", "weight_change"}
"""Policies that decide what is listed for the data manager, not what is shipped."""


def test_every_policy_is_told(before: tuple[Frames, BuildResult, str]) -> None:
    study, _ = read_study(ROOT / "specs" / "btrial", "btrial", "study.yaml")
    decided = set(study.decided) - (set(POLICIES) - {"blinded"}) - CHECKS_ONLY
    untold = {p for p in decided if f"Policy {p} = " not in before[2] and f"(policy {p})" not in before[2]}
    assert not untold


def test_every_policy_is_tried_and_listed() -> None:
    """The cases and the tests of this file change each policy; the guide has a row for each."""
    study, _ = read_study(ROOT / "specs" / "btrial", "btrial", "study.yaml")
    tried = {p for policies, _ in CASES.values() for p in policies} | CHECKS_ONLY
    domains = {f"{i}_domain" for i in ("sledai", "bilag", "pga", "sfi")}
    assert set(study.decided) == tried | domains | set(POLICIES) & set(study.decided)
    guide = (ROOT / "docs" / "guides" / "btrial-policies.md").read_text("utf-8")
    assert [p for p in study.decided if f"| `{p}` |" not in guide] == []


def test_check_refuses_what_is_no_choice(tmp_path: Path) -> None:
    """A value that is none of the choices, and a number that is none, each with its place and a hint."""
    workspace = small_workspace(tmp_path)
    study, _ = read_study(workspace / "specs" / "btrial", "btrial", "study.yaml")
    tried = {n: p for n, p in study.decided.items() if not n.endswith("_domain")}
    assert all(p.among or p.between or n in POLICIES for n, p in tried.items())
    for name in tried:
        set_policy(workspace, name, "MANY")
    found = {
        f.message.split()[1]: f
        for f in cdisc_conv.check("btrial", workspace=workspace)
        if f.code.id == "MAP020"
    }
    assert set(found) == set(tried)
    for name, policy in tried.items():
        place = found[name].place
        assert (place.file or "").endswith("study.yaml") and place.line == policy.place.line
        choices = policy.among or POLICIES.get(name, ())
        assert all(c in found[name].hint for c in choices) and found[name].hint.startswith("it ")


def test_policies_of_checks(tmp_path: Path) -> None:
    """What is listed: 120 mg where 100 mg were planned (trap 7.13); a weight that changes by a thousandth."""
    listed = {}
    for tolerance, change in (("0.1", "0.3"), ("0.3", "0.001")):
        place = tmp_path / tolerance
        place.mkdir()
        policies = {"dose_tolerance": tolerance, "weight_change": change}
        findings = build_small(small_workspace(place, ("08-027",), **policies))[1].findings
        names = {f.code.name: f.count for f in findings if f.code.id == "DATA900"}
        listed[tolerance] = (
            names.get("DOSE_WEIGHT_MISMATCH", 0),
            names.get("WEIGHT_CHANGE_IMPLAUSIBLE", 0) > 0,
        )
    assert listed == {"0.1": (1, False), "0.3": (0, True)}
