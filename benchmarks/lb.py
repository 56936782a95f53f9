"""LB of 200,000 laboratory results with its XPT, beside `pharmaskills`: same raw files, same values.

Whole processes, the fastest of three runs each; ours writes define.xml and define.html as well.
"""

from __future__ import annotations

import shutil

import numpy as np

from benchmarks.data_lb import write_lb
from benchmarks.measure import BENCH, ROOT, build_command, run
from benchmarks.peers.venvs import VERSION, python_of
from benchmarks.tables import beside, side_by_side, table

RESULT = "m5/datasets/lb/tabulations/sdtm/lb.xpt"


def main(quick: bool = False) -> str:
    """The section of the report."""
    rows = 20_000 if quick else 200_000
    folder, out = BENCH / "pharmaskills_lb", BENCH / "out" / "lb"
    write_lb(folder / "raw", rows)
    for name in ("study.yaml", "spec.yaml"):
        shutil.copy(ROOT / "benchmarks/peers/pharmaskills" / name, folder / name)
    repeats = 1 if quick else 3
    ours = run(build_command("lb", folder / "raw", out), repeats=repeats)
    script = ROOT / "benchmarks/peers/pharmaskills_lb.py"
    peer = run([python_of("pharmaskills"), script, folder], repeats=repeats)
    text = table(
        beside(f"pharmaskills {VERSION['pharmaskills']}"), [side_by_side(f"LB, {rows:,} rows", ours, peer)]
    )
    return f"## LB beside pharmaskills\n\n{__doc__}\n\n{text}\n{_same(folder, out)}\n"


def _same(folder, out) -> str:
    """Whether both made the same values; pharmaskills rounds converted results to six digits."""
    from cdisc_conv import read_xpt

    theirs, mine = read_xpt(folder / "out" / "lb.xpt"), read_xpt(out / RESULT)
    keys = ["USUBJID", "LBSEQ"]
    theirs, mine = (f.sort_values(keys).reset_index(drop=True) for f in (theirs, mine))
    other = [c for c in mine if c != "LBSTRESC" and not _alike(mine[c], theirs[c])]
    verdict = "the same in every variable" if not other else f"NOT THE SAME in {', '.join(other)}"
    return f"Values: {verdict} (to the six digits that pharmaskills keeps of a converted result)."


def _alike(mine, theirs) -> bool:
    if mine.dtype.kind == "f":
        return bool(np.allclose(mine, theirs, rtol=6e-6, atol=0, equal_nan=True))
    return bool((mine.fillna("") == theirs.fillna("")).all())
