"""The whole Btrial build (SDTM, ADaM, XPT, define.xml) with 1, 10 and 100 times its subjects, 1 and 2 jobs.

Seconds a subject must not grow with the study, and the peak must not grow with it either: it is bounded by a
piece. The 1 × of the first row is what a build costs that has next to no data.
"""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.data_btrial import csv_of, write_btrial
from benchmarks.measure import BENCH, ROOT, Measured, build_command, run
from benchmarks.tables import table


def main(quick: bool = False) -> str:
    """The section of the report."""
    rows = []
    for times in (1, 3) if quick else (1, 10, 100):
        raw = BENCH / f"btrial_{times}"
        size = write_btrial(raw, times)
        workspace = _workspace()
        for jobs in ("1", "2"):
            out = BENCH / "out" / "btrial"
            command = build_command("btrial", raw, out, "--jobs", jobs, workspace=workspace)
            rows.append(_row(times, jobs, size, run(command, ok=(0, 1)), out))
    header = ["subjects", "jobs", "raw MB", "subjects", "records", "s", "ms a subject", "peak MB"]
    return f"## Btrial, replicated\n\n{__doc__}\n\n{table(header, rows)}\n"


def _workspace() -> Path:
    """The study without its manifest, which says how many rows there are; sheets with subjects as CSV."""
    from cdisc_conv.read.study import read_study

    folder = BENCH / "btrial_workspace"
    for kind in ("specs", "mappings"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        link = folder / kind / "btrial"
        if not link.exists() and kind == "mappings":
            link.symlink_to(ROOT / kind / "btrial")
    specs = folder / "specs" / "btrial"
    specs.mkdir(exist_ok=True)
    for part in ("sdtm", "adam", "trial"):
        if (ROOT / "specs/btrial" / part).exists() and not (specs / part).exists():
            (specs / part).symlink_to(ROOT / "specs/btrial" / part)
    text = (ROOT / "specs/btrial/study.yaml").read_text(encoding="utf-8")
    study, _ = read_study(ROOT / "specs/btrial", "btrial", "study.yaml")
    for form in study.forms.values():
        if csv_of(form):
            text = text.replace(f"file: {form.file}, sheet: {form.sheet}", f"file: {csv_of(form)}")
    kept = [line for line in text.splitlines(keepends=True) if not line.strip().startswith("manifest:")]
    (specs / "study.yaml").write_text("".join(kept), encoding="utf-8")
    return folder


def _row(times: int, jobs: str, size: int, found: Measured, out: Path) -> list[str]:
    records = json.loads((out / "run/run.json").read_text(encoding="utf-8"))["records"]
    subjects = records["DM"]
    per_subject = f"{found.seconds / subjects * 1000:.1f}"
    total = f"{sum(records.values()):,}"
    seconds, peak = f"{found.seconds:.2f}", f"{found.peak:.0f}"
    return [f"{times} ×", jobs, f"{size / 1e6:.1f}", f"{subjects:,}", total, seconds, per_subject, peak]
