"""proportion: subjects with a response, by treatment, and the difference between treatments."""

from __future__ import annotations

from collections.abc import Iterator

from cdisc_conv.model.analysis import Analysis, Result
from cdisc_conv.results.compare import compared, rate
from cdisc_conv.results.data import Selected, versus


def proportion(analysis: Analysis, chosen: Selected) -> Iterator[Result]:
    """n, N and percent with the response, and how the first treatment differs from each other one.

    One record a subject is looked at; a subject without a record does not count. The interval of a
    percentage is Wilson's, that of a difference Newcombe's hybrid score interval (Newcombe 1998, method
    10), that of a risk ratio by logarithms; p is Fisher's exact test.
    """
    counts = {g: _count(analysis, chosen, g) for g in chosen.groups}
    for group, (n, of) in counts.items():
        yield from rate(n, of, group)
    first, *others = chosen.groups or ("",)
    for other in others:
        yield from compared(counts[first], counts[other], versus(first, other))


def _count(analysis: Analysis, chosen: Selected, group: str) -> tuple[int, int]:
    records = chosen.of(group)
    responders = records[records[analysis.variable] == analysis.response]
    return responders["USUBJID"].nunique(), records["USUBJID"].nunique()
