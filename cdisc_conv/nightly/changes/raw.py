"""What is not the same in two raw exports, cell by cell: by the export's own row key where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cdisc_conv.model.raw import RawTable
from cdisc_conv.model.study import Form
from cdisc_conv.nightly.drift.columns import Pair
from cdisc_conv.nightly.drift.export import Export
from cdisc_conv.nightly.drift.shapes import frame_hash
from cdisc_conv.nightly.drift.uses import Uses

CHANGED, NEW, GONE = "changed", "new row", "row gone"
MOST = 200_000
"""Changed rows that are remembered, at most."""


@dataclass(frozen=True, slots=True)
class RawChange:
    """A raw row that changed: of a changed one the cells as (column, before, after)."""

    what: str
    file: str
    sheet: str
    row: int
    key: str
    cells: tuple[tuple[str, str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The change as plain JSON data."""
        made: dict[str, Any] = {"what": self.what, "file": self.file, "row": self.row}
        made |= {k: v for k in ("sheet", "key") if (v := getattr(self, k))}
        cells = [{"column": c, "before": a, "after": b} for c, a, b in self.cells]
        return made | ({"cells": cells} if cells else {})


@dataclass(slots=True)
class RawChanges:
    """Changed raw rows: by file, sheet and row (of tonight), and by subject with the forms they are of."""

    rows: dict[tuple[str, str, int], RawChange] = field(default_factory=dict)
    by_subject: dict[str, list[tuple[str, RawChange]]] = field(default_factory=dict)

    def of(self, file: str, sheet: str, row: int) -> RawChange | None:
        """The change of a row as it is tonight."""
        return self.rows.get((file, sheet, row))


def raw_changes(old: Export, new: Export, uses: Uses) -> RawChanges:
    """Every raw row that is new, changed or gone in forms whose file changed."""
    found = RawChanges()
    for form in new.study.forms.values():
        there = [form.file in e.raw.files() for e in (old, new)]
        if not any(there) or (all(there) and old.hash(form.file) == new.hash(form.file)):
            continue
        tables = [
            e.try_table((form.file, form.sheet)) if t else None
            for e, t in zip((old, new), there, strict=True)
        ]
        for at, (change, subject) in enumerate(_changes(form, uses, tables[0], tables[1])):
            if at >= MOST:
                break
            if change.what != GONE:
                found.rows[change.file, change.sheet, change.row] = change
            if subject:
                found.by_subject.setdefault(subject, []).append((form.name, change))
    return found


def _changes(
    form: Form, uses: Uses, old: RawTable | None, new: RawTable | None
) -> Iterator[tuple[RawChange, str]]:
    """Changes of a form's table, each with its subject ("" where there is none)."""
    subjects = [_subjects(form, uses, t) for t in (old, new)]
    if old is None or new is None:
        table, what, who = (new, NEW, subjects[1]) if new is not None else (old, GONE, subjects[0])
        if table is not None:
            yield from _rows(form, table, what, range(len(table.rows)), who)
        return
    key = form.row_key
    unique = key in old.frame.columns and key in new.frame.columns
    if not unique:
        hashes = [frame_hash(t.frame) for t in (old, new)]
        yield from _rows(form, old, GONE, _not_in(hashes[0], hashes[1]), subjects[0])
        yield from _rows(form, new, NEW, _not_in(hashes[1], hashes[0]), subjects[1])
        return
    yield from _rows(form, old, GONE, _not_in(old.frame[key], new.frame[key]), subjects[0])
    yield from _rows(form, new, NEW, _not_in(new.frame[key], old.frame[key]), subjects[1])
    yield from _cells(form, old, new, subjects[1])


def _cells(
    form: Form, old: RawTable, new: RawTable, who: Mapping[int, str]
) -> Iterator[tuple[RawChange, str]]:
    from cdisc_conv.findings import Place

    joined = Pair(Place(file=form.file, sheet=form.sheet), old, new, form, None).joined()
    if joined is None:
        return
    rows = dict(zip(new.frame[form.row_key], new.rows, strict=True))
    columns = [c for c in joined[1].columns if c in joined[0].columns]
    differ = joined[0][columns].to_numpy() != joined[1][columns].to_numpy()
    for at in differ.any(axis=1).nonzero()[0]:
        key = str(joined[1].index[at])
        cells = tuple(
            (columns[c], str(joined[0][columns[c]].iloc[at]), str(joined[1][columns[c]].iloc[at]))
            for c in differ[at].nonzero()[0]
        )
        row = int(rows[key])
        yield RawChange(CHANGED, form.file, form.sheet, row, key, cells), who.get(row, "")


def _not_in(mine: Any, others: Any) -> Any:
    import pandas as pd

    return (~pd.Series(mine).isin(set(others))).to_numpy().nonzero()[0]


def _rows(
    form: Form, table: RawTable, what: str, at: Any, who: Mapping[int, str]
) -> Iterator[tuple[RawChange, str]]:
    keys = table.frame[form.row_key] if form.row_key in table.frame.columns else None
    for i in at:
        row = int(table.rows[i])
        key = "" if keys is None else str(keys.iloc[i])
        yield RawChange(what, form.file, form.sheet, row, key), who.get(row, "")


def _subjects(form: Form, uses: Uses, table: RawTable | None) -> Mapping[int, str]:
    found = uses.subjects(form, table) if table is not None else None
    return {} if found is None else {int(row): str(s) for row, s in found.items() if isinstance(s, str)}
