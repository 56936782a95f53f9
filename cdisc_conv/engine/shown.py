"""Values as a person writes them, and whether two such texts mean the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

_SAS_EPOCH = datetime(1960, 1, 1)


def as_text(value: Any) -> str:
    """A value as a person writes it; "" for missing."""
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%dT%H:%M:%S")
    if isinstance(value, float):
        return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
    return str(value)


def alike(built: str, shown: str) -> bool:
    """Whether a value built again is the one in the file: as text, as number, or as a SAS date."""
    if built == shown or (not built and shown in ("", ".")):
        return True
    one, two = _number(built), _number(shown)
    if one is not None and two is not None:
        return one == two
    return (moment := _moment(built)) is not None and (two in moment or _moment(shown) == moment)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _moment(text: str) -> tuple[float, float] | None:
    """A date or time of ISO 8601 as SAS days and as SAS seconds."""
    try:
        seconds = (datetime.fromisoformat(text) - _SAS_EPOCH).total_seconds()
    except ValueError:
        return None
    return seconds / 86400, seconds
