"""Derivations told in words, for define.xml: each verb's own sentence with its arguments filled in."""

from __future__ import annotations

import re

from cdisc_conv.language import nodes as n
from cdisc_conv.language.verb import Verbs

_BLANK = re.compile(r"\{(\w+)(?::([^}]*))?\}")
_OPS = {
    "==": "equals",
    "!=": "differs from",
    "<": "is less than",
    "<=": "is at most",
    ">": "is greater than",
    ">=": "is at least",
    "in": "is one of",
    "not in": "is none of",
}


def sentence(node: n.Node, verbs: Verbs) -> str:
    """The derivation as an English phrase, beginning with a capital and ending in a full stop."""
    text = phrase(node, verbs).strip()
    begins_with_name = "." in text.partition(" ")[0]
    return (
        (text[:1] if begins_with_name else text[:1].upper()) + text[1:] + ("" if text.endswith(".") else ".")
    )


def phrase(node: n.Node, verbs: Verbs) -> str:
    """The derivation as a phrase that can stand within another."""
    if isinstance(node, n.Literal):
        return f"{_literal(node.value)} ({node.said})" if node.said else _literal(node.value)
    if isinstance(node, n.Name):
        return f"raw {node.column}" if node.owner == "form" else _named(node)
    if isinstance(node, n.Bound):
        return _verb(node, verbs)
    if isinstance(node, n.Compare):
        return f"{phrase(node.left, verbs)} {_OPS[node.op]} {phrase(node.right, verbs)}"
    if isinstance(node, n.Logic):
        return f" {node.op} ".join(phrase(p, verbs) for p in node.parts)
    if isinstance(node, n.Not):
        return f"not ({phrase(node.part, verbs)})"
    if isinstance(node, n.Arith):
        return f"({phrase(node.left, verbs)} {node.op} {phrase(node.right, verbs)})"
    return ", ".join(phrase(c, verbs) for c in node.children())


def _literal(value: str | float | bool | None) -> str:
    if isinstance(value, bool):
        return "always" if value else "never"
    return "missing" if value is None else f'"{value}"' if isinstance(value, str) else f"{value:g}"


def _named(node: n.Name) -> str:
    if node.owner == "subject":
        return "study, site and subject identifiers joined"
    return f"{node.column} of the test" if node.owner == "test" else f"{node.owner}.{node.column}"


def _verb(node: n.Bound, verbs: Verbs) -> str:
    verb = verbs.get(node.verb)
    assert verb is not None
    texts = {g.param: ", ".join(phrase(p, verbs) for p in g.parts) for g in node.given}
    for p in verb.params:
        if p.star == "*":
            texts[p.name] = ", ".join(phrase(s, verbs) for s in node.star)
        elif p.star == "**":
            texts[p.name] = " and ".join(f"{k.name} equal to {phrase(k.value, verbs)}" for k in node.named)
        elif p.name not in texts and isinstance(p.default, str | int | float):
            texts.setdefault(f"{p.name}", "")
    if verb.name == "when":
        return _when(node, verbs)

    def fill(found: re.Match[str]) -> str:
        name, lead = found.group(1), found.group(2)
        text = texts.get(name, "")
        if lead is None:
            param = verb.param(name)
            default = "" if param is None or not isinstance(param.default, str | int) else str(param.default)
            return text or default
        return f" {lead.strip()} {text}" if text else ""

    text = re.sub(r"\s+", " ", _BLANK.sub(fill, verb.sentence))
    return re.sub(r" ([;,.])", r"\1", text)


def _when(node: n.Bound, verbs: Verbs) -> str:
    parts = [phrase(s, verbs) for s in (*(p for g in node.given for p in g.parts), *node.star)]
    legs = [f"{parts[i + 1]} if {parts[i]}" for i in range(0, len(parts) - 1, 2)]
    legs += [f"otherwise {parts[-1]}"] if len(parts) % 2 else []
    return "; ".join(legs)
