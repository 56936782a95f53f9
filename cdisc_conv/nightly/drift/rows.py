"""Rows and subjects of a table against last time: fewer, repeated, gone back in time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cdisc_conv.codes import drift as codes
from cdisc_conv.findings import KEPT_ROWS, Place, Row
from cdisc_conv.nightly.drift.columns import Pair
from cdisc_conv.nightly.drift.export import Export
from cdisc_conv.nightly.drift.gates import Seen
from cdisc_conv.nightly.drift.shapes import frame_hash
from cdisc_conv.nightly.drift.uses import Uses

RENUMBERED = 0.5
"""Where more row keys than this share are gone though no rows are, the keys were given anew."""
RENUMBERED_IN_TIME = 0.3
_SHOWN = 5
_ISO = r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?"


@dataclass(slots=True)
class Subjects:
    """Subjects that tables had last time and have no more; the other tables are asked at the end."""

    before: set[str] = field(default_factory=set)
    gone: dict[str, tuple[Place, int]] = field(default_factory=dict)  # where last time: table, row


def compare_rows(seen: Seen, pair: Pair, subjects: Subjects) -> None:
    """Everything about rows."""
    old, new = pair.old, pair.new
    if len(old.rows) and not len(new.rows):
        seen.add(codes.EMPTIED, pair.place, before=len(old.rows))
    lost = _lost_subjects(pair, subjects)
    gone = _gone(pair)
    if len(gone) and len(new.rows):
        share = len(gone) / max(len(old.rows), 1)
        key = pair.form.row_key if pair.form else ""
        keys = old.frame[key] if key in old.frame.columns else None
        rows = tuple(
            Row(pair.place.file, int(old.rows[i]), pair.place.sheet, key=str(keys.iloc[i]))
            for i in gone[:KEPT_ROWS]
            if keys is not None
        )
        seen.add(
            codes.ROWS_FEWER,
            pair.place,
            rows=rows,
            count=len(gone),
            share=share,
            now=len(new.rows),
            before=len(old.rows),
            gone=len(gone),
            who=_who(pair, lost),
        )
    _repeated(seen, pair)
    _back_in_time(seen, pair)


def _gone(pair: Pair) -> Any:
    """Positions, in the table of last time, of rows that are gone; by count where there are no row keys."""
    old, new = pair.old.frame, pair.new.frame
    fewer = len(old) - len(new)
    by_count = np.arange(max(len(new), 0), len(old)) if fewer > 0 else np.zeros(0, dtype=np.int64)
    key = pair.form.row_key if pair.form else ""
    if not key or key not in old.columns or key not in new.columns:
        return by_count
    there = old[key].str.strip().isin(new[key].str.strip()).to_numpy()
    gone = np.flatnonzero(~there & (old[key].str.strip() != "").to_numpy())
    if fewer <= 0 and len(gone) > RENUMBERED * len(old):
        return by_count
    return gone if len(gone) >= fewer else by_count


def _lost_subjects(pair: Pair, subjects: Subjects) -> int:
    """How many subjects have no row here any more; they are kept for a look at the other tables."""
    if pair.uses is None or pair.form is None:
        return 0
    sides = [pair.uses.subjects(pair.form, t) for t in (pair.old, pair.new)]
    if any(s is None for s in sides):
        return 0
    first = sides[0][~sides[0].duplicated()]
    subjects.before |= set(first)
    lost = first[~first.isin(set(sides[1]))]
    for row, subject in lost.items():
        subjects.gone.setdefault(subject, (pair.place, int(row)))
    return len(lost)


def _who(pair: Pair, lost: int) -> str:
    """Whose rows are gone: words for the message."""
    said = f"; {lost} subjects have none left here" if lost else ""
    columns = pair.uses.subject_columns(pair.form) if pair.uses and pair.form else []
    if len(columns) > 1 and all(columns[0] in t.frame.columns for t in (pair.old, pair.new)):
        old, new = (
            {v.strip().lstrip("0") for v in t.frame[columns[0]].unique()} for t in (pair.old, pair.new)
        )
        if sites := sorted(old - new):
            some = ", ".join(sites[:_SHOWN]) + (" …" if len(sites) > _SHOWN else "")
            said += f"; no row of {columns[0]} {some} is left"
    return said


def _repeated(seen: Seen, pair: Pair) -> None:
    old, new = (np.unique(frame_hash(t.frame), return_counts=True)[1] for t in (pair.old, pair.new))
    if len(new) and new.min() > 1 and (not len(old) or old.min() == 1):
        seen.add(codes.ROWS_DOUBLED, pair.place, times=int(new.min()))
    elif (now := int(new.sum()) - len(new)) > (before := int(old.sum()) - len(old)):
        seen.add(codes.ROWS_REPEATED, pair.place, now=now, before=before)


def _back_in_time(seen: Seen, pair: Pair) -> None:
    """Rows that say they were changed earlier than they said last time."""
    column = pair.form.modified if pair.form else ""
    joined = pair.joined()
    if not column or joined is None or any(column not in side.columns for side in joined):
        return
    old, new = (side[column].str.strip() for side in joined)
    sound = old.str.fullmatch(_ISO).to_numpy() & new.str.fullmatch(_ISO).to_numpy()
    earlier = (new.to_numpy() < old.to_numpy()) & sound
    if earlier.mean() > RENUMBERED_IN_TIME:
        return  # row keys were given anew: it is not the same rows that are looked at
    if n := int(earlier.sum()):
        why = f"{column} of {n} rows is earlier than it was"
        seen.add(codes.OLDER, pair.place, count=n, why=why)


def subjects_gone(seen: Seen, subjects: Subjects, uses: Uses, new: Export) -> None:
    """Subjects that were in some table last time and are in none now."""
    left = dict(subjects.gone)
    if not left:
        return
    everyone: set[str] = set(subjects.before)
    for form, table in new.form_tables():
        found = uses.subjects(form, table)
        if found is None:
            continue
        there = set(found)
        everyone |= there
        for subject in left.keys() & there:
            del left[subject]
    if left:
        rows = tuple(Row(p.file, row, p.sheet, key=s) for s, (p, row) in sorted(left.items()))
        seen.add(
            codes.SUBJECTS_FEWER,
            Place(),
            rows=rows,
            count=len(left),
            share=len(left) / len(everyone),
            gone=len(left),
            before=len(everyone),
            who="",
        )
