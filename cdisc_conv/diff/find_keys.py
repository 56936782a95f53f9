"""The smallest combination of variables that identifies the rows of both sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, islice

import numpy as np
import pyarrow as pa

from cdisc_conv.codes import file as codes
from cdisc_conv.diff.factor import Codes, counts, encode, together
from cdisc_conv.diff.frame import Loaded, empty_table, floats, one_chunk
from cdisc_conv.diff.match import Matched, Pair
from cdisc_conv.diff.numbers import sas_numbers
from cdisc_conv.findings import Findings, Place

ROWS = 200_000  # rows looked at
FIRST = 5_000  # rows of the quick look that rules most combinations out
CANDIDATES = 14
WIDEST = 5
TRIED = 30
ROUGH = 0.05  # a combination is still a key when so few rows are duplicates
_LIKELY = ("USUBJID", "SUBJID", "PARAMCD", "VISITNUM", "AVISITN", "ADT")
_ENDS = (
    "ID",
    "TESTCD",
    "DTC",
    "TERM",
    "TRT",
    "QNAM",
    "IDVARVAL",
    "KEY",
    "NUM",
    "VISIT",
    "CD",
    "DT",
    "TPT",
    "CAT",
)


def find_keys(base: Loaded, compare: Loaded, matched: Matched, findings: Findings) -> tuple[list[Pair], str]:
    """Pairs of variables that make rows unique, and in words what they are; none and why not.

    Never --SEQ, never a column of fractions. Among combinations equally small, the one whose values are
    on both sides most often is taken.
    """
    rows = base.side.rows, compare.side.rows
    if not all(rows):
        return _of_nothing(matched)
    codes_of, lengths = candidates(base, compare, matched.pairs)
    position = {p.name: p.base.position for p in matched.pairs}
    ranked = sorted(codes_of, key=lambda n: (_rank(n), position[n]))[:CANDIDATES]
    best = _best(ranked, codes_of, lengths)
    if best is None:
        return [], "no combination of variables identifies the rows of both sides"
    if any(n > ROWS for n in rows):
        findings.add(codes.DIFF_FOUND_SAMPLE.at(Place(file=base.side.path), number=ROWS))
    pairs = [p for p in matched.pairs if p.name in best]
    return pairs, "the fewest variables that identify the rows of both sides"


def candidates(
    base: Loaded, compare: Loaded, pairs: Sequence[Pair], keys: Sequence[str] = ()
) -> tuple[dict[str, Codes], tuple[int, int]]:
    """The variables that may be keys, or are, as codes of the first 200,000 rows of a side; how many rows."""
    tables = [_start(loaded) for loaded in (base, compare)]
    made = {p.name: _candidate(p, *tables, is_key=p.name in keys) for p in pairs}
    found = {n: c for n, c in made.items() if c is not None}
    return found, (tables[0].num_rows, tables[1].num_rows)


def repeating(base: Loaded, compare: Loaded, pairs: Sequence[Pair]) -> float:
    """The greater share of rows of a side whose key is there already (of the first 200,000 rows)."""
    tables = [_start(loaded) for loaded in (base, compare)]
    rows = tables[0].num_rows, tables[1].num_rows
    if not all(rows):
        return 0.0
    columns = [
        (one_chunk(tables[0].column(p.base.name)), one_chunk(tables[1].column(p.compare.name))) for p in pairs
    ]
    if any(a.type != b.type for a, b in columns):
        columns = [(a.cast(pa.string()), b.cast(pa.string())) for a, b in columns]
    return _judge([encode(a, b) for a, b in columns], rows)[0]


def _of_nothing(matched: Matched) -> tuple[list[Pair], str]:
    """Without rows on a side any key does."""
    ranked = sorted(matched.pairs, key=lambda p: (_rank(p.name), p.base.position))
    return ranked[:1], "one side has no rows"


def _start(loaded: Loaded) -> pa.Table:
    """The first rows."""
    pieces, rows = [], 0
    for piece in loaded.pieces():
        pieces.append(piece.slice(0, ROWS - rows))
        rows += pieces[-1].num_rows
        if rows >= ROWS:
            break
    return pa.concat_tables(pieces) if pieces else empty_table(loaded.variables)


def _rank(name: str) -> int:
    upper = name.upper()
    if upper in _LIKELY:
        return _LIKELY.index(upper)
    return 10 if upper.endswith(_ENDS) else 20


def _candidate(pair: Pair, base: pa.Table, compare: pa.Table, *, is_key: bool = False) -> Codes | None:
    """A column as codes; None when it is no likely key: --SEQ, fractions, one value only, unlike types."""
    if is_sequence(pair.name) and not is_key:
        return None
    a, b = one_chunk(base.column(pair.base.name)), one_chunk(compare.column(pair.compare.name))
    if pair.base.type != pair.compare.type:
        parsed = [_as_numbers(x, pair.format) for x in (a, b)]
        if parsed[0] is None or parsed[1] is None:
            return None
        a, b = parsed
    if pa.types.is_floating(a.type) and not is_key and any(_fractions(x) for x in (a, b)):
        return None
    found = encode(a, b)
    tells = is_key or len(a) == 1 or max(len(np.unique(c)) for c in (found.base, found.compare)) > 1
    return found if tells else None


def _as_numbers(column: pa.Array, sas_format: str) -> pa.Array | None:
    if pa.types.is_floating(column.type):
        return column
    numbers, _ = sas_numbers(column, sas_format)
    return None if numbers is None else pa.array(numbers)


def _fractions(column: pa.Array) -> bool:
    values = floats(column)
    values = values[np.isfinite(values)]
    return bool((values != np.floor(values)).any())


def _best(names: Sequence[str], codes_of: dict[str, Codes], rows: tuple[int, int]) -> tuple[str, ...] | None:
    """The smallest combination that is unique; else the one with the fewest duplicates, if they are few."""
    rough: list[tuple[float, tuple[str, ...]]] = []
    for width in range(1, min(WIDEST, len(names)) + 1):
        likely = _survivors(combinations(names, width), codes_of)
        tried = [(c, *_judge([codes_of[n] for n in c], rows)) for c in islice(likely, TRIED)]
        unique = [(shared, c) for c, duplicates, shared in tried if not duplicates]
        if unique and max(unique)[0] > 0:
            return max(unique, key=lambda u: u[0])[1]
        rough += [
            (duplicates - shared, c) for c, duplicates, shared in tried if duplicates <= ROUGH and shared
        ]
    return min(rough, default=(0.0, None), key=lambda r: r[0])[1]


def _survivors(tried: Iterable[tuple[str, ...]], codes_of: dict[str, Codes]) -> Iterable[tuple[str, ...]]:
    """Combinations that hardly repeat within the first rows of each side."""
    start = {n: Codes(c.base[:FIRST], c.compare[:FIRST], c.size) for n, c in codes_of.items()}
    for names in tried:
        columns = [start[n] for n in names]
        duplicates, _ = _judge(columns, (len(columns[0].base), len(columns[0].compare)))
        if duplicates <= ROUGH:
            yield names


def _judge(columns: list[Codes], rows: tuple[int, int]) -> tuple[float, float]:
    """The greater share of rows of a side that repeat; the share of BASE's rows that COMPARE has as well."""
    both = together(columns, rows)
    a, b = counts(both.base, both.size), counts(both.compare, both.size)
    repeated = max(1 - np.count_nonzero(n) / max(n.sum(), 1) for n in (a, b))
    return float(repeated), float((a[b > 0]).sum() / max(rows[0], 1))


def is_sequence(name: str) -> bool:
    """Whether a variable is --SEQ (AESEQ, ASEQ), which is numbered anew with every build."""
    return name.upper().endswith("SEQ") and len(name) <= 5
