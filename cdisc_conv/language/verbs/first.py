"""first: a value of a subject's first row in another dataset."""

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
    sentence="{value} of the subject's first record by {order}{where: where }",
    drops=True,
)
def first(ctx: Context, value: Rows, order: Rows, where: Rows | None = None) -> Column:
    """The value of the row that stands first among a subject's rows in another dataset or form.

        BWEIGHT: first(VS.VSSTRESN, order=VS.VSDTC, where=VS.VSTESTCD == "WEIGHT")

    Rows with a missing value or a missing order are passed over; a partial date counts as its first
    possible moment.  Several rows that stand first with different values are a finding and give missing.
    A subject without any row gives missing.
    """
    return end_row(ctx, value, order, where, last=False)
