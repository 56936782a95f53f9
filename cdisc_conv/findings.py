"""What was noticed, where, and what to do about it: a finding is a value and findings add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

KEPT_ROWS = 1000
"""Rows kept with one finding; `count` always says how many there were."""


class Severity(StrEnum):
    """How bad a finding is; the order is that of `--fail-on`."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for an error, 2 for a note."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Place:
    """Where: a position in a text file, a cell of a workbook, a raw table or a dataset's variable."""

    file: str = ""
    line: int | None = None
    column: int | None = None
    sheet: str = ""
    cell: str = ""
    dataset: str = ""
    variable: str = ""

    def __str__(self) -> str:
        if self.file:
            parts = [self.file]
            if self.sheet:
                parts.append(self.sheet)
            if self.cell:
                parts.append(self.cell)
            text = "!".join(parts)
            numbers = [str(n) for n in (self.line, self.column) if n is not None]
            return ":".join([text, *numbers])
        return ".".join(p for p in (self.dataset, self.variable) if p)


@dataclass(frozen=True, slots=True)
class Row:
    """One raw row that a finding speaks of.

    `row` counts as a spreadsheet does (the header is row 1); `key` is the export's own row key;
    `value` is the offending value, the only place where a finding may hold data of a subject.
    """

    file: str
    row: int
    sheet: str = ""
    key: str = ""
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding: stable id, name, default severity, message template and hint.

    An error in the authors' texts stops a build before it reads data, unless `stops` is False.
    """

    id: str
    name: str
    severity: Severity
    message: str
    hint: str = ""
    stops: bool = True

    def at(
        self,
        place: Place,
        *,
        hint: str | None = None,
        rows: tuple[Row, ...] = (),
        count: int | None = None,
        severity: Severity | None = None,
        **fields: Any,
    ) -> Finding:
        """Make a finding of this kind at a place; `fields` fill the message's `{blanks}`."""
        return Finding(
            code=self,
            severity=severity or self.severity,
            message=self.message.format(**fields),
            place=place,
            hint=self.hint if hint is None else hint,
            rows=rows[:KEPT_ROWS],
            count=len(rows) or 1 if count is None else count,
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed; `rows` are those it was seen in (at most `KEPT_ROWS`), `count` how many."""

    code: Code
    severity: Severity
    message: str
    place: Place
    hint: str = ""
    rows: tuple[Row, ...] = ()
    count: int = 1

    def as_dict(self, *, values: bool = True) -> dict[str, Any]:
        """The finding as plain JSON data; without subjects' values when `values` is False."""
        place = {k: getattr(self.place, k) for k in Place.__slots__ if getattr(self.place, k)}
        rows = [
            {k: v for k in Row.__slots__ if (v := getattr(r, k)) not in ("", None)}
            | ({"value": r.value} if values and r.value is not None else {})
            for r in self.rows
        ]
        if not values:
            for r in rows:
                r.pop("value", None)
        return {
            "code": self.code.id,
            "name": self.code.name,
            "severity": str(self.severity),
            "message": self.message,
            "hint": self.hint,
            "at": str(self.place),
            "place": place,
            "count": self.count,
            "rows": rows,
        }


@dataclass(slots=True)
class Findings:
    """A growing list of findings; `merged` folds those that differ only in their rows."""

    items: list[Finding] = field(default_factory=list)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def add(self, finding: Finding) -> None:
        """Append one finding."""
        self.items.append(finding)

    def extend(self, findings: Iterable[Finding]) -> None:
        """Append several findings."""
        self.items.extend(findings)

    def merged(self) -> Findings:
        """Findings of one kind, place and message folded into one.

        The order (worst first, then code and place) and the rows kept (the first of each file) do not
        depend on the order in which findings came, so a study built in pieces tells the same.
        """
        seen: dict[tuple[Any, ...], list[Finding]] = {}
        for f in self.items:
            seen.setdefault((f.code.id, f.code.name, f.severity, f.place, f.message, f.hint), []).append(f)
        return Findings(sorted((_folded(same) for same in seen.values()), key=_order))

    def worst(self) -> Severity | None:
        """The worst severity present, None when there is no finding."""
        return min((f.severity for f in self.items), key=lambda s: s.rank, default=None)

    def at_least(self, severity: Severity) -> bool:
        """Whether any finding is as bad as `severity` or worse."""
        return any(f.severity.rank <= severity.rank for f in self.items)

    def tally(self) -> Mapping[str, int]:
        """How many findings of each severity."""
        return {str(s): sum(f.severity is s for f in self.items) for s in Severity}


def _folded(same: list[Finding]) -> Finding:
    """Findings that differ only in their rows as one; the same finding said twice is said once."""
    rows = sorted((r for f in same for r in f.rows), key=lambda r: (r.file, r.sheet, r.row))
    if not rows:
        return same[0]
    return replace(same[0], rows=tuple(rows[:KEPT_ROWS]), count=sum(f.count for f in same))


def _order(f: Finding) -> tuple[Any, ...]:
    place = f.place
    where = (place.file, place.sheet, place.line or 0, place.column or 0, place.cell)
    return (f.severity.rank, f.code.id, f.code.name, *where, place.dataset, place.variable, f.message)
