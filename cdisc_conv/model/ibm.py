"""Numbers of SAS transport files: IBM System/360 doubles to and from IEEE 754, with SAS's 28 missing values.

An IBM double is 8 bytes, big-endian: a sign bit, 7 bits of exponent (a power of 16, excess 64) and a
fraction of 56 bits below the point. Every IEEE double from 5.4e-79 to 7.2e75 has an exact IBM form; 56 bits
may be more than the 53 of an IEEE double. A missing value has a zero fraction and a letter for its first
byte: `.` (ordinary), `_` or `A` to `Z`. Source: SAS technical paper TS-140.

In a float64 column a missing value is a NaN. The 27 special ones keep their letter in the NaN's payload, so
that the letter goes with its value through filters, sorts and concatenations: `missing_letters` tells them,
`special_missing` makes them. (Arithmetic on such a NaN may keep its letter, where SAS gives an ordinary
missing value.)
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LETTERS = b"_ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""First bytes of the 27 special missing values."""

TOO_LARGE = 2.0**252
"""16**63, 7.237e75: numbers of this size and beyond have no IBM form."""

SMALLEST = 2.0**-260
"""16**-65, 5.398e-79: the smallest normalised IBM number above zero."""

_TAG = 0x7FF8_0000_5341_5300  # a quiet NaN whose payload spells "SAS" before the letter
_SIGN = np.uint64(1 << 63)
_FRACTION = np.uint64((1 << 56) - 1)


def special_missing(letter: str) -> float:
    """The NaN that is written as `.A` to `.Z` or `._`; `.` gives the ordinary NaN.

    `letter` is `A` to `Z`, `_` or `.`; anything else raises `ValueError`.
    """
    if letter == ".":
        return float("nan")
    if len(letter) != 1 or letter.encode() not in {bytes([b]) for b in LETTERS}:
        raise ValueError(f"no missing value of SAS: {letter!r}")
    return float(np.array([_TAG | ord(letter)], dtype=np.uint64).view(np.float64)[0])


def missing_letters(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Per value 0 when present, else the ASCII code of `.`, `_` or `A` to `Z`; same length as `values`."""
    bits = np.ascontiguousarray(values, dtype=np.float64).view(np.uint64)
    low = (bits & np.uint64(0xFF)).astype(np.uint8)
    special = ((bits & ~_SIGN) >> np.uint64(8)) == np.uint64(_TAG >> 8)
    special &= _is_one_of(LETTERS)[low]
    letters = np.where(special, low, np.uint8(ord(".")))
    return np.where(np.isnan(values), letters, np.uint8(0)).astype(np.uint8)


@cache
def _is_one_of(letters: bytes) -> NDArray[np.bool_]:
    table = np.zeros(256, np.bool_)
    table[list(letters)] = True
    return table


@cache
def _scales() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By first byte: what one unit of the fraction is worth; what a zero fraction means."""
    byte = np.arange(256)
    scale = np.ldexp(np.where(byte < 128, 1.0, -1.0), 4 * ((byte & 127) - 64) - 56)
    zero = np.zeros(256)
    zero[ord(".")] = np.nan
    for letter in LETTERS:
        zero[letter] = special_missing(chr(letter))
    return scale, zero


def from_ibm(words: NDArray[np.uint64]) -> NDArray[np.float64]:
    """IBM doubles (as native 64-bit words) to float64, rounded to nearest where 56 bits are too many."""
    scale, zero = _scales()
    fraction = words & _FRACTION
    first = (words >> np.uint64(56)).astype(np.intp)
    values = fraction.view(np.int64).astype(np.float64)
    values *= scale[first]
    empty = fraction == 0
    if empty.any():
        values[empty] = zero[first[empty]]
    return values


def rounded(words: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which IBM doubles hold more binary digits than a float64 (mainframes): `from_ibm` rounds them."""
    fraction = (words & _FRACTION).view(np.int64)
    if not (fraction & 7).any():
        return np.zeros(len(words), dtype=np.bool_)
    return np.asarray(fraction.astype(np.float64).astype(np.int64) != fraction)


def malformed(words: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which IBM doubles are in no form that SAS writes: a fraction below 1/16, or a zero with an exponent."""
    fraction = words & _FRACTION
    low = fraction < np.uint64(1 << 52)
    if low.any():
        first = (words >> np.uint64(56)).astype(np.uint8)
        low &= ~((fraction == 0) & _is_one_of(b"\x00." + LETTERS)[first])
    return low


def to_ibm(values: NDArray[np.float64]) -> NDArray[np.uint64]:
    """float64 to IBM doubles as native 64-bit words, exactly; NaN to its missing value.

    Both zeros become the one zero: IBM's negative zero reads as a missing value in other readers.

    Values that `unfit` names must not be given: their words mean nothing.
    """
    bits = values.view(np.uint64)
    exponent = bits >> np.uint64(52)
    exponent &= np.uint64(0x7FF)
    odd = (exponent - np.uint64(1)) >= np.uint64(0x7FE)  # zero and subnormal, infinite and NaN
    exponent += np.uint64(1)
    words = bits & np.uint64((1 << 52) - 1)
    words |= np.uint64(1 << 52)
    words <<= exponent & np.uint64(3)
    exponent >>= np.uint64(2)
    exponent -= np.uint64(191)
    exponent <<= np.uint64(56)
    words |= exponent
    words |= bits & _SIGN
    if odd.any():
        words[odd] = _odd_words(values[odd])
    return words


def _odd_words(values: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Words of zeros and NaNs: the letter of a missing value, no bit for zero."""
    return missing_letters(values).astype(np.uint64) << np.uint64(56)


def unfit(values: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which values have no IBM form: those too large (or infinite), and those too near to zero."""
    size = np.abs(values)
    return size >= TOO_LARGE, (size < SMALLEST) & (size > 0)
