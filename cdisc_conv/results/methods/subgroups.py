"""subgroups: the rate of a response and its difference within each level of subgroup variables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cdisc_conv.model.analysis import Analysis, Result
from cdisc_conv.results.compare import compared, rate
from cdisc_conv.results.data import Selected, versus

if TYPE_CHECKING:
    import pandas as pd

Count = tuple[int, int]


def subgroups(analysis: Analysis, chosen: Selected) -> Iterator[Result]:
    """For each variable of By and each of its levels what `proportion` tells of all subjects.

    P HETEROGENEITY is the Breslow-Day test with Tarone's correction of one odds ratio in all levels of a
    variable; it is not told where a level has no subject with, or without, the response.
    """
    for variable in analysis.by:
        tables = []
        for level in chosen.levels(variable):
            records = chosen.records[chosen.records[variable] == level]
            levels = ((variable, level),)
            counts = {g: _count(analysis, chosen, records, g) for g in chosen.groups}
            for group, (n, of) in counts.items():
                yield from rate(n, of, group, levels)
            if len(chosen.groups) == 2:
                first, other = chosen.groups
                yield from compared(counts[first], counts[other], versus(first, other), levels)
                tables.append([[n, of - n] for n, of in counts.values()])
        if tables:
            yield from _heterogeneity(variable, tables, versus(*chosen.groups))


def _count(analysis: Analysis, chosen: Selected, records: pd.DataFrame, group: str) -> Count:
    records = records[records[chosen.treatment] == group]
    responders = records[records[analysis.variable] == analysis.response]
    return responders["USUBJID"].nunique(), records["USUBJID"].nunique()


def _heterogeneity(variable: str, tables: list[Any], group: str) -> Iterator[Result]:
    import numpy as np
    from statsmodels.stats.contingency_tables import StratifiedTable

    if len(tables) < 2 or any(not np.array(t).sum(axis=axis).all() for t in tables for axis in (0, 1)):
        return
    found = StratifiedTable([np.array(t, dtype=float) for t in tables]).test_equal_odds(adjust=True)
    if np.isfinite(found.pvalue):
        yield Result("P HETEROGENEITY", float(found.pvalue), group=group, levels=((variable, ""),))
