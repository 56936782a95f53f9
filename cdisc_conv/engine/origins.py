"""Where a variable's values come from, read off its derivation: origin, source, sentence (Define-XML 2.1)."""

from __future__ import annotations

from dataclasses import dataclass

from cdisc_conv.engine.plan import Derivation, Plan
from cdisc_conv.language import nodes as n
from cdisc_conv.language.sentences import sentence
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


def tell(plan: Plan, spec: Spec, dataset: str, variable: str, where: tuple[Condition, ...] = ()) -> Told:
    """Origin, source, method text and predecessor of a variable, or of its values under a condition."""
    if dataset not in plan.datasets:
        return Told("Assigned", "Sponsor") if dataset.startswith("SUPP") else Told()
    planned = plan.datasets[dataset]
    found = planned.derivations(variable)
    if not found:
        return (
            Told("Derived", "Sponsor", "Made by the rules of the time-to-event block.")
            if planned.parameters
            else Told()
        )
    told = [_one(plan, planned.kind, d, [b.block.source.text for b in planned.blocks]) for d in found]
    for origin in ("Derived", "Collected", "Predecessor", "Assigned"):
        of_kind = [t for t in told if t.origin == origin]
        if of_kind:
            texts = list(dict.fromkeys(t.sentence for t in of_kind))
            return Told(origin, of_kind[0].source, " Or: ".join(texts), of_kind[0].predecessor)
    return told[0]


def expanded(plan: Plan, node: n.Node, depth: int = 0) -> n.Node:
    """The nodes with helper variables (lower-case names, never shipped) replaced by their derivations."""
    if isinstance(node, n.Name) and node.column.islower() and node.owner in plan.datasets and depth < 9:
        found = plan.datasets[node.owner].derivations(node.column)
        return expanded(plan, found[0].node, depth + 1) if found else node
    return n.rebuilt(node, lambda part: expanded(plan, part, depth))


def _one(plan: Plan, kind: str, d: Derivation, sources: list[str]) -> Told:
    node = expanded(plan, d.node)
    text = sentence(node, plan.verbs)
    if isinstance(node, n.Literal):
        return Told("Assigned", "Sponsor", text)
    if isinstance(node, n.Name) and node.owner == "subject":
        return (
            Told("Derived", "Sponsor", "Study, site and subject identifiers joined.")
            if kind == "sdtm"
            else Told("Predecessor", "", text, "DM.USUBJID")
        )
    if isinstance(node, n.Name):
        owner = sources[0] if node.owner == "form" and len(set(sources)) == 1 else node.owner
        if owner in plan.datasets:
            return (
                Told("Predecessor", "", text, f"{owner}.{node.column}")
                if kind == "adam"
                else Told("Derived", "Sponsor", text)
            )
    names = [x for x in node.walk() if isinstance(x, n.Name)]
    raw = {*plan.study.forms, "form", "test"}
    from_raw = names and all(x.owner in raw for x in names) and not any(s in plan.datasets for s in sources)
    verbs = {x.verb for x in node.walk() if isinstance(x, n.Bound)}
    if from_raw and verbs <= TRANSCRIBES and not _computes(node):
        return Told("Collected", "Investigator", text)
    if not names:
        return Told("Assigned", "Sponsor", text)
    return Told("Derived", "Sponsor", text)


def _computes(node: n.Node) -> bool:
    return any(isinstance(x, n.Arith | n.Compare) for x in node.walk())
