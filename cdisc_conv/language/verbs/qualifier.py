"""qualifier: the sign before a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.language.numbers import read_decimals
from cdisc_conv.language.signs import plain_number, split_sign
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Text


@verb(returns="text", sentence="sign (<, <=, >, >=) before the number in {text}", drops=True)
def qualifier(ctx: Context, text: Text) -> Text:
    """The sign before a number: `<`, `<=`, `>` or `>=`.

        DTYPE: when(qualifier(RESULT) == "<", "HALFLLOQ")       # "<0.5" gives "<", "≤3" gives "<="

    Missing where the text is missing, has no sign, or has no decimal number after it.
    """
    sign, rest = split_sign(plain_number(text))
    return sign.where(read_decimals(rest).notna())
