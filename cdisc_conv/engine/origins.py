"""Where a variable's values come from, read off its derivation: origin, source, sentence (Define-XML 2.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cdisc_conv.engine.plan import Derivation, Plan
from cdisc_conv.engine.study_checks import named_policies
from cdisc_conv.language import nodes as n
from cdisc_conv.language.sentences import phrase, sentence
from cdisc_conv.model.spec import Condition, Spec

TRANSCRIBES = frozenset(
    {"upper", "lower", "trim", "squeeze", "replace", "pad", "substring", "join", "coalesce"}
    | {"ascii", "translate", "long_text", "ct", "decode", "iso_date", "iso_parts"}
    | {"number", "text", "round", "qualifier"}
)
"""Verbs that write a collected value in another way without deriving a new one."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a derivation says of itself."""

    origin: str = ""
    source: str = ""
    sentence: str = ""
    predecessor: str = ""
    decided: str = ""  # the policies behind it, for what has no method to name them


def tell(plan: Plan, spec: Spec, dataset: str, variable: str, where: tuple[Condition, ...] = ()) -> Told:
    """Origin, source, method text and predecessor of a variable, or of its values under a condition."""
    if dataset not in plan.datasets:
        return Told("Assigned", "Sponsor") if dataset.startswith("SUPP") else Told()
    planned = plan.datasets[dataset]
    found = list(dict.fromkeys(x for d in planned.derivations(variable) for x in _seen_through(plan, d.node)))
    if not found and planned.parameters:
        text = "Made by the rules of the time-to-event block."
        return Told("Derived", "Sponsor", text + _policies(plan, list(planned.of_time_to_event()), text, []))
    if not found:
        return Told()
    sources = [b.block.source.text for b in planned.blocks]
    told = [_one(plan, planned.kind, node, sources) for node in found]
    for origin in ("Derived", "Collected", "Predecessor", "Assigned"):
        first = next((t for t in told if t.origin == origin), None)
        if first is not None:
            alike = [n for n, t in zip(found, told, strict=True) if t.origin == origin]
            of_rows = found if origin == "Derived" else alike  # a method tells how all rows are made
            text = _sentences(plan, of_rows, sources)
            derivations = planned.derivations(variable)
            decided = _policies(plan, derivations, "", sources).strip()
            return replace(
                first, sentence=text + _policies(plan, derivations, text, sources), decided=decided
            )
    return told[0]


def tell_rows(plan: Plan, dataset: str) -> str:
    """The policies that decide which records a dataset has, each as a sentence."""
    if dataset not in plan.datasets:
        return ""
    page = plan.datasets[dataset].page
    texts = [*plan.datasets[dataset].spec.conditions, *(b.where.text for b in page.blocks if b.where)]
    if page.time_to_event:
        tte = page.time_to_event
        texts += [w.text for w in (tte.where, tte.start) if w]
        texts += [p.where.text for p in tte.parameters if p.where]
        happenings = (h for p in tte.parameters for h in (*p.events, *p.censors))
        texts += [w.text for h in happenings for w in (h.where, h.date) if w]
    return _decided(plan, (name for text in texts for name in named_policies(text)), "").strip()


def _seen_through(plan: Plan, node: n.Node) -> list[n.Node]:
    """The derivations, one a block, of a helper where the whole derivation is its name."""
    helper = _helper(plan, node)
    return [x for below in helper for x in _seen_through(plan, below)] or [node]


def _helper(plan: Plan, node: n.Node) -> list[n.Node]:
    """The derivations of a helper variable (a lower-case name, never shipped), none for anything else."""
    if not (isinstance(node, n.Name) and node.column.islower() and node.owner in plan.datasets):
        return []
    return [d.node for d in plan.datasets[node.owner].derivations(node.column)]


def _helpers(plan: Plan, nodes: list[n.Node]) -> dict[str, list[n.Node]]:
    """Every helper that derivations go through, each once, in the order of their naming."""
    found: dict[str, list[n.Node]] = {}
    todo = list(nodes)
    while todo:
        for x in todo.pop(0).walk():
            helper = _helper(plan, x)
            if helper and isinstance(x, n.Name) and f"{x.owner}.{x.column}" not in found:
                found[f"{x.owner}.{x.column}"] = helper
                todo += helper
    return found


def _sentences(plan: Plan, nodes: list[n.Node], sources: list[str]) -> str:
    """The derivations told, and then what each helper in them is."""
    one = _only_dataset(plan, sources)
    told = dict.fromkeys(sentence(_owned(node, one), plan.verbs) for node in nodes)
    helpers = {
        name: dict.fromkeys(phrase(_owned(x, one), plan.verbs) for x in own)
        for name, own in _helpers(plan, nodes).items()
    }
    where = [f"{name}: {' or: '.join(texts)}." for name, texts in helpers.items()]
    return " ".join([" Or: ".join(told), *(["Where"] if where else []), *where])


def _only_dataset(plan: Plan, sources: list[str]) -> str:
    """The one dataset that all rows come from, "" for forms and for several."""
    return sources[0] if len(set(sources)) == 1 and sources[0] in plan.datasets else ""


def _policies(plan: Plan, derivations: list[Derivation], told: str, sources: list[str]) -> str:
    """The policies behind derivations and their helpers that the text does not name yet, as sentences."""
    todo, seen = [(d, _only_dataset(plan, sources)) for d in derivations], set[str]()
    names: dict[str, None] = {}
    while todo:
        derivation, source = todo.pop(0)
        names.update(dict.fromkeys(named_policies(derivation.words.text)))
        for x in _owned(derivation.node, source).walk():
            if not _helper(plan, x) or not isinstance(x, n.Name) or f"{x.owner}.{x.column}" in seen:
                continue
            seen.add(f"{x.owner}.{x.column}")
            owner = plan.datasets[x.owner]
            its_source = _only_dataset(plan, [b.block.source.text for b in owner.blocks])
            todo += [(d, its_source) for d in owner.derivations(x.column)]
    return _decided(plan, names, told)


def _decided(plan: Plan, names: Iterable[str], told: str) -> str:
    """A sentence for each of the policies named that the text does not name yet."""
    decided = {name: plan.study.decided[name] for name in names if name in plan.study.decided}
    return "".join(
        f" Policy {name} = {policy.value}{f' ({policy.says})' if policy.says else ''}."
        for name, policy in decided.items()
        if f"(policy {name})" not in told
    )


def _owned(node: n.Node, source: str) -> n.Node:
    """The nodes with the source's columns under its name, where rows come from one dataset."""
    if not source:
        return node
    if isinstance(node, n.Name) and node.owner == "form":
        return n.Name(node.span, source, node.column)
    return n.rebuilt(node, lambda x: _owned(x, source))


def _one(plan: Plan, kind: str, node: n.Node, sources: list[str]) -> Told:
    if isinstance(node, n.Literal):
        return Told("Assigned", "Sponsor")
    if isinstance(node, n.Name) and node.owner == "subject":
        return Told("Derived", "Sponsor") if kind == "sdtm" else Told("Predecessor", "", "", "DM.USUBJID")
    if isinstance(node, n.Name):
        owner = sources[0] if node.owner == "form" and len(set(sources)) == 1 else node.owner
        if owner in plan.datasets and kind == "adam":
            return Told("Predecessor", "", "", f"{owner}.{node.column}")
    below = [d for own in _helpers(plan, [node]).values() for d in own]
    parts = [x for d in (node, *below) for x in d.walk()]
    names = [x for x in parts if isinstance(x, n.Name) and not _helper(plan, x)]
    raw = {*plan.study.forms, "form", "test"}
    from_raw = names and all(x.owner in raw for x in names) and not any(s in plan.datasets for s in sources)
    verbs = {x.verb for x in parts if isinstance(x, n.Bound)}
    computes = any(isinstance(x, n.Arith | n.Compare) for x in parts)
    if from_raw and verbs <= TRANSCRIBES and not computes:
        return Told("Collected", "Investigator")
    return Told("Derived", "Sponsor") if names else Told("Assigned", "Sponsor")
