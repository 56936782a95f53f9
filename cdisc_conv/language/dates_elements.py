"""The trial element (SE) in force at a date, for all rows of a dataset at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cdisc_conv.language.dates import Moments, before, moments_of, not_before

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context, Foreign
    from cdisc_conv.language.dates_iso import Bools, Ints


@dataclass(frozen=True, slots=True)
class Elements:
    """Elements in order of their start within each subject.

    `row[s, k]` is the row of the k-th element of subject s, -1 where there is none; the last line of it, all
    -1, is that of a subject without elements.
    """

    subjects: pd.Index[Any]
    row: Ints
    start: Moments
    end: Moments


def elements(ctx: Context, start: Foreign, end: Foreign) -> Elements:
    """The elements of a table of one row per subject and element; those without a start are left out."""
    begins, ends = moments_of(ctx, start), moments_of(ctx, end)
    subject = start.subject if start.subject is not None else pd.Series([None] * len(start.values))
    codes, subjects = pd.factorize(subject)
    usable = np.flatnonzero(begins.known & (codes >= 0))
    rank = begins.rank(unknown_last=False)
    order = usable[np.lexsort((usable, rank[usable], codes[usable]))]
    number = pd.Series(codes[order]).groupby(codes[order]).cumcount().to_numpy()
    row = np.full((len(subjects) + 1, (number.max() + 1) if len(number) else 0), -1, dtype=np.int64)
    row[codes[order], number] = order
    return Elements(pd.Index(subjects), row, begins, ends)


def element_at(ctx: Context, date: Moments, table: Elements, alike: Ints) -> tuple[Ints, Bools]:
    """The row of the element of each date (-1 for none), and where a partial date leaves it open.

    Elements of one number in `alike` (one per row) need not be told apart.
    """
    if not table.row.size:
        return np.full(len(ctx.index), -1, dtype=np.int64), np.zeros(len(ctx.index), dtype=bool)
    own = table.subjects.get_indexer(pd.Index(ctx.subject if ctx.subject is not None else []))
    surely = np.full(len(own), -1, dtype=np.int64)
    maybe, final = surely.copy(), surely.copy()
    mixed = np.zeros(len(own), dtype=bool)
    for k in range(table.row.shape[1]):
        row = table.row[own, k]
        sure, may = not_before(date, table.start.take(row).where(row >= 0))
        mixed |= may & ~sure & ((surely < 0) | (alike[row] != alike[surely]))
        surely, maybe = np.where(sure, row, surely), np.where(may, row, maybe)
        final = np.where(row >= 0, row, final)
    gone, may_be_gone = before(table.end.take(final).where(final >= 0), date)
    is_open = date.known & (mixed | (may_be_gone & ~gone)) & ~gone & (maybe >= 0)
    return np.where(gone | is_open, -1, maybe), is_open
