"""The Python face of the tool: the same as the commands, values in and out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cdisc_conv import pipeline
from cdisc_conv.findings import Findings
from cdisc_conv.model.result import BuildResult


def check(study: str, *, workspace: str | Path | None = None, raw: str | Path | None = None) -> Findings:
    """Everything that is wrong with a study's spec and mapping; no data are read but the raw headers."""
    options = pipeline.Options(workspace=_path(workspace), raw=_path(raw))
    return pipeline.check(study, options).findings


def build(
    study: str,
    *,
    workspace: str | Path | None = None,
    raw: str | Path | None = None,
    out: str | Path | None = None,
    datasets: Iterable[str] = (),
    jobs: int = 1,
    partitions: int = 0,
    values: bool = True,
) -> BuildResult:
    """Build a study; with `out` the package is written there, without it the frames are in the result.

    `partitions` cuts the study by subject (0: by the size of the raw data); the result is the same for any.
    Raises `CannotRun` when something needed cannot be read or written; other slips are findings.
    """
    options = pipeline.Options(
        workspace=_path(workspace),
        raw=_path(raw),
        out=_path(out),
        datasets=tuple(datasets),
        jobs=jobs,
        partitions=partitions,
        values=values,
    )
    return pipeline.build(study, options)


def _path(given: str | Path | None) -> Path | None:
    return None if given is None else Path(given)
