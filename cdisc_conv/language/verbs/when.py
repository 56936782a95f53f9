"""when: a value by the first condition that holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.arguments import refused
from cdisc_conv.language.matching import common_kind, kind_of, nothing
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column


@verb(returns="same", sentence="by the first condition that holds: {pairs}", drops=True)
def when(ctx: Context, *pairs: Column) -> Column:
    """The value that follows the first condition that holds; the value at the end, if any, when none does.

        AEENRTPT: when(ONGOING == "YES", "ONGOING")
        AGEGR1:   when(AGE < 18, "<18", AGE < 65, "18-64", AGE >= 65, ">=65")
        ARMNRS:   when(SCRNFAIL == "Y", "SCREEN FAILURE", "NOT ASSIGNED")

    Arguments are condition, value, condition, value, …, and at the end, if wanted, the value for the
    rest.  All values are of one kind.  A comparison with a missing value does not hold; no condition that
    holds and no value for the rest gives missing.

    Every value is worked out for every row, whether its condition holds there or not, and tells its
    findings.  To keep a verb from rows, put when() inside: `number(when(given(UNIT), RESULT))`.
    """
    conditions, values = list(pairs[0 : len(pairs) // 2 * 2 : 2]), list(pairs[1::2])
    if not conditions or any(kind_of(c) != "flag" for c in conditions):
        raise refused(ctx, "when", "needs condition, value, condition, value, …; a condition is a comparison")
    if len(pairs) % 2:
        values.append(pairs[-1])
    empty = nothing(common_kind(ctx, "when", values), ctx.index)
    filled = [value if kind_of(value) == kind_of(empty) else empty for value in values]
    result = filled.pop() if len(pairs) % 2 else empty
    for condition, value in zip(reversed(conditions), reversed(filled), strict=True):
        result = value.where(condition, result)
    return result
