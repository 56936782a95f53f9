"""earliest: the first date of a subject in another dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.matching import taken_rows
from cdisc_conv.language.ordering import moments
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Rows


@verb(returns="same", scope="subject", sentence="earliest {date} of the subject{where: where }")
def earliest(ctx: Context, date: Rows, where: Rows | None = None) -> Column:
    """The earliest value of a subject's rows in another dataset or form.

        RFXSTDTC: earliest(EX.EXSTDTC, where=EX.EXDOSE >= 0)

    Dates and numbers compare as such.  Of ISO 8601 text a partial date counts as its first possible moment:
    `2021-05` is earlier than `2021-05-12`, and `2021-05-12` than `2021-05-12T09:00`; a date without year
    has no place in time and is passed over, as are missing values.  A subject without any row gives missing.
    """
    found = taken_rows(ctx, date, where, moments(date.values))
    return ctx.per_subject(found.pick(found.sorted.starts))
