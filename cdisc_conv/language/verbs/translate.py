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


SEVERAL = "leave one translation of the text in the table"


@verb(returns="text", sentence="{text}, translated to English where it is in another language")
def translate(ctx: Context, text: Text, english: Rows, source: Rows) -> Text:
    """The text in English: what is in another language is looked up in a table of translations.

        AETERM: translate(AE_TERM, translations.ENGLISH, translations.SOURCE_TEXT)

    Texts are matched whole, trimmed and in Unicode's compatibility form (NFKC).  ASCII text passes as it is;
    so does text whose only other characters are signs such as `≤` or `µ`, which `ascii()` deals with.
    Text with letters of another language and no translation (DATA042), or with two different ones (DATA003),
    is a finding and gives missing.  Missing stays missing.
    """
    known, several = _table(english, source)
    foreign = ~is_ascii(text)
    fold = folder("ascii")

    def found(value: str) -> str | None:
        return known.get(_key(value)) or (value if fold(value).isascii() else None)

    made = distinct_where(text, foreign, found)
    lost, table = text.notna() & made.isna(), source.name.split(".")[0]
    unclear = lost & distinct(text, _key).isin(several)
    ctx.report(data.DATA003, unclear, text, what="text", table=table, hint=SEVERAL)
    ctx.report(data.DATA042, lost & ~unclear, text, table=table)
    return made


def _key(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip()


def _table(english: Rows, source: Rows) -> tuple[dict[str, str], set[str]]:
    """Translations by source text, and the texts that have several different ones (and so none)."""
    pairs = pd.DataFrame(
        {"source": distinct(source.values, _key).to_numpy(), "english": english.values.to_numpy()}
    )
    pairs = pairs.dropna().drop_duplicates()
    twice = pairs["source"].duplicated(keep=False)
    several = set(pairs.loc[twice, "source"])
    return dict(zip(pairs.loc[~twice, "source"], pairs.loc[~twice, "english"], strict=True)), several
