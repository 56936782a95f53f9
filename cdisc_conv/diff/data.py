"""The rows of both sides: held whole where they fit, else cut on disk into parts that belong together."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ipc

from cdisc_conv.diff.frame import Columns, Ints, Loaded, empty_table, floats, one_chunk
from cdisc_conv.diff.match import Pair
from cdisc_conv.diff.numbers import normalised
from cdisc_conv.diff.say import Say
from cdisc_conv.diff.threads import at_once
from cdisc_conv.model.ibm import missing_letters

_ROW = "\0row"
_LZ4 = ipc.IpcWriteOptions(compression="lz4")


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of both sides of which no key is in another part; `*_rows` are their numbers, from 1."""

    base: Columns
    compare: Columns
    base_rows: Ints
    compare_rows: Ints


class Data:
    """All parts, opened one at a time, and single columns over all of them."""

    def __init__(self, parts: Sequence[Callable[[], Part]], keep: object = None) -> None:
        self.parts, self._keep = parts, keep

    def __len__(self) -> int:
        return len(self.parts)

    def column(self, side: str, name: str) -> Iterator[Any]:
        """A column of "base" or "compare", a part at a time."""
        for part in self.parts:
            yield one_chunk(getattr(part(), side).column(name))


def whole(base: Loaded, compare: Loaded, wanted: Sequence[Pair]) -> Data:
    """Both sides in memory, in one part."""
    names = [p.base.name for p in wanted], [p.compare.name for p in wanted]
    tables = list(at_once(_read, (base, compare), names))
    rows = [np.arange(1, t.num_rows + 1, dtype=np.int64) for t in tables]
    part = Part(tables[0], tables[1], rows[0], rows[1])
    return Data([lambda: part])


def _read(loaded: Loaded, names: list[str]) -> Columns:
    if loaded.at_once is not None:
        return loaded.at_once()
    pieces = [t.select(names) for t in loaded.pieces()] or [empty_table(loaded.variables).select(names)]
    table: Columns = pa.concat_tables(pieces)
    return table


def parted(
    base: Loaded, compare: Loaded, wanted: Sequence[Pair], keys: Sequence[Pair], rule: Rule, say: Say
) -> Data:
    """Both sides cut into `rule.parts` parts by their keys (without keys by row number), on disk."""
    folder = tempfile.TemporaryDirectory(prefix="cdisc-conv-diff-")
    root = Path(folder.name)
    for side, loaded in (("base", base), ("compare", compare)):
        text = f"{loaded.side.path}: cut into {rule.parts} parts by key"
        say(text)
        of_side = [getattr(p, side) for p in wanted]
        for rows in _cut(loaded, of_side, [getattr(p, side).name for p in keys], rule, root / side):
            say(text, min(rows / max(loaded.side.rows, 1), 1.0))
    return Data([_opener(root, i) for i in range(rule.parts)], folder)


@dataclass(frozen=True, slots=True)
class Rule:
    """How rows go to parts: into how many, and what of text keys is passed over."""

    parts: int
    normalise: tuple[str, ...] = ()


def _cut(loaded: Loaded, wanted: list[Any], keys: list[str], rule: Rule, root: Path) -> Iterator[int]:
    """Write the parts; gives the number of rows done as it goes on."""
    root.mkdir()
    names = [v.name for v in wanted]
    schema = empty_table(tuple(wanted)).schema.append(pa.field(_ROW, pa.int64()))
    done = 0
    with ExitStack() as stack:
        files = [
            stack.enter_context(ipc.new_file(str(root / f"{i}.arrow"), schema, options=_LZ4))
            for i in range(rule.parts)
        ]
        for piece in loaded.pieces():
            row = np.arange(done + 1, done + piece.num_rows + 1, dtype=np.int64)
            ids = _part_ids([piece.column(k) for k in keys], row, rule)
            done += piece.num_rows
            table = piece.select(names).append_column(_ROW, pa.array(row))
            order = np.argsort(ids, kind="stable")
            table = table.take(pa.array(order)).combine_chunks()
            ends = np.searchsorted(ids[order], np.arange(rule.parts + 1))
            for i, file in enumerate(files):
                if ends[i + 1] > ends[i]:
                    file.write_table(table.slice(ends[i], ends[i + 1] - ends[i]))
            yield done


def _part_ids(columns: list[Any], row: Ints, rule: Rule) -> Ints:
    """The part of each row; equal keys (as text or as numbers) are in the same."""
    if not columns:
        return (row // 65_536) % rule.parts
    total = np.zeros(len(row), np.uint64)
    for column in columns:
        total = total * np.uint64(1_000_003) + _hashes(one_chunk(column), rule.normalise)
    return (total % np.uint64(rule.parts)).astype(np.int64)


def _hashes(column: Any, normalise: tuple[str, ...]) -> Any:
    """A hash of each value; text that is a number has that number's."""
    if pa.types.is_floating(column.type):
        return _number_hashes(floats(column))
    encoded = column.dictionary_encode()
    texts = pc.ascii_rtrim(normalised(encoded.dictionary, normalise), characters=" ")
    hashes = pd.util.hash_array(texts.to_numpy(zero_copy_only=False), categorize=False)
    numbers = pd.to_numeric(pd.Series(texts.to_pylist(), dtype=object), errors="coerce").to_numpy(np.float64)
    there = np.isfinite(numbers)
    hashes[there] = _number_hashes(numbers[there])
    blank = np.asarray(pc.is_in(pc.utf8_trim_whitespace(texts), pa.array(["", "."], texts.type)))
    hashes[blank] = _number_hashes(np.array([np.nan]))[0]
    return hashes[encoded.indices.to_numpy(zero_copy_only=False)]


def _number_hashes(values: Any) -> Any:
    letters = missing_letters(values)
    same = np.where(letters > 0, 0.0, values) + 0.0
    return pd.util.hash_array(same) + letters.astype(np.uint64) * np.uint64(7_919)


def _opener(root: Path, i: int) -> Callable[[], Part]:
    def load(side: str) -> tuple[pa.Table, Ints]:
        with pa.memory_map(str(root / side / f"{i}.arrow")) as file:
            table = ipc.open_file(file).read_all()
        rows = one_chunk(table.column(_ROW)).to_numpy(zero_copy_only=False)
        return table.drop_columns([_ROW]), rows.astype(np.int64)

    def opened() -> Part:
        (base, base_rows), (compare, compare_rows) = load("base"), load("compare")
        return Part(base, compare, base_rows, compare_rows)

    return opened
