"""The CDISC pilot with its subjects replicated: the raw AE form, and DM, DS and EX as SDTM."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchmarks.measure import ROOT


def write_pilot(folder: Path, times: int) -> None:
    """`ae.csv` (raw, its header without dots), `dm.csv`, `ds.csv`, `ex.csv` (SDTM); `times` as many subjects.

    The first subjects are the pilot's own; the others are theirs again at sites of new numbers.
    """
    import cdisc_conv

    folder.mkdir(parents=True, exist_ok=True)
    ae = pd.read_csv(ROOT / "examples/cdiscpilot/raw/ae_raw.csv", dtype=str, keep_default_na=False)
    ae.columns = [c.removeprefix("IT.") for c in ae.columns]
    _write(folder / "ae.csv", [_moved(ae, "PATNUM", 0, k) for k in range(times)])
    built = cdisc_conv.build("cdiscpilot", workspace=ROOT, datasets=("DM", "DS", "EX"))
    for name in ("DM", "DS", "EX"):
        whole = built.datasets[name]
        parts = [_moved(whole, "USUBJID", 3, k) for k in range(times)]
        if name == "DM":
            parts = [p.assign(SITEID=p["USUBJID"].str[3:-5]) for p in parts]
        _write(folder / f"{name.lower()}.csv", parts)


def _moved(frame: pd.DataFrame, column: str, at: int, k: int) -> pd.DataFrame:
    """The rows with the site number, which begins at `at`, moved by 20 * k."""
    text = frame[column]
    site = text.str[at : at + 3].astype(int) + 20 * k
    return frame.assign(**{column: text.str[:at] + site.astype(str) + text.str[at + 3 :]})


def _write(path: Path, parts: list[pd.DataFrame]) -> None:
    pd.concat(parts, ignore_index=True).to_csv(path, index=False, float_format="%g")
