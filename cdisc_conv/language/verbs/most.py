"""most: a subject's most frequent value in another dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.codes import data
from cdisc_conv.language.matching import bring, taken_rows
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Rows


@verb(
    returns="same",
    scope="subject",
    sentence="most frequent {value} of the subject{where: where }",
    drops=True,
)
def most(ctx: Context, value: Rows, where: Rows | None = None) -> Column:
    """The value that most of a subject's rows in another dataset or form have.

        ACTARMCD: most(EX.ARMCD, where=EX.EXDOSE >= 0)

    Missing values are passed over.  Two values that are equally frequent are a finding and give missing.
    A subject without any row gives missing.
    """
    found = taken_rows(ctx, value, where)
    rows = found.sorted.rows
    table = found.values.take(rows).to_frame("value").reset_index(drop=True)
    table["subject"] = found.subject.take(rows).reset_index(drop=True)
    times = table.groupby(["subject", "value"], sort=True).size().rename("times").reset_index()
    top = times[times["times"] == times.groupby("subject")["times"].transform("max")]
    first = top.drop_duplicates("subject").set_index("subject")["value"]
    tied = top.groupby("subject").size() > 1
    result = ctx.per_subject(first)
    ties = bring(ctx, tied)
    ctx.report(data.DATA051, ties, what=value.name)
    return result.where(~ties)
