"""join: texts and numbers put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.arguments import one_of, refused, some
from cdisc_conv.language.matching import kind_of
from cdisc_conv.language.texts import as_text, joined
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Const, Text


@verb(returns="text", sentence="{parts} joined with {sep}")
def join(ctx: Context, *parts: Column, sep: Const = "-", missing: Const = "null") -> Text:
    """The parts one after the other with `sep` between them.

        USUBJID: join(study.id, SITEID, SUBJID)             # "BTRIAL-01-003"
        COVAL:   join(NOTE1, NOTE2, sep=" ", missing="skip")

    Numbers come in their shortest decimal text, dates in ISO 8601.  `missing="null"` (default): one missing
    part makes the whole missing; `missing="skip"`: missing parts are passed over, all missing gives missing.
    """
    some(ctx, "join", parts)
    one_of(ctx, "join", "missing", missing, ("null", "skip"))
    if any(kind_of(part) == "flag" for part in parts):
        raise refused(ctx, "join", "has no text for true or false; say with when() what stands for it")
    return joined([as_text(part) for part in parts], str(sep), skip=missing == "skip")
