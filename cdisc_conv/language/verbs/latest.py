"""latest: the last date of a subject in another dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.matching import taken_rows
from cdisc_conv.language.ordering import moments
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Rows


@verb(returns="same", scope="subject", sentence="latest {date} of the subject{where: where }")
def latest(ctx: Context, date: Rows, where: Rows | None = None) -> Column:
    """The latest value of a subject's rows in another dataset or form.

        RFXENDTC: latest(EX.EXENDTC, where=EX.EXDOSE >= 0)

    Dates and numbers compare as such.  Of ISO 8601 text a partial date counts as its first possible moment,
    so that it takes the place of a known date only when it must be later: of `2021-05` and `2021-05-12` the
    latter is given, of `2021-06` and `2021-05-12` the former.  A date without year has no place in time and
    is passed over, as are missing values.  A subject without any row gives missing.
    """
    found = taken_rows(ctx, date, where, moments(date.values))
    return ctx.per_subject(found.pick(found.sorted.ends))
