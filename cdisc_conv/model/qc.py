"""QC of a study: which pair of files was compared, by whom, when, and whether that still holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cdisc_conv.model.difference import Verdict


class State(StrEnum):
    """Where a dataset stands.

    pass     compared and equal, and neither file changed since
    fail     compared, and different or not comparable
    stale    a file changed since, or is gone: the outcome speaks of other files
    never    not compared yet
    """

    PASS = "pass"
    FAIL = "fail"
    STALE = "stale"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class QcSide:
    """A file as it was compared: its path (relative to the folder that `qc/` is in) and SHA-256."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class QcEntry:
    """One comparison: `by` and `date` (ISO 8601) as given, `method` and `keys` as used.

    `tool` is what compared: ours with its version, or another program that somebody vouches for.
    """

    dataset: str
    production: QcSide
    qc: QcSide
    verdict: Verdict
    sysinfo: int
    by: str
    date: str
    tool: str
    method: str = ""
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QcFile:
    """`qc/<study>.yaml`; `folders` are those of the last run, production and qc."""

    study: str
    entries: Mapping[str, QcEntry] = field(default_factory=dict)
    folders: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QcStatus:
    """A dataset's state and, where it is not pass, why."""

    dataset: str
    state: State
    why: str = ""
    entry: QcEntry | None = None
