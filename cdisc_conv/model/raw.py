"""What a hospital, a laboratory or a vendor handed over, as text: nothing interpreted, nothing lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from cdisc_conv.findings import Findings, Place


@dataclass(frozen=True, slots=True)
class Source:
    """Where a raw table came from: a file relative to the raw folder ('/' between), and its sheet."""

    file: str
    sheet: str = ""

    @property
    def place(self) -> Place:
        """The table as the place of a finding."""
        return Place(file=self.file, sheet=self.sheet)

    def __str__(self) -> str:
        return f"{self.file}!{self.sheet}" if self.sheet else self.file


@dataclass(slots=True)
class RawTable:
    """A raw table as text.

    `frame` has the file's columns in the file's order, every one of pandas' `str` type and "" where
    blank; `rows` gives each frame row's number as a spreadsheet counts (the first line is row 1, blank
    lines counted). `sha256` and `size` (bytes) are the whole file's, `modified` is its time in UTC.
    """

    source: Source
    frame: pd.DataFrame
    rows: npt.NDArray[np.int64]
    sha256: str
    encoding: str
    size: int
    modified: datetime
    findings: Findings = field(default_factory=Findings)
    delimiter: str = ""  # of delimited text


@dataclass(frozen=True, slots=True)
class Delivered:
    """One line of the manifest: a file, its data rows (all sheets together) and its hash, as promised."""

    file: str
    row: int  # of the manifest, as a spreadsheet counts
    rows: int | None = None
    sha256: str = ""
    exported_at: datetime | None = None
    data_cutoff: date | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the sender said was sent."""

    file: str
    delivered: tuple[Delivered, ...]

    @property
    def exported_at(self) -> datetime | None:
        """The newest time of export; None when the manifest names none."""
        return max((d.exported_at for d in self.delivered if d.exported_at), default=None)

    @property
    def data_cutoff(self) -> date | None:
        """The latest data cut-off; None when the manifest names none."""
        return max((d.data_cutoff for d in self.delivered if d.data_cutoff), default=None)
