"""Arguments of a verb that cannot be meant: a slip of the mapping, told in one sentence with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdisc_conv.codes.data import DATA055
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Place

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context


class Refused(CannotRun, ValueError):
    """A verb was given what it cannot work with; carries the finding."""


def refused(ctx: Context, verb: str, reason: str) -> Refused:
    """The exception to raise; `reason` is a sentence without the verb's name."""
    return Refused(DATA055.at(Place(dataset=ctx.dataset, variable=ctx.variable), verb=verb, reason=reason))


def one_of(ctx: Context, verb: str, argument: str, value: Any, allowed: tuple[str, ...]) -> None:
    """Refuse a literal that is none of the words allowed; "" among them is not told."""
    if value not in allowed:
        words = " or ".join(f'{argument}="{word}"' for word in allowed if word)
        raise refused(ctx, verb, f"takes {words}, not {value!r}")


def whole(ctx: Context, verb: str, argument: str, value: Any, least: int, most: int | None = None) -> None:
    """Refuse a literal that is no whole number from `least` to `most`."""
    if not isinstance(value, int) or value < least or (most is not None and value > most):
        limits = f"from {least}" + ("" if most is None else f" to {most}")
        raise refused(ctx, verb, f"needs {argument} as a whole number {limits}, not {value!r}")


def some(ctx: Context, verb: str, columns: tuple[Any, ...]) -> None:
    """Refuse a call without any column."""
    if not columns:
        raise refused(ctx, verb, "needs at least one value")
