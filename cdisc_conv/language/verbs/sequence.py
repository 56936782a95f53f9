"""sequence: numbers from 1 within a subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cdisc_conv.language.ordering import in_order, places, subject_groups
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Number


@verb(
    returns="number",
    scope="subject",
    sentence="sequence number of the record within the subject, in the order of {order}",
    drops=True,
)
def sequence(ctx: Context, *order: Column) -> Number:
    """The number of a row among the subject's rows, from 1, in the order given (SDTMIG 3.4, --SEQ).

        AESEQ: sequence(USUBJID, AESTDTC, AETERM)

    Text is ordered by code point, numbers by size, dates by time; missing comes first, as SAS sorts; rows
    that are equal in all columns keep the order of the source.  Every row gets a number.
    """
    found = in_order(subject_groups(ctx), order)
    return pd.Series(places(found), index=ctx.index)
