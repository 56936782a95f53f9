"""exists_between: whether something happened after one date and until another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.language.periods import subjects_of, taken, within
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Flag, Rows


@verb(
    returns="flag",
    scope="subject",
    sentence="the subject has a record with {date} after {after} and on or before {until}{where: where }",
)
def exists_between(ctx: Context, date: Rows, after: Column, until: Column, where: Rows | None = None) -> Flag:
    """Whether another dataset has a row of the subject dated after one date and on or before another.

        hospital: exists_between(HO.HOSTDTC, after=previous, until=ADT, where=HO.HORSN == "SLE")

    A partial date counts where all of its possible days lie between; where only some of them do, it does
    not and is noted (DATA020).  False where `after` or `until` is missing or partial;
    move them with `add_days` for a lag.
    """
    subjects, keep = subjects_of(ctx, "exists_between", date, where), taken(where, len(date.values))
    which, _ = within(ctx, subjects, date, keep, after, until)
    return pd.Series(np.bincount(which, minlength=len(ctx.index)) > 0, index=ctx.index)
