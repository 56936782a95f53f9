"""AE and ADSL of the CDISC pilot, and LB of 1,000,000 × 25, beside `yamaa`: XPT and define.xml, same values.

Whole processes, interpreter and imports included; the fastest of three runs each (LB: one run each). Ours
renders define.html as well; yamaa writes the Parquet file that its XPT is made from.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.data_lb import write_lb
from benchmarks.data_pilot import write_pilot
from benchmarks.measure import BENCH, ROOT, Measured, build_command, run
from benchmarks.peers import yamaa_specs
from benchmarks.peers.venvs import VERSION, python_of
from benchmarks.tables import beside, side_by_side, table

SDTM, ADAM = "tabulations/sdtm", "analysis/adam/datasets"
Write = Callable[[Path, Path], None]


def main(quick: bool = False) -> str:
    """The section of the report."""
    rows, notes = [], []
    for times in (1, 2) if quick else (1, 10, 50):
        raw = BENCH / f"pilot_{times}"
        write_pilot(raw, times)
        for name, write, keys in (
            ("AE", yamaa_specs.write_ae, ["USUBJID", "AESEQ"]),
            ("ADSL", yamaa_specs.write_adsl, ["USUBJID"]),
        ):
            study, kind = f"pilot_{name.lower()}", ADAM if name == "ADSL" else SDTM
            rows.append(
                _row(
                    f"{name} {times} ×",
                    study,
                    kind,
                    raw / name.lower(),
                    write,
                    keys,
                    notes,
                    repeats=1 if quick else 3,
                )
            )
    size = 20_000 if quick else 1_000_000
    raw = BENCH / f"lb_{size}"
    write_lb(raw, size)
    keys = ["USUBJID", "LBSEQ"]
    rows.append(_row(f"LB {size:,} × 25", "lb25", SDTM, raw, yamaa_specs.write_lb, keys, notes, repeats=1))
    rows.append(_with_two_jobs(f"LB {size:,} × 25, --jobs 2", raw, rows[-1]))
    text = table(beside(f"yamaa {VERSION['yamaa']}"), rows)
    differing = "; ".join(n for n in notes if n) or "the same in every variable of every dataset"
    told = f"Values: {differing} (LBSTRESC apart: yamaa writes doubles with their binary noise)."
    return f"## Beside yamaa\n\n{__doc__}\n\n{text}\n{told}\n"


def _row(
    what: str, study: str, kind: str, raw: Path, write: Write, keys: list[str], notes: list[str], repeats: int
) -> list[str]:
    folder, out = BENCH / f"yamaa_{study}", BENCH / "out" / study
    write(folder, raw)
    ours = run(build_command(study, raw, out), repeats=repeats)
    peer = run(
        [python_of("yamaa"), ROOT / "benchmarks/peers/yamaa_run.py", folder / "project.yaml"], repeats=repeats
    )
    name = what.split()[0].lower()
    notes.append(
        _different(what, folder / f"{name}.xpt", out / f"m5/datasets/{study}/{kind}/{name}.xpt", keys)
    )
    return side_by_side(what, ours, peer)


def _with_two_jobs(what: str, raw: Path, before: list[str]) -> list[str]:
    """Ours again with two processes, beside the peer's figures of the row before."""
    ours = run(build_command("lb25", raw, BENCH / "out" / "lb25", "--jobs", "2"))
    return side_by_side(what, ours, Measured(float(before[2]), float(before[5])))


def _different(what: str, theirs: Path, mine: Path, keys: list[str]) -> str:
    """The variables in which the two files differ, as text; "" when none."""
    from cdisc_conv import read_xpt

    a, b = (read_xpt(p).sort_values(keys).reset_index(drop=True) for p in (theirs, mine))
    if len(a) != len(b) or set(a.columns) != set(b.columns):
        return f"{what}: OTHER RECORDS OR VARIABLES"
    found = [c for c in b if c != "LBSTRESC" and not _alike(a[c], b[c])]
    return f"{what}: NOT THE SAME in {', '.join(found)}" if found else ""


def _alike(a, b) -> bool:
    if b.dtype.kind == "f" and a.dtype.kind == "f":
        return bool(np.allclose(a, b, rtol=1e-13, atol=0, equal_nan=True))
    return bool((a.fillna("") == b.fillna("")).all())
