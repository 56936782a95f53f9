"""Names to owners and calls to parameters: after this every column says whose it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from cdisc_conv.codes.map import MAP001, MAP002, MAP003, MAP004, MAP006, MAP017, MAP018
from cdisc_conv.findings import Findings
from cdisc_conv.language import nodes as n
from cdisc_conv.language.parse import NotTheLanguage, parse
from cdisc_conv.language.settle import settled
from cdisc_conv.language.verb import REQUIRED, Expr, Param, Verb, Verbs
from cdisc_conv.model.words import Words


@dataclass(frozen=True, slots=True)
class Names:
    """What a derivation may speak of.

    `owners` maps each form, dataset and table to its columns, None where they could not be seen;
    `subjects` are the owners that know subjects.
    """

    dataset: str = ""
    own: Collection[str] = ()  # variables that the page derives
    source: str = ""  # what the rows come from, for messages
    form: Collection[str] | None = None  # columns of the rows' source; None: unknown
    test: Collection[str] | None = None  # columns of the tests table, if there is one
    owners: Mapping[str, Collection[str] | None] = field(default_factory=dict)
    subjects: Collection[str] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)


def resolve(
    words: Words, names: Names, verbs: Verbs, findings: Findings, deriving: str = ""
) -> n.Node | None:
    """The derivation with owners and parameters settled, None when it has slips (all are reported).

    `deriving` is the variable whose derivation this is: its bare name means the form's column.
    """
    try:
        node = parse(words.text)
    except NotTheLanguage as e:
        findings.add(MAP001.at(words.at(e.offset), reason=e.reason))
        return None
    worker = _Resolver(words, names, verbs, deriving)
    done = worker.node(node)
    findings.extend(worker.findings)
    return None if len(worker.findings) else settled(done)


def near(word: str, known: Collection[str]) -> str:
    """The hint "did you mean …?", or "" when nothing is near."""
    by_lower = {k.lower(): k for k in known}
    found = get_close_matches(word.lower(), by_lower, 1, 0.6)
    return f"did you mean '{by_lower[found[0]]}'?" if found else ""


def _quoted(word: str) -> str:
    """How to write a fixed text, for a word that is no column."""
    return f"""if the text itself is meant, quote it twice: '"{word}"'"""


class _Resolver:
    def __init__(self, words: Words, names: Names, verbs: Verbs, deriving: str) -> None:
        self.words, self.names, self.verbs, self.deriving = words, names, verbs, deriving
        self.findings = Findings()
        self.inside = ""  # the table that a Rows argument looks into

    def node(self, node: n.Node) -> n.Node:
        if isinstance(node, n.Name):
            return self.name(node)
        if isinstance(node, n.Call):
            return self.call(node)
        return n.rebuilt(node, self.node)

    def name(self, node: n.Name) -> n.Node:
        if node.owner in ("study", "policy"):
            return self.fact(node)
        if node.owner == "":
            return self.bare(node)
        if node.owner == "form":
            return self.known(node, self.names.form, f"{self.names.source or 'the source'}")
        if node.owner == "test" and self.names.test is not None:
            return self.known(node, self.names.test, "the tests table")
        if node.owner not in self.names.owners:
            hint = near(node.owner, self.names.owners)
            if node.owner == "test":
                hint = "test.COLUMN is there in the variables of a page or block with tests:"
            self.findings.add(MAP006.at(self.words.at(node.span.start), name=node.owner, hint=hint))
            return node
        own_row = node.owner in (self.inside, self.names.dataset)
        if not own_row and not self.inside and node.owner not in self.names.subjects:
            place = self.words.at(node.span.start)
            self.findings.add(MAP018.at(place, table=node.owner, column=node.column,
                                        hint=f"use lookup({node.owner}.{node.column}, KEY=…)"))  # fmt: skip
        return self.known(node, self.names.owners[node.owner], node.owner)

    def fact(self, node: n.Name) -> n.Node:
        known = self.names.facts if node.owner == "study" else self.names.policies
        if node.column not in known:
            self.unknown(node, known, f"{node.owner}: of study.yaml")
        return n.Literal(node.span, known.get(node.column, ""), f"{node.owner} {node.column}")

    def bare(self, node: n.Name) -> n.Node:
        names, column = self.names, node.column
        if self.inside:
            place = self.words.at(node.span.start)
            self.findings.add(MAP017.at(place, owners=f"{self.inside} and a column without an owner",
                                        hint=f"write {self.inside}.{column}"))  # fmt: skip
        elif column in names.own and column != self.deriving:
            return n.Name(node.span, names.dataset, column)
        elif names.form is not None and column not in names.form:
            where = names.source or "the source"
            where += f" or the variables of {names.dataset}" if names.dataset else ""
            alone = self.words.text.strip() == column
            self.unknown(node, {*names.form, *names.own} - {self.deriving}, where, _quoted(column) * alone)
        return n.Name(node.span, "form", column)

    def known(self, node: n.Name, columns: Collection[str] | None, where: str) -> n.Node:
        if columns is not None and node.column not in columns:
            self.unknown(node, columns, where)
        return node

    def unknown(self, node: n.Name, columns: Collection[str], where: str, otherwise: str = "") -> None:
        place = self.words.at(node.span.start)
        hint = near(node.column, columns) or otherwise
        self.findings.add(MAP002.at(place, column=node.column, where=where, hint=hint))

    def call(self, node: n.Call) -> n.Node:
        verb = self.verbs.get(node.verb)
        if verb is None:
            hint = near(node.verb, self.verbs.names()) or MAP003.hint
            self.findings.add(MAP003.at(self.words.at(node.name_span.start), verb=node.verb, hint=hint))
            return node
        return _Binder(self, node, verb).bound()


class _Binder:
    """Binds the arguments of one call to the verb's parameters."""

    def __init__(self, resolver: _Resolver, call: n.Call, verb: Verb) -> None:
        self.resolver, self.call, self.verb = resolver, call, verb
        self.plain = [p for p in verb.params if not p.star]
        self.star = next((p for p in verb.params if p.star == "*"), None)
        self.named = next((p for p in verb.params if p.star == "**"), None)

    def wrong(self, reason: str, node: n.Node) -> None:
        place = self.resolver.words.at(node.span.start)
        hint = MAP004.hint.format(verb=self.verb.name)
        self.resolver.findings.add(MAP004.at(place, verb=self.verb.name, reason=reason, hint=hint))

    def bound(self) -> n.Node:
        before_star = [p for p in self.plain if self.star is None or self._is_before_star(p)]
        given: dict[str, n.Node] = {}
        for param, node in zip(before_star, self.call.args, strict=False):
            given[param.name] = node
        rest = self.call.args[len(before_star) :]
        if rest and self.star is None:
            self.wrong(f"takes at most {len(before_star)} arguments in a row", rest[0])
        named = self._keywords(given)
        parts = tuple(g for p in self.plain if (g := self._one(p, given.get(p.name))) is not None)
        star = tuple(self.resolver.node(r) for r in rest) if self.star else ()
        keywords = tuple(n.Keyword(k.span, k.name, self.resolver.node(k.value)) for k in named)
        self._keys(parts, named)
        self._within_subject(parts)
        return n.Bound(self.call.span, self.verb.name, parts, star, keywords)

    def _keys(self, parts: tuple[n.Given, ...], named: list[n.Keyword]) -> None:
        """Keys are columns of the table that is looked into."""
        table = next((g.looks_into for g in parts if g.looks_into), "")
        columns = self.resolver.names.owners.get(table)
        for k in named:
            if columns is not None and k.name not in columns and k.name != "USUBJID":
                self.resolver.unknown(n.Name(k.span, table, k.name), columns, table)

    def _within_subject(self, parts: tuple[n.Given, ...]) -> None:
        """`by="study"` is for tables without subjects: a look at other subjects' rows would forbid pieces."""
        by = next((g.parts[0] for g in parts if g.param == "by" and g.parts), None)
        table = next((g.looks_into for g in parts if g.looks_into), "")
        if isinstance(by, n.Literal) and by.value == "study" and table in self.resolver.names.subjects:
            self.wrong(f'{table} knows subjects, so by="study" would look at those of others', by)

    def _is_before_star(self, param: Param) -> bool:
        order = [p.name for p in self.verb.params]
        return self.star is None or order.index(param.name) < order.index(self.star.name)

    def _keywords(self, given: dict[str, n.Node]) -> list[n.Keyword]:
        named = []
        for k in self.call.keywords:
            if self.verb.param(k.name) is not None:
                if k.name in given:
                    self.wrong(f"'{k.name}' is given twice", k)
                given[k.name] = k.value
            elif self.named is not None:
                named.append(k)
            else:
                hint = near(k.name, [p.name for p in self.plain])
                self.wrong(f"has no argument '{k.name}'" + (f" ({hint})" if hint else ""), k)
        return named

    def _one(self, param: Param, node: n.Node | None) -> n.Given | None:
        if node is None and param.default is REQUIRED:
            self.wrong(f"needs '{param.name}'", self.call)
            return None
        if node is None:
            if not isinstance(param.default, Expr):
                return None
            return self._default(param, param.default)
        if param.takes.startswith("Rows"):
            return self._rows(param, node)
        parts = node.parts if isinstance(node, n.Items) else (node,)
        if isinstance(node, n.Items) and not param.takes.startswith(("Columns", "Consts")):
            self.wrong(f"'{param.name}' is one value, not a list", node)
        if param.takes.startswith("Const"):
            bare = [self.resolver.node(p) for p in parts]
            if any(not isinstance(p, n.Literal) for p in bare):
                self.wrong(f"'{param.name}' must be written out, such as \"text\" or 1", node)
            return n.Given(node.span, param.name, tuple(bare))
        return n.Given(node.span, param.name, tuple(self.resolver.node(p) for p in parts))

    def _default(self, param: Param, default: Expr) -> n.Given:
        """The default's nodes at the call's place; names in it may be unknown, and are then reported."""
        node = _moved(parse(default.text), self.call.span)
        made = self._rows(param, node) if param.takes.startswith("Rows") else None
        return made or n.Given(self.call.span, param.name, (self.resolver.node(node),))

    def _rows(self, param: Param, node: n.Node) -> n.Given:
        owners = [x.owner for x in node.walk() if isinstance(x, n.Name)]
        owner = next((o for o in owners if o not in ("", "study", "policy")), "")
        if owner in ("", "form", "test"):
            self.wrong(f"'{param.name}' must name another dataset's column: DATASET.VARIABLE", node)
            return n.Given(node.span, param.name, (node,))
        outer, self.resolver.inside = self.resolver.inside, owner
        done = self.resolver.node(node)
        self.resolver.inside = outer
        return n.Given(node.span, param.name, (done,), owner)


def _moved(node: n.Node, span: n.Span) -> n.Node:
    """A default's nodes with the span of the call, so that findings point there."""
    if isinstance(node, n.Name):
        return n.Name(span, node.owner, node.column)
    if isinstance(node, n.Call):
        args = tuple(_moved(a, span) for a in node.args)
        words = tuple(n.Keyword(span, k.name, _moved(k.value, span)) for k in node.keywords)
        return n.Call(span, node.verb, args, words, span)
    if isinstance(node, n.Literal):
        return n.Literal(span, node.value)
    return n.rebuilt(node, lambda x: _moved(x, span))
