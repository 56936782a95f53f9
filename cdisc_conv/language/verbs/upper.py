"""upper: text in capitals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Text


@verb(returns="text", sentence="{text} in upper case")
def upper(ctx: Context, text: Text) -> Text:
    """The text in capital letters.

        AETERM: upper(AETEXT)

    Missing stays missing.
    """
    return text.str.upper()
