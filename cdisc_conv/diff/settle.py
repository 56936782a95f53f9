"""How each pair of variables is compared: as text or as numbers, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow.compute as pc

from cdisc_conv.codes import file as codes
from cdisc_conv.diff.data import Data
from cdisc_conv.diff.frame import NUMBER, TEXT, Loaded, decoded
from cdisc_conv.diff.match import Pair
from cdisc_conv.diff.numbers import plain_numbers, sas_numbers
from cdisc_conv.findings import Findings, Place, Row


def settle(base: Loaded, compare: Loaded, pairs: Sequence[Pair], data: Data, findings: Findings) -> None:
    """Set `kind` of each pair, and which side's text is read as numbers; what is not compared is said."""
    place = Place(file=compare.side.path)
    read: list[str] = []
    for pair in pairs:
        types = pair.base.type, pair.compare.type
        if types[0] == types[1]:
            pair.kind = types[0]
            if pair.kind == TEXT and not base.typed and not compare.typed and _all_numbers(pair, data):
                pair.kind, pair.base_parsed, pair.compare_parsed = NUMBER, True, True
                read.append(pair.name)
            continue
        text_side = "base" if types[0] == TEXT else "compare"
        loaded = base if text_side == "base" else compare
        if loaded.typed:
            pair.compared, pair.why = False, f"{types[0]} in BASE, {types[1]} in COMPARE"
            where = Place(file=place.file, variable=pair.name)
            findings.add(codes.DIFF_TYPE.at(where, variable=pair.name, base=types[0], compare=types[1]))
            continue
        bad = _unreadable(pair, text_side, data)
        if bad is None:
            pair.kind = NUMBER
            pair.base_parsed, pair.compare_parsed = text_side == "base", text_side == "compare"
            read.append(pair.name)
        else:
            _not_a_number(pair, text_side, bad, loaded, findings)
    if read:
        words = ", ".join(read[:20]) + (f" … ({len(read)})" if len(read) > 20 else "")
        findings.add(codes.DIFF_AS_NUMBERS.at(place, variables=words))


def _all_numbers(pair: Pair, data: Data) -> bool:
    """Whether two columns of text hold numbers only, as programs write them."""
    if pair.tolerance.method != "exact":
        return all(_unreadable(pair, side, data) is None for side in ("base", "compare"))
    filled = {"base": False, "compare": False}
    for side, variable in (("base", pair.base), ("compare", pair.compare)):
        for column in data.column(side, variable.name):
            if plain_numbers(column):
                filled[side] = True
            elif not pc.all(pc.equal(decoded(column), ""), min_count=0).as_py():
                return False
    return all(filled.values())


def _unreadable(pair: Pair, side: str, data: Data) -> str | None:
    """A value of a text column that is no number; None where all are."""
    for column in data.column(side, getattr(pair, side).name):
        numbers, bad = sas_numbers(column, pair.format)
        if numbers is None:
            return bad
    return None


def _not_a_number(pair: Pair, side: str, bad: str, loaded: Loaded, findings: Findings) -> None:
    words = {"base": "BASE", "compare": "COMPARE"}
    other = "compare" if side == "base" else "base"
    pair.compared = False
    pair.why = f"numeric in {words[other]}, in {words[side]} text with values that are no number"
    where = Place(file=loaded.side.path, variable=pair.name)
    rows = (Row(loaded.side.path, 0, value=bad),)
    findings.add(
        codes.DIFF_NOT_A_NUMBER.at(
            where, variable=pair.name, numeric=words[other], text=words[side], rows=rows
        )
    )
