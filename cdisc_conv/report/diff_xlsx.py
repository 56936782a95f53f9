"""A comparison as a workbook: Overview, Attributes, Keys, Variables, Subjects, Differences — all rows.

Every sheet has the dataset in its first column, so that folders filter as one file does. What a sheet
cannot hold is said in the Notes sheet, and at the end of the sheet itself when rows are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cdisc_conv.model.difference import DatasetDiff, FolderDiff, Lines, bits
from cdisc_conv.model.lines import gathered
from cdisc_conv.model.why import Why
from cdisc_conv.report import diff_words as words
from cdisc_conv.report.xlsx_stream import ROWS, SheetTold, Workbook, clean

_NARROW, _MIDDLE, _WIDE = 12, 22, 44


def write_diff_xlsx(
    diff: DatasetDiff | FolderDiff, path: Path, *, why: Sequence[Why] = (), most_rows: int = ROWS
) -> list[SheetTold]:
    """Write the workbook; what comes back tells of every sheet whether something did not fit."""
    every = words.datasets(diff)
    with Workbook(path) as book:
        told = [
            book.sheet(title, header, batches, most_rows=most_rows)
            for title, header, batches in (
                ("Overview", {"Dataset": 12, "What": 28, "BASE": 48, "COMPARE": 48}, _overview(diff)),
                ("Attributes", _ATTRIBUTES, _table(_ATTRIBUTES, _attributes(every))),
                ("Keys", *_keys(every)),
                ("Variables", _VARIABLES, _table(_VARIABLES, _variables(every), _COUNTS)),
                ("Subjects", *_subjects(every)),
                ("Differences", *_differences(every)),
                *([("Why", _WHY, _table(_WHY, _reasons(why)))] if why else []),
            )
        ]
        notes = [(t.title, note) for t in told for note in t.notes()] or [
            ("", "every row is in this workbook")
        ]
        book.sheet("Notes", {"Sheet": 14, "Note": 90}, _table(("Sheet", "Note"), notes))
    return told


def _table(
    names: Iterable[str], rows: Iterable[Sequence[Any]], numbers: Sequence[str] = ()
) -> Iterator[pa.RecordBatch]:
    """A small table in one batch; columns are text unless they are among `numbers`."""
    header = list(names)
    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    yield pa.record_batch(
        [
            pa.array(values, pa.float64())
            if name in numbers
            else pa.array([None if v is None else clean(str(v)) for v in values], pa.string())
            for name, values in zip(header, columns, strict=True)
        ],
        names=[str(n) for n in range(len(header))],
    )


def _overview(diff: DatasetDiff | FolderDiff) -> Iterator[pa.RecordBatch]:
    rows: list[tuple[Any, ...]] = []
    if isinstance(diff, FolderDiff):
        rows += [
            ("", "Folder", diff.base, diff.compare),
            ("", "Outcome", words.folder_verdict(diff), ""),
            ("", "SYSINFO", str(diff.sysinfo), _bits(diff.sysinfo)),
            ("", "Only on this side", ", ".join(diff.only_base), ", ".join(diff.only_compare)),
            *(("", str(f.severity), f"{f.code.id} {f.message}", str(f.place)) for f in diff.findings),
        ]
    for one in words.datasets(diff):
        rows += _of_dataset(one)
    return _table(("Dataset", "What", "BASE", "COMPARE"), rows)


def _of_dataset(diff: DatasetDiff) -> list[tuple[Any, ...]]:
    base, compare, rows = diff.base, diff.compare, diff.rows
    said: list[tuple[Any, ...]] = [
        ("Verdict", diff.verdict, ""),
        ("Outcome", words.verdict(diff), ""),
        ("SYSINFO", diff.sysinfo, _bits(diff.sysinfo)),
        ("File", base.path, compare.path),
        ("Format", base.kind, compare.kind),
        ("SHA-256", base.sha256, compare.sha256),
        ("Bytes", base.size, compare.size),
        ("Modified", base.modified, compare.modified),
        ("Dataset", base.dataset, compare.dataset),
        ("Label", base.label, compare.label),
        ("Rows", base.rows, compare.rows),
        ("Columns", base.columns, compare.columns),
        ("Keys", words.keys(diff.keys), ""),
        *((name.capitalize(), text, "") for name, text in words.settings(diff.settings)),
        ("Rows paired", rows.paired, rows.paired),
        ("Paired rows with a difference", rows.unequal, rows.unequal),
        ("Rows only here", rows.only_base, rows.only_compare),
        ("Rows not paired (key repeated)", rows.not_paired_base, rows.not_paired_compare),
        (
            "Variables only here",
            *(_names(v) for v in (diff.only_base_variables, diff.only_compare_variables)),
        ),
        ("Left out", ", ".join(diff.left_out), ""),
        *(("Not compared", text, "") for text in diff.not_carried),
        *((str(f.severity).capitalize(), f"{f.code.id} {f.message}", str(f.place)) for f in diff.findings),
    ]
    return [(diff.name, *row) for row in said]


def _bits(sysinfo: int) -> str:
    return "; ".join(f"{bit} {name}: {meaning}" for bit, name, meaning in bits(sysinfo))


def _names(variables: Iterable[Any]) -> str:
    return ", ".join(v.name for v in variables)


_ATTRIBUTES = {"Dataset": 12, "Variable": 14, "Attribute": 12, "BASE": 44, "COMPARE": 44, "SYSINFO bit": 14}


def _attributes(every: Sequence[DatasetDiff]) -> Iterator[Sequence[Any]]:
    for d in every:
        for a in d.attributes:
            yield d.name, a.variable, a.attribute, a.base, a.compare, a.bit or None


_VARIABLES = {
    "Dataset": 12,
    "Variable": 14,
    "In COMPARE": 14,
    "Label": 40,
    "Type BASE": 11,
    "Type COMPARE": 14,
    "Method": 16,
    "Compared": 12,
    "Differ": 12,
    "Only BASE filled": 16,
    "Only COMPARE filled": 19,
    "Within tolerance": 16,
    "Max difference": 16,
    "Max %": 12,
    "Mean difference": 16,
    "Note": 40,
}
_COUNTS = tuple(_VARIABLES)[7:15]


def _variables(every: Sequence[DatasetDiff]) -> Iterator[Sequence[Any]]:
    for d in every:
        for v in d.variables:
            names = (d.name, v.name, v.compare.name, v.base.label, v.base.type, v.compare.type, v.tolerance)
            counts = (v.values, v.unequal, v.only_base_filled, v.only_compare_filled, v.within_tolerance)
            note = v.why or ("" if v.compared else "key")
            yield (*names, *counts, v.max_difference, v.max_percent, v.mean_difference, note)


Sheet = tuple[Mapping[str, int], Iterator[pa.RecordBatch]]


def _key_columns(every: Sequence[DatasetDiff]) -> list[str]:
    return list(dict.fromkeys(k for d in every for k in d.key_columns))


def _spread(
    diff: DatasetDiff, lines: Lines, keys: Sequence[str], columns: Mapping[str, str | None], text: str = ""
) -> Iterator[pa.RecordBatch]:
    """Rows under the header of all datasets: columns by header name, None where this table has none."""
    for batch in gathered(lines):
        empty = pa.nulls(batch.num_rows, pa.string())
        taken = [pa.array([clean(diff.name)] * batch.num_rows, pa.string())]
        taken += [pa.array([text] * batch.num_rows, pa.string())] if text else []
        taken += [batch.column(k) if k in diff.key_columns else empty for k in keys]
        taken += [empty if name is None else batch.column(name) for name in columns.values()]
        yield pa.record_batch(taken, names=[str(n) for n in range(len(taken))])


def _keys(every: Sequence[DatasetDiff]) -> Sheet:
    keys = _key_columns(every)
    own = (
        "Row",
        "Times here",
        "Times there",
        "The same rows",
        "Nearest row there",
        "Keys that differ from it",
    )
    header = {"Dataset": 12, "What": 26, **_widths(keys), **dict.fromkeys(own, 18)}

    def rows() -> Iterator[pa.RecordBatch]:
        only = dict(zip(own, ("row", None, None, None, "near_row", "near_keys"), strict=True))
        twice = dict(zip(own, ("row", "times", "other_times", "agrees", None, None), strict=True))
        for d in every:
            for lines, what in ((d.only_base, "only in BASE"), (d.only_compare, "only in COMPARE")):
                if lines is not None:
                    yield from _spread(d, lines, keys, only, what)
            if d.duplicates is not None:
                for batch in _spread(d, d.duplicates, keys, {"side": "side"} | twice, "more than once in "):
                    yield _named_side(batch, len(keys))

    return header, rows()


def _named_side(batch: pa.RecordBatch, keys: int) -> pa.RecordBatch:
    """`more than once in ` and the side as one text."""
    columns = list(batch.columns)
    side = columns.pop(2 + keys)
    columns[1] = pc.binary_join_element_wise(columns[1], pc.utf8_upper(side.cast(pa.string())), "")
    return pa.record_batch(columns, names=[str(n) for n in range(len(columns))])


def _widths(keys: Sequence[str]) -> dict[str, int]:
    return dict.fromkeys(keys, _MIDDLE)


def _subjects(every: Sequence[DatasetDiff]) -> Sheet:
    counts = {
        "Values that differ": "differences",
        "Variables": "variables",
        "Rows only in BASE": "only_base",
        "Rows only in COMPARE": "only_compare",
    }
    header = {"Dataset": 12, "Subject": 26, **dict.fromkeys(counts, 18)}
    columns: dict[str, str | None] = {"Subject": "subject", **counts}
    made = (b for d in every if d.by_subject is not None for b in _spread(d, d.by_subject, (), columns))
    return header, made


def _differences(every: Sequence[DatasetDiff]) -> Sheet:
    keys = _key_columns(every)
    own = {
        "Variable": ("variable", 14),
        "Row BASE": ("base_row", _NARROW),
        "Row COMPARE": ("compare_row", _NARROW),
        "BASE": ("base_value", _WIDE),
        "COMPARE": ("compare_value", _WIDE),
        "Difference": ("difference", 16),
        "%": ("percent", _NARROW),
    }
    header = {"Dataset": 12, **_widths(keys), **{k: width for k, (_, width) in own.items()}}
    columns: dict[str, str | None] = {k: name for k, (name, _) in own.items()}
    made = (b for d in every if d.differences is not None for b in _spread(d, d.differences, keys, columns))
    return header, made


_WHY = {
    "Dataset": 12,
    "Variable": 14,
    "Record": 40,
    "BASE": 30,
    "COMPARE": 30,
    "Side": 10,
    "Made from what changed": 40,
    "Note": 40,
    "Way back": 120,
}


def _reasons(why: Iterable[Why]) -> Iterator[Sequence[Any]]:
    for w in why:
        for note in w.notes:
            yield w.dataset, "", "", "", "", "", "", note, ""
        for c in w.runs.changes if w.runs else ():
            yield w.dataset, "", "", c.base, c.compare, "", f"{c.kind} {c.name} {c.what}", "", ""
        for f in w.followed:
            way = "\n".join(f.trace.lines()) if f.trace else ""
            yield (
                w.dataset,
                f.variable,
                f.record,
                f.base,
                f.compare,
                f.side,
                ", ".join(f.touched),
                f.note,
                way,
            )
        if w.left_out:
            yield w.dataset, "", "", "", "", "", "", f"{w.left_out:,} differing values were not followed", ""
