"""regex: the part of a text that a pattern finds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cdisc_conv.language.arguments import refused
from cdisc_conv.language.texts import distinct
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Const, Text


@verb(returns="text", sentence="part of {text} matched by the pattern {pattern}", drops=True)
def regex(ctx: Context, text: Text, pattern: Const, give: Const = 1) -> Text:
    r"""The part of a text that a regular expression finds first.

        CMDOSE_TX: regex(DOSE_TEXT, "([0-9.]+) *mg")            # "5 mg qd" gives "5"
        LBFLAG:    regex(RESULT, "(?P<flag>[*HL])$", "flag")

    `pattern` is of Python's `re`; it may match anywhere in the text.  `give` is the number or the name of
    the group to give, 0 for the whole match; a pattern without groups gives the whole match.
    Missing stays missing; text without a match, or with nothing in the group, gives missing.
    """
    compiled = _compiled(ctx, pattern)
    group = 0 if give == 1 and not compiled.groups else give
    if group not in compiled.groupindex and not (isinstance(group, int) and 0 <= group <= compiled.groups):
        raise refused(ctx, "regex", f"has the pattern {pattern!r}, which has no group {give!r}")

    def found(value: str) -> str | None:
        match = compiled.search(value)
        return match.group(group) if match else None

    return distinct(text, found)


def _compiled(ctx: Context, pattern: Const) -> re.Pattern[str]:
    if not isinstance(pattern, str):
        raise refused(ctx, "regex", "needs its pattern as a quoted text")
    try:
        return re.compile(pattern)
    except re.error as e:
        raise refused(ctx, "regex", f"has the pattern {pattern!r}, no regular expression: {e}") from None
