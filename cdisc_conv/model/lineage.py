"""The way back from a value: each step a value with its derivation, down to raw cells."""

from __future__ import annotations

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
