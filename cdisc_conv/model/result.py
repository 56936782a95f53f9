"""What a build gives back: the datasets, what was noticed, and the account of every raw row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cdisc_conv.findings import Findings
from cdisc_conv.model.metadata import PackageMeta

if TYPE_CHECKING:
    import pandas as pd


@dataclass(slots=True)
class SourceAccount:
    """The account of one raw table: raw rows = shipped + left out, each with its reason."""

    file: str
    sheet: str
    form: str
    sha256: str
    encoding: str
    rows: int
    shipped: int = 0
    shipped_to: dict[str, int] = field(default_factory=dict)  # dataset -> raw rows that went there
    left_out: dict[str, int] = field(default_factory=dict)  # reason -> rows
    columns_read: tuple[str, ...] = ()
    columns_not_submitted: tuple[str, ...] = ()
    columns_unmapped: tuple[str, ...] = ()

    @property
    def balanced(self) -> bool:
        """Whether every raw row is accounted for."""
        return self.rows == self.shipped + sum(self.left_out.values())


@dataclass(slots=True)
class BuildResult:
    """A finished build.

    `datasets` holds the frames only when they were kept in memory (small studies, Python callers);
    `out` is the folder of the package, None when nothing was written.
    """

    study: str
    findings: Findings
    packages: Mapping[str, PackageMeta] = field(default_factory=dict)  # sdtm, adam
    ledger: tuple[SourceAccount, ...] = ()
    datasets: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    records: Mapping[str, int] = field(default_factory=dict)
    out: Path | None = None
    created: str = ""
