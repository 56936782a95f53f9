"""From a built package to its results: analyses of the spec in, page and analysis results dataset out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cdisc_conv.errors import CannotRun, UsageMistake
from cdisc_conv.findings import Findings, Severity
from cdisc_conv.read.analyses import analyses_of, displays_of
from cdisc_conv.read.run import run_above
from cdisc_conv.read.workspace import find_workspace, read_workspace
from cdisc_conv.results.compute import compute, write_results
from cdisc_conv.results.data import Package


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report came to."""

    findings: Findings
    analyses: int
    statistics: int
    files: tuple[Path, ...]


def report(study: str, package: Path, out: Path, workspace: Path | None = None) -> Reported:
    """Compute the analyses of a study from its package and write them to `out`.

    Raises `UsageMistake` when there is no package, no analysis in the spec or an optional library missing,
    `CannotRun` with the slips of the analyses.
    """
    from cdisc_conv.report.results_html import write_report

    texts = read_workspace(find_workspace(workspace), study)
    spec = texts.specs.get("adam")
    if spec is None or not spec.results:
        raise UsageMistake(
            f"the ADaM spec of {study} declares no analyses: its sheet Analysis Results is missing or empty"
        )
    analyses, findings = analyses_of(spec)
    if not package.is_dir():
        raise UsageMistake(
            f"{package} is not there; build it first: cdisc-conv build {study} --out {package}"
        )
    if any(f.severity is Severity.ERROR for f in findings):
        raise CannotRun(*findings)
    computed = compute(Package(package, study), analyses)
    displays = displays_of(spec)
    out.mkdir(parents=True, exist_ok=True)
    table, page = out / "analysis-results.csv", out / "report.html"
    write_results(computed, displays, table)
    labels = {v.name: v.label for d in reversed(list(spec.datasets.values())) for v in d.variables.values()}
    write_report(texts.study, run_above(package), displays, computed, labels, page)
    return Reported(findings, len(computed), sum(len(c.results) for c in computed), (page, table))
