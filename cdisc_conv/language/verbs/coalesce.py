"""coalesce: the first value that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.arguments import some
from cdisc_conv.language.matching import common_kind, kind_of, nothing
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column


@verb(returns="same", sentence="first of {values} that is not missing")
def coalesce(ctx: Context, *values: Column) -> Column:
    """The first of the values that is not missing, row by row.

        AETERM: coalesce(AE_TERM_EN, AE_TERM)

    All values are of one kind.  All missing gives missing.
    """
    some(ctx, "coalesce", values)
    result = nothing(common_kind(ctx, "coalesce", list(values)), ctx.index)
    for value in reversed(values):
        if kind_of(value) == kind_of(result):
            result = value.where(value.notna(), result)
    return result
