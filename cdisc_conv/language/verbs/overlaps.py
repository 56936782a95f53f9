"""overlaps: whether a row's time overlaps that of a row of another table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cdisc_conv.language.arguments import refused
from cdisc_conv.language.dates import choice, moments, moments_of
from cdisc_conv.language.matching import table_of
from cdisc_conv.language.ordering import group_numbers
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.dates import Moments
    from cdisc_conv.language.verb import Column, Const, Dtc, Flag, Rows

_NEVER = np.iinfo(np.int32).max


@verb(
    returns="flag",
    scope="subject",
    sentence="{start} to {end} overlaps {their_start} to {their_end} of a record of the subject{keys: with }",
)
def overlaps(
    ctx: Context,
    start: Dtc,
    end: Dtc,
    their_start: Rows,
    their_end: Rows,
    partial: Const = "true",
    **keys: Column,
) -> Flag:
    """Whether the days from start to end have one in common with those of a row of another table.

        where: overlaps(ECSTDTC, ECENDTC, HO.HOSTDTC, HO.HOENDTC)           # a dose during a hospital stay
        where: overlaps(CMSTDTC, CMENDTC, log.START, log.END, DRUG=CMTRT)   # the same drug at the same time

    Rows of the same subject count whose key columns have the values named here (`column of the table=value
    here`), text compared as it stands.  Both ends belong to the time, all by day.  A partial date may be any
    day that it leaves open: `partial="true"` (default) says yes where an overlap is possible, "false" where
    it is certain.  A missing start or end is open.  A row with neither start nor end, here or there, overlaps
    nothing, nor does one that ends before it starts; so it is where a key is missing.
    """
    choice(ctx, "partial", partial, ("true", "false"))
    if their_start.table is not their_end.table or their_start.subject is None or ctx.subject is None:
        raise refused(
            ctx, "overlaps", f"needs start and end of one table with subjects, not {table_of(their_start)}"
        )
    ours = [ctx.subject, *keys.values()]
    theirs = [their_start.subject, *(their_start.column(name) for name in keys)]
    size = len(theirs[0])
    columns = [pd.concat([t, o], ignore_index=True) for t, o in zip(theirs, ours, strict=True)]
    group = group_numbers(columns, size + len(ctx.index))
    asked = np.logical_and.reduce([c.notna().to_numpy() for c in columns])
    first, last, there = _days(moments_of(ctx, their_start), moments_of(ctx, their_end), partial)
    keep = there & asked[:size]
    begun = np.sort(_key(group[:size], first)[keep])
    over = np.sort(_key(group[:size], last)[keep])
    own_first, own_last, here = _days(moments(ctx, start), moments(ctx, end), partial)
    group = group[size:]
    # of the group: those begun by our last day, less those over before our first day
    low = np.searchsorted(begun, _key(group, np.full(len(group), -_NEVER)))
    started = np.searchsorted(begun, _key(group, own_last), side="right") - low
    ended = np.searchsorted(over, _key(group, own_first)) - low
    return pd.Series((started > ended) & here & asked[size:], index=ctx.index)


def _days(start: Moments, end: Moments, partial: Const) -> tuple[Any, Any, Any]:
    """The first and last day of each time, possible or certain, and whether there is such a time."""
    wide = partial == "true"
    first = np.where(start.known, start.first if wide else start.last, -_NEVER)
    last = np.where(end.known, end.last if wide else end.first, _NEVER)
    return first, last, (start.known | end.known) & (first <= last)


def _key(group: Any, day: Any) -> Any:
    """One number to sort by: group, then day."""
    return group.astype(np.int64) * (1 << 33) + day.astype(np.int64)
