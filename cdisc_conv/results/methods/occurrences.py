"""occurrences: subjects with a record, and the records, by treatment and by levels such as class and term."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cdisc_conv.model.analysis import Analysis, Result
from cdisc_conv.results.compare import compared, rate
from cdisc_conv.results.data import Selected, versus


def occurrences(analysis: Analysis, chosen: Selected) -> Iterator[Result]:
    """n subjects of N and the number of events: of all, and by each variable of By within those before it.

    N are the subjects that fit the conditions on ADSL; percentages have Wilson's interval, and two treatments
    are compared over all levels as by `proportion`. Levels stand in order of the subjects concerned, most
    first, then by name (of a variable with a number, such as ATOXGRN, in that order); missing is a level,
    too. A subject counts once a level, so levels do not add up.
    """
    yield from _told(chosen, chosen.records, ())
    yield from _within(list(analysis.by), chosen, chosen.records, ())


def _within(
    by: list[str], chosen: Selected, records: pd.DataFrame, levels: tuple[tuple[str, str], ...]
) -> Iterator[Result]:
    if not by:
        return
    variable = by[0]
    subjects = records.groupby(variable)["USUBJID"].nunique()
    ordered = sorted(subjects.items(), key=lambda item: (-item[1], str(item[0])))
    if f"{variable}N" in records:
        ordered = [(level, 0) for level in (*chosen.levels(variable, records), "") if level in subjects]
    for level, _ in ordered:
        inner = records[records[variable] == level]
        here = (*levels, (variable, str(level)))
        yield from _told(chosen, inner, here)
        yield from _within(by[1:], chosen, inner, here)


def _told(chosen: Selected, records: pd.DataFrame, levels: tuple[tuple[str, str], ...]) -> Iterator[Result]:
    counts: list[tuple[int, int]] = []
    for group in chosen.groups:
        found, of = records[records[chosen.treatment] == group], chosen.number(group)
        counts.append((found["USUBJID"].nunique(), of))
        yield from rate(*counts[-1], group, levels)
        yield Result("EVENTS", len(found), group=group, levels=levels)
    if not levels and len(counts) == 2:
        yield from compared(counts[0], counts[1], versus(*chosen.groups))
