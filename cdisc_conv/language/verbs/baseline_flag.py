"""baseline_flag: the last observation of each kind before a subject's first exposure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cdisc_conv.codes.data import DATA028
from cdisc_conv.language.dates import before, choice, moments
from cdisc_conv.language.verb import expr, verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Columns, Const, Dtc, Number, Text


@verb(
    returns="text",
    scope="subject",
    drops=True,
    sentence="Y on the last non-missing {value} per subject and {by} with {date} before {reference}, by time "
    "where both have one; a value of the same day without times counts as the policy same_day_baseline says"
    "{same_day:, here } (before, unless told); of equal dates{tie: that with the highest , then} "
    "the later row",
)
def baseline_flag(
    ctx: Context,
    value: Column,
    date: Dtc,
    by: Columns,
    reference: Dtc = expr("DM.RFXSTDTC"),
    same_day: Const = None,
    tie: Number | None = None,
) -> Text:
    """Y on the last non-missing value before the reference, one row per subject and group.

        LBLOBXFL: baseline_flag(LBORRES, LBDTC, by=[LBTESTCD, LBSPEC])
        VSLOBXFL: baseline_flag(VSORRES, VSDTC, by=[VSTESTCD], tie=when(given(planned), 1, 0))

    Where both dates have times, the time must be before that of the reference.  Else the days compare, and a
    value of the same day counts as `same_day` says: "before" or "after" (else the policy
    `same_day_baseline`, else "before").  Of values of one day a later time wins, then one with a time, then
    that with the highest `tie` where it is given, then the later row.  A partial date counts where it is
    before the reference in any case; one that may be on either side is noted (DATA028) and does not count.
    No flag for a subject without reference.
    Source: SDTMIG 3.4 section 4.4.9 and the variable --LOBXFL.
    """
    policy = same_day or ctx.policies.get("same_day_baseline", "before")
    choice(ctx, "same_day", policy, ("before", "after"))
    day, first = moments(ctx, date), moments(ctx, reference)
    surely, maybe = before(day, first)
    if policy == "before":
        same = day.complete & first.complete & (day.first == first.first)
        surely = surely | (same & ~(day.timed & first.timed))
    there = value.notna().to_numpy()
    open_ = maybe & ~surely & ~(day.complete & first.complete) & there
    ctx.report(DATA028, pd.Series(open_, index=ctx.index), date)
    chosen = np.flatnonzero(surely & there)
    group = _groups(ctx, by)[chosen]
    even = np.zeros(len(there)) if tie is None else tie.to_numpy(dtype="float64", na_value=-np.inf)
    order = np.lexsort((chosen, even[chosen], day.rank(unknown_last=False)[chosen], group))
    last = np.append(group[order][1:] != group[order][:-1], True)[: len(order)]
    flag = np.full(len(there), None, dtype=object)
    flag[chosen[order][last]] = "Y"
    return pd.Series(flag, index=ctx.index, dtype="str")


def _groups(ctx: Context, by: Columns) -> np.ndarray[Any, Any]:
    """A number for each row's subject and group; a missing part of the key is a value of its own."""
    subject = [] if ctx.subject is None else [ctx.subject]
    keys = pd.DataFrame({i: column.to_numpy(dtype=object) for i, column in enumerate([*subject, *by])})
    return keys.groupby(list(keys.columns), dropna=False, sort=False).ngroup().to_numpy()
