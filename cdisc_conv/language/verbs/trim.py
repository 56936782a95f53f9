"""trim: text without blanks at its ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.texts import blank_to_missing
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Text


@verb(returns="text", sentence="{text} without leading and trailing blanks", drops=True)
def trim(ctx: Context, text: Text) -> Text:
    """The text without white space at its two ends; inner blanks stay.

        CMTRT: trim(DRUG_NAME)

    Missing stays missing; text of white space only becomes missing.
    """
    return blank_to_missing(text.str.strip())
