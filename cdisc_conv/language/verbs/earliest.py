"""earliest: the first date of a subject in another dataset."""

from __future__ import annotations

from cdisc_conv.language.context import Context
from cdisc_conv.language.verb import Column, Rows, verb


@verb(returns="same", scope="subject", sentence="Earliest {date} of the subject{where: where }")
def earliest(ctx: Context, date: Rows, where: Rows | None = None) -> Column:
    """The earliest value of a subject's rows in another dataset or form.

        RFXSTDTC: earliest(EX.EXSTDTC, where=EX.EXDOSE >= 0)

    Dates of full ISO 8601 text and numbers compare as such; rows with a missing value are passed over.
    """
    values = date.values if where is None else date.values.where(where.values)
    return ctx.per_subject(values.groupby(date.subject.to_numpy()).min())
