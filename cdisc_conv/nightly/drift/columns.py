"""Columns of a table against last time: new, gone, renamed, moved, of another type, filled or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from cdisc_conv.codes import drift as codes
from cdisc_conv.findings import Place
from cdisc_conv.model.raw import RawTable
from cdisc_conv.model.study import Form
from cdisc_conv.nightly.drift.export import Export, Key
from cdisc_conv.nightly.drift.gates import Seen
from cdisc_conv.nightly.drift.shapes import COMMA, DATE, NUMBER, WORDS, Column
from cdisc_conv.nightly.drift.uses import Uses

FEW = 0.2
"""The share of a column's cells that must have a new type for it to be of another type."""
ALIKE = 0.9
_HEADER_ROWS = 12


@dataclass(slots=True)
class Pair:
    """A table last time and now, with the form that reads it (None: no form does)."""

    place: Place
    old: RawTable
    new: RawTable
    form: Form | None
    uses: Uses | None

    def who(self, column: str) -> str:
        """Who reads a column; without a plan everything counts as read."""
        if self.uses is None:
            return "perhaps the mapping" if self.form else ""
        return self.uses.who(self.form, column)

    @property
    def key(self) -> Key:
        """File and sheet."""
        return self.place.file, self.place.sheet

    @property
    def withheld(self) -> tuple[str, ...]:
        """Columns that a blinded run does not look at."""
        return self.uses.plan.study.withheld(self.form) if self.uses and self.form else ()

    def joined(self) -> tuple[Any, Any] | None:
        """Both frames with the rows of the keys that each has once, in one order; None without row keys."""
        key = self.form.row_key if self.form else ""
        if not key or any(key not in t.frame.columns for t in (self.old, self.new)):
            return None
        sides = [t.frame[~t.frame[key].duplicated(keep=False)].set_index(key) for t in (self.old, self.new)]
        both = sides[0].index.intersection(sides[1].index)
        return (sides[0].loc[both], sides[1].loc[both]) if len(both) else None


def header_moved(seen: Seen, pair: Pair, export: Export) -> bool:
    """Whether the header stands further down than it did; then nothing can be said of the columns."""
    old = set(pair.old.frame.columns)
    if len(old & set(pair.new.frame.columns)) * 2 > len(old):
        return False
    first = pair.form.header_row if pair.form else 1
    for row in range(first + 1, first + _HEADER_ROWS):
        if len(old & set(export.header(pair.key, row))) >= 0.6 * len(old):
            seen.findings.items = [f for f in seen.findings if f.place != pair.place]
            seen.add(codes.HEADER_MOVED, pair.place, old=first, new=row)
            return True
    return False


def compare_columns(seen: Seen, pair: Pair) -> None:
    """All that differs in the columns as such."""
    old, new = list(pair.old.frame.columns), list(pair.new.frame.columns)
    gone = [c for c in old if c not in new and c not in pair.withheld]
    added = [c for c in new if c not in old and c not in pair.withheld]
    renamed = dict(_renamed(pair, gone, added))
    for column in gone:
        _gone(seen, pair, column, renamed.get(column))
    for column in added:
        if column not in {name for name, _ in renamed.values()}:
            filled = int((pair.new.frame[column].str.strip() != "").sum())
            seen.add(codes.NEW_COLUMN, pair.place, column=column, filled=filled)
    _order(seen, pair, old, new)


def _gone(seen: Seen, pair: Pair, column: str, renamed: tuple[str, str] | None) -> None:
    who = pair.who(column)
    if renamed is not None:
        code = codes.RENAMED_COLUMN if who else codes.RENAMED_UNREAD
        seen.add(code, pair.place, column=column, who=who, new=renamed[0], why=renamed[1])
    else:
        seen.add(codes.MISSING_COLUMN if who else codes.MISSING_UNREAD, pair.place, column=column, who=who)


def _order(seen: Seen, pair: Pair, old: list[str], new: list[str]) -> None:
    one = [c for c in old if c in new]
    other = [c for c in new if c in old]
    moved = next((c for c, d in zip(one, other, strict=True) if c != d), None)
    if moved is not None:
        seen.add(
            codes.REORDERED, pair.place, column=moved, old=old.index(moved) + 1, new=new.index(moved) + 1
        )


def _renamed(pair: Pair, gone: list[str], added: list[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Columns that are gone, each with the new one that is most like it and why."""
    joined = pair.joined()
    scored = sorted(
        ((_score(pair, joined, a, b), a, b) for a in gone for b in added),
        key=lambda s: (-s[0][0], s[1], s[2]),
    )
    taken: set[str] = set()
    for (score, why), one, other in scored:
        if score > 0 and one not in taken and other not in taken:
            taken |= {one, other}
            yield one, (other, why)


def _score(pair: Pair, joined: tuple[Any, Any] | None, one: str, other: str) -> tuple[float, str]:
    """How alike two columns are, 0 when not at all."""
    name = SequenceMatcher(None, _plain(one), _plain(other)).ratio()
    if joined is not None:
        a, b = joined[0][one].str.strip().to_numpy(), joined[1][other].str.strip().to_numpy()
        filled = (a != "") | (b != "")
        content = float((a == b)[filled].mean()) if filled.any() else -1.0
    else:
        x, y = (set(t.frame[c].str.strip()) - {""} for t, c in ((pair.old, one), (pair.new, other)))
        content = len(x & y) / len(x | y) if x or y else -1.0
    if content >= ALIKE or (content >= 0.5 and name >= 0.6):
        return content + name, f"{content:.0%} of its values are the same"
    if name >= 0.85 or (content < 0 and name >= 0.6):
        return name, "the names are alike"
    return 0.0, ""


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def compare_content(seen: Seen, pair: Pair, column: str, old: Column, new: Column) -> None:
    """Whether a column that is there on both nights is filled as it was, and with what."""
    rows = len(pair.new.rows) / max(len(pair.old.rows), 1)
    if old.filled and not new.filled:
        if len(pair.new.rows):
            seen.add(codes.BLANKED, pair.place, column=column, before=old.filled)
    elif new.filled and not old.filled:
        if len(pair.old.rows):
            seen.add(codes.FILLED, pair.place, column=column, filled=new.filled)
    elif new.filled < 0.9 * min(rows, 1.0) * old.filled and old.filled - new.filled > 2:
        seen.add(codes.VALUES_FEWER, pair.place, column=column, now=new.filled, before=old.filled)
    if old.filled and new.filled:
        _type(seen, pair, column, old, new)
        lost = old.padded() - new.padded()
        if old.padded() >= 3 and lost > 0.5 * old.padded() and new.filled >= 0.5 * old.filled:
            seen.add(codes.ZEROS_LOST, pair.place, column=column, cells=lost, filled=new.filled)


def _type(seen: Seen, pair: Pair, column: str, old: Column, new: Column) -> None:
    """Another type than last time; dates written otherwise are not of another type."""
    if DATE in (old.type, new.type) and {old.type, new.type} & {DATE, NUMBER, ""} == {old.type, new.type}:
        return  # day numbers of Excel: told as a format
    for kind, count in new.types.most_common():
        fresh = count - old.types[kind] * new.filled / max(old.filled, 1)
        comma = kind == COMMA and not old.types[COMMA] and old.type == NUMBER
        if kind != old.type and old.type and (comma or (fresh >= FEW * new.filled and count >= 3)):
            if old.type == WORDS and kind == NUMBER and not _was_words(old):
                continue
            seen.add(
                codes.RETYPED,
                pair.place,
                column=column,
                old=old.type,
                new=kind,
                cells=count,
                filled=new.filled,
            )
            return


def _was_words(old: Column) -> bool:
    """Whether a column of text had no numbers to speak of."""
    return old.types[NUMBER] < 0.1 * old.filled
