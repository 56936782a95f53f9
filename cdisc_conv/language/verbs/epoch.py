"""epoch: the epoch of the trial element that a subject was in at a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cdisc_conv.codes.data import DATA027
from cdisc_conv.language.dates import moments
from cdisc_conv.language.dates_elements import element_at, elements
from cdisc_conv.language.verb import expr, verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Dtc, Rows, Text


@verb(
    returns="text",
    scope="subject",
    drops=True,
    sentence="{name} of the subject's last element with {start} on or before {date}, if {date} is not after "
    "the last {end}; by day unless both have times",
)
def epoch(
    ctx: Context,
    date: Dtc,
    start: Rows = expr("SE.SESTDTC"),
    end: Rows = expr("SE.SEENDTC"),
    name: Rows = expr("SE.EPOCH"),
) -> Text:
    """The epoch of the element in force at a date: the last of the subject's elements that began by then.

        EPOCH: epoch(AESTDTC)

    On the day that one element ends and the next begins, two times decide; without them it is the later
    element.  Missing before the first element, after the end of the last (an open end has none), for a
    subject without elements, and where the date is missing.  A partial date that lies in one epoch only has
    it; one that may lie in more is noted and gives missing (DATA027).
    Source: SDTMIG 3.4 sections 4.4.10 and 5.3 (SE).
    """
    alike = pd.factorize(name.values)[0]
    found, undecided = element_at(ctx, moments(ctx, date), elements(ctx, start, end), alike)
    ctx.report(DATA027, pd.Series(undecided, index=ctx.index), date)
    names = name.values.to_numpy(dtype=object)
    picked = [None if row < 0 else names[row] for row in range(-1, len(names))]
    return pd.Series(pd.array(picked, dtype="str").take(found + 1), index=ctx.index)
