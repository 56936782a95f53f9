"""ascii: text in ASCII, as transport files need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdisc_conv.codes import data
from cdisc_conv.language.arguments import refused
from cdisc_conv.language.characters import control_runs, folder, has_table
from cdisc_conv.language.texts import distinct_where, is_ascii, matches
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Const, Text


@verb(returns="text", sentence="{text} in ASCII characters")
def ascii(ctx: Context, text: Text, table: Const = "ascii") -> Text:
    """The text in ASCII: a character table first, then Unicode's compatibility forms (NFKC).

        AETERM: ascii(AE_TERM_EN)       # "PLT 95×10⁹/L，score １２" gives "PLT 95x10^9/L,score 12"

    `table` names a table `standards/text/<table>.csv` (code point, character, ASCII, name).  Line breaks,
    tabs and other control characters become one blank a run, with a note.  Text that still holds a
    character without ASCII form (a word of another language) is a finding and gives missing: translate it
    first.  Missing stays missing.
    """
    if not has_table(table):
        raise refused(ctx, "ascii", f"knows no character table {table!r}")
    controls = matches(text, control_runs())
    ctx.report(data.DATA041, controls, text)
    flat = text.str.replace(control_runs(), " ", regex=True) if controls.any() else text
    folded = distinct_where(flat, ~is_ascii(flat), folder(table))
    left = ~is_ascii(folded)
    ctx.report(data.DATA040, left, text)
    return folded.where(~left)
