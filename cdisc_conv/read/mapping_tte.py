"""The `time_to_event:` block of a mapping page."""

from __future__ import annotations

from cdisc_conv.codes.map import MAP006, MAP015, MAP021
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.mapping import Happening, TimeToEvent, TimeToEventParameter
from cdisc_conv.model.words import Words
from cdisc_conv.read.mapping_lines import constant, derivations
from cdisc_conv.read.study import known_keys
from cdisc_conv.read.yaml import Branch

_BLOCK = {"from", "where", "start", "sources", "parameters"}
_PARAMETER = {"PARAMCD", "PARAM", "PARAMN", "PARCAT1", "where", "events", "censors"}
_HAPPENING = {"source", "from", "where", "date", "pick", "variables"}


def read_time_to_event(tree: Branch, findings: Findings) -> TimeToEvent | None:
    """The block; named `sources:` are put in their place so that each happening is whole."""
    known_keys(tree, _BLOCK, "time_to_event:", findings)
    for key in ("from", "start", "parameters"):
        if tree.get(key) is None:
            findings.add(MAP015.at(tree.place, where="time_to_event:", key=key))
    source, start = tree.words("from"), tree.words("start")
    if source is None or start is None:
        return None
    sources = tree.branch("sources") or Branch(tree.place)
    made = [_parameter(part, sources, findings) for part in tree.branches("parameters")]
    return TimeToEvent(source, tree.words("where"), start, tuple(made))


def _parameter(tree: Branch, sources: Branch, findings: Findings) -> TimeToEventParameter:
    known_keys(tree, _PARAMETER, "a parameter", findings)
    for key in ("PARAMCD", "PARAM", "events", "censors"):
        if tree.get(key) is None:
            findings.add(MAP015.at(tree.place, where="a parameter", key=key))
    texts = {
        key: constant(words, number=key == "PARAMN")
        for key in ("PARAMCD", "PARAM", "PARAMN", "PARCAT1")
        if (words := tree.words(key)) is not None
    }
    events = tuple(h for b in tree.branches("events") if (h := _happening(b, sources, "first", findings)))
    censors = tuple(h for b in tree.branches("censors") if (h := _happening(b, sources, "last", findings)))
    return TimeToEventParameter(texts, events, censors, tree.place, tree.words("where"))


def _happening(tree: Branch, sources: Branch, pick: str, findings: Findings) -> Happening | None:
    known_keys(tree, _HAPPENING, "an event or censoring", findings)
    base = _named_source(tree, sources, findings)
    date = tree.words("date") or base.words("date")
    if date is None:
        findings.add(MAP015.at(tree.place, where="an event or censoring", key="date"))
        return None
    pick = tree.text("pick") or base.text("pick") or pick
    if pick not in ("first", "last"):
        findings.add(MAP021.at(tree.place, value=pick, wanted="pick (first, last)"))
    variables = derivations(base.branch("variables"), findings) | derivations(
        tree.branch("variables"), findings
    )
    where = _both(base.words("where"), tree.words("where"))
    return Happening(tree.words("from") or base.words("from"), where, date, pick, variables, tree.place)


def _named_source(tree: Branch, sources: Branch, findings: Findings) -> Branch:
    name = tree.words("source")
    found = sources.branch(name.text) if name else None
    if name and found is None:
        findings.add(MAP006.at(name.place, name=name.text))
    return found or Branch(Place())


def _both(first: Words | None, second: Words | None) -> Words | None:
    """Two conditions as one; places point into the second where they can."""
    if first is None or second is None:
        return first or second
    text = f"({first.text}) and ({second.text})"
    return Words(text, second.file, second.line, second.column, "")
