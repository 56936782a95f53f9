"""Settings of a comparison as they are given on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdisc_conv.model.difference import Tolerance

METHODS = ("exact", "absolute", "relative", "percent")
CRITERION = 0.00001


def names(given: tuple[str, ...]) -> tuple[str, ...]:
    """Names given one by one or with commas, each once; a name may hold blanks."""
    return tuple(dict.fromkeys(n for text in given for part in text.split(",") if (n := part.strip())))


def pairs(given: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """`BASE=COMPARE` as pairs."""
    from cdisc_conv.errors import UsageMistake

    found = []
    for text in given:
        for item in text.split(","):
            one, equals, other = (part.strip() for part in item.partition("="))
            if not (one and equals and other):
                raise UsageMistake(f"--map takes BASE=COMPARE, not {item!r}")
            found.append((one, other))
    return tuple(found)


def tolerance(method: str | None, criterion: float | None) -> Tolerance:
    """How numbers are compared; relative when only a criterion is given, as in SAS."""
    from cdisc_conv.errors import UsageMistake
    from cdisc_conv.model.difference import Tolerance

    if criterion is not None and not criterion < float("inf"):
        raise UsageMistake(f"--criterion takes a number, not {criterion}")
    if method == "exact" and criterion:
        raise UsageMistake("--method exact takes no --criterion")
    if method is None:
        method = "relative" if criterion else "exact"
    if method == "exact":
        return Tolerance()
    return Tolerance(method, CRITERION if criterion is None else criterion)


def own_tolerance(text: str) -> tuple[str, Tolerance]:
    """`AVAL=absolute:0.01`."""
    from cdisc_conv.errors import UsageMistake

    name, equals, rest = (part.strip() for part in text.partition("="))
    method, _, number = rest.partition(":")
    try:
        criterion = float(number) if number else None
    except ValueError:
        criterion = -1.0
    bad = criterion is not None and not 0 <= criterion < float("inf")
    if not (name and equals) or method not in METHODS or bad:
        raise UsageMistake(f"--tolerance takes VAR=METHOD[:X] with {', '.join(METHODS)}, not {text!r}")
    return name, tolerance(method, criterion)


def normalised(given: tuple[str, ...]) -> tuple[str, ...]:
    """What of text is passed over."""
    from cdisc_conv.diff.numbers import NORMAL
    from cdisc_conv.errors import UsageMistake

    words = names(given)
    for word in words:
        if word not in (*NORMAL, "all"):
            raise UsageMistake(f"--normalise-text takes {', '.join(NORMAL)} or all, not {word!r}")
    return NORMAL if "all" in words else tuple(w for w in NORMAL if w in words)
