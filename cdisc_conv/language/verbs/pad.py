"""pad: text filled up on the left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.arguments import refused, whole
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Const, Text


@verb(returns="text", sentence="{text} padded to {width} characters")
def pad(ctx: Context, text: Text, width: Const, fill: Const = "0") -> Text:
    """The text filled up on the left to `width` characters, as a site number that lost its zeros.

        SITEID: pad(SITE_NO, 2)         # "1" gives "01"

    Missing stays missing; text of `width` characters or more stays as it is.
    """
    whole(ctx, "pad", "width", width, 1)
    if not isinstance(fill, str) or len(fill) != 1:
        raise refused(ctx, "pad", f"fills with one character, not {fill!r}")
    return text.str.pad(width, side="left", fillchar=fill)
