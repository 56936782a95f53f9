"""Lets tests import `support` and `verb_context` beside them; studies that several tests read, built once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))

if TYPE_CHECKING:
    import pandas as pd

    from cdisc_conv.model.result import BuildResult


@pytest.fixture(scope="session")
def btrial_package(tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    """Btrial built with its files."""
    from cdisc_conv.pipeline import Options, build

    root = Path(__file__).parents[1]
    return build("btrial", Options(workspace=root, out=tmp_path_factory.mktemp("btrial") / "package"))


@pytest.fixture(scope="session")
def btrial_frames(btrial_package: BuildResult) -> dict[str, pd.DataFrame]:
    """Every dataset of Btrial as another reader finds it in the transport files; dates as ISO 8601 text."""
    import pandas as pd
    import pyreadstat

    assert btrial_package.out is not None
    frames = {}
    for path in sorted(btrial_package.out.rglob("*.xpt")):
        frame, _ = pyreadstat.read_xport(path, disable_datetime_conversion=True)
        for name in frame.columns:
            if name.endswith("DT") and frame[name].dtype.kind == "f":
                days = pd.to_datetime(frame[name], unit="D", origin="1960-01-01")
                frame[name] = days.dt.strftime("%Y-%m-%d").fillna("")
        frames[path.stem.upper()] = frame
    return frames
