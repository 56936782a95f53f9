"""What a build gives: facts and accounts that add up over pieces, frames in memory or in files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from cdisc_conv.engine.facts import DatasetFacts
from cdisc_conv.engine.spill import load_frame
from cdisc_conv.findings import Findings


@dataclass(slots=True)
class FormAccount:
    """Of one form: its raw rows, those left out while staging, those that reached datasets."""

    form: str
    number: int
    rows: int
    sha256: str
    encoding: str
    header: tuple[str, ...]
    left_out: dict[str, int]
    shipped: int = 0
    shipped_to: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """What one piece gave, small enough to send between processes."""

    facts: dict[str, DatasetFacts]
    findings: Findings
    shipped: dict[int, dict[str, int]]  # source number -> dataset -> rows; "" -> any dataset
    looked_up: dict[str, set[str]]
    counted: dict[str, float]  # study-wide numbers of this piece


@dataclass(slots=True)
class Built:
    """A built study: facts and accounts in memory, frames in memory or in files piece by piece."""

    facts: dict[str, DatasetFacts] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    forms: dict[str, FormAccount] = field(default_factory=dict)
    looked_up: dict[str, set[str]] = field(default_factory=dict)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    counted: dict[str, float] = field(default_factory=dict)
    folder: Path | None = None
    pieces: int = 1

    def parts(self, dataset: str) -> Iterator[pd.DataFrame]:
        """A dataset's frames, piece after piece."""
        if dataset in self.frames:
            yield self.frames[dataset]
            return
        assert self.folder is not None
        for at in range(self.pieces):
            yield load_frame(self.folder / f"{dataset}-{at}.arrow")

    def whole(self, dataset: str) -> pd.DataFrame:
        """A dataset in one frame."""
        return pd.concat(list(self.parts(dataset)), ignore_index=True)

    def widths(self) -> dict[str, int]:
        """The longest text by variable name over the whole study."""
        found: dict[str, int] = {}
        for facts in self.facts.values():
            for name, item in facts.items.items():
                found[name] = max(found.get(name, 0), item.width)
        return found

    def take(self, outcome: Outcome) -> None:
        """Add what a piece gave."""
        for name, facts in outcome.facts.items():
            self.facts.setdefault(name, DatasetFacts()).add(facts)
        self.findings.extend(outcome.findings)
        for call, number in outcome.counted.items():
            self.counted[call] = self.counted.get(call, 0.0) + number
        for name, datasets in outcome.looked_up.items():
            self.looked_up.setdefault(name, set()).update(datasets)
        by_number = {f.number: f for f in self.forms.values()}
        for number, counts in outcome.shipped.items():
            form = by_number[number]
            form.shipped += counts.get("", 0)
            for dataset, count in counts.items():
                if dataset:
                    form.shipped_to[dataset] = form.shipped_to.get(dataset, 0) + count
