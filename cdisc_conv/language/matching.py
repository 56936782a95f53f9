"""Rows of another table: those of a subject, and those that match on key columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cdisc_conv.codes import data
from cdisc_conv.language.arguments import refused
from cdisc_conv.language.ordering import Sorted, group_numbers, in_order, moments

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context, Foreign
    from cdisc_conv.language.verb import Column, Flag, Number


def kind_of(column: Column) -> str:
    """The kind of a column's values: text, number, date or flag."""
    if column.dtype == bool:
        return "flag"
    if pd.api.types.is_numeric_dtype(column.dtype):
        return "number"
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return "date"
    return "text"


def common_kind(ctx: Context, verb: str, columns: list[Column]) -> str:
    """The one kind of the columns; refused when they differ.

    A number column without any number fits every kind, since the literal null is one.
    """
    kinds = {k for c in columns if (k := kind_of(c)) != "number" or c.notna().any()}
    if len(kinds) > 1:
        raise refused(ctx, verb, f"was given values of different kinds: {' and '.join(sorted(kinds))}")
    return kinds.pop() if kinds else "number"


def nothing(kind: str, index: pd.Index[Any]) -> Column:
    """An all-missing column of a kind."""
    dtypes = {"number": "float64", "date": "datetime64[s]", "flag": "bool"}
    fill = False if kind == "flag" else None
    return pd.Series(fill, index=index, dtype=dtypes.get(kind, "str"))


@dataclass(frozen=True, slots=True)
class SubjectRows:
    """The rows of another table that an aggregate takes, sorted by subject and then `order`."""

    values: Column  # by position, all rows
    subject: Column
    sorted: Sorted

    def pick(self, which: Any) -> Column:
        """The values of the chosen sorted rows, one a subject, by subject."""
        rows = self.sorted.rows[which]
        return self.values.take(rows).set_axis(pd.Index(self.subject.take(rows)))


def table_of(rows: Foreign) -> str:
    """The name of the table that the rows are of."""
    return rows.name.split(".")[0]


def taken_rows(
    ctx: Context, what: Foreign, where: Foreign | None, order: Column | None = None
) -> SubjectRows:
    """Rows with a subject, a value (of a flag: true) and an order value, for which `where` holds."""
    if what.subject is None:
        raise refused(ctx, "this", f"looks into {table_of(what)}, which knows no subjects; use lookup()")
    values, subject = what.values.reset_index(drop=True), what.subject.reset_index(drop=True)
    keep = subject.notna().to_numpy() & (values if values.dtype == bool else values.notna()).to_numpy()
    if where is not None:
        keep &= where.values.to_numpy(dtype=bool)
    columns = []
    if order is not None:
        columns = [order.reset_index(drop=True)]
        keep &= columns[0].notna().to_numpy()
    groups = group_numbers([subject], len(subject))
    return SubjectRows(values, subject, in_order(groups, columns, keep))


def rows_per_subject(ctx: Context, where: Foreign) -> Number:
    """For each of our rows how many rows of its subject are true, or filled; 0 for none."""
    found = taken_rows(ctx, where, None)
    counts = found.subject.take(found.sorted.rows).value_counts(sort=False).astype("float64")
    return ctx.per_subject(counts).fillna(0.0)


def bring(ctx: Context, by_subject: Column) -> Flag:
    """Truth values by subject brought to the dataset's rows, False for subjects without."""
    return ctx.per_subject(by_subject.astype("float64")).fillna(0.0) > 0


def end_row(ctx: Context, value: Foreign, order: Foreign, where: Foreign | None, *, last: bool) -> Column:
    """The value of each subject's first or last row; several different ones are reported and give missing."""
    found = taken_rows(ctx, value, where, moments(order.values))
    at_end = found.sorted.at_end(last=last)
    result = ctx.per_subject(found.pick(found.sorted.ends if last else found.sorted.starts))
    rows = found.sorted.rows[at_end]
    kinds = found.values.take(rows).groupby(found.subject.take(rows).to_numpy()).nunique()
    tied = bring(ctx, kinds > 1)
    ctx.report(data.DATA052, tied, what=table_of(value), which="last" if last else "first")
    return result.where(~tied)


@dataclass(frozen=True, slots=True)
class Matches:
    """For each of our rows: where its match is, how many there were, and whether all keys were there."""

    first: Any
    last: Any
    count: Any
    asked: Any


def match(ctx: Context, theirs: Mapping[str, Column], ours: Mapping[str, Column]) -> Matches:
    """Positions of their rows whose keys equal those of each of our rows; text is compared trimmed."""
    their_size = len(next(iter(theirs.values())))
    our_size = len(next(iter(ours.values())))
    both = [_joined(ctx, name, theirs[name], ours[name]) for name in ours]
    code = group_numbers(both, their_size + our_size)
    present = np.logical_and.reduce([c.notna().to_numpy() for c in both])
    size = int(code.max(initial=-1)) + 1
    their_rows = np.flatnonzero(present[:their_size])
    first, last = np.full(size, -1), np.full(size, -1)
    last[code[their_rows]] = their_rows
    first[code[their_rows[::-1]]] = their_rows[::-1]
    count = np.bincount(code[their_rows], minlength=size)
    our_code, asked = code[their_size:], present[their_size:]
    found = np.where(asked, count[our_code], 0)
    return Matches(first[our_code], last[our_code], found, asked)


def _joined(ctx: Context, name: str, theirs: Column, ours: Column) -> Column:
    """Both sides of one key below each other; refused when they are of different kinds."""
    kinds = kind_of(theirs), kind_of(ours)
    if kinds[0] != kinds[1]:
        reason = f"has the key {name}, which is {kinds[0]} in the table and {kinds[1]} here"
        raise refused(ctx, "lookup", f"{reason}; use number() or text()")
    if kinds[0] == "text":
        return pd.concat([theirs.str.strip(), ours.str.strip()], ignore_index=True)
    return pd.concat([theirs, ours], ignore_index=True)
