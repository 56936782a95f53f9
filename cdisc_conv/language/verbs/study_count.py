"""study_count: how many rows of a dataset fulfil a condition, over the whole study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.context import Context
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.verb import Rows


@verb(
    returns="number",
    scope="study",
    sentence="Number of {where} records in the study",
)
def study_count(ctx: Context, where: Rows) -> float:
    """How many rows of another dataset fulfil a condition, over all subjects of the study.

        TSVAL: text(study_count(where=given(DM.RFICDTC)))

    Only for datasets without subjects (trial design): those are made after all others, when the numbers of
    all pieces of the study have been added up.
    """
    return float(where.values.fillna(False).sum())
