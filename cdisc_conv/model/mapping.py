"""HOW each dataset is made: the pages of `mappings/<study>/` as frozen values."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field

from cdisc_conv.findings import Place
from cdisc_conv.model.words import Words


@dataclass(frozen=True, slots=True)
class TextTable:
    """A CSV file beside the pages (visits, tests, units, codes): text cells with their places."""

    name: str
    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]  # line of each row in the file

    def column(self, name: str) -> tuple[str, ...]:
        """The cells of a column, top to bottom."""
        at = self.header.index(name)
        return tuple(row[at] for row in self.rows)


def form_column(cell: str) -> str:
    """The form's column that a cell `form.X` or `form["X"]` of a tests table names, "" for plain text."""
    if cell.startswith('form["') and cell.endswith('"]'):
        return cell[6:-2]
    return cell[5:] if cell.startswith("form.") else ""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows from one source: a form or another dataset, filtered, perhaps spread over tests."""

    source: Words
    where: Words | None = None
    variables: Map[str, Words] = field(default_factory=dict)
    tests: TextTable | None = None  # wide to long: one row a test; cells `form.X` name columns
    empty: str = "drop"  # or not_done: keep rows whose test.value is missing
    sorted_by: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event or a censoring of a time-to-event parameter."""

    source: Words | None  # another dataset whose rows are looked through; None: the subject's own row
    where: Words | None
    date: Words
    pick: str  # first or last of several dates
    variables: Map[str, Words] = field(default_factory=dict)  # CNSR, EVNTDESC, CNSDTDSC, SRCDOM …
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True)
class TimeToEventParameter:
    """One PARAMCD: its events, and its censorings in order of precedence."""

    variables: Map[str, Words]  # PARAMCD, PARAM, PARAMN …
    events: tuple[Happening, ...]
    censors: tuple[Happening, ...]
    place: Place = field(default_factory=Place)
    where: Words | None = None  # a condition on policies and facts; the parameter is made where it holds


@dataclass(frozen=True, slots=True)
class TimeToEvent:
    """The `time_to_event:` block: who is at risk, from when, and what may happen."""

    source: Words
    where: Words | None
    start: Words
    parameters: tuple[TimeToEventParameter, ...]


@dataclass(frozen=True, slots=True)
class PageCheck:
    """A study's own cross-check over a dataset's records: where it holds, there is a finding."""

    name: str
    severity: str
    where: Words
    message: str
    hint: str = ""
    value: Words | None = None  # what to show of each record
    source: Words | None = None  # a form or other dataset whose rows are looked at instead of the records
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True)
class Page:
    """One mapping page: the rows of a dataset and the derivations of its variables."""

    dataset: str
    file: str
    place: Place
    blocks: tuple[Block, ...] = ()
    variables: Map[str, Words] = field(default_factory=dict)
    time_to_event: TimeToEvent | None = None
    checks: tuple[PageCheck, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """All pages, tables and code maps of a study."""

    pages: Map[str, Page] = field(default_factory=dict)
    tables: Map[str, TextTable] = field(default_factory=dict)
    codes: Map[str, Map[str, str]] = field(default_factory=dict)  # codelist -> raw (trimmed, lower) -> value
