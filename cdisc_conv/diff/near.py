"""Rows without a partner that nearly have one: the nearest row without partner on the other side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

import numpy as np
import pyarrow as pa

from cdisc_conv.diff.factor import encode, together
from cdisc_conv.diff.spool import Spool
from cdisc_conv.model.difference import Lines

ROWS = 5_000  # rows of a side that are looked at
GROUP = 40  # rows of a side that share all keys but one
ALONE = 0.35  # how far the only telling key may be off (0 is the same, 1 all different)
NEAR = (pa.field("near_row", pa.int64()), pa.field("near_keys", pa.large_string()))
Candidate = tuple[float, int, int, int]  # how far off, row of BASE, row of COMPARE, the key


def nearest(only: dict[str, Spool], keys: Sequence[str], names: Sequence[str]) -> dict[str, Lines]:
    """Both tables of rows without partner, with the nearest match of each row where there is one.

    A near match has the same keys but one (the closest in value is taken); where no other key tells rows
    apart, that one must be close: a slip in a text, a neighbouring number or date.
    """
    heads = {side: spool.lines().head(ROWS) for side, spool in only.items()}
    found: list[dict[int, Candidate]] = [{}, {}]
    if all(h.num_rows for h in heads.values()) and keys:
        for candidate in sorted(_candidates(heads["base"], heads["compare"], keys)):
            for side, best in zip((1, 2), found, strict=True):
                best.setdefault(int(candidate[side]), candidate)
    tables = heads["base"], heads["compare"]
    return {
        "base": _with_near(only["base"], tables, found[0], keys, names, own=1),
        "compare": _with_near(only["compare"], tables, found[1], keys, names, own=2),
    }


def _candidates(base: pa.Table, compare: pa.Table, keys: Sequence[str]) -> Iterator[Candidate]:
    rows = base.num_rows, compare.num_rows
    codes = [encode(base[k], compare[k]) for k in keys]
    telling = [len(np.unique(np.concatenate([c.base, c.compare]))) > 1 for c in codes]
    texts = [(base[k].to_pylist(), compare[k].to_pylist()) for k in keys]
    for i, _ in enumerate(keys):
        rest = [c for j, c in enumerate(codes) if j != i]
        alone = not any(t for j, t in enumerate(telling) if j != i)
        same = together(rest, rows)
        groups: dict[int, list[int]] = defaultdict(list)
        for row, code in enumerate(same.compare.tolist()):
            groups[code].append(row)
        mine: dict[int, int] = defaultdict(int)
        for a, code in enumerate(same.base.tolist()):
            mine[code] += 1
            others = groups.get(code, ()) if mine[code] <= (GROUP * 10 if alone else GROUP) else ()
            for b in list(others)[: GROUP * 10 if alone else GROUP]:
                far = distance(texts[i][0][a], texts[i][1][b])
                if not alone or far <= ALONE:
                    yield far, a, b, i


def distance(one: str, other: str) -> float:
    """How far apart two key values are, 0 to 1: dates by days, numbers by size, else by their letters."""
    days = [_day(v) for v in (one, other)]
    if days[0] is not None and days[1] is not None:
        return min(abs(days[0] - days[1]) / 60, 1.0)
    numbers = [_number(v) for v in (one, other)]
    if numbers[0] is not None and numbers[1] is not None:
        apart, size = abs(numbers[0] - numbers[1]), max(abs(numbers[0]), abs(numbers[1]), 1.0)
        letters = 1 - SequenceMatcher(None, one, other).ratio()
        return min(apart / size, 1.0) if len(one) < 5 else min(apart / size, letters, 1.0)
    if one.casefold().split() == other.casefold().split():
        return 0.01
    return 1 - SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def _day(text: str) -> int | None:
    if len(text) < 10 or text[4] != "-" or text[7] != "-":
        return None
    try:
        return int(np.datetime64(text[:10], "D").astype(np.int64))
    except ValueError:
        return None


def _number(text: str) -> float | None:
    try:
        return float(text) if np.isfinite(float(text)) else None
    except ValueError:
        return None


def _with_near(
    spool: Spool,
    heads: tuple[pa.Table, pa.Table],
    found: dict[int, Candidate],
    keys: Sequence[str],
    names: Sequence[str],
    own: int,
) -> Lines:
    """The table of a side with two more columns."""
    mine, other = (heads[0], heads[1]) if own == 1 else (heads[1], heads[0])
    rows: list[int | None] = [None] * mine.num_rows
    words: list[str | None] = [None] * mine.num_rows
    for at, (_, a, b, key) in found.items():
        there = b if own == 1 else a
        rows[at] = other["row"][there].as_py()
        values = heads[0][keys[key]][a].as_py(), heads[1][keys[key]][b].as_py()
        words[at] = f"{names[key]}: {values[0]} | {values[1]}"
    schema = spool.schema
    for field in NEAR:
        schema = schema.append(field)
    near: list[Any] = [pa.array(rows, NEAR[0].type), pa.array(words, NEAR[1].type)]
    return Lines(schema, spool.rows, lambda: _joined(spool, near, schema))


def _joined(spool: Spool, near: list[Any], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    done = 0
    for batch in spool.batches():
        extra = [n.slice(done, batch.num_rows) for n in near]
        extra = [pa.concat_arrays([e, pa.nulls(batch.num_rows - len(e), e.type)]) for e in extra]
        yield pa.RecordBatch.from_arrays([*batch.columns, *extra], schema=schema)
        done += batch.num_rows
