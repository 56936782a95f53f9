"""Finished comparisons written by hand, for tests of the reports."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from cdisc_conv.model.difference import (
    Attribute,
    DatasetDiff,
    Keys,
    Lines,
    RowCounts,
    Side,
    Tolerance,
    Variable,
    VariableDiff,
    Verdict,
)

KEYS = ("USUBJID", "AESEQ")
_TEXTS = {k: pa.string() for k in KEYS}
_DIFFERENCES = {
    "variable": pa.string(),
    "base_row": pa.int64(),
    "compare_row": pa.int64(),
    "base_value": pa.string(),
    "compare_value": pa.string(),
    "base_number": pa.float64(),
    "compare_number": pa.float64(),
    "difference": pa.float64(),
    "percent": pa.float64(),
    "subject": pa.string(),
}
_ONLY = {"row": pa.int64(), "near_row": pa.int64(), "near_keys": pa.string()}
_TWICE = {
    "side": pa.string(),
    "row": pa.int64(),
    "times": pa.int64(),
    "other_times": pa.int64(),
    "agrees": pa.bool_(),
}
_SUBJECTS = {
    "subject": pa.string(),
    **{k: pa.int64() for k in ("differences", "variables", "only_base", "only_compare")},
}
_LARGEST = {
    k: _DIFFERENCES[k]
    for k in ("variable", "base_row", "compare_row", "base_value", "compare_value", "difference", "percent")
}


def lines(columns: dict[str, pa.DataType], rows: list[dict], batch: int = 3) -> Lines:
    """A table in small batches, as it may come from disk."""
    schema = pa.schema(columns)
    table = pa.Table.from_pylist(rows, schema)
    return Lines(schema, len(rows), lambda: iter(table.to_batches(max_chunksize=batch)))


def side(path: str, **given) -> Side:
    """A transport file of five rows."""
    made = Side(path, "xpt5", "AE", "Adverse Events", 5, 4, "ab" * 32, 1200, "2026-11-22T10:00:00Z", "ascii")
    return replace(made, **given)


def difference(variable: str, base: str, compare: str, **given) -> dict:
    """A row of the table of differences."""
    row = {"USUBJID": "01-001", "AESEQ": "1", "variable": variable, "base_row": 1, "compare_row": 1}
    return row | {"base_value": base, "compare_value": compare, "subject": "01-001"} | given


def number(variable: str, base: float, compare: float, **given) -> dict:
    """The same of a numeric variable."""
    numbers = {"base_number": base, "compare_number": compare, "difference": compare - base}
    percent = {"percent": 100 * (compare - base) / abs(base)}
    return difference(variable, f"{base:g}", f"{compare:g}", **numbers, **percent, **given)


def comparison(
    found: list[dict],
    *,
    only_base: list[dict] = (),
    only_compare: list[dict] = (),
    twice: list[dict] = (),
    subjects: list[dict] = (),
    **given,
) -> DatasetDiff:
    """AE against AE with these differences; what is counted follows from them."""
    names = list(dict.fromkeys(r["variable"] for r in found))
    values = [
        VariableDiff(
            Variable(n, "text", i, label=f"Label of {n}"),
            Variable(n, "text", i),
            values=5,
            unequal=sum(r["variable"] == n for r in found),
        )
        for i, n in enumerate(names, 1)
    ]
    values.append(VariableDiff(Variable("AEOUT", "text", 99), Variable("AEOUT", "text", 99), values=5))
    rows = RowCounts(
        base=5,
        compare=5,
        paired=5,
        unequal=len({r["base_row"] for r in found}),
        only_base=len(only_base),
        only_compare=len(only_compare),
        not_paired_base=len(twice),
        duplicates_base=len(twice),
    )
    differ = bool(found or only_base or only_compare or twice)
    made = DatasetDiff(
        "AE",
        side("production/ae.xpt"),
        side("qc/ae.xpt", sha256="cd" * 32),
        Verdict.DIFFERENT if differ else Verdict.EQUAL,
        4096 if found else 64 if only_base else 0,
        keys=Keys(KEYS, KEYS, "natural"),
        variables=tuple(values),
        rows=rows,
        key_columns=KEYS,
        subject="USUBJID",
        differences=lines(_TEXTS | _DIFFERENCES, found),
        only_base=lines(_TEXTS | _ONLY, list(only_base)),
        only_compare=lines(_TEXTS | _ONLY, list(only_compare)),
        duplicates=lines(_TEXTS | _TWICE, list(twice)),
        by_subject=lines(_SUBJECTS, list(subjects)),
        largest=lines(_TEXTS | _LARGEST, []),
    )
    return replace(made, **given)


def full() -> DatasetDiff:
    """Something of everything a comparison can tell."""
    return comparison(
        [
            difference("AETERM", "HEADACHE ", "HEADACHE"),
            difference("AETERM", "APPLICATION SITE PRURITUS", "APPLICATION SITE ERYTHEMA", base_row=2),
            difference("AESTDTC", "2014-01-02", "2014-01-12"),
            number("AESTDY", 3.0, 13.0),
        ],
        only_base=[{"USUBJID": "01-002", "AESEQ": "4", "row": 5, "near_row": 4, "near_keys": "AESEQ: 4 | 5"}],
        only_compare=[
            {"USUBJID": "01-002", "AESEQ": "5", "row": 4, "near_row": 5, "near_keys": "AESEQ: 5 | 4"}
        ],
        twice=[
            {"USUBJID": "01-003", "AESEQ": "1", "side": "base", "row": r, "times": 2, "other_times": 1}
            | {"agrees": False}
            for r in (3, 4)
        ],
        subjects=[
            {"subject": "01-001", "differences": 4, "variables": 3, "only_base": 0, "only_compare": 0},
            {"subject": "01-002", "differences": 0, "variables": 0, "only_base": 1, "only_compare": 1},
        ],
        attributes=(
            Attribute("", "label", "Adverse Events", "Adverse Event", 1),
            Attribute("AETERM", "length", "200", "100", 16),
        ),
        only_compare_variables=(Variable("AESER", "text", 9, "Serious Event"),),
        sysinfo=1 | 16 | 64 | 128 | 2048 | 4096,
    )


TOLERANT = Tolerance("relative", 1e-8)
