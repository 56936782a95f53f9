"""Checked derivations over columns: nodes in, one Series out, values lost on the way reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from cdisc_conv.codes.data import DATA001, DATA005, DATA006
from cdisc_conv.engine.call import CallContext
from cdisc_conv.engine.table import Table, constant, stack_alike
from cdisc_conv.engine.view import View, Workshop
from cdisc_conv.language import nodes as n
from cdisc_conv.language.context import Foreign
from cdisc_conv.language.verb import Verb

_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: (a != b) & a.notna() & b.notna(),
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class Evaluator:
    """Evaluates nodes over one view; `own` is the table whose own variables bare names mean."""

    def __init__(self, shop: Workshop, view: View) -> None:
        self.shop, self.view = shop, view

    def column(self, node: n.Node) -> Any:
        """The Series of a derivation over the view's rows."""
        return self._node(node)

    def mask(self, node: n.Node) -> Any:
        """A condition as a bool Series without nulls."""
        return self._node(node).fillna(False).astype(bool)

    def _node(self, node: n.Node) -> Any:
        return getattr(self, f"_{type(node).__name__.lower()}")(node)

    def _literal(self, node: n.Literal) -> Any:
        return constant(node.value, self.view.index)

    def _name(self, node: n.Name) -> Any:
        view = self.view
        if node.owner == "form":
            return view.form(node.column)
        if node.owner == "test":
            return view.test(node.column)
        if node.owner == "subject":
            return view.subject
        if node.owner == view.table.name:
            return view.cut(view.table.column(node.column))
        return self._through_subject(node)

    def _through_subject(self, node: n.Name) -> Any:
        """A column of another table as seen from each row's subject."""
        table = self.shop.tables[node.owner]
        self.shop.looked_up.setdefault(node.owner, set()).add(self.view.dataset)
        values = table.column(node.column)
        first = ~table.subject.duplicated()
        if not first.all():
            values = self._single(node, table, values)
        by_subject = pd.Series(values[first].to_numpy(copy=False), dtype=values.dtype)
        by_subject.index = pd.Index(table.subject[first])
        return self.view.per_subject(by_subject, name=values.name)

    def _single(self, node: n.Name, table: Table, values: Any) -> Any:
        """Values with null, and a finding, where a subject has several rows."""
        several = table.subject.duplicated(keep=False)
        inner = View(table, dataset=self.view.dataset, variable=self.view.variable)
        what = f"{node.owner}.{node.column}"
        shared = several & table.subject.isin(self.view.subject)
        CallContext(self.shop, inner).report(DATA005, shared, what=what)
        return values.mask(several)

    def _compare(self, node: n.Compare) -> Any:
        left = self._node(node.left)
        if node.op in ("in", "not in"):
            parts = node.right.parts if isinstance(node.right, n.Items) else (node.right,)
            found = pd.Series(False, index=self.view.index)
            for part in parts:
                found |= self._equal(left, self._node(part))
            return found if node.op == "in" else ~found & left.notna()
        right = self._node(node.right)
        if node.op == "==":
            return self._equal(left, right)
        if left.isna().all() or right.isna().all():  # also where nothing tells the kind of a column
            return pd.Series(False, index=self.view.index)
        return _ORDER[node.op](left, right).fillna(False).astype(bool)

    def _equal(self, left: Any, right: Any) -> Any:
        if left.isna().all() or right.isna().all():
            return pd.Series(False, index=self.view.index)
        return (left == right).fillna(False).astype(bool)

    def _logic(self, node: n.Logic) -> Any:
        found = self.mask(node.parts[0])
        for part in node.parts[1:]:
            found = found & self.mask(part) if node.op == "and" else found | self.mask(part)
        return found

    def _not(self, node: n.Not) -> Any:
        return ~self.mask(node.part)

    def _arith(self, node: n.Arith) -> Any:
        left, right = self._node(node.left), self._node(node.right)
        if left.dtype.kind == "M" or right.dtype.kind == "M":
            return self._date_arith(left, node.op, right)
        if node.op == "+":
            return left + right
        if node.op == "-":
            return left - right
        if node.op == "*":
            return left * right
        zero = (right == 0) & left.notna()
        CallContext(self.shop, self.view).report(DATA006, zero)
        return left / right.mask(right == 0)

    def _date_arith(self, left: Any, op: str, right: Any) -> Any:
        if right.dtype.kind == "M":
            return (left - right).dt.days.astype("float64")
        days = pd.to_timedelta(right, unit="D")
        return left + days if op == "+" else left - days

    def _items(self, node: n.Items) -> Any:
        return [self._node(p) for p in node.parts]

    def _bound(self, node: n.Bound) -> Any:
        verb = self.shop.verbs.get(node.verb)
        assert verb is not None
        if verb.scope == "study":
            return self._study_wide(node, verb)
        if self._reads_forms(node):
            return stack_alike([inner._bound(node) for inner in self._pieces()])
        given = {g.param: self._argument(_takes(verb, g.param), g) for g in node.given}
        star = [self._node(s) for s in node.star]
        named = {k.name: self._node(k.value) for k in node.named}
        context = CallContext(self.shop, self.view)
        lead, rest = _bind(verb, given, bool(star))
        made = verb.function(context, *lead, *star, **rest, **named)
        if not verb.drops:
            self._lost(context, verb, [*given.values(), *star], made)
        return made

    def _lost(self, context: CallContext, verb: Verb, given: list[Any], made: Any) -> None:
        """Values of the first column that are there before a call and not after it, unless it said so."""
        columns = [x for x in given if isinstance(x, pd.Series) and x.dtype != bool]
        if columns and isinstance(made, pd.Series) and made.dtype != bool:
            lost = columns[0].notna() & made.isna() & ~context.reported
            context.report(DATA001, lost, columns[0], verb=verb.name)

    def _study_wide(self, node: n.Bound, verb: Verb) -> Any:
        """A call over the whole study: each piece notes its number, the sum is used when all are built."""
        call = f"{self.view.dataset}.{self.view.variable}:{self.view.start}:{node.span.start}"
        if self.shop.numbers is None:
            arguments = {g.param: self._foreign(g) for g in node.given}
            self.shop.counted[call] = float(verb.function(CallContext(self.shop, self.view), **arguments))
            return constant(self.shop.counted[call], self.view.index)
        return constant(self.shop.numbers.get(call, 0.0), self.view.index)

    def _reads_forms(self, node: n.Bound) -> bool:
        """Whether a call over rows of several forms reads these forms: then each form has its own say.

        A raw column's date formats and words for "unknown" are those of its form.
        """
        view = self.view
        if view.piece is not None or view.is_source or len(view.table.pieces) < 2:
            return False
        parts = list(node.walk())
        calls = [self.shop.verbs.get(x.verb) for x in parts if isinstance(x, n.Bound)]
        by_row = all(v is not None and v.scope == "row" for v in calls)
        return by_row and any(isinstance(x, n.Name) and x.owner == "form" for x in parts)

    def _pieces(self) -> list[Evaluator]:
        """An evaluator for each piece of the table."""
        view = self.view
        bounds = zip(view.table.pieces, view.table.bounds(), strict=True)
        views = [replace(view, piece=piece, start=start, stop=stop) for piece, (start, stop) in bounds]
        return [Evaluator(self.shop, view) for view in views]

    def _argument(self, takes: str, given: n.Given) -> Any:
        if takes.startswith("Const"):
            values = [p.value for p in given.parts if isinstance(p, n.Literal)]
            return values if takes.startswith("Consts") else values[0]
        if takes.startswith("Rows"):
            return self._foreign(given)
        if takes.startswith("Columns"):
            return [self._node(p) for p in given.parts]
        return self._node(given.parts[0])

    def _foreign(self, given: n.Given) -> Foreign:
        table = self.shop.tables[given.looks_into]
        self.shop.looked_up.setdefault(given.looks_into, set()).add(self.view.dataset)
        inner = Evaluator(self.shop, View(table, dataset=self.view.dataset, variable=self.view.variable))
        values = inner.column(given.parts[0])
        return Foreign(given.looks_into, values, table.subject, table)


def _takes(verb: Verb, name: str) -> str:
    param = verb.param(name)
    assert param is not None
    return param.takes


def _bind(verb: Verb, given: dict[str, Any], starred: bool) -> tuple[list[Any], dict[str, Any]]:
    """Arguments in a row (those before `*args`, where there are such) and by name, defaults filled in."""
    values = {p.name: given.get(p.name, _default(p.default)) for p in verb.params if not p.star}
    if not starred:
        return [], values
    cut = next(i for i, p in enumerate(verb.params) if p.star == "*")
    return [values.pop(p.name) for p in verb.params[:cut]], values


def _default(default: Any) -> Any:
    """A parameter's default; derivation text was filled in when the names were settled."""
    return default if isinstance(default, str | int | float | list | tuple) else None
