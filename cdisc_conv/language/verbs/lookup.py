"""lookup: a value from the matching row of another table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.codes import data
from cdisc_conv.language.arguments import one_of, refused
from cdisc_conv.language.matching import match, table_of
from cdisc_conv.language.texts import as_text, joined
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Const, Rows

SUBJECT = "the subject"


@verb(
    returns="same",
    scope="subject",
    sentence="{give} of the matching record{keys: with }",
    drops=True,
)
def lookup(
    ctx: Context,
    give: Rows,
    many: Const = "error",
    unmatched: Const = "error",
    by: Const = "",
    **keys: Column,
) -> Column:
    """The value of the row of another table whose key columns have the values named here.

        VISITNUM: lookup(visits.VISITNUM, VISIT_NAME=VISIT_NAME)
        LBSTNRHI: lookup(ranges.HIGH, TEST=TEST_NAME, SEX=DM.SEX, unmatched="null")

    A key is written `column of the table=value here`.  In a table that knows subjects the subject is a key
    as well, unless `by="study"`.  Text keys are equal when they are so letter by letter, blanks at their
    ends apart; a key that is text on one side and a number on the other is refused.
    A row with several matches is a finding and gives missing, unless `many` says "first" or "last" (in the
    order of the table); one without a match is a finding and gives missing, unless `unmatched="null"`.
    A missing key asks for nothing and gives missing.
    """
    one_of(ctx, "lookup", "many", many, ("error", "first", "last"))
    one_of(ctx, "lookup", "unmatched", unmatched, ("error", "null"))
    one_of(ctx, "lookup", "by", by, ("", "study"))
    theirs, ours = {name: give.column(name) for name in keys}, dict(keys)
    if by != "study" and give.subject is not None and ctx.subject is not None:
        theirs[SUBJECT], ours[SUBJECT] = give.subject, ctx.subject
    if not ours:
        raise refused(ctx, "lookup", f"needs a key to find rows of {table_of(give)} by: COLUMN=value")
    found = match(ctx, theirs, ours)
    several, none = (
        pd.Series(m, index=ctx.index) for m in (found.count > 1, found.asked & (found.count == 0))
    )
    shown = _shown(list(keys.values()))
    place = {"what": " and ".join(ours), "table": table_of(give)}
    if many == "error":
        ctx.report(data.DATA003, several, shown, **place)
    if unmatched == "error":
        ctx.report(data.DATA004, none, shown, **place)
    row = np.where(found.count > 0, found.last if many == "last" else found.first, -1)
    if many == "error":
        row = np.where(several, -1, row)
    return pd.Series(give.values.array.take(row, allow_fill=True), index=ctx.index)


def _shown(keys: list[Column]) -> Column | None:
    """The key asked for, as text for a finding; the subject is told by the row."""
    return joined([as_text(key) for key in keys], ", ", skip=True) if keys else None
