"""missing: whether a value is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Flag


@verb(returns="flag", sentence="{value} is missing")
def missing(ctx: Context, value: Column) -> Flag:
    """Whether a value is missing.

    where: ANYAE == "YES" and not missing(AETEXT)
    """
    return value.isna()
