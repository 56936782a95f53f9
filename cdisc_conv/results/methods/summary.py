"""summary: a number by visit and treatment, its change from baseline and the difference of changes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cdisc_conv.model.analysis import Analysis, Result
from cdisc_conv.results.data import Selected, versus

if TYPE_CHECKING:
    import pandas as pd


def summary(analysis: Analysis, chosen: Selected) -> Iterator[Result]:
    """n, mean with its t interval, SD, median, quartiles, minimum and maximum of the values given.

    By names the variable whose levels are told one after the other (AVISIT). Where the dataset has CHG, the
    same is told of the change, and between two treatments the difference of mean changes with Welch's
    interval. Quartiles are those of SAS (PCTLDEF=5).
    """
    variables = [analysis.variable, *(["CHG"] if "CHG" in chosen.records else [])]
    by = analysis.by[0] if analysis.by else ""
    for level in chosen.levels(by) if by else [""]:
        records = chosen.records[chosen.records[by] == level] if by else chosen.records
        levels = ((by, level),) if by else ()
        for variable in variables:
            values = {
                g: records.loc[records[chosen.treatment] == g, variable].dropna() for g in chosen.groups
            }
            prefix = "" if variable == analysis.variable else f"{variable} "
            for group, column in values.items():
                for name, value in _described(column):
                    yield Result(prefix + name, value, group=group, levels=levels)
            if prefix and len(values) == 2:
                yield from _difference(list(values.values()), versus(*values), levels, prefix)


def _described(values: pd.Series[float]) -> Iterator[tuple[str, float]]:
    n = len(values)
    yield "n", n
    if not n:
        return
    mean, deviation = float(values.mean()), float(values.std())
    yield "MEAN", mean
    if n > 1:
        yield "SD", deviation
        half = _t(n - 1) * deviation / math.sqrt(n)
        yield "MEAN LOWER 95", mean - half
        yield "MEAN UPPER 95", mean + half
    quartiles = values.quantile([0.25, 0.5, 0.75]) if n < 2 else _sas_quartiles(values)
    yield from zip(("Q1", "MEDIAN", "Q3"), map(float, quartiles), strict=True)
    yield "MIN", float(values.min())
    yield "MAX", float(values.max())


def _sas_quartiles(values: pd.Series[float]) -> Any:
    """Quartiles by the empirical distribution with averaging (SAS PCTLDEF=5, R type 2)."""
    import numpy as np

    return np.quantile(values.to_numpy(), [0.25, 0.5, 0.75], method="averaged_inverted_cdf")


def _t(freedom: float) -> float:
    from scipy.stats import t

    return float(t.ppf(0.975, freedom))


def _difference(
    values: list[pd.Series[float]], group: str, levels: tuple[tuple[str, str], ...], prefix: str
) -> Iterator[Result]:
    first, other = values
    if min(len(first), len(other)) < 2:
        return
    parts = [float(v.var()) / len(v) for v in values]
    difference = float(first.mean() - other.mean())
    yield Result(f"{prefix}DIFF MEAN", difference, group=group, levels=levels)
    if sum(parts) == 0:
        return
    freedom = sum(parts) ** 2 / sum(p**2 / (len(v) - 1) for p, v in zip(parts, values, strict=True))
    half = _t(freedom) * math.sqrt(sum(parts))
    yield Result(f"{prefix}DIFF LOWER 95", difference - half, group=group, levels=levels)
    yield Result(f"{prefix}DIFF UPPER 95", difference + half, group=group, levels=levels)
