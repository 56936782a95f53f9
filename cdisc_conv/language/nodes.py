"""The parts of a derivation, each with the span of text it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of characters in the derivation's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of a derivation."""

    span: Span

    def children(self) -> Iterator[Node]:
        """The parts directly below, left to right."""
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, Node):
                yield value
            elif isinstance(value, tuple):
                yield from (v for v in value if isinstance(v, Node))

    def walk(self) -> Iterator[Node]:
        """This part and all below it, depth first."""
        yield self
        for child in self.children():
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A quoted text, a number, or null; true or false where conditions on policies are settled."""

    value: str | int | float | bool | None
    said: str = ""  # where the value stands: "policy last_day"


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A column: bare (`SITEID`, owner "") or of a named owner (`DM.RFSTDTC`, `form["Date of Birth"]`)."""

    owner: str
    column: str


@dataclass(frozen=True, slots=True)
class Keyword(Node):
    """A named argument of a call."""

    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A verb with its arguments."""

    verb: str
    args: tuple[Node, ...]
    keywords: tuple[Keyword, ...]
    name_span: Span


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`left op right`; op is one of == != < <= > >= in `not in`."""

    left: Node
    op: str
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`and` / `or` over two or more parts."""

    op: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`not part`."""

    part: Node


@dataclass(frozen=True, slots=True)
class Arith(Node):
    """`left op right`; op is one of + - * /."""

    left: Node
    op: str
    right: Node


@dataclass(frozen=True, slots=True)
class Items(Node):
    """A list in brackets: the right side of `in`, or several columns for a verb."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Given(Node):
    """An argument bound to a parameter; `looks_into` names the table that a `Rows` argument is about."""

    param: str
    parts: tuple[Node, ...]
    looks_into: str = ""


@dataclass(frozen=True, slots=True)
class Bound(Node):
    """A call whose arguments are bound to the verb's parameters, defaults filled in."""

    verb: str
    given: tuple[Given, ...]  # in order of the parameters
    star: tuple[Node, ...] = ()
    named: tuple[Keyword, ...] = ()  # of a ** parameter

    def argument(self, param: str) -> Given | None:
        """The argument bound to a parameter."""
        return next((g for g in self.given if g.param == param), None)


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """The same node over changed children."""
    if isinstance(node, Compare):
        return Compare(node.span, change(node.left), node.op, change(node.right))
    if isinstance(node, Arith):
        return Arith(node.span, change(node.left), node.op, change(node.right))
    if isinstance(node, Logic):
        return Logic(node.span, node.op, tuple(change(p) for p in node.parts))
    if isinstance(node, Not):
        return Not(node.span, change(node.part))
    if isinstance(node, Items):
        return Items(node.span, tuple(change(p) for p in node.parts))
    if isinstance(node, Bound):
        given = (Given(g.span, g.param, tuple(change(p) for p in g.parts), g.looks_into) for g in node.given)
        named = (Keyword(k.span, k.name, change(k.value)) for k in node.named)
        return Bound(node.span, node.verb, tuple(given), tuple(change(s) for s in node.star), tuple(named))
    return node
