"""The way back from a value: each step a value with its derivation, down to raw cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cdisc_conv.findings import Place, Row


@dataclass(slots=True)
class Trace:
    """A value and where it came from.

    `name` is DATASET.VARIABLE or the raw column; `record` tells which record; a raw cell has `row` and no
    inputs.  `note` says what is left out or chosen ("2 of 14 rows", "seen above").
    """

    name: str
    value: str
    derivation: str = ""
    sentence: str = ""
    place: Place = field(default_factory=Place)
    record: str = ""
    row: Row | None = None
    note: str = ""
    inputs: list[Trace] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The trace as plain JSON data."""
        made: dict[str, Any] = {"name": self.name, "value": self.value}
        for key in ("derivation", "sentence", "record", "note"):
            if getattr(self, key):
                made[key] = getattr(self, key)
        if str(self.place):
            made["at"] = str(self.place)
        if self.row is not None:
            made["raw"] = {k: v for k in ("file", "sheet", "row", "key") if (v := getattr(self.row, k))}
        if self.inputs:
            made["inputs"] = [i.as_dict() for i in self.inputs]
        return made

    def steps(self, depth: int = 0, known: str = "") -> Iterator[tuple[int, Trace, str]]:
        """Every step with its depth and its record, "" where the record is that of the step before it.

        `known` is the record (dataset and keys) that a reader already has in mind.
        """
        mine = f"{self.name.partition('.')[0]} {self.record}" if self.record else known
        yield depth, self, "" if mine == known else self.record
        for inner in self.inputs:
            yield from inner.steps(depth + 1, mine)

    def lines(self) -> list[str]:
        """The trace as plain text: a step a line with its derivation below, inputs indented."""
        made = []
        for depth, step, record in self.steps():
            pad = "   " * depth
            made.append(f"{pad}{step.headline(record)}")
            if step.derivation and not step.note.startswith("as above"):
                made.append(f"{pad}   = {step.derivation}  {step.place}".rstrip())
        return made

    def headline(self, record: str) -> str:
        """The step in one line: a raw cell with where it stands, or a value with its record."""
        if self.row is not None:
            return f"{self.name} {self.value!r}  <- {self.source}"
        kept = f" [{record}]" if record else ""
        note = f"  ({self.note})" if self.note else ""
        return f"{self.name}{kept} = {self.value or '(missing)'}{note}"

    @property
    def source(self) -> str:
        """Where a raw cell stands: file, sheet, row and the export's own key."""
        if self.row is None:
            return ""
        sheet = f"!{self.row.sheet}" if self.row.sheet else ""
        return f"{self.row.file}{sheet} row {self.row.row} {self.row.key}".rstrip()

    def derivations(self) -> Iterator[str]:
        """The derivations on the way, as the mapping writes them."""
        yield self.derivation
        for inner in self.inputs:
            yield from inner.derivations()

    def places(self) -> Iterator[str]:
        """Every file the value was made from: mapping and spec files by name, raw files."""
        if self.place.file:
            yield self.place.file
        if self.row is not None:
            yield self.row.file
        for inner in self.inputs:
            yield from inner.places()
