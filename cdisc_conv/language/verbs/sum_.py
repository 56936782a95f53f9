"""sum: a subject's numbers of another dataset added up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.matching import taken_rows
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Number, Rows


@verb(returns="number", scope="subject", sentence="sum of {number} over the subject's records{where: where }")
def sum_(ctx: Context, number: Rows, where: Rows | None = None) -> Number:
    """The numbers of a subject's rows in another dataset or form added up.

        CUMDOSE: sum(EX.EXDOSE, where=EX.EXOCCUR == "Y")

    Missing numbers are passed over.  A subject without any number gives missing, not 0; write
    `coalesce(sum(EX.EXDOSE), 0)` where no row means none.
    """
    found = taken_rows(ctx, number, where)
    rows = found.sorted.rows
    numbers = found.values.take(rows).reset_index(drop=True)
    return ctx.per_subject(numbers.groupby(found.subject.take(rows).reset_index(drop=True)).sum())
