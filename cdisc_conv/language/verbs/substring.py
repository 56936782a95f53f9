"""substring: a part of a text by its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.arguments import whole
from cdisc_conv.language.texts import blank_to_missing
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Const, Text


@verb(
    returns="text",
    sentence="characters of {text} from position {start}{length: for a length of }",
    drops=True,
)
def substring(ctx: Context, text: Text, start: Const, length: Const = None) -> Text:
    """The characters of a text from position `start` (the first is 1), at most `length` of them.

        SITEID: substring(SUBJECT, 1, 3)        # "101-007" gives "101"

    Without `length` up to the end.  Missing stays missing; a text that ends before `start` gives missing.
    """
    whole(ctx, "substring", "start", start, 1)
    if length is not None:
        whole(ctx, "substring", "length", length, 1)
    stop = None if length is None else start - 1 + length
    return blank_to_missing(text.str.slice(start - 1, stop))
