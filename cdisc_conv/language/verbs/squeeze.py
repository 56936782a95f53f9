"""squeeze: text with single blanks between its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.texts import blank_to_missing
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Text


@verb(returns="text", sentence="{text} with single blanks between words", drops=True)
def squeeze(ctx: Context, text: Text) -> Text:
    """The text with every run of white space inside made one blank, and none at its ends.

        AETERM: squeeze(AE_TERM)        # "Low   grade fever " gives "Low grade fever"

    Missing stays missing; text of white space only becomes missing.
    """
    return blank_to_missing(text.str.replace(r"\s+", " ", regex=True).str.strip())
