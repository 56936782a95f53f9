"""Between numbers and text: numbers out of text, and numbers as a reader wants to see them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cdisc_conv.diff.frame import Bools, Floats, decoded, is_coded, number_array, one_chunk
from cdisc_conv.model.ibm import LETTERS, missing_letters, special_missing
from cdisc_conv.read.sas7bdat import DATES, DATETIMES, TIMES, WIDTH

_EPOCH = np.datetime64("1960-01-01", "D")
_SPECIAL = {f".{chr(b)}": special_missing(chr(b)) for b in LETTERS}
_MISSING = ("", ".", "NA", "NaN", "nan")
_PLAIN = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?$"
_ISO_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_ISO_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?$"
_CLOCK = r"^[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?$"


def kind_of_format(sas_format: str) -> str:
    """ "date", "datetime" or "time" for a SAS format of such, else ""."""
    name = WIDTH.sub("", sas_format.upper())
    for kind, pattern in (("datetime", DATETIMES), ("date", DATES), ("time", TIMES)):
        if name and pattern.fullmatch(name):
            return kind
    return ""


def sas_numbers(text: Any, sas_format: str = "") -> tuple[Floats | None, str]:
    """The numbers that a column of text stands for; None and a value that is none where one is.

    "", ".", NA and NaN are missing, ".A" to ".Z" and "._" special missing values. Under a format of dates
    or times ISO 8601 (whole dates and times only) is read as well, as days or seconds from 1960-01-01.
    """
    values = pc.utf8_trim_whitespace(decoded(one_chunk(text)))
    odd = pc.is_in(values, pa.array([*_MISSING, *_SPECIAL], values.type))
    bare = pc.if_else(odd, pa.scalar(None, values.type), values)
    numbers = _parsed(bare) if _may_be_numbers(bare) else None
    kind = kind_of_format(sas_format)
    if numbers is None and kind:
        numbers = _moments(bare, kind)
    if numbers is None:
        return None, _first_bad(bare)
    for word in pc.unique(values.filter(odd)).to_pylist() if pc.any(odd).as_py() else ():
        if word in _SPECIAL:
            numbers[np.asarray(pc.equal(values, word))] = _SPECIAL[word]
    return numbers, ""


def _may_be_numbers(values: Any) -> bool:
    """Whether the first few values are numbers: a cheap look before the long one."""
    return _parsed(values.slice(0, 200)) is not None


def _parsed(values: Any) -> Floats | None:
    try:
        found = pc.cast(values, pa.float64())
    except pa.ArrowInvalid:
        return None
    return np.array(found.to_numpy(zero_copy_only=False), dtype=np.float64)


def _moments(values: Any, kind: str) -> Floats | None:
    """ISO 8601 as days (of dates) or seconds (of date-times and times)."""
    pattern = {"date": _ISO_DATE, "datetime": _ISO_MOMENT, "time": _CLOCK}[kind]
    there = np.asarray(values.is_valid())
    if not pc.all(pc.match_substring_regex(values, pattern)).as_py():
        return None
    texts = values.drop_null().to_numpy(zero_copy_only=False).astype("U26")
    out = np.full(len(values), np.nan)
    try:
        if kind == "date":
            out[there] = (texts.astype("datetime64[D]") - _EPOCH).astype(np.int64)
        elif kind == "datetime":
            out[there] = (texts.astype("datetime64[us]") - _EPOCH).astype(np.int64) / 1e6
        else:
            day = np.array(
                ["1960-01-01T" + t.rjust(len(t) + (t[1] == ":"), "0") for t in texts], dtype="datetime64[us]"
            )
            out[there] = (day - _EPOCH).astype(np.int64) / 1e6
    except ValueError:
        return None
    return out


def _first_bad(values: Any) -> str:
    """A value that is no number."""
    start, stop = 0, len(values)
    while stop - start > 1:
        middle = (start + stop) // 2
        if _parsed(values.slice(start, middle - start)) is None:
            stop = middle
        else:
            start = middle
    found = values.slice(start, 1).to_pylist()
    return str(found[0]) if found else ""


def plain_numbers(text: Any) -> bool:
    """Whether every filled value is a number as programs write it (no leading zero, no sign but minus).

    So `007` stays text; at least one value must be filled.
    """
    values = decoded(one_chunk(text))
    for part in (values.slice(0, 500), values):
        blank = pc.equal(part, "")
        fits = pc.or_(pc.match_substring_regex(part, _PLAIN), blank)
        if not pc.all(fits, min_count=0).as_py():
            return False
    return bool(len(values)) and not pc.all(pc.equal(values, "")).as_py()


def shown(values: Floats, sas_format: str = "") -> Any:
    """Numbers as text: shortest digits that tell them apart, "." and ".A" for missing, dates as ISO 8601."""
    text = pc.cast(number_array(values + 0.0), pa.large_string())
    out = text.to_numpy(zero_copy_only=False)
    missing = np.isnan(values)
    kind = kind_of_format(sas_format)
    if kind:
        _show_moments(out, values, ~missing & np.isfinite(values), kind)
    if missing.any():
        letters = missing_letters(values[missing])
        words = np.array([".", *(f".{chr(b)}" for b in range(256))], dtype=object)
        out[missing] = words[np.where(letters == ord("."), 0, letters.astype(np.int64) + 1)]
    return pa.array(out, pa.large_string()) if kind or missing.any() else text


def _show_moments(out: Any, values: Floats, there: Bools, kind: str) -> None:
    """Whole days or seconds as ISO 8601; what is neither stays a number."""
    per_day = 1 if kind == "date" else 86_400
    within = there & (values == np.floor(np.where(there, values, 0)))
    if kind == "time":
        within &= (values >= 0) & (values < 86_400)
    else:
        within &= (values >= -138_061 * per_day) & (values < 2_936_550 * per_day)
    whole = values[within].astype(np.int64)
    unit = "D" if kind == "date" else "s"
    texts = np.datetime_as_string(_EPOCH.astype(f"datetime64[{unit}]") + whole.astype(f"timedelta64[{unit}]"))
    out[within] = [t[11:] for t in texts] if kind == "time" else texts


NORMAL = ("trim", "case", "blanks")
"""What of text may be passed over when asked: blanks around it, upper and lower case, runs of blanks."""


def normalised(text: Any, what: tuple[str, ...]) -> Any:
    """Text as it is compared."""
    if what and is_coded(text):
        return pa.DictionaryArray.from_arrays(text.indices, normalised(text.dictionary, what))
    if "trim" in what:
        text = pc.utf8_trim_whitespace(text)
    if "case" in what:
        text = pc.utf8_lower(text)
    if "blanks" in what:
        text = pc.replace_substring_regex(text, r"\s+", " ")
        text = pc.ascii_rtrim(text, characters=" ")
    return text
