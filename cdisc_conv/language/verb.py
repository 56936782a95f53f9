"""What a verb is: one function in one file of `verbs/`, named as the file, with this decorator.

A verb's parameters say by annotation what they take:

    Text Dtc Number Date Flag Column   a column over the dataset's rows (pandas Series, `ctx.index`);
                                       Dtc is ISO 8601 text, Date a datetime64 day, Flag bool without nulls,
                                       Column any of them
    Const                              a literal known when the mapping is checked (str, int, float)
    Consts                             a list of literals
    Columns                            a list of columns (or a single one)
    Rows                               an expression over the rows of ONE other table: a `Foreign`

A default that is an `expr("…")` is derivation text, so the planner sees what it reads; a default None means
"not given".  `*args: Column` takes any number; `**keys: Column` takes named columns.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

    from cdisc_conv.language.context import Foreign

    Column: TypeAlias = pd.Series[Any]
    Text: TypeAlias = pd.Series[Any]
    Dtc: TypeAlias = pd.Series[Any]
    Number: TypeAlias = pd.Series[Any]
    Date: TypeAlias = pd.Series[Any]
    Flag: TypeAlias = pd.Series[Any]
    Columns: TypeAlias = list[pd.Series[Any]]
    Const: TypeAlias = Any
    Consts: TypeAlias = list[Any]
    Rows: TypeAlias = Foreign

KINDS = ("text", "dtc", "number", "date", "flag", "any")
"""Kinds of columns; `dtc` is text that is an ISO 8601 date or time, whole or partial."""

ONE_COLUMN = {
    "Text": "text",
    "Dtc": "dtc",
    "Number": "number",
    "Date": "date",
    "Flag": "flag",
    "Column": "any",
}
REQUIRED = inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class Expr:
    """A default argument given as derivation text."""

    text: str


def expr(text: str) -> Any:
    """A default argument that is derivation text, e.g. `reference: Dtc = expr("DM.RFSTDTC")`."""
    return Expr(text)


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a verb; `takes` is its annotation."""

    name: str
    takes: str
    default: Any
    star: str = ""  # "*" any number, "**" any names


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb as the checker and the engine see it."""

    name: str
    function: Callable[..., Any]
    scope: str  # row, subject or study: the rows that it must see
    returns: str  # a kind, or "same" as the first column given
    sentence: str  # for define.xml; {parameter} stands for the argument's text
    drops: bool  # may turn a value into null on purpose
    params: tuple[Param, ...]

    @property
    def doc(self) -> str:
        """The docstring, dedented."""
        return inspect.getdoc(self.function) or ""

    def param(self, name: str) -> Param | None:
        """The parameter of that name."""
        return next((p for p in self.params if p.name == name and not p.star), None)


def verb(
    *, returns: str, sentence: str, scope: str = "row", drops: bool = False
) -> Callable[[Callable[..., Any]], Verb]:
    """Make a function a verb; the function's name is the verb's (a trailing `_` falls away)."""

    def make(function: Callable[..., Any]) -> Verb:
        stars: dict[Any, str] = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
        params = tuple(
            Param(p.name, str(p.annotation), p.default, stars.get(p.kind, ""))
            for p in list(inspect.signature(function).parameters.values())[1:]
        )
        name = function.__name__.rstrip("_")
        return Verb(name, function, scope, returns, sentence, drops, params)

    return make


def verb_names() -> list[str]:
    """Names of all library verbs: the files of the folder `verbs/`."""
    folder = Path(__file__).parent / "verbs"
    return sorted(p.stem.rstrip("_") for p in folder.glob("*.py") if not p.stem.startswith("_"))


@cache
def find_verb(name: str) -> Verb | None:
    """The library verb of that name, loaded when first asked for."""
    if name not in verb_names():
        return None
    stem = name if (Path(__file__).parent / "verbs" / f"{name}.py").exists() else f"{name}_"
    module = import_module(f"cdisc_conv.language.verbs.{stem}")
    found = getattr(module, stem)
    assert isinstance(found, Verb) and found.name == name, f"verbs/{stem}.py must define the verb {name}"
    return found


class Verbs:
    """The verbs a study may use: the library's, and those of its own file if it names one."""

    def __init__(self, own: dict[str, Verb] | None = None) -> None:
        self.own = own or {}

    def get(self, name: str) -> Verb | None:
        """The verb of that name, None when there is none."""
        return find_verb(name) or self.own.get(name)

    def names(self) -> list[str]:
        """All names, for hints."""
        return [*verb_names(), *self.own]
