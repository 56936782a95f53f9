"""long_text: one part of a text that is too long for a variable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdisc_conv.codes import data
from cdisc_conv.language.arguments import whole
from cdisc_conv.language.texts import byte_length, chunks, distinct_where
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Const, Text


@verb(
    returns="text",
    sentence="part {part} of {text}, split at word breaks into parts of at most {width} bytes",
    drops=True,
)
def long_text(ctx: Context, text: Text, part: Const = 1, of: Const = 2, width: Const = 200) -> Text:
    """Part `part` of a text that is split at word breaks into parts of at most `width` bytes.

        AETERM:  long_text(ascii(AE_TERM))              # the first 200
        AETERM1: long_text(ascii(AE_TERM), part=2)      # spec: supplemental, so it lands in SUPPAE

    Each part is the longest beginning of what is left that ends at a word break; the blank at the split is
    dropped, so the parts joined with a blank give the text back (SDTMIG 3.4, section 4.5.3).  A word longer
    than `width` is cut, with a finding.  A text that needs more than `of` parts is a finding, made once, on
    part 1.  Missing stays missing; a text with fewer parts gives missing.
    """
    whole(ctx, "long_text", "of", of, 1)
    whole(ctx, "long_text", "part", part, 1, of)
    whole(ctx, "long_text", "width", width, 4)
    long = byte_length(text) > width
    if part == 1:
        _report(ctx, text, long, of, width)

    def chunk(value: str) -> str | None:
        parts, _ = chunks(value, width)
        return parts[part - 1] if part <= len(parts) else None

    short = text if part == 1 else text.where(long)
    return distinct_where(short, long, chunk)


def _report(ctx: Context, text: Text, long: Any, of: int, width: int) -> None:
    """Findings for texts that need too many parts or have a word cut."""

    def slip(value: str) -> str:
        parts, cut = chunks(value, width)
        return f"{'many' if len(parts) > of else ''} {'cut' if cut else ''}"

    slips = distinct_where(text.where(long), long, slip)
    many, cut = (slips.str.contains(word, regex=False, na=False) for word in ("many", "cut"))
    ctx.report(data.DATA043, many, text, of=of, width=width)
    ctx.report(data.DATA044, cut, text, width=width)
