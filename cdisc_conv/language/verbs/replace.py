"""replace: text with one piece exchanged for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.arguments import refused
from cdisc_conv.language.texts import blank_to_missing
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Const, Text


@verb(returns="text", sentence="{text} with {old} replaced by {new}", drops=True)
def replace(ctx: Context, text: Text, old: Const, new: Const) -> Text:
    """The text with every occurrence of `old` exchanged for `new`, letter for letter (no pattern).

        LBORRES: replace(RESULT, ",", ".")

    Missing stays missing; text of which nothing is left becomes missing.
    """
    if not isinstance(old, str) or not isinstance(new, str) or not old:
        raise refused(ctx, "replace", "needs two quoted texts, of which the first is not empty")
    return blank_to_missing(text.str.replace(old, new, regex=False))
