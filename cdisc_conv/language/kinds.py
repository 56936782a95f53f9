"""What kind a derivation gives (text, dtc, number, date, flag), and the slips of kind on the way."""

from __future__ import annotations

from collections.abc import Callable

from cdisc_conv.codes.map import MAP005, MAP007, MAP008, MAP025, MAP026
from cdisc_conv.findings import Findings
from cdisc_conv.language import nodes as n
from cdisc_conv.language.verb import ONE_COLUMN, Param, Verb, Verbs
from cdisc_conv.model.words import Words

_WORDS = {
    "text": "text",
    "dtc": "ISO 8601 text",
    "number": "a number",
    "date": "a date",
    "flag": "true or false",
    "any": "anything",
}
_HINTS = {
    "dtc": "make one with iso_date()",
    "number": "make one with number()",
    "date": "make one with date()",
    "text": "make text with text() or dtc()",
    "flag": "write a comparison, or given(…)",
}


def fits(got: str, wanted: str) -> bool:
    """Whether a column of one kind may stand where another is wanted."""
    return "any" in (got, wanted) or got == wanted or (got, wanted) == ("dtc", "text")


def agree(first: str, second: str) -> str | None:
    """The kind that covers both, None when there is none."""
    if first in ("any", second):
        return second
    if second == "any":
        return first
    return "text" if {first, second} == {"text", "dtc"} else None


class KindReader:
    """Reads kinds off resolved nodes; `kind_of` knows the kind of each column."""

    def __init__(
        self, words: Words, kind_of: Callable[[n.Name], str], verbs: Verbs, findings: Findings
    ) -> None:
        self.words, self.kind_of, self.verbs, self.findings = words, kind_of, verbs, findings

    def column(self, node: n.Node) -> str:
        """The kind of a whole derivation: a flag or a list is a slip there."""
        kind = self._kind(node)
        if isinstance(node, n.Items):
            self.findings.add(MAP026.at(self.words.at(node.span.start)))
        if kind == "flag":
            self._slip(node, "the derivation", kind, "text", 'say when(…, "Y")')
        return kind

    def condition(self, node: n.Node) -> None:
        """A condition must be true or false."""
        self._need(node, self._kind(node), "flag", "the condition")

    def _kind(self, node: n.Node) -> str:
        if isinstance(node, n.Literal) and isinstance(node.value, bool):
            return "flag"
        if isinstance(node, n.Literal):
            return "any" if node.value is None else "text" if isinstance(node.value, str) else "number"
        if isinstance(node, n.Name):
            return self.kind_of(node)
        if isinstance(node, n.Bound):
            return self._call(node)
        if isinstance(node, n.Compare):
            return self._compare(node)
        if isinstance(node, n.Logic | n.Not):
            for part in node.children():
                self._need(
                    part, self._kind(part), "flag", "each side" if isinstance(node, n.Logic) else "not"
                )
            return "flag"
        if isinstance(node, n.Arith):
            return self._arith(node)
        kinds = [self._kind(c) for c in node.children()]
        return kinds[0] if kinds else "any"

    def _slip(self, node: n.Node, what: str, got: str, wanted: str, hint: str = "") -> None:
        place = self.words.at(node.span.start)
        hint = hint or (
            "make ISO 8601 text of the date with dtc()" if (got, wanted) == ("date", "dtc") else ""
        )
        hint = hint or _HINTS.get(wanted, "")
        self.findings.add(MAP005.at(place, what=what, got=_WORDS[got], wanted=_WORDS[wanted], hint=hint))

    def _need(self, node: n.Node, got: str, wanted: str, what: str) -> None:
        if not fits(got, wanted):
            self._slip(node, what, got, wanted)

    def _compare(self, node: n.Compare) -> str:
        left, right = self._kind(node.left), self._kind(node.right)
        items = node.right.parts if isinstance(node.right, n.Items) else (node.right,)
        for item in items:
            kind = self._kind(item)
            if agree(left, kind) is None:
                ordered = node.op in ("<", "<=", ">", ">=") and "text" in (left, kind)
                if not ordered:  # text has no order: that is what is told below
                    self._slip(item, "the right side", kind, left)
        if node.op in ("<", "<=", ">", ">="):
            place = self.words.at(node.span.start)
            if "dtc" in (left, right):
                self.findings.add(MAP007.at(place, op=node.op))
            elif "text" in (left, right):
                self.findings.add(MAP008.at(place, op=node.op))
        return "flag"

    def _arith(self, node: n.Arith) -> str:
        left, right = self._kind(node.left), self._kind(node.right)
        if left == "date" and right == "date" and node.op == "-":
            return "number"
        if left == "date" and node.op in "+-":
            self._need(node.right, right, "number", f"right of '{node.op}'")
            return "date"
        self._need(node.left, left, "number", f"left of '{node.op}'")
        self._need(node.right, right, "number", f"right of '{node.op}'")
        return "number"

    def _call(self, node: n.Bound) -> str:
        verb = self.verbs.get(node.verb)
        assert verb is not None
        values: list[tuple[n.Node, str]] = []
        for given in node.given:
            param = verb.param(given.param)
            assert param is not None
            values += self._argument(verb, param, given.parts)
        star = next((p for p in verb.params if p.star == "*"), None)
        values += self._argument(verb, star, node.star) if star else []
        named = next((p for p in verb.params if p.star == "**"), None)
        for k in node.named if named else ():
            assert named is not None
            self._argument(verb, named, (k.value,))
        return self._same(values, node) if verb.returns == "same" else verb.returns

    def _argument(self, verb: Verb, param: Param, parts: tuple[n.Node, ...]) -> list[tuple[n.Node, str]]:
        """The kinds of an argument's parts, those that a result of kind "same" may take."""
        takes = param.takes.split(" ")[0]
        if takes.startswith("Const"):
            return []
        kinds = [(part, self._kind(part)) for part in parts]
        if takes == "Rows":
            if param.name == "where":
                for part, kind in kinds:
                    self._need(part, kind, "flag", f"'where' of {verb.name}")
                return []
            return kinds
        wanted = ONE_COLUMN.get(takes, "any")
        for part, kind in kinds:
            self._need(part, kind, wanted, f"'{param.name}' of {verb.name}")
        return kinds if wanted == "any" and takes != "Columns" else []

    def _same(self, values: list[tuple[n.Node, str]], node: n.Bound) -> str:
        """The common kind of the values; flags are conditions (of when) and do not count."""
        verb = self.verbs.get(node.verb)
        several = verb is not None and any(p.star == "*" for p in verb.params)
        found = "any"
        for part, kind in [v for v in values if v[1] != "flag"] if several else values[:1]:
            both = agree(found, kind)
            if both is None:
                place = self.words.at(part.span.start)
                what = f"a value of {node.verb}"
                self.findings.add(
                    MAP025.at(place, variable=what, first=_WORDS[found], second=_WORDS[kind], hint="")
                )
            found = both or found
        return found
