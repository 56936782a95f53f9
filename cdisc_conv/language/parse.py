"""Derivation text to nodes: Python's own parser against an allow-list; Python evaluates nothing."""

from __future__ import annotations

import ast
import re

from cdisc_conv.language import nodes as n

_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_ARITH: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class NotTheLanguage(Exception):
    """The text is no derivation; `offset` is where, `reason` says what."""

    def __init__(self, reason: str, offset: int) -> None:
        self.reason = reason
        self.offset = offset
        super().__init__(reason)


def parse(text: str) -> n.Node:
    """The nodes of one derivation; raises `NotTheLanguage` at the first slip."""
    flat = text.replace("\n", " ").replace("\r", " ").replace("\t", " ")
    lead = len(flat) - len(flat.lstrip())
    if not flat.strip():
        raise NotTheLanguage("the derivation is empty", 0)
    try:
        tree = ast.parse(flat.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as e:
        column = getattr(e, "offset", None) or 1
        reason = getattr(e, "msg", None) or "it cannot be read"
        reason = _in_our_words(flat, reason) or reason
        raise NotTheLanguage(f"not a derivation: {reason}", min(lead + column - 1, len(flat))) from None
    return _Reader(flat.strip(), lead).node(tree.body)


def _in_our_words(text: str, reason: str) -> str:
    """The slip that other languages teach, which Python's parser would tell in words of its own."""
    if re.search("closed|unterminated|unmatched|does not match", reason):
        return ""  # told well enough, and the rest may be right
    bare = re.sub(r'"[^"]*"|\'[^\']*\'', '""', text)
    if word := re.search(r"\b(AND|OR|NOT|IN|And|Or|Not|In)\b", bare):
        return f"write `{word[0].lower()}` in small letters, not `{word[0]}`"
    for sign, instead in (("||", "join(a, b)"), ("&", "`and`"), ("<>", "!="), ("^=", "!="), ("~=", "!=")):
        if sign in bare:
            return f"`{sign}` is not part of the mapping language; write {instead}"
    if re.search(r"(?<![=<>!])=(?!=)", bare):
        return "`=` names an argument, as in name=value; to compare, write =="
    return ""


class _Reader:
    def __init__(self, text: str, lead: int) -> None:
        self.text = text
        self.bytes = text.encode("utf-8")
        self.lead = lead

    def offset(self, byte: int) -> int:
        return self.lead + len(self.bytes[:byte].decode("utf-8", "ignore"))

    def span(self, node: ast.expr | ast.keyword) -> n.Span:
        return n.Span(self.offset(node.col_offset), self.offset(node.end_col_offset or node.col_offset))

    def refuse(self, node: ast.expr, what: str) -> NotTheLanguage:
        return NotTheLanguage(what, self.span(node).start)

    def node(self, node: ast.expr) -> n.Node:
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise self.refuse(node, f"{type(node).__name__} is not part of the mapping language")
        made: n.Node = method(node)
        return made

    def _constant(self, node: ast.Constant) -> n.Node:
        if isinstance(node.value, bool) or not isinstance(node.value, str | int | float | None):
            raise self.refuse(node, 'write a quoted text such as "Y" instead')
        return n.Literal(self.span(node), node.value)

    def _name(self, node: ast.Name) -> n.Node:
        if node.id == "null":
            return n.Literal(self.span(node), None)
        return n.Name(self.span(node), "", self._spelled(node))

    def _spelled(self, node: ast.Name) -> str:
        """The name as typed: Python's parser would fold full-width letters."""
        span = self.span(node)
        return self.text[span.start - self.lead : span.end - self.lead]

    def _attribute(self, node: ast.Attribute) -> n.Node:
        if not isinstance(node.value, ast.Name):
            raise self.refuse(node, "a column has one owner: DATASET.VARIABLE")
        return n.Name(self.span(node), self._spelled(node.value), node.attr)

    def _subscript(self, node: ast.Subscript) -> n.Node:
        column = node.slice
        owner_ok = isinstance(node.value, ast.Name)
        if not owner_ok or not (isinstance(column, ast.Constant) and isinstance(column.value, str)):
            raise self.refuse(node, 'write form["Column name"]')
        assert isinstance(node.value, ast.Name)
        return n.Name(self.span(node), self._spelled(node.value), column.value)

    def _call(self, node: ast.Call) -> n.Node:
        if not isinstance(node.func, ast.Name):
            raise self.refuse(node, "a verb is a plain word: verb(argument)")
        words = []
        for k in node.keywords:
            if k.arg is None:
                raise self.refuse(k.value, "** is not part of the mapping language")
            words.append(n.Keyword(self.span(k), k.arg, self.node(k.value)))
        args = tuple(self.node(a) for a in node.args)
        return n.Call(self.span(node), self._spelled(node.func), args, tuple(words), self.span(node.func))

    def _compare(self, node: ast.Compare) -> n.Node:
        if len(node.ops) > 1:
            raise self.refuse(node, "compare two things at a time; join comparisons with `and`")
        op = _COMPARE.get(type(node.ops[0]))
        if op is None:
            raise self.refuse(node, "`is` is not part of the mapping language; use == or missing()")
        if any(isinstance(x, ast.Constant) and x.value == "" for x in (node.left, *node.comparators)):
            raise self.refuse(node, 'no value is ever ""; write missing(X) or given(X)')
        return n.Compare(self.span(node), self.node(node.left), op, self.node(node.comparators[0]))

    def _boolop(self, node: ast.BoolOp) -> n.Node:
        op = "and" if isinstance(node.op, ast.And) else "or"
        return n.Logic(self.span(node), op, tuple(self.node(v) for v in node.values))

    def _unaryop(self, node: ast.UnaryOp) -> n.Node:
        if isinstance(node.op, ast.Not):
            return n.Not(self.span(node), self.node(node.operand))
        inner = self.node(node.operand)
        if (
            isinstance(node.op, ast.USub)
            and isinstance(inner, n.Literal)
            and not isinstance(inner.value, str)
        ):
            return n.Literal(self.span(node), -(inner.value or 0))
        if isinstance(node.op, ast.USub):
            return n.Arith(self.span(node), n.Literal(self.span(node), 0), "-", inner)
        raise self.refuse(node, "this sign is not part of the mapping language")

    def _binop(self, node: ast.BinOp) -> n.Node:
        op = _ARITH.get(type(node.op))
        if op is None:
            raise self.refuse(node, "the mapping language has + - * / only")
        return n.Arith(self.span(node), self.node(node.left), op, self.node(node.right))

    def _list(self, node: ast.List) -> n.Node:
        return n.Items(self.span(node), tuple(self.node(e) for e in node.elts))

    def _tuple(self, node: ast.Tuple) -> n.Node:
        return n.Items(self.span(node), tuple(self.node(e) for e in node.elts))
