"""Conditions on policies and facts settled before any data are read: what is not chosen drops out."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from cdisc_conv.language import nodes as n

_OPS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def settled(node: n.Node) -> n.Node:
    """The nodes without comparisons of fixed values and without the branches that these rule out.

    `when(policy.tte_start == "TRTSDT", TRTSDT, RANDDT)` is the one or the other date; a comparison of
    columns stays as it is.  A missing fixed value compares as missing values do: it does not hold.
    """
    node = n.rebuilt(node, settled)
    if isinstance(node, n.Compare):
        return _compared(node)
    if isinstance(node, n.Logic):
        return _joined(node)
    if isinstance(node, n.Not) and _truth(node.part) is not None:
        return n.Literal(node.span, not _truth(node.part))
    if isinstance(node, n.Bound) and node.verb == "when":
        return _chosen(node)
    return node


def _truth(node: n.Node) -> bool | None:
    """True or false of a settled condition, None for one that depends on data."""
    return node.value if isinstance(node, n.Literal) and isinstance(node.value, bool) else None


def _compared(node: n.Compare) -> n.Node:
    parts = node.right.parts if isinstance(node.right, n.Items) else (node.right,)
    left = node.left
    if not isinstance(left, n.Literal) or not all(isinstance(p, n.Literal) for p in parts):
        return node
    values = [p.value for p in parts if isinstance(p, n.Literal)]
    if any(isinstance(v, str) != isinstance(left.value, str) for v in values if v is not None):
        return node  # a slip of kind, told as such
    given = [v for v in values if v is not None]
    if left.value is None:
        return n.Literal(node.span, False)
    if node.op in ("in", "not in"):
        return n.Literal(node.span, (left.value in given) == (node.op == "in"))
    return n.Literal(node.span, bool(given) and _OPS[node.op](left.value, given[0]))


def _joined(node: n.Logic) -> n.Node:
    """`and` without what always holds, `or` without what never does; the whole where one part settles it."""
    settles = node.op == "or"
    truths = [_truth(p) for p in node.parts]
    if settles in truths:
        return n.Literal(node.span, settles)
    rest = tuple(p for p, truth in zip(node.parts, truths, strict=True) if truth is None)
    if not rest:
        return n.Literal(node.span, not settles)
    return rest[0] if len(rest) == 1 else n.Logic(node.span, node.op, rest)


def _chosen(node: n.Bound) -> n.Node:
    """when() without the values whose condition never holds, and without any behind one that always does."""
    parts = node.star
    if len(parts) < 2 or all(_truth(p) is None for p in parts[:-1:2]):
        return node
    kept: list[n.Node] = []
    for condition, value in zip(parts[0:-1:2], parts[1::2], strict=False):
        if _truth(condition):
            kept.append(value)
            break
        kept += [condition, value] if _truth(condition) is None else []
    else:
        kept += parts[-1:] if len(parts) % 2 else []
    if len(kept) > 1:
        return n.Bound(node.span, node.verb, node.given, tuple(kept), node.named)
    return kept[0] if kept else n.Literal(node.span, None)
