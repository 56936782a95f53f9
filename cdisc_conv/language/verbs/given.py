"""given: whether a value is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Flag


@verb(returns="flag", sentence="{value} is not missing")
def given(ctx: Context, value: Column) -> Flag:
    """Whether a value is there: the opposite of `missing`.

    DTHFL: when(given(DEATH_DATE), "Y")
    """
    return value.notna()
