"""Where clauses: `PARAMCD EQ ACITM01 AND AVISIT IN ("Week 2", "Week 4")`, read and written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cdisc_conv.model.spec import Condition
from cdisc_conv.read.spec_layout import COMPARATORS

_TOKEN = re.compile(r""""(?:[^"]|"")*"|'(?:[^']|'')*'|[(),]|[^\s(),"']+""")
_NAME = re.compile(r"(?:([A-Za-z_]\w*)\.)?([A-Za-z_]\w*)")
_BARE = re.compile(r"[\w.+/-]+")
_SYMBOLS = {"=": "EQ", "==": "EQ", "!=": "NE", "<>": "NE", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE"}


class WhereSlip(Exception):
    """A clause that cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int

    @property
    def quoted(self) -> bool:
        return self.text[0] in "\"'"

    def word(self) -> str:
        return "" if self.quoted else self.text.upper()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [_Token(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)]
        left = _TOKEN.sub("", text).strip()
        if left:
            raise WhereSlip(f"a quote is not closed ({left[0]})")
        self.at = 0

    def peek(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def next(self, wanted: str) -> _Token:
        token = self.peek()
        if token is None:
            raise WhereSlip(f"{wanted} is missing at the end")
        self.at += 1
        return token

    def expect(self, mark: str) -> None:
        token = self.next(f"'{mark}'")
        if token.text != mark:
            raise WhereSlip(f"'{mark}' is missing before {token.text}")


def parse_where(text: str) -> tuple[Condition, ...]:
    """The legs of a where clause, all of which must hold; values with blanks or commas stand in quotes.

    Raises `WhereSlip` when the clause cannot be read.
    """
    reader = _Reader(text)
    legs = [_leg(reader)]
    while (token := reader.peek()) is not None:
        if token.word() == "OR":
            raise WhereSlip("OR is not possible: use IN (...), or a row for each alternative")
        reader.at += 1
        if token.word() != "AND":
            raise WhereSlip(f"AND is missing before {token.text}")
        legs.append(_leg(reader))
    return tuple(legs)


def _leg(reader: _Reader) -> Condition:
    name = reader.next("a variable")
    match = _NAME.fullmatch(name.text)
    if match is None:
        raise WhereSlip(f"{name.text} is no variable name")
    comparator = _comparator(reader)
    if comparator in ("IN", "NOTIN"):
        return Condition(match[2], comparator, _list(reader), match[1] or "")
    if (token := reader.peek()) is not None and token.text == "(":
        raise WhereSlip(f"{comparator} takes one value; for several write IN ( ... )")
    return Condition(match[2], comparator, (_value(reader),), match[1] or "")


def _comparator(reader: _Reader) -> str:
    token = reader.next(f"a comparator ({' '.join(COMPARATORS)})")
    word = token.word()
    if word == "NOT" and (after := reader.peek()) is not None and after.word() == "IN":
        reader.at += 1
        return "NOTIN"
    if word in COMPARATORS:
        return word
    meant = f"; write {_SYMBOLS[word]}" if word in _SYMBOLS else f" ({' '.join(COMPARATORS)})"
    raise WhereSlip(f"{token.text} is no comparator{meant}")


def _list(reader: _Reader) -> tuple[str, ...]:
    reader.expect("(")
    values = [_value(reader)]
    while (token := reader.next("')'")).text == ",":
        values.append(_value(reader))
    if token.text != ")":
        raise WhereSlip(f"a comma or ')' is missing before {token.text}")
    return tuple(values)


def _value(reader: _Reader) -> str:
    first = last = reader.next("a value")
    if first.quoted:
        mark = first.text[0]
        return first.text[1:-1].replace(mark * 2, mark)
    if first.text in "(),":
        raise WhereSlip(f"a value is missing before '{first.text}'")
    while (token := reader.peek()) is not None and not _ends_value(token):
        last = token
        reader.at += 1
    return reader.text[first.start : last.end]


def _ends_value(token: _Token) -> bool:
    return token.quoted or token.text in "()," or token.word() in ("AND", "OR")


def format_where(conditions: Iterable[Condition]) -> str:
    """The clause as text: names plain, values in quotes where they need them."""
    return " AND ".join(map(_format, conditions))


def _format(c: Condition) -> str:
    values = [v if _BARE.fullmatch(v) and v.upper() not in ("AND", "OR") else _quote(v) for v in c.values]
    several = c.comparator in ("IN", "NOTIN")
    name = f"{c.dataset}.{c.variable}" if c.dataset else c.variable
    return f"{name} {c.comparator} {'(' + ', '.join(values) + ')' if several else values[0]}"


def _quote(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
