"""last: a value of a subject's last row in another dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.matching import end_row
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Rows


@verb(
    returns="same",
    scope="subject",
    sentence="{value} of the subject's last record by {order}{where: where }",
    drops=True,
)
def last(ctx: Context, value: Rows, order: Rows, where: Rows | None = None) -> Column:
    """The value of the row that stands last among a subject's rows in another dataset or form.

        LSTATUS: last(DS.DSDECOD, order=DS.DSSTDTC, where=DS.DSCAT == "DISPOSITION EVENT")

    Rows with a missing value or a missing order are passed over; a partial date counts as its first
    possible moment.  Several rows that stand last with different values are a finding and give missing.
    A subject without any row gives missing.
    """
    return end_row(ctx, value, order, where, last=True)
