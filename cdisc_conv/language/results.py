"""Results as laboratories write them: numbers with a sign, spans (0-2/HP), titres (1:320)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cdisc_conv.language.numbers import decimal_text, round_significant
from cdisc_conv.language.signs import plain_number
from cdisc_conv.language.texts import distinct

if TYPE_CHECKING:
    from cdisc_conv.language.verb import Number, Text

_NUMBER = r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+"
_FIELD = r"(?:\s*/\s*[HL]PF?)?"  # per high or low powered field
_FLAG = r"(?:\s*[*HL↑↓]+)?"  # the laboratory's mark of an abnormal result
_ONE = re.compile(rf"(?P<sign>[<>]=?|=[<>])?\s*(?P<number>-?(?:{_NUMBER})){_FIELD}{_FLAG}", re.I)
_SPAN = re.compile(rf"(?P<low>{_NUMBER})\s*[-~]\s*(?P<high>{_NUMBER}){_FIELD}{_FLAG}", re.I)
_TITRE = re.compile(rf"(?P<sign>[<>]=?)?\s*1\s*:\s*(?P<titre>[0-9]+){_FLAG}", re.I)
_ORDER = {"=<": "<=", "=>": ">="}


@dataclass(frozen=True, slots=True)
class Result:
    """One result: its sign if it has one, and its number, span (low, high) or titre."""

    kind: str  # number, span, titre
    low: float
    high: float
    sign: str = ""

    def text(self, factor: float = 1.0, digits: int = 15) -> str:
        """The result in decimals; numbers and spans times the factor, rounded where that is not 1."""
        if self.kind == "titre":
            return f"{self.sign}1:{decimal_text(self.low)}"
        shown = [decimal_text(scaled(v, factor, digits)) for v in (self.low, self.high)]
        return self.sign + shown[0] if self.kind == "number" else "-".join(shown)


def scaled(value: float, factor: float, digits: int) -> float:
    """A number times a factor, to so many significant digits; by the factor 1 it stays as it is."""
    if factor == 1:
        return value
    return float(round_significant(np.array([value * factor]), digits)[0])


def read_result(text: str) -> Result | None:
    """What a result says, None for a word or what cannot be read."""
    if found := _TITRE.fullmatch(text):
        titre = float(found["titre"])
        return Result("titre", titre, titre, found["sign"] or "")
    if found := _SPAN.fullmatch(text):
        return Result("span", float(found["low"]), float(found["high"]))
    if found := _ONE.fullmatch(text):
        value, sign = float(found["number"]), found["sign"] or ""
        return Result("number", value, value, _ORDER.get(sign, sign)) if np.isfinite(value) else None
    return None


def standard(result: Text, factor: Number, digits: Number) -> Text:
    """Every result in the form of --STRESC, worked out once for each distinct one; missing if unreadable."""
    rows = pd.DataFrame({"text": plain_number(result), "factor": factor, "digits": digits.fillna(15)})
    group = rows.groupby(list(rows.columns), sort=False).ngroup().fillna(-1).to_numpy(dtype="int64")
    distinct_rows = rows.dropna().drop_duplicates().itertuples(index=False, name=None)
    shown: Any = pd.array([_shown(*row) for row in distinct_rows], dtype="str")
    return pd.Series(shown.take(group, allow_fill=True), index=result.index)


def _shown(text: str, factor: float, digits: float) -> str | None:
    found = read_result(text)
    return None if found is None else found.text(factor, int(digits))


def bounds(result: Text) -> tuple[Number, Number]:
    """Between which numbers a result lies: open ends are infinite, unreadable ones missing (titres too)."""
    codes, values = pd.factorize(plain_number(result))
    pairs = np.array([_ends(read_result(v)) for v in values], dtype="float64").reshape(-1, 2)
    pairs = np.append(pairs, [[np.nan, np.nan]], axis=0)  # the code of missing is -1
    low, high = (pd.Series(pairs[codes, side], index=result.index) for side in (0, 1))
    return low, high


def _ends(found: Result | None) -> tuple[float, float]:
    if found is None or found.kind == "titre":
        return np.nan, np.nan
    low = -np.inf if found.sign.startswith("<") else found.low
    high = np.inf if found.sign.startswith(">") else found.high
    return low, high


def result_values(result: Text) -> Number:
    """The number of each result: of a titre the reciprocal; missing for signs, spans, words."""

    def value(text: str) -> str | None:
        found = read_result(text)
        whole = found is not None and found.kind in ("number", "titre") and not found.sign
        return decimal_text(found.low) if found is not None and whole else None

    return distinct(plain_number(result), value).astype("float64")
