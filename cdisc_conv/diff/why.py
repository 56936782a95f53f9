"""Why two datasets differ: values of ours followed to the raw data, inputs of two runs put side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from cdisc_conv.diff.load import open_dataset
from cdisc_conv.diff.why_rows import lone_rows
from cdisc_conv.engine.shown import alike
from cdisc_conv.errors import CdiscConvError
from cdisc_conv.model.difference import DatasetDiff
from cdisc_conv.model.lineage import Trace
from cdisc_conv.model.lines import first_of_each
from cdisc_conv.model.why import KINDS, Change, Followed, Run, RunsApart, Why

FOLLOWED = 6
"""Differing values that are followed, at most."""
SUBJECTS = 3
"""Subjects that are built again for it, at most: each takes a moment."""
_OF_STUDY = re.compile(r"\b(policy|study)\.\w")
LOOKED_AT = 50
"""Differing values of a variable among which those of the same subjects are looked for."""


class Explains(Protocol):
    """What is needed of an explainer: a subject's records found by key, and traced."""

    def locate(self, dataset: str, variable: str, keys: Mapping[str, str]) -> list[tuple[str, int, str]]:
        """Dataset, record and variable behind a row of a dataset as shipped."""

    def trace(self, dataset: str, record: int, variable: str) -> Trace:
        """The way back from a value."""


@dataclass(frozen=True, slots=True)
class Present:
    """The study as it stands: how to build one subject again, and hashes of texts and of raw files."""

    explain: Callable[[str], Explains]
    texts: Mapping[str, str] = field(default_factory=dict)
    raw: Callable[[str], str] = lambda file: ""


def runs_apart(base: Run, compare: Run) -> RunsApart:
    """Every input that is not the same in two runs, by kind, and the kinds that did not change."""
    changes: list[Change] = []
    for kind, name, one, two in _inputs(base, compare):
        if one != two:
            changes.append(Change(kind, name, one, two))
    changes.sort(key=lambda c: (KINDS.index(c.kind), c.name))
    changed = {c.kind for c in changes}
    return RunsApart(base, compare, tuple(changes), tuple(k for k in KINDS if k not in changed))


def _inputs(base: Run, compare: Run) -> Iterator[tuple[str, str, str, str]]:
    pairs = (
        (base.raw, compare.raw, lambda name: "raw data"),
        (base.texts, compare.texts, kind_of_text),
        (base.libraries, compare.libraries, lambda name: "library"),
        ({"cdisc_conv": base.tool}, {"cdisc_conv": compare.tool}, lambda name: "program"),
    )
    for one, two, kind in pairs:
        for name in sorted({*one, *two}):
            yield kind(name), name, one.get(name, ""), two.get(name, "")


def kind_of_text(name: str) -> str:
    """What an author's file is: study, spec, mapping or program."""
    if name.endswith(".py"):
        return "program"
    if name.endswith("study.yaml"):
        return "study"
    return "spec" if name.startswith("specs/") else "mapping"


def why(
    diff: DatasetDiff,
    runs: tuple[Run | None, Run | None],
    present: Callable[[Run], Present],
    *,
    limit: int = FOLLOWED,
) -> Why:
    """Follow differing values of a dataset of which at least one side is ours.

    `present` gives the study of a run as it stands now. COMPARE is followed where both sides are ours.
    """
    base, compare = runs
    apart = runs_apart(base, compare) if base is not None and compare is not None else None
    ours = compare or base
    if ours is None:
        return Why(diff.name, notes=("neither side is a package of cdisc_conv: nothing to follow",))
    side = "compare" if compare is not None else "base"
    number = diff.differences.rows if diff.differences is not None else 0
    values = chosen(diff, limit)
    rows = lone_rows(diff, side, {v["subject"] for v in values})
    if not values and not rows:
        return Why(diff.name, apart, notes=_notes(diff, 0))
    try:
        study = present(ours)
    except CdiscConvError as error:
        note = f"values cannot be followed: {error}"
        return Why(diff.name, apart, left_out=number, notes=(note,))
    follower = _Follower(diff, side, ours, study, {c.name for c in apart.changes} if apart else set())
    followed = tuple(follower.follow(row) for row in (*values, *rows))
    notes = (*_notes(diff, len(rows)), *follower.notes())
    return Why(diff.name, apart, followed, number - len(values), notes)


def follow_all(diff: DatasetDiff, run: Run, study: Present, limit: int) -> Why:
    """Follow every differing value on the side of COMPARE, the first `limit` of them."""
    if diff.differences is None:
        return Why(diff.name)
    follower = _Follower(diff, "compare", run, study, set())
    rows = diff.differences.head(limit).to_pylist()
    followed = tuple(follower.follow(row) for row in rows)
    return Why(diff.name, None, followed, diff.differences.rows - len(followed))


def _notes(diff: DatasetDiff, followed: int) -> tuple[str, ...]:
    """What is not followed: rows without a partner."""
    only = diff.rows.only_base + diff.rows.only_compare - followed
    more = "more " if followed else ""
    return (f"{more}rows without a partner that are listed and not followed: {only:,}",) if only else ()


def chosen(diff: DatasetDiff, limit: int) -> list[dict[str, Any]]:
    """The values to follow: the first of every variable, then more of each, of few subjects."""
    if diff.differences is None:
        return []
    unequal = [v.name for v in diff.variables if v.unequal][:limit]
    kept: dict[str, list[dict[str, Any]]] = {name: [] for name in unequal}
    for row in first_of_each(diff.differences, "variable", dict.fromkeys(unequal, LOOKED_AT)):
        kept[row["variable"]].append(row)
    subjects = _few(kept, limit)
    told = [[r for r in rows if r["subject"] in subjects] for rows in kept.values()]
    rounds = (rows[n] for n in range(limit) for rows in told if n < len(rows))
    return list(islice(rounds, limit))


def _few(kept: Mapping[str, list[dict[str, Any]]], limit: int) -> list[str | None]:
    """The subjects to build again: each time the one that has most of the variables not yet shown."""
    having: dict[str | None, set[str]] = {}
    values = 0
    for name, rows in kept.items():
        for row in rows:
            having.setdefault(row["subject"], set()).add(name)
    found: list[str | None] = []
    left = set(kept)
    while having and len(found) < SUBJECTS and (left or values < limit):
        best = max(having, key=lambda s: len(having[s] & left))
        values += len(having[best])
        left -= having.pop(best)
        found.append(best)
    return found


@dataclass(slots=True)
class _Follower:
    """Follows values of one side; a subject is built once."""

    diff: DatasetDiff
    side: str
    run: Run
    study: Present
    changed: set[str]
    built: dict[str, Explains] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)

    def follow(self, row: dict[str, Any]) -> Followed:
        keys = self.diff.keys
        names = keys.variables if self.side == "base" else keys.compare_variables
        values = {n: row[c] or "" for n, c in zip(names, self.diff.key_columns, strict=True)}
        values = self._as_in_file(values, row)
        record = " ".join(f"{k}={v}" for k, v in values.items() if k != "STUDYID") or f"row {row['base_row']}"
        variable = self._name(row["variable"])
        trace, note = self._trace(row, variable, values)
        made = set(trace.places()) if trace is not None else set()
        self.read |= made
        texts = trace.derivations() if trace is not None else ()
        if any(_OF_STUDY.search(text) for text in texts):
            made |= {name for name in self.changed if kind_of_text(name) == "study"}
        touched = tuple(sorted(made & self.changed))
        if trace is not None and row[f"{self.side}_value"] is None:
            row[f"{self.side}_value"] = trace.value
        base, compare = row["base_value"] or "", row["compare_value"] or ""
        note = "; ".join(n for n in (row.get("lone", ""), note) if n)
        return Followed(row["variable"], record, base, compare, self.side, trace, note, touched)

    def _as_in_file(self, keys: dict[str, str], row: dict[str, Any]) -> dict[str, str]:
        """The keys, IDVARVAL with the number that the file holds (see `by_parent`)."""
        if "IDVARVAL" not in keys:
            return keys
        loaded = open_dataset(Path((self.diff.base if self.side == "base" else self.diff.compare).path))
        rows = loaded.at_once() if loaded.at_once is not None else pa.concat_tables(loaded.pieces())
        return keys | {"IDVARVAL": str(rows.column("IDVARVAL")[row[f"{self.side}_row"] - 1])}

    def _name(self, variable: str) -> str:
        """The variable's name on our side."""
        if self.side == "base":
            return variable
        return next((v.compare.name for v in self.diff.variables if v.name == variable), variable)

    def _trace(self, row: dict[str, Any], variable: str, keys: dict[str, str]) -> tuple[Trace | None, str]:
        if not keys:
            return None, "rows were paired by position: no key says which record this is"
        try:
            explainer = self._explainer(row["subject"] or "")
        except CdiscConvError as error:
            return None, f"cannot be followed: {error}"
        dataset = (self.diff.base if self.side == "base" else self.diff.compare).dataset.upper()
        found = explainer.locate(dataset, variable, keys)
        if not found:
            return None, "built again now, there is no such record or variable"
        trace = explainer.trace(*found[0])
        note = f"{len(found)} records have this key; the first is followed" if len(found) > 1 else ""
        told = row[f"{self.side}_value"]
        if not (told is None and "lone" in row) and not alike(trace.value, told or ""):
            note = f"built again now, the value is {trace.value or 'missing'}; {note}".rstrip("; ")
        return trace, note

    def _explainer(self, subject: str) -> Explains:
        if subject not in self.built:
            self.built[subject] = self.study.explain(subject)
        return self.built[subject]

    def notes(self) -> list[str]:
        """Inputs that are no longer those of the run that was compared."""
        now = self.study.texts
        texts = [n for n, h in self.run.texts.items() if now and now.get(n, "") != h]
        texts += [n for n in now if n not in self.run.texts]
        raw = [f for f in sorted(self.read & self.run.raw.keys()) if self.study.raw(f) != self.run.raw[f]]
        said = []
        for what, names in (("texts", texts), ("raw files", raw)):
            if names:
                shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
                said.append(
                    f"{what} changed since the run in {self.run.root}: {shown}; the way back is today's"
                )
        return said
