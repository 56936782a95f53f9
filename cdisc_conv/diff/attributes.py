"""Attributes that differ: of the datasets and of their variables."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from cdisc_conv.codes import file as codes
from cdisc_conv.diff.frame import Loaded
from cdisc_conv.diff.match import Pair
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.difference import Attribute

_ALL = ("label", "length", "format")


def attributes(base: Loaded, compare: Loaded, pairs: Sequence[Pair]) -> list[Attribute]:
    """What differs, of attributes that both formats carry, in the order of BASE."""
    both = base.carries & compare.carries
    found: list[Attribute] = []
    if "label" in both and base.side.label != compare.side.label:
        found.append(Attribute("", "label", base.side.label, compare.side.label, 1))
    if "dataset type" in both and base.dataset_type != compare.dataset_type:
        found.append(Attribute("", "type", base.dataset_type, compare.dataset_type, 2))
    moved = _moved(pairs)
    for pair in pairs:
        found += _of_pair(pair, both)
        if pair.name in moved:
            before, after = moved[pair.name]
            found.append(Attribute(pair.name, "order", str(before), str(after), 0))
    return found


def _of_pair(pair: Pair, both: frozenset[str]) -> list[Attribute]:
    a, b = pair.base, pair.compare
    found = []
    if a.type != b.type and not pair.kind:
        found.append(Attribute(a.name, "type", a.type, b.type, 8192))
    if a.type == b.type and None not in (a.length, b.length) and a.length != b.length:
        found.append(Attribute(a.name, "length", str(a.length), str(b.length), 16))
    if "label" in both and a.label != b.label:
        found.append(Attribute(a.name, "label", a.label, b.label, 32))
    if "format" in both and a.format.upper() != b.format.upper():
        found.append(Attribute(a.name, "format", a.format, b.format, 8))
    if "informat" in both and a.informat.upper() != b.informat.upper():
        found.append(Attribute(a.name, "informat", a.informat, b.informat, 4))
    return found


def _moved(pairs: Sequence[Pair]) -> dict[str, tuple[int, int]]:
    """The fewest variables that must have moved to explain the two orders, and where they stand."""
    ordered = sorted(pairs, key=lambda p: p.base.position)
    positions = [p.compare.position for p in ordered]
    ends: list[int] = []  # the longest rising run: its last positions, and how each came to be
    at: list[int] = []
    before: list[int] = []
    for i, position in enumerate(positions):
        k = bisect_left(ends, position)
        before.append(at[k - 1] if k else -1)
        if k == len(ends):
            ends.append(position)
            at.append(i)
        else:
            ends[k], at[k] = position, i
    stay, i = set(), at[-1] if at else -1
    while i >= 0:
        stay.add(i)
        i = before[i]
    return {p.name: (p.base.position, p.compare.position) for i, p in enumerate(ordered) if i not in stay}


def not_carried(base: Loaded, compare: Loaded, findings: Findings) -> tuple[str, ...]:
    """What one of the formats cannot hold and so is not compared."""
    said = []
    for loaded in (base, compare):
        held = loaded.carries | ({"length"} if "text length" in loaded.carries else set())
        missing = [a for a in _ALL if a not in held]
        words = f"{loaded.side.kind} carries no {', '.join(missing)}"
        if missing and words not in said:
            said.append(words)
            place = Place(file=loaded.side.path)
            findings.add(
                codes.DIFF_ATTRIBUTES_APART.at(place, kinds=loaded.side.kind, attributes=", ".join(missing))
            )
    return tuple(said)
