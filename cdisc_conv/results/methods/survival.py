"""survival: time to event by treatment: Kaplan-Meier, log-rank test, Cox's hazard ratio."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cdisc_conv.model.analysis import Analysis, Result
from cdisc_conv.results.data import Selected, versus

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[np.float64]]

Z = 1.959963984540054
FEW = 10
"""Subjects at risk below which a curve is drawn as uncertain."""


def survival(analysis: Analysis, chosen: Selected) -> Iterator[Result]:
    """Events and subjects, the Kaplan-Meier curve, median time; at the times asked for what is left.

    AVAL is the time, CNSR 0 an event. SURVIVAL is told after each day with an event, with CENSORED the days
    of censoring; AT RISK and SURVIVAL AT with its log(-log) interval at each time of Times. The interval of
    the median holds the days on which that interval holds 50 % (Brookmeyer and Crowley 1982). TEN AT RISK
    UNTIL is the last day with ten subjects. The hazard ratio is of the first treatment to the other, Efron's
    way with ties; p is of the log-rank test.
    """
    for group in chosen.groups:
        records = chosen.of(group)
        time = records["AVAL"].to_numpy(dtype=float)
        event = (records["CNSR"] == 0).to_numpy()
        yield from (Result(*r, group=group) for r in (("n", int(event.sum())), ("N", len(time))))
        if not len(time):
            continue
        yield from _median(time, event, group)
        for at in analysis.times:
            yield from _at(time, event, at, group)
        yield from _curve(time, event, group)
    if len(chosen.groups) == 2:
        yield from _compared(chosen)


def kaplan_meier(time: Numbers, event: Any) -> tuple[Numbers, Numbers, Numbers]:
    """Days with an event, the survival after each, and the sum in Greenwood's variance."""
    import numpy as np

    days = np.unique(time[event])
    at_risk = np.array([(time >= d).sum() for d in days], dtype=float)
    events = np.array([(event & (time == d)).sum() for d in days], dtype=float)
    with np.errstate(divide="ignore"):
        spread = np.cumsum(events / (at_risk * (at_risk - events)))
    return days, np.cumprod(1 - events / at_risk), spread


def _curve(time: Numbers, event: Any, group: str) -> Iterator[Result]:
    import numpy as np

    days, left, _ = kaplan_meier(time, event)
    yield Result("SURVIVAL", 1.0, group=group, time=0.0)
    for day, value in zip(days, left, strict=True):
        yield Result("SURVIVAL", float(value), group=group, time=float(day))
    for day, number in zip(*np.unique(time[~event], return_counts=True), strict=True):
        yield Result("CENSORED", int(number), group=group, time=float(day))
    yield Result("LAST TIME", float(time.max()), group=group)
    if len(time) >= FEW:
        yield Result("TEN AT RISK UNTIL", float(np.sort(time)[-FEW]), group=group)


def _median(time: Numbers, event: Any, group: str) -> Iterator[Result]:
    """The first day with half of the subjects left or fewer, and so for the limits of what is left."""
    days, left, spread = kaplan_meier(time, event)
    low, high = _limits(left, spread)
    for name, curve in (("MEDIAN", left), ("MEDIAN LOWER 95", low), ("MEDIAN UPPER 95", high)):
        below = days[curve <= 0.5 + 1e-9]
        reached = float(below[0]) if len(below) else None
        yield Result(name, reached, "" if len(below) else "NOT REACHED", group=group)


def _limits(left: Numbers, spread: Numbers) -> tuple[Numbers, Numbers]:
    """The log(-log) interval of each estimate; where all or none are left there is none (NaN)."""
    import numpy as np

    inner = (left > 0) & (left < 1)
    value = np.where(inner, left, 0.5)
    half = Z * np.sqrt(np.where(inner, spread, 0)) / np.abs(np.log(value))
    low, high = (np.where(inner, value ** np.exp(sign * half), np.nan) for sign in (1, -1))
    return low, high


def _at(time: Numbers, event: Any, at: float, group: str) -> Iterator[Result]:
    days, left, spread = kaplan_meier(time, event)
    before = int((days <= at).sum())
    value = float(left[before - 1]) if before else 1.0
    yield Result("AT RISK", int((time >= at).sum()), group=group, time=at)
    yield Result("SURVIVAL AT", value, group=group, time=at)
    if before and 0 < value < 1:
        low, high = _limits(left, spread)
        for name, limits in (("SURVIVAL LOWER 95", low), ("SURVIVAL UPPER 95", high)):
            yield Result(name, float(limits[before - 1]), group=group, time=at)


def _compared(chosen: Selected) -> Iterator[Result]:
    from statsmodels.duration.hazard_regression import PHReg
    from statsmodels.duration.survfunc import survdiff

    first, other = chosen.groups
    records = chosen.records
    event = (records["CNSR"] == 0).astype(int).to_numpy()
    treated = (records[chosen.treatment] == first).astype(float).to_numpy()
    time = records["AVAL"].to_numpy(dtype=float)
    group = versus(first, other)
    if not (event[treated == 1].any() and event[treated == 0].any()):
        return
    chi2, p = survdiff(time, event, treated)
    yield Result("LOGRANK CHISQ", float(chi2), group=group)
    yield Result("P LOGRANK", float(p), group=group)
    fitted = PHReg(time, treated[:, None], status=event, ties="efron").fit()
    low, high = fitted.conf_int()[0]
    for name, value in (
        ("HAZARD RATIO", fitted.params[0]),
        ("HAZARD RATIO LOWER 95", low),
        ("HAZARD RATIO UPPER 95", high),
    ):
        yield Result(name, math.exp(float(value)), group=group)
