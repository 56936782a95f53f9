"""in_range: a value from the row of a table in whose range a number or date lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cdisc_conv.codes import data
from cdisc_conv.language.arguments import refused
from cdisc_conv.language.matching import kind_of
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Date, Rows

Span = tuple["Column", "Column", "Column"]  # a value of our rows; lower and upper bounds of the table's


@verb(
    returns="same",
    sentence="{give} of the row with {low} <= {value} <= {high}{on: valid on }{keys: and }",
    drops=True,
)
def in_range(
    ctx: Context,
    give: Rows,
    value: Column,
    low: Rows,
    high: Rows,
    on: Date | None = None,
    since: Rows | None = None,
    until: Rows | None = None,
    **keys: Column,
) -> Column:
    """The value from the row of a table in whose range a number (or date) lies, both ends included.

        AVISIT: in_range(windows.AVISIT, ADY, low=number(windows.AWLO), high=number(windows.AWHI))
        high: >-
          in_range(ranges.HIGH, age, low=number(ranges.AGE_LOW), high=number(ranges.AGE_HIGH),
                   on=date(LBDTC), since=date(ranges.FROM), until=date(ranges.TO), LAB=LBNAM, SEX=DM.SEX)

    `on`, `since` and `until` ask also that the row be valid on a date; keys are written `column of the
    table=value here`, and a blank key in the table fits every value.  A missing bound is open.  A value in no
    range, and a missing value, date or key, give missing; one that lies in several ranges with different
    values is a finding (DATA003) and gives missing.  The table knows no subjects.
    """
    if give.subject is not None or low.subject is not None or high.subject is not None:
        raise refused(ctx, "in_range", f"looks into {give.name}, which knows subjects; it takes a table")
    spans: list[Span] = [(value, low.values, high.values)]
    if on is not None:
        open_ = pd.Series(pd.NaT, index=give.values.index, dtype="datetime64[s]")
        spans.append((on, open_ if since is None else since.values, open_ if until is None else until.values))
    elif since is not None or until is not None:
        raise refused(ctx, "in_range", "was given since= or until= without on=")
    for span in spans:
        kinds = {kind_of(c) for c in span if c.notna().any()}
        if len(kinds) > 1 or kinds - {"number", "date"}:
            raise refused(ctx, "in_range", "needs value, low and high as numbers, or all as dates")
    pairs = [(give.column(name).str.strip(), ours.str.strip()) for name, ours in keys.items()]
    at, several = _row_of(spans, pairs, give.values)
    ctx.report(data.DATA003, pd.Series(several, index=ctx.index), value, what="range", table=give.name)
    found = give.values.array.take(np.where(several, -1, at), allow_fill=True)
    return pd.Series(found, index=ctx.index)


def _row_of(spans: list[Span], keys: list[tuple[Column, Column]], give: Column) -> tuple[Any, Any]:
    """The row of the table for each of ours (-1: none), and where several rows disagree."""
    size = len(spans[0][0])
    at, several = np.full(size, -1), np.zeros(size, dtype=bool)
    asked = np.logical_and.reduce([ours.notna().to_numpy() for _, ours in keys], initial=True)
    groups = _groups(keys, np.flatnonzero(np.broadcast_to(asked, size)))
    codes = pd.factorize(give)[0]
    for row in range(len(give)):
        inside = _rows_of(keys, groups, row)
        for value, low, high in spans:
            inside = inside[_within(value.iloc[inside], low.iloc[row], high.iloc[row])]
        several[inside[(at[inside] >= 0) & (codes[at[inside]] != codes[row])]] = True
        at[inside[at[inside] < 0]] = row
    return at, several


def _groups(keys: list[tuple[Column, Column]], rows: Any) -> tuple[Any, dict[Any, Any]]:
    """Our rows that have all keys, and by the values of the first key."""
    if not keys:
        return rows, {}
    first = keys[0][1].iloc[rows].reset_index(drop=True)
    return rows, {k: rows[v] for k, v in first.groupby(first, sort=False).indices.items()}


def _rows_of(keys: list[tuple[Column, Column]], groups: tuple[Any, dict[Any, Any]], row: int) -> Any:
    """Our rows whose keys are those of a row of the table; a blank key there fits all."""
    every, by_first = groups
    rows = every
    for number, (theirs, ours) in enumerate(keys):
        wanted: Any = theirs.array[row]
        if theirs.isna().iloc[row]:
            continue
        if number == 0:
            rows = by_first.get(wanted, every[:0])
        else:
            rows = rows[(ours.iloc[rows] == wanted).to_numpy(dtype=bool)]
    return rows


def _within(value: Column, low: Any, high: Any) -> Any:
    inside = value.notna().to_numpy(copy=True)
    if pd.notna(low):
        inside &= (value >= low).to_numpy(dtype=bool)
    if pd.notna(high):
        inside &= (value <= high).to_numpy(dtype=bool)
    return inside
