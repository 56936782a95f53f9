"""What one study's night came to: plain data that the summary, the log and the hooks are made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from cdisc_conv.codes import night as codes
from cdisc_conv.findings import Finding, Findings, Place, Severity

FORMAT = 1


class Verdict(StrEnum):
    """How the night of a study ended; the order is from good to bad."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    BLOCKED = "blocked"
    BUSY = "busy"
    FAILED = "failed"
    CRASHED = "crashed"

    @property
    def good(self) -> bool:
        """Whether the published package is tonight's."""
        return self in (Verdict.PUBLISHED, Verdict.UNCHANGED)


@dataclass(slots=True)
class Report:
    """The night of one study.

    `night` are findings of the nightly run itself (snapshot, verification, log), `drift` those of the drift
    gate (with coded values where the config allows values); `findings` tells of the package's: its tally,
    and what is new and resolved against the last good run.
    """

    name: str
    study: str
    run: str = ""
    verdict: Verdict = Verdict.FAILED
    began: str = ""
    ended: str = ""
    seconds: float = 0.0
    out: str = ""
    last_good: str = ""
    current: str = ""
    snapshot: dict[str, Any] = field(default_factory=dict)
    night: Findings = field(default_factory=Findings)
    drift: list[dict[str, Any]] = field(default_factory=list)
    findings: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)
    verified: dict[str, int] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    log: dict[str, Any] = field(default_factory=dict)

    def block(self, verdict: Verdict, findings: Iterable[Finding]) -> None:
        """End the night without a new package."""
        self.verdict = verdict
        self.night.extend(findings)

    @property
    def why(self) -> list[str]:
        """Why there is no new package: the errors of the night."""
        errors = [f for f in self.night if f.severity is Severity.ERROR]
        return (
            []
            if self.verdict.good
            else [f"{f.place}: {f.message}" if str(f.place) else f.message for f in errors]
        )

    @property
    def worst(self) -> dict[str, int]:
        """Exit codes by `--fail-on`."""
        if self.verdict is Verdict.CRASHED:
            return dict.fromkeys(("error", "warning", "new"), 3)
        if not self.verdict.good:
            return dict.fromkeys(("error", "warning", "new"), 2)
        tally = self.findings.get("tally", {})
        new = [f["severity"] for f in self.findings.get("new", ())]
        night = self.night.tally()
        drift = Counter(f["severity"] for f in self.drift)
        return {
            "error": int(bool(tally.get("error") or night["error"])),
            "warning": int(
                bool(sum(t.get(s, 0) for t in (tally, night, drift) for s in ("error", "warning")))
            ),
            "new": int("error" in new or bool(night["error"])),
        }

    def as_dict(self) -> dict[str, Any]:
        """The report as plain JSON data; rows of the night's findings without values."""
        names = [n for n in self.__slots__ if n not in ("night", "verdict")]
        return {n: getattr(self, n) for n in names} | {
            "format": FORMAT,
            "verdict": str(self.verdict),
            "why": self.why,
            "exit": self.worst,
            "night": [f.as_dict(values=False) for f in self.night.merged()],
        }


def drifted(finding: Finding, study: str) -> Finding:
    """A drift that blocks, as a finding of the night: the same without values, and how to let it pass."""
    rows = tuple(replace(r, value=None) for r in finding.rows)
    return with_name(replace(finding, rows=rows), study)


def with_name(finding: Finding, study: str) -> Finding:
    """The finding, its hint with the name that --accept takes."""
    return replace(finding, hint=finding.hint.replace("--accept", f"--accept {study}"))


def cannot_write(error: Exception) -> Finding:
    """The finding for a file system that does not do what it should: full, read only, gone."""
    if not isinstance(error, OSError):
        return codes.CANNOT_WRITE.at(Place(), file="the study", reason=str(error))
    file = Path(str(error.filename)).name if error.filename else "a file"
    return codes.CANNOT_WRITE.at(Place(), file=file, reason=error.strerror or str(error))
