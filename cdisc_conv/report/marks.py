"""Two texts with the part that differs marked, and characters made visible that a reader cannot see."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from markupsafe import Markup, escape

WORK = 250_000
"""Greatest product of the lengths of two texts that are compared character by character."""
ISLAND = 3
"""Agreeing stretches shorter than this, between two that differ, are marked with them."""
_NUMBER = re.compile(r"[-+.\d]+(?:e[-+]?\d+)?", re.IGNORECASE)
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")

Pieces = list[tuple[str, bool]]
"""A text in pieces, each with whether it differs."""


def pieces(base: str, compare: str) -> tuple[Pieces, Pieces]:
    """Both texts cut into what agrees and what differs, in order."""
    start, end = _ends(base, compare)
    one, two = base[start : len(base) - end], compare[start : len(compare) - end]
    if start + end and 3 * (start + end) < max(len(base), len(compare)) and not _alike(one, two):
        return _joined([(base, True)]), _joined([(compare, True)])
    cuts = _cuts(one, two, of_numbers=bool(_NUMBER.fullmatch(base) and _NUMBER.fullmatch(compare)))
    left: Pieces = [(base[:start], False)]
    right: Pieces = [(compare[:start], False)]
    for differs, a, b, c, d in cuts:
        left.append((one[a:b], differs))
        right.append((two[c:d], differs))
    left.append((base[len(base) - end :], False))
    right.append((compare[len(compare) - end :], False))
    return _joined(left), _joined(right)


def _alike(one: str, two: str) -> bool:
    """Whether the middles of two texts share a stretch, so that marking them in parts helps."""
    return any(not differs for differs, *_ in _cuts(one, two, of_numbers=False))


def _ends(one: str, two: str) -> tuple[int, int]:
    """How many characters agree at the start, and of the rest at the end."""
    short = min(len(one), len(two))
    start = next((i for i in range(short) if one[i] != two[i]), short)
    short -= start
    end = next((i for i in range(short) if one[-1 - i] != two[-1 - i]), short)
    return start, end


def _cuts(one: str, two: str, *, of_numbers: bool) -> list[tuple[bool, int, int, int, int]]:
    whole = [(True, 0, len(one), 0, len(two))]
    if of_numbers or not one or not two or len(one) * len(two) > WORK:
        return whole
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    found: list[tuple[bool, int, int, int, int]] = []
    agreeing = 0
    for tag, a, b, c, d in matcher.get_opcodes():
        differs = tag != "equal" or b - a < ISLAND
        agreeing += 0 if differs else b - a
        if found and found[-1][0] == differs:
            _, a, _, c, _ = found.pop()
        found.append((differs, a, b, c, d))
    # Texts that share little are easier to read when each is marked whole.
    return found if 3 * agreeing >= max(len(one), len(two)) else whole


def _joined(parts: Pieces) -> Pieces:
    made: Pieces = []
    for text, differs in parts:
        if text and made and made[-1][1] == differs:
            made[-1] = (made[-1][0] + text, differs)
        elif text:
            made.append((text, differs))
    return made


def marked(base: str, compare: str) -> tuple[Markup, Markup]:
    """Both texts as HTML, the differing parts in `<mark>`; blanks that differ are shown as dots."""
    left, right = pieces(base, compare)
    return _html(left), _html(right)


def _html(parts: Pieces) -> Markup:
    made = [
        f"<mark>{visible(text, blanks=True)}</mark>" if differs else visible(text) for text, differs in parts
    ]
    return Markup("".join(made))


def visible(text: str, *, blanks: bool = False) -> Markup:
    """Text as HTML; a character that cannot be seen (or turns the text around) is told by its number."""
    if text.isascii() and text.isprintable() and not (blanks and " " in text):
        return escape(text)
    return Markup("").join(_shown(c, blanks) for c in text)


def _shown(character: str, blanks: bool) -> Markup:
    if character == " ":
        return Markup('<i class="u" title="blank">·</i>') if blanks else Markup(" ")
    if unicodedata.category(character) in _UNSEEN or character.isspace():
        title = unicodedata.name(character, "control character").lower()
        return Markup('<i class="u" title="{}">{}</i>').format(title, f"U+{ord(character):04X}")
    return escape(character)


def plain(text: str) -> str:
    """Text for an attribute or a title: unseen characters by their number, no markup."""
    return "".join(
        f"[U+{ord(c):04X}]" if c != " " and (unicodedata.category(c) in _UNSEEN or c.isspace()) else c
        for c in text
    )
