"""translate: text of another language in English, from a table of translations."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pandas as pd

from cdisc_conv.codes import data
from cdisc_conv.language.characters import folder
from cdisc_conv.language.texts import distinct, distinct_where, is_ascii
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Rows, Text


@verb(returns="text", sentence="{text}, translated to English where it is in another language")
def translate(ctx: Context, text: Text, english: Rows, source: Rows) -> Text:
    """The text in English: what is in another language is looked up in a table of translations.

        AETERM: translate(AE_TERM, translations.ENGLISH, translations.SOURCE_TEXT)

    Texts are matched whole, trimmed and in Unicode's compatibility form (NFKC).  ASCII text passes as it is;
    so does text whose only other characters are signs such as `≤` or `µ`, which `ascii()` deals with.
    Text with letters of another language and no translation, or with two different ones, is a finding and
    gives missing.  Missing stays missing.
    """
    known = _table(english, source)
    foreign = ~is_ascii(text)
    fold = folder("ascii")

    def found(value: str) -> str | None:
        return known.get(_key(value)) or (value if fold(value).isascii() else None)

    made = distinct_where(text, foreign, found)
    ctx.report(data.DATA042, text.notna() & made.isna(), text, table=source.name.split(".")[0])
    return made


def _key(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip()


def _table(english: Rows, source: Rows) -> dict[str, str]:
    """Translations by source text; a text with several different translations has none."""
    pairs = pd.DataFrame(
        {"source": distinct(source.values, _key).to_numpy(), "english": english.values.to_numpy()}
    )
    pairs = pairs.dropna().drop_duplicates().drop_duplicates("source", keep=False)
    return dict(zip(pairs["source"], pairs["english"], strict=True))
