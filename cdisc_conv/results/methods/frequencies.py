"""frequencies: subjects by the values of several variables, such as population flags and disposition."""

from __future__ import annotations

from collections.abc import Iterator

from cdisc_conv.model.analysis import Analysis, Result
from cdisc_conv.results.data import Selected


def frequencies(analysis: Analysis, chosen: Selected) -> Iterator[Result]:
    """n of N and percent of each value of each variable of Variables; of flags only "Y"."""
    for _, variable in analysis.variables:
        numeric = chosen.records[variable].dtype.kind == "f"
        if numeric:
            continue
        values = chosen.levels(variable)
        flag = variable.endswith("FL")
        for value in [v for v in values if v == "Y"] if flag else values:
            levels = ((variable, value),)
            for group in chosen.groups:
                found = chosen.of(group)
                n, of = int((found[variable] == value).sum()), chosen.number(group)
                yield Result("n", n, group=group, levels=levels)
                yield Result("N", of, group=group, levels=levels)
                if of:
                    yield Result("PCT", 100 * n / of, group=group, levels=levels)
