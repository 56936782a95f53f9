"""Rates and their comparison: confidence intervals of 95 % and Fisher's exact test."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from cdisc_conv.model.analysis import Result

Levels = tuple[tuple[str, str], ...]
Count = tuple[int, int]


def rate(n: int, of: int, group: str, levels: Levels = ()) -> Iterator[Result]:
    """n, N, percent and its Wilson interval."""
    from statsmodels.stats.proportion import proportion_confint

    yield Result("n", n, group=group, levels=levels)
    yield Result("N", of, group=group, levels=levels)
    if of:
        low, high = proportion_confint(n, of, method="wilson")
        for name, value in (("PCT", n / of), ("PCT LOWER 95", low), ("PCT UPPER 95", high)):
            yield Result(name, 100 * float(value), group=group, levels=levels)


def compared(first: Count, other: Count, group: str, levels: Levels = ()) -> Iterator[Result]:
    """Difference in percent points, risk ratio, each with its interval, and Fisher's p."""
    if not (first[1] and other[1]):
        return
    for name, value in _comparison(first, other):
        if math.isfinite(value):
            yield Result(name, float(value), group=group, levels=levels)


def _comparison(first: Count, other: Count) -> Iterator[tuple[str, Any]]:
    from scipy.stats import fisher_exact
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(*first, *other, method="newcomb", compare="diff")
    yield "DIFF PCT", 100 * (first[0] / first[1] - other[0] / other[1])
    yield "DIFF LOWER 95", 100 * low
    yield "DIFF UPPER 95", 100 * high
    if first[0] and other[0]:
        low, high = confint_proportions_2indep(*first, *other, method="log", compare="ratio")
        yield "RISK RATIO", (first[0] / first[1]) / (other[0] / other[1])
        yield "RISK RATIO LOWER 95", low
        yield "RISK RATIO UPPER 95", high
    table = [[n, of - n] for n, of in (first, other)]
    yield "P FISHER", fisher_exact(table).pvalue
