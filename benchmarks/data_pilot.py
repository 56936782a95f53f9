"""The CDISC pilot with its subjects replicated: the raw AE form, and DM, DS and EX as SDTM."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchmarks.measure import ROOT


def write_pilot(folder: Path, times: int) -> None:
    """In `ae/`: `ae.csv` (raw, no dots in its header) and `dm.csv`; in `adsl/`: `dm.csv`, `ds.csv`, `ex.csv`.

    There are `times` as many subjects: first the pilot's own, then they again at sites of new numbers.
    """
    import cdisc_conv

    ae = pd.read_csv(ROOT / "examples/cdiscpilot/raw/ae_raw.csv", dtype=str, keep_default_na=False)
    ae.columns = [c.removeprefix("IT.") for c in ae.columns]
    _write(folder / "ae/ae.csv", [_moved(ae, "PATNUM", 0, k) for k in range(times)])
    built = cdisc_conv.build("cdiscpilot", workspace=ROOT, datasets=("DM", "DS", "EX"))
    for name in ("DM", "DS", "EX"):
        whole = built.datasets[name]
        parts = [_moved(whole, "USUBJID", 3, k) for k in range(times)]
        if name == "DM":
            parts = [p.assign(SITEID=p["USUBJID"].str[3:-5]) for p in parts]
        for study in ("ae", "adsl") if name == "DM" else ("adsl",):
            _write(folder / study / f"{name.lower()}.csv", parts)


def _moved(frame: pd.DataFrame, column: str, at: int, k: int) -> pd.DataFrame:
    """The rows with the site number, which begins at `at`, moved by 20 * k."""
    text = frame[column]
    site = text.str[at : at + 3].astype(int) + 20 * k
    return frame.assign(**{column: text.str[:at] + site.astype(str) + text.str[at + 3 :]})


def _write(path: Path, parts: list[pd.DataFrame]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.concat(parts, ignore_index=True).to_csv(path, index=False, float_format="%g")
