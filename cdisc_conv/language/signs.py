"""Signs before a number, as laboratories write them: < <= > >=."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cdisc_conv.language.texts import distinct_where, is_ascii, matches

if TYPE_CHECKING:
    from cdisc_conv.language.verb import Text

SIGN = r"^\s*([<>]=?|=[<>])"
_SAME = {"≤": "<=", "≦": "<=", "⩽": "<=", "≥": ">=", "≧": ">=", "⩾": ">=", "−": "-"}


def plain_number(text: Text) -> Text:
    """Text trimmed, its digits and signs of other widths and shapes made ASCII."""
    plain = distinct_where(text, ~is_ascii(text), _ascii_signs)
    return plain.str.strip()


def split_sign(text: Text) -> tuple[Text, Text]:
    """The sign before a number (missing when there is none) and the text without it, trimmed."""
    rest = text.str.strip()
    sign: Text = pd.Series(np.nan, index=text.index, dtype="str")
    signed = matches(text, SIGN)
    if signed.any():
        some = text[signed]
        sign[signed] = some.str.extract(SIGN, expand=False).replace({"=<": "<=", "=>": ">="})
        rest[signed] = some.str.replace(SIGN, "", regex=True).str.strip()
    return sign, rest


def _ascii_signs(value: str) -> str:
    return "".join(_SAME.get(c, c) for c in unicodedata.normalize("NFKC", value))
