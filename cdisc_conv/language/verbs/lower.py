"""lower: text in small letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Text


@verb(returns="text", sentence="{text} in lower case")
def lower(ctx: Context, text: Text) -> Text:
    """The text in small letters.

        QNAMKEY: lower(FIELD)

    Missing stays missing.
    """
    return text.str.lower()
