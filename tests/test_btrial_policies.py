"""Each policy of Btrial: another value changes the result as the design says, and define.xml tells it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from btrial_small import build_small, small_workspace

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
