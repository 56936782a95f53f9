"""From columns under a header to a raw table: names cleaned, nothing dropped unsaid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import pandas as pd

from cdisc_conv.codes import raw as codes
from cdisc_conv.findings import KEPT_ROWS, Findings, Row
from cdisc_conv.model.raw import RawTable, Source

STR = pd.StringDtype(na_value=np.nan)
"""pandas' `str`."""

UNSEEN = " \t\r\n\u00a0\u3000\ufeff\u200b"
"""Characters that stand around a header name without being seen."""


@dataclass(frozen=True, slots=True)
class Content:
    """A raw file's bytes as they were when it was read once; `modified` is in UTC."""

    file: str
    data: bytes
    sha256: str
    modified: datetime


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be read; "auto" leaves it to the bytes."""

    sheet: str = ""
    encoding: str = "auto"
    delimiter: str = "auto"
    header_row: int = 1
    head: bool = False  # only the first rows: enough for the header
    in_full: bool = False  # XLSX: what a cell's format hides is read as well


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The hint for a name that is not there: the nearest present one, or those there are."""
    present = {k.casefold(): k for k in known}
    near = get_close_matches(name.casefold(), present, n=1, cutoff=0.6)
    if near:
        return f"did you mean {present[near[0]]!r}?"
    some = list(present.values())
    return f"present: {', '.join(some[:40])}{' …' if len(some) > 40 else ''}" if some else ""


def rows_of(source: Source, numbers: Iterable[int], values: Iterable[str] | None = None) -> tuple[Row, ...]:
    """Rows for a finding, at most as many as it keeps."""
    first = [int(n) for n, _ in zip(numbers, range(KEPT_ROWS), strict=False)]
    if values is None:
        return tuple(Row(source.file, n, source.sheet) for n in first)
    return tuple(Row(source.file, n, source.sheet, value=v) for n, v in zip(first, values, strict=False))


def letters(column: int) -> str:
    """A spreadsheet's letters for the column counted from 1: 1 is A, 27 is AA."""
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def raw_table(
    content: Content,
    source: Source,
    header: Sequence[str],
    frame: pd.DataFrame,
    rows: npt.NDArray[np.int64],
    encoding: str,
    findings: Findings,
) -> RawTable:
    """The table of a frame whose columns stand in the order of `header`, which may be untidy."""
    names = _trimmed(header, source, findings)
    named = _named(names, frame, rows, source, findings)
    frame = frame.iloc[:, [i for i, _ in named]]
    frame.columns = pd.Index(_distinct([n for _, n in named], source, findings), dtype=STR)
    frame = frame.reset_index(drop=True)
    table = RawTable(
        source, frame, rows, content.sha256, encoding, len(content.data), content.modified, findings
    )
    _check_values(table)
    return table


def _trimmed(header: Sequence[str], source: Source, findings: Findings) -> list[str]:
    names = [h.strip(UNSEEN) for h in header]
    if changed := [n for n, h in zip(names, header, strict=True) if n and n != h]:
        findings.add(codes.HEADER_TRIMMED.at(source.place, columns=", ".join(changed)))
    return names


def _named(
    names: list[str],
    frame: pd.DataFrame,
    rows: npt.NDArray[np.int64],
    source: Source,
    findings: Findings,
) -> list[tuple[int, str]]:
    """Position and name of each column kept; nameless ones stay when they hold anything."""
    kept: list[tuple[int, str]] = []
    for i, name in enumerate(names):
        filled = None if name else (frame.iloc[:, i].str.strip() != "").to_numpy()
        if filled is None:
            kept.append((i, name))
        elif filled.any():
            name = f"(column {letters(i + 1)})"
            kept.append((i, name))
            found = codes.COLUMN_UNNAMED.at(
                source.place, column=name, rows=rows_of(source, rows[filled]), count=int(filled.sum())
            )
            findings.add(found)
    if gone := len(names) - len(kept):
        findings.add(codes.COLUMN_EMPTY.at(source.place, n=gone))
    return kept


def _distinct(names: list[str], source: Source, findings: Findings) -> list[str]:
    """Names, the second and later ones of a name numbered: `AGE (2)`."""
    times = Counter(names)
    taken = set(names)
    seen: Counter[str] = Counter()
    out: list[str] = []
    for name in names:
        seen[name] += 1
        number = seen[name]
        while number > 1 and f"{name} ({number})" in taken:
            number += 1
        out.append(name if seen[name] == 1 else f"{name} ({number})")
        taken.add(out[-1])
    for name, n in times.items():
        if n > 1:
            later = [o for o, own in zip(out, names, strict=True) if own == name][1:]
            found = codes.COLUMN_TWICE.at(source.place, column=name, times=n, names=", ".join(later))
            findings.add(found)
    return out


def check_expected(table: RawTable, expect: Iterable[str]) -> None:
    """A finding for every expected column that is not there, with the name it may have now."""
    present = list(table.frame.columns)
    for column in expect:
        if column not in present:
            hint = did_you_mean(column, present)
            table.findings.add(codes.COLUMN_MISSING.at(table.source.place, column=column, hint=hint))


def _check_values(table: RawTable) -> None:
    """Rows without any value, and characters lost before the file was sent."""
    source, frame, rows = table.source, table.frame, table.rows
    if frame.shape[1] > 1 and (blank := without_values(frame)).any():
        found = rows_of(source, rows[blank])
        table.findings.add(codes.ROW_ALL_BLANK.at(source.place, rows=found, count=int(blank.sum())))
    for name in frame.columns:
        if frame[name].str.isascii().all():
            continue
        lost = frame[name].str.contains("\ufffd", regex=False).to_numpy(dtype=bool)
        if lost.any():
            found = rows_of(source, rows[lost])
            n = int(lost.sum())
            table.findings.add(codes.REPLACED.at(source.place, column=name, rows=found, count=n))


def without_values(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """A flag a row: no column holds anything."""
    blank = np.ones(len(frame), dtype=bool)
    for name in frame.columns:
        blank &= (frame[name] == "").to_numpy(dtype=bool)
        if not blank.any():
            break
    return blank
