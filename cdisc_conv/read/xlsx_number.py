"""Numbers as spreadsheets write them: General, and formats made of 0 # ? . % and literals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<space>_.|\*.)|\[(?P<bracket>[^\]]*)\]|(?P<general>General)'
    r"|(?P<power>E[+-])|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<odd>[/@])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
AS_IT_IS = re.compile(r"-?(?:0|[1-9]\d{0,14}|(?=[\d.]{3,16}$)(?:0|[1-9]\d*)\.\d*[1-9])")
COLOURS = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|colou?r ?\d+|\$[^-]*(-.*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Section:
    """One of a format's sections as tokens `(kind, text)`; `able` False when it is beyond us."""

    tokens: tuple[tuple[str, str], ...]
    able: bool

    @property
    def digits(self) -> bool:
        """Whether the number shows in it."""
        return any(kind in ("digit", "general") for kind, _ in self.tokens)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """Sections for positive, negative and zero numbers (as many as there are) and text."""

    sections: tuple[Section, ...]


def split_sections(code: str) -> list[str]:
    """The sections of a format code, cut at the semicolons outside of quotes."""
    return re.findall(r'(?:^|(?<=;))((?:"[^"]*"|\\.|[^;"])*)', code) or [""]


def parse_number_format(code: str) -> NumberFormat:
    """A format code as its sections."""
    return NumberFormat(tuple(_section(text) for text in split_sections(code)))


def _section(text: str) -> Section:
    tokens: list[tuple[str, str]] = []
    able = True
    for match in TOKEN.finditer(text):
        kind = str(match.lastgroup)
        value = match.group(kind)
        if kind == "bracket":
            able &= COLOURS.fullmatch(value) is not None
            tokens.append(("literal", value[1:].partition("-")[0] if value.startswith("$") else ""))
        elif kind in ("quoted", "escaped", "other"):
            tokens.append(("literal", value))
        elif kind != "space":
            tokens.append((kind, value))
            able &= kind != "odd"
    return Section(tuple(tokens), able and not _scaled(tokens))


def _scaled(tokens: list[tuple[str, str]]) -> bool:
    """Whether a comma after the last whole digit divides by a thousand."""
    kinds = [k for k, _ in tokens if k in ("digit", "comma", "point")]
    whole = kinds[: kinds.index("point")] if "point" in kinds else kinds
    return bool(whole) and whole[-1] == "comma"


def plain(stored: str) -> str:
    """A number as General shows it: at most 15 digits, no exponent from 1E-10 up to 1E+21.

    >>> plain("5.5400000000000003"), plain("12.0"), plain("1E-05")
    ('5.54', '12', '0.00001')
    """
    if AS_IT_IS.fullmatch(stored):
        return stored
    return plain_decimal(Decimal(f"{float(stored):.15g}"))


def plain_decimal(number: Decimal) -> str:
    """A decimal without trailing zeros; with an exponent only where very small or large."""
    if not number:
        return "0"
    number = number.normalize()
    return f"{number:f}" if -10 <= number.adjusted() <= 20 else f"{number:E}"


def show_number(stored: str, fmt: NumberFormat) -> tuple[str, bool, bool]:
    """The text shown, whether it holds the whole number, and whether the format could be applied.

    A negative number always keeps its minus sign, also where the format shows brackets or a colour;
    separators of thousands are not written.
    """
    number = Decimal(f"{float(stored):.15g}")
    sections = fmt.sections
    section = sections[0]
    if number < 0 and len(sections) > 1:
        section = sections[1]
    elif number == 0 and len(sections) > 2:
        section = sections[2]
    general = plain_decimal(number)
    if not section.able or not section.digits:
        return general, True, False
    try:
        text, exact = _render(abs(number), section, bare=section is not sections[0])
    except InvalidOperation:
        return general, True, False
    minus = "-" if number < 0 and re.search(r"[1-9]", text) else ""
    return minus + text, exact, True


def _render(number: Decimal, section: Section, *, bare: bool) -> tuple[str, bool]:
    """The text of a number without sign; `bare` leaves out a section's own brackets and minus."""
    kinds = [k for k, _ in section.tokens]
    number *= Decimal(100) ** kinds.count("percent")
    if "general" in kinds:
        whole, fraction, exact = [plain_decimal(number)], "", True
        return _joined(section, whole, fraction, bare=bare), exact
    if "power" in kinds:
        return _scientific(number, kinds)
    point = kinds.index("point") if "point" in kinds else len(kinds)
    places = [t for k, t in section.tokens[point:] if k == "digit"]
    rounded = number.quantize(Decimal(1).scaleb(-len(places)), rounding=ROUND_HALF_UP)
    whole_digits, _, fraction = f"{rounded:f}".partition(".")
    optional = len(places) - len("".join(places).rstrip("#?"))
    kept = len(fraction) - optional
    fraction = fraction[:kept] + fraction[kept:].rstrip("0")
    slots = [t for k, t in section.tokens[:point] if k == "digit"]
    return _joined(section, _slotted(whole_digits, slots), fraction, bare=bare), rounded == number


def _slotted(digits: str, slots: list[str]) -> list[str]:
    """Digits dealt to the placeholders from the right; the first takes all that are left."""
    digits = digits.lstrip("0")
    out: list[str] = []
    for slot in reversed(slots):
        out.append(digits[-1:] or ("0" if slot == "0" else ""))
        digits = digits[:-1]
    if out:
        out[-1] = digits + out[-1]
        return out[::-1]
    return [digits]


def _joined(section: Section, whole: list[str], fraction: str, *, bare: bool) -> str:
    dealt = iter(whole)
    text, after = "", False
    for kind, value in section.tokens:
        if kind == "literal":
            text += re.sub(r"[-()]", "", value) if bare else value
        elif kind == "percent":
            text += "%"
        elif kind == "point":
            text += "".join(dealt) + (f".{fraction}" if fraction else "")
            after = True
        elif kind in ("digit", "general") and not after:
            text += next(dealt, "")
    return text.strip()


def _scientific(number: Decimal, kinds: list[str]) -> tuple[str, bool]:
    at = kinds.index("power")
    mantissa = kinds[:at]
    decimals = mantissa[mantissa.index("point") :].count("digit") if "point" in mantissa else 0
    if mantissa.count("digit") - decimals != 1:
        raise InvalidOperation
    text = f"{number:.{decimals}E}"
    head, _, power = text.partition("E")
    width = kinds[at:].count("digit")
    return f"{head}E{power[0]}{power[1:].zfill(width)}", Decimal(text) == number
