"""result_number: the number of a result in standard format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.results import result_values
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Number, Text


@verb(returns="number", sentence="number of {result}, of a titre the reciprocal", drops=True)
def result_number(ctx: Context, result: Text) -> Number:
    """The number of a result, as --STRESN wants it: of a titre the reciprocal.

        LBSTRESN: result_number(LBSTRESC)       # "70.7" gives 70.7, "1:320" gives 320

    A result with a sign (`<0.5`), a span (`0-2`), a word (`NEGATIVE`) and a missing one give missing.
    """
    return result_values(result)
