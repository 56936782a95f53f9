"""exists: whether a subject has a row in another dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.matching import rows_per_subject
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Flag, Rows


@verb(returns="flag", scope="subject", sentence="the subject has a record where {where}")
def exists(ctx: Context, where: Rows) -> Flag:
    """Whether the subject has a row in another dataset or form for which a condition holds.

        SAFFL: when(exists(EX.EXDOSE >= 0), "Y", "N")

    A comparison with a missing value does not hold; a subject without any row gives false.
    """
    return rows_per_subject(ctx, where) > 0
