"""The tables of a comparison as they grow: differences, rows without a partner, duplicates, the largest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cdisc_conv.diff.data import Part
from cdisc_conv.diff.frame import Bools, Floats, Ints
from cdisc_conv.diff.match import Pair
from cdisc_conv.diff.pairing import Paired, as_text, column
from cdisc_conv.diff.spool import Spool
from cdisc_conv.diff.values import Unequal

LARGEST = 10
SORTED = 5_000_000  # differences that are sorted in memory
TEXT = pa.large_string()
FIXED = {
    "variable": TEXT,
    "base_row": pa.int64(),
    "compare_row": pa.int64(),
    "base_value": TEXT,
    "compare_value": TEXT,
    "base_number": pa.float64(),
    "compare_number": pa.float64(),
    "difference": pa.float64(),
    "percent": pa.float64(),
    "subject": TEXT,
}
ONLY = {"row": pa.int64(), "subject": TEXT}
DOUBLE = {
    "side": TEXT,
    "row": pa.int64(),
    "times": pa.int64(),
    "other_times": pa.int64(),
    "agrees": pa.bool_(),
}

COUNTED = ("differences", "variables", "only_base", "only_compare")


class View:
    """A part's keys and subjects as text, for any of its rows."""

    def __init__(self, part: Part, keys: Sequence[Pair], subject: Pair | None) -> None:
        self.part, self.keys, self.subject = part, keys, subject
        self._columns: dict[tuple[str, str], Any] = {}

    def text(self, pair: Pair, side: str, at: Ints) -> Any:
        """A column at these positions, as shown."""
        known = (pair.name, side)
        if known not in self._columns:
            self._columns[known] = column(self.part, pair, side)
        return as_text(self._columns[known].take(pa.array(at)), pair).cast(TEXT)

    def key_texts(self, side: str, at: Ints) -> list[Any]:
        """The keys at these positions."""
        return [self.text(k, side, at) for k in self.keys]

    def subjects(self, side: str, at: Ints) -> Any:
        """The subject at these positions, null where there is no such variable."""
        return self.text(self.subject, side, at) if self.subject else pa.nulls(len(at), TEXT)


@dataclass(frozen=True, slots=True)
class Differing:
    """What differs in a variable, in a part: positions among the paired rows, the rows of the table."""

    variable: str
    at: Ints
    table: pa.Table
    largest: pa.Table | None


class Tables:
    """What is kept of each part."""

    def __init__(self, keys: Sequence[Pair], *, of_subjects: bool) -> None:
        self.keys, self.of_subjects = tuple(keys), of_subjects
        taken = {*FIXED, *ONLY, *DOUBLE, "near_row", "near_keys"}
        self.key_columns = tuple(f"{k.name}_key" if k.name in taken else k.name for k in keys)
        schemas = [
            pa.schema([(k, TEXT) for k in self.key_columns] + list(f.items())) for f in (FIXED, ONLY, DOUBLE)
        ]
        self.differences = Spool(schemas[0])
        self.only = {"base": Spool(schemas[1]), "compare": Spool(schemas[1])}
        self.duplicates = Spool(schemas[2])
        self.subjects = Subjects()
        self._largest: dict[str, list[pa.Table]] = {}

    def differing(self, view: View, paired: Paired, pair: Pair, found: Unequal) -> Differing:
        """The unequal values of a variable in a part, as they will be kept."""
        base, compare = paired.base[found.at], paired.compare[found.at]
        numeric = found.difference is not None
        nothing = pa.nulls(len(base), pa.float64())
        columns = [
            *view.key_texts("base", base),
            pa.repeat(pa.scalar(pair.name, TEXT), len(base)),
            pa.array(view.part.base_rows[base]),
            pa.array(view.part.compare_rows[compare]),
            as_text(found.base, pair),
            as_text(found.compare, pair),
            _nan_as_null(found.base) if numeric else nothing,
            _nan_as_null(found.compare) if numeric else nothing,
            _nan_as_null(found.difference) if numeric else nothing,
            _nan_as_null(found.percent) if numeric else nothing,
            view.subjects("base", base),
        ]
        table = pa.Table.from_arrays(columns, schema=self.differences.schema)
        largest = None if found.difference is None else table.take(_largest(found.difference))
        return Differing(pair.name, found.at, table, largest)

    def add_differing(self, found: Differing) -> None:
        """Keep what differs in a variable."""
        self.differences.add(found.table)
        if self.of_subjects:
            self.subjects.differ(found.variable, found.table["subject"].combine_chunks())
        if found.largest is not None and found.largest.num_rows:
            self._largest.setdefault(found.variable, []).append(found.largest)

    def largest(self) -> Spool:
        """The largest differences of each variable, the greatest first."""
        dropped = ["base_number", "compare_number", "subject"]
        schema = pa.schema([f for f in self.differences.schema if f.name not in dropped])
        spool = Spool(schema)
        for tables in self._largest.values():
            table = pa.concat_tables(tables)
            order = np.argsort(-np.abs(table["difference"].to_numpy()), kind="stable")[:LARGEST]
            spool.add(table.take(pa.array(order)).drop_columns(dropped))
        return spool

    def add_only(self, view: View, side: str, at: Ints) -> None:
        """Rows of a side that have no partner."""
        if len(at):
            rows = getattr(view.part, f"{side}_rows")[at]
            columns = [*view.key_texts(side, at), pa.array(rows), view.subjects(side, at)]
            self.only[side].add(pa.Table.from_arrays(columns, schema=self.only[side].schema))

    def add_duplicates(self, view: View, side: str, paired: Paired, agrees: dict[str, Bools]) -> None:
        """All rows whose key is there more than once on their side."""
        at = getattr(paired, f"double_{side}")
        if not len(at):
            return
        codes = getattr(paired.codes, side)[at]
        times = paired.times_base, paired.times_compare
        own, other = times if side == "base" else times[::-1]
        columns = [
            *view.key_texts(side, at),
            pa.repeat(pa.scalar(side, TEXT), len(at)),
            pa.array(getattr(view.part, f"{side}_rows")[at]),
            pa.array(own[codes]),
            pa.array(other[codes]),
            pa.array(agrees[side][at]),
        ]
        self.duplicates.add(pa.Table.from_arrays(columns, schema=self.duplicates.schema))

    def sort(self, names: Sequence[str]) -> bool:
        """Bring differences and rows of several parts into order; False where they are too many."""
        for side, spool in self.only.items():
            self._sort(spool, ["row"], side)
        self._sort(self.duplicates, ["side", "row"], "")
        spool = self.differences
        if not spool.in_memory or spool.rows > SORTED:
            return False
        table = spool.lines().table()
        place = pc.index_in(table["variable"], value_set=pa.array(names, TEXT))
        rows = table["base_row"].to_numpy(), place.to_numpy(zero_copy_only=False)
        spool.replace(table.take(pa.array(np.lexsort(rows))))
        return True

    def _sort(self, spool: Spool, by: list[str], side: str) -> None:
        if spool.in_memory and spool.rows <= SORTED:
            spool.replace(spool.lines().table().sort_by([(b, "ascending") for b in by]))


def _largest(difference: Floats) -> Any:
    """Positions of the largest differences, in order of their rows."""
    sizes = np.abs(difference)
    at = np.flatnonzero(~np.isnan(sizes))
    if len(at) > LARGEST:
        at = at[np.argpartition(-sizes[at], LARGEST)[:LARGEST]]
    return pa.array(np.sort(at))


def _nan_as_null(values: Any) -> Any:
    return pa.array(np.asarray(values), pa.float64(), from_pandas=True)


def by_subject(tables: Tables, subject: str) -> Spool:
    """Per subject: values and variables that differ, rows of one side only; most differences first."""
    spool = Spool(pa.schema([("subject", TEXT), *((n, pa.int64()) for n in COUNTED)]))
    if not subject:
        return spool
    for side, only in tables.only.items():
        for batch in only.batches():
            tables.subjects.add(f"only_{side}", batch.column("subject"))
    spool.add(tables.subjects.table())
    return spool


class Subjects:
    """What was counted for each subject."""

    def __init__(self) -> None:
        self._words: list[Any] = []
        self._seen: dict[str, list[Any]] = {}
        self._counts: dict[str, list[Ints]] = {n: [] for n in COUNTED}

    def differ(self, variable: str, subjects: Any) -> None:
        """Count differing values of a variable; the subjects who have one count once each as well."""
        self.add("differences", subjects)
        self._seen.setdefault(variable, []).append(pc.unique(subjects))

    def add(self, what: str, subjects: Any) -> None:
        """Count rows of subjects as `what`."""
        encoded = subjects.dictionary_encode()
        found = np.bincount(encoded.indices.to_numpy(zero_copy_only=False), minlength=len(encoded.dictionary))
        self._words.append(encoded.dictionary)
        for name, counts in self._counts.items():
            counts.append(found if name == what else np.zeros(len(found), np.int64))
        if len(self._words) > 500:
            self._fold()

    def _fold(self) -> None:
        words = pa.concat_arrays(self._words).dictionary_encode()
        at = words.indices.to_numpy(zero_copy_only=False)
        size = len(words.dictionary)
        for name, counts in self._counts.items():
            found = np.bincount(at, weights=np.concatenate(counts), minlength=size)
            self._counts[name] = [found.astype(np.int64)]
        self._words = [words.dictionary]

    def table(self) -> pa.Table:
        """A row a subject."""
        for found in self._seen.values():
            self.add("variables", pc.unique(pa.concat_arrays(found)))
        if not self._words:
            self._words, self._counts = [pa.array([], TEXT)], {n: [np.zeros(0, np.int64)] for n in COUNTED}
        self._fold()
        columns = {n: pa.array(counts[0]) for n, counts in self._counts.items()}
        order = [(n, "descending") for n in COUNTED if n != "variables"]
        return pa.table({"subject": self._words[0], **columns}).sort_by([*order, ("subject", "ascending")])
