"""count: how many rows a subject has in another dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.matching import rows_per_subject
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Number, Rows


@verb(returns="number", scope="subject", sentence="number of the subject's records where {where}")
def count(ctx: Context, where: Rows) -> Number:
    """How many rows of another dataset or form the subject has for which a condition holds.

        NDOSE: count(EX.EXDOSE >= 0)

    A comparison with a missing value does not hold; a subject without any row gives 0.
    """
    return rows_per_subject(ctx, where)
