"""What the data themselves say of each variable: widths, digits, terms used; partitions add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cdisc_conv.model.spec import Condition, DatasetSpec

MOST_DECIMALS = 12


@dataclass(slots=True)
class ItemFacts:
    """Of one variable, or of one variable under a value-level condition."""

    count: int = 0  # values that are there
    width: int = 0  # longest text in bytes
    whole_digits: int = 0
    decimals: int = 0
    shapes: set[int] = field(default_factory=set)  # lengths of ISO 8601 texts; -1 for one with a gap
    terms: set[str] = field(default_factory=set)  # texts in use, where a codelist was asked for

    def add(self, other: ItemFacts) -> None:
        """Take in what another partition saw."""
        self.count += other.count
        self.width = max(self.width, other.width)
        self.whole_digits = max(self.whole_digits, other.whole_digits)
        self.decimals = max(self.decimals, other.decimals)
        self.shapes |= other.shapes
        self.terms |= other.terms


@dataclass(slots=True)
class DatasetFacts:
    """Of one dataset: records, and facts by variable and by (variable, value-level row)."""

    records: int = 0
    items: dict[str, ItemFacts] = field(default_factory=dict)
    values: dict[int, ItemFacts] = field(default_factory=dict)  # position in DatasetSpec.values

    def add(self, other: DatasetFacts) -> None:
        """Take in what another partition saw."""
        self.records += other.records
        for name, item in other.items.items():
            self.items.setdefault(name, ItemFacts()).add(item)
        for at, item in other.values.items():
            self.values.setdefault(at, ItemFacts()).add(item)


def dataset_facts(spec: DatasetSpec, frame: pd.DataFrame, dtc: Iterable[str]) -> DatasetFacts:
    """Facts of one finished frame; `dtc` names the variables that hold ISO 8601 text."""
    facts = DatasetFacts(records=len(frame))
    dates = set(dtc)
    for name in frame.columns:
        coded = name in spec.variables and bool(spec.variables[name].codelist)
        facts.items[name] = item_facts(frame[name], coded=coded, dtc=name in dates)
    for at, value in enumerate(spec.values):
        if value.variable in frame.columns:
            part = frame.loc[condition_mask(frame, value.where), value.variable]
            facts.values[at] = item_facts(part, coded=bool(value.codelist), dtc=False)
    return facts


def condition_mask(frame: pd.DataFrame, where: tuple[Condition, ...]) -> Any:
    """Rows for which all legs of a where clause hold (legs on other datasets are passed over)."""
    mask = np.ones(len(frame), dtype=bool)
    for leg in where:
        if leg.variable in frame.columns:
            mask &= _leg(frame[leg.variable], leg)
    return mask


def _leg(series: Any, leg: Condition) -> Any:
    if leg.comparator in ("EQ", "IN", "NE", "NOTIN"):
        values = leg.values if series.dtype == "str" else [float(v) for v in leg.values]
        found = series.isin(values).to_numpy()
        return found if leg.comparator in ("EQ", "IN") else ~found
    number = float(leg.values[0])
    compare = {"LT": series < number, "LE": series <= number, "GT": series > number, "GE": series >= number}
    return compare[leg.comparator].fillna(False).to_numpy(dtype=bool)


def item_facts(series: Any, *, coded: bool, dtc: bool) -> ItemFacts:
    """Facts of one column."""
    there = series.dropna()
    facts = ItemFacts(count=len(there))
    if not len(there):
        return facts
    if series.dtype.kind == "f":
        facts.whole_digits, facts.decimals = _digits(there.to_numpy())
        if coded:
            facts.terms = {f"{v:g}" for v in np.unique(there.to_numpy())}
        return facts
    texts = pa.array(there)
    facts.width = pc.max(pc.binary_length(pc.cast(texts, pa.large_string()))).as_py()
    if dtc:
        lengths = pc.utf8_length(texts)
        facts.shapes = set(pc.unique(lengths).to_pylist())
        if pc.any(pc.match_substring(texts, "--")).as_py():
            facts.shapes.add(-1)
    if coded:
        facts.terms = set(pc.unique(texts).to_pylist())
    return facts


def _digits(values: Any) -> tuple[int, int]:
    """Most digits before and after the point that the doubles need; at most `MOST_DECIMALS` after it.

    `np.round` divides two whole doubles, so it gives the double that is nearest to the decimal.
    """
    largest = np.abs(values).max()
    before = len(str(int(largest)))
    fraction = values != np.floor(values)
    if not fraction.any():
        return before, 0
    rest = values[fraction]
    for decimals in range(1, MOST_DECIMALS):
        rest = rest[np.round(rest, decimals) != rest]
        if not len(rest):
            return before, decimals
    return before, MOST_DECIMALS
