"""A Context for the tests of verbs, short ways to write columns, and `run` to call a verb by name."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cdisc_conv.findings import Code
from cdisc_conv.language.context import Foreign
from cdisc_conv.language.verb import ONE_COLUMN, Verb, find_verb


@dataclass
class Report:
    """One call of `ctx.report` that hit at least one row."""

    code: str
    rows: list[Any]  # index labels
    values: list[Any]
    message: str
    hint: str | None


@dataclass
class FakeContext:
    """What a verb may ask, held in plain dictionaries; `reports` is what it reported."""

    index: pd.Index[Any] = field(default_factory=lambda: pd.RangeIndex(1))
    subject: pd.Series[Any] | None = None
    policies: Mapping[str, str] = field(default_factory=dict)
    study: Mapping[str, str] = field(default_factory=lambda: {"id": "TEST"})
    dataset: str = "AE"
    variable: str = "AETERM"
    codelists: Mapping[str, Any] = field(default_factory=dict)  # "" is that of the variable
    code_maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    formats: Mapping[str, tuple[str, ...]] | tuple[str, ...] = ()  # by raw column name, or for all
    tokens: tuple[str, ...] = ("UN", "UNK", "NK", "NA", "XX", "??")
    reports: list[Report] = field(default_factory=list)

    def codelist(self, id: str = "") -> Any:
        return self.codelists.get(id)

    def code_map(self, codelist: str) -> Mapping[str, str]:
        return self.code_maps.get(codelist, {})

    def date_formats(self, column: pd.Series[Any]) -> tuple[str, ...]:
        if isinstance(self.formats, Mapping):
            return tuple(self.formats.get(str(column.name), ()))
        return tuple(self.formats)

    def unknown_tokens(self, column: pd.Series[Any]) -> tuple[str, ...]:
        return self.tokens

    def report(
        self,
        code: Code,
        mask: pd.Series[Any],
        values: pd.Series[Any] | None = None,
        *,
        hint: str | None = None,
        **fields: Any,
    ) -> None:
        assert isinstance(code, Code)
        assert mask.index.equals(self.index), "a report's mask must share ctx.index"
        assert mask.dtype == np.dtype(bool), "a report's mask must be bool without nulls"
        if values is not None:
            assert values.index.equals(self.index), "a report's values must share ctx.index"
        if not mask.any():
            return
        message = code.message.format(**{"verb": "verb", **fields})
        shown = [] if values is None else plain(values[mask])
        self.reports.append(Report(code.id, list(self.index[mask]), shown, message, hint))

    def per_subject(self, by_subject: pd.Series[Any]) -> pd.Series[Any]:
        assert self.subject is not None, "this verb needs FakeContext(subject=...)"
        assert by_subject.index.is_unique, "per_subject needs one row a subject"
        found = by_subject.reindex(self.subject.to_numpy())
        found.index = self.index
        return found

    def codes(self) -> list[str]:
        """Ids reported, in order."""
        return [r.code for r in self.reports]


@dataclass
class FakeTable:
    """The table behind a `Foreign`."""

    columns: Mapping[str, pd.Series[Any]]

    def column(self, name: str) -> pd.Series[Any]:
        return self.columns[name]


def text(*values: Any, name: str | None = None) -> pd.Series[Any]:
    """A text column; None is missing."""
    return pd.Series(list(values), dtype="str", name=name)


def number(*values: Any, name: str | None = None) -> pd.Series[Any]:
    """A number column; None is missing."""
    return pd.Series([np.nan if v is None else float(v) for v in values], dtype="float64", name=name)


def dates(*values: Any, name: str | None = None) -> pd.Series[Any]:
    """A date column of `YYYY-MM-DD` texts; None is missing."""
    return pd.Series(pd.to_datetime(list(values)).astype("datetime64[s]"), name=name)


def flags(*values: Any, name: str | None = None) -> pd.Series[Any]:
    """A flag column."""
    return pd.Series([bool(v) for v in values], dtype=bool, name=name)


def rows(
    values: pd.Series[Any], subject: pd.Series[Any] | None = None, *, name: str = "OTHER.X", **columns: Any
) -> Foreign:
    """An expression over another table; `columns` are that table's other columns."""
    return Foreign(name, values, subject, FakeTable(columns))


def plain(column: pd.Series[Any]) -> list[Any]:
    """A column as Python values: None for missing, whole numbers as int, dates as `YYYY-MM-DD[THH:MM:SS]`."""
    return list(_plain(column))


def _plain(column: pd.Series[Any]) -> Iterator[Any]:
    for value in column:
        if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
            yield None
        elif isinstance(value, pd.Timestamp):
            yield value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%dT%H:%M:%S")
        elif isinstance(value, bool | np.bool_):
            yield bool(value)
        elif isinstance(value, int | float | np.number):
            yield int(value) if float(value).is_integer() else float(value)
        else:
            yield str(value)


def run(verb: str, *args: Any, ctx: FakeContext | None = None, **keywords: Any) -> list[Any]:
    """Call a library verb; literals become constant columns where it takes a column; the result as `plain`.

    Without `ctx` one is made over the rows of the first column given.  A parameter whose default is
    derivation text must be given.  The shape of the result is checked: one value per row, same index.
    """
    found = find_verb(verb)
    assert found is not None, f"no verb {verb}"
    ctx = ctx or FakeContext()
    first = next((a for a in _flat([*args, *keywords.values()]) if isinstance(a, pd.Series)), None)
    if first is not None and len(ctx.index) != len(first):
        ctx.index = first.index
    result = found.function(ctx, *_positional(found, ctx, args), **_named(found, ctx, keywords))
    assert isinstance(result, pd.Series), f"{verb} must return a Series"
    assert result.index.equals(ctx.index), f"{verb} must keep the rows"
    return plain(result)


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        yield from _flat(value) if isinstance(value, list | tuple) else (value,)


def _positional(found: Verb, ctx: FakeContext, args: tuple[Any, ...]) -> list[Any]:
    given: list[Any] = []
    for number_, value in enumerate(args):
        param = found.params[min(number_, len(found.params) - 1)]
        given.append(_as_taken(param.takes, value, ctx))
    return given


def _named(found: Verb, ctx: FakeContext, keywords: Mapping[str, Any]) -> dict[str, Any]:
    given = {}
    for name, value in keywords.items():
        param = found.param(name) or next((p for p in found.params if p.star == "**"), None)
        assert param is not None, f"{found.name} has no parameter {name}"
        given[name] = _as_taken(param.takes, value, ctx)
    return given


def _as_taken(takes: str, value: Any, ctx: FakeContext) -> Any:
    kind = takes.replace("| None", "").strip()
    if kind == "Columns":
        parts = value if isinstance(value, list | tuple) else [value]
        return [_as_taken("Column", part, ctx) for part in parts]
    if kind in ONE_COLUMN and value is not None and not isinstance(value, pd.Series):
        dtype = "str" if isinstance(value, str) else None
        return pd.Series([value] * len(ctx.index), index=ctx.index, dtype=dtype)
    return value


def table(name: str) -> list[dict[str, str | None]]:
    """Rows of `tests/verbs/<name>.csv`; an empty cell is None."""
    path = Path(__file__).parent / "verbs" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as f:
        lines = list(csv.DictReader(line for line in f if not line.startswith("#")))
    return [{k: None if v in ("", None) else v for k, v in row.items()} for row in lines]
