"""last_flag: "Y" on the last row of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.flagging import end_flag
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Columns, Flag, Text


@verb(
    returns="text",
    scope="subject",
    sentence='"Y" on the last record of the subject{by: by }, in the order of {order}{where: where }',
    drops=True,
)
def last_flag(ctx: Context, by: Columns, order: Columns, where: Flag | None = None) -> Text:
    """ "Y" on the last row of each subject and group, missing on all others.

        ANL02FL: last_flag(by=[PARAMCD, AVISITN], order=[ADT, LBSEQ], where=given(AVAL))

    Only rows for which `where` holds and whose first `order` column is filled take part; in further `order`
    columns missing comes last.  A missing `by` value is a group of its own.  Where several rows are equal in
    the order, the last of them in the source is flagged, with a finding.
    """
    return end_flag(ctx, by, order, where, last=True)
