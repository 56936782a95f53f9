"""Results as tables to read: rows and columns of text, numbers rounded as a table of a report rounds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cdisc_conv.model.analysis import Result
from cdisc_conv.results.compute import Computed
from cdisc_conv.results.data import versus

Values = dict[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; `depth` indents it, and a `head` has no cells."""

    label: str
    cells: tuple[str, ...] = ()
    depth: int = 0
    head: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Columns behind the first, and the lines; `spans` are heads over so many columns each."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    spans: tuple[tuple[str, int], ...] = ()


def table_of(one: Computed, labels: dict[str, str]) -> Table:
    """The table of an analysis, by its method."""
    makers: dict[str, Callable[[Computed, dict[str, str]], Table]] = {
        "proportion": _proportion,
        "survival": _survival,
        "summary": _summary,
        "occurrences": _occurrences,
        "frequencies": _frequencies,
        "subgroups": _subgroups,
    }
    table = makers[one.analysis.method](one, labels)
    return table if len(one.groups) > 1 else _alone(table, len(one.groups))


def _alone(table: Table, groups: int) -> Table:
    """A table of one treatment, or none (a blinded run), without what only a comparison fills."""
    filled = [i for i in range(len(table.columns)) if any("".join(r.cells[i : i + 1]) for r in table.rows)]
    every = len(filled) == len(table.columns)
    keep = range(len(table.columns)) if every else filled
    rows = [
        Row(r.label, tuple(r.cells[i] for i in keep if i < len(r.cells)), r.depth, r.head) for r in table.rows
    ]
    columns = tuple(table.columns[i] for i in keep)
    return Table(columns, tuple(r for r in rows if r.head or any(r.cells)), table.spans[:groups])


def _values(one: Computed, group: str, levels: tuple[tuple[str, str], ...] = ()) -> Values:
    found = (r for r in one.results if r.group == group and r.levels == levels and r.time is None)
    return {r.statistic: r.value for r in found if r.value is not None}


def _pair(one: Computed) -> str:
    """The name of the comparison, "" where there are no two treatments to compare."""
    return versus(*one.groups[:2]) if len(one.groups) > 1 else ""


def rate_text(v: Values) -> str:
    """n/N (percent)."""
    return f"{v.get('n', 0):g}/{v.get('N', 0):g} ({v['PCT']:.1f}%)" if "PCT" in v else "0/0"


def _interval(v: Values, name: str, stem: str, digits: int = 1) -> str:
    """A value with its interval, "" where there is none."""
    if name not in v:
        return ""
    low, high = v.get(f"{stem} LOWER 95"), v.get(f"{stem} UPPER 95")
    limits = "" if low is None or high is None else f" ({low:.{digits}f}, {high:.{digits}f})"
    return f"{v[name]:.{digits}f}{limits}"


def p_text(p: float | None) -> str:
    """A p-value in four digits."""
    return "" if p is None else "<0.0001" if p < 0.0001 else f"{p:.4f}"


def _proportion(one: Computed, labels: dict[str, str]) -> Table:
    groups = [_values(one, g) for g in one.groups]
    rows = [
        Row("n/N (%)", (*map(rate_text, groups), "")),
        Row("95% interval of the percentage", (*(_limits(v) for v in groups), "")),
    ]
    blank = ("",) * len(groups)
    both = _values(one, _pair(one))
    rows += [
        Row("Difference in percent points (95% interval)", (*blank, _interval(both, "DIFF PCT", "DIFF"))),
        Row("Risk ratio (95% interval)", (*blank, _interval(both, "RISK RATIO", "RISK RATIO", 2))),
        Row("p (Fisher)", (*blank, p_text(both.get("P FISHER")))),
    ]
    return Table((*one.groups, _pair(one)), tuple(rows))


def _limits(v: Values) -> str:
    return f"{v['PCT LOWER 95']:.1f}, {v['PCT UPPER 95']:.1f}" if "PCT LOWER 95" in v else ""


def _survival(one: Computed, labels: dict[str, str]) -> Table:
    groups = [_values(one, g) for g in one.groups]
    both = _values(one, _pair(one))
    blank = ("",) * len(groups)
    rows = [
        Row("Subjects with event / subjects", (*(f"{v['n']:g}/{v['N']:g}" for v in groups), "")),
        Row("Median days (95% interval)", (*(_median_days(v) for v in groups), "")),
    ]
    for time in one.analysis.times:
        rows.append(
            Row(
                f"Without event at day {time:g}, % (95% interval)",
                (*(_at(one, g, time) for g in one.groups), ""),
            )
        )
    rows += [
        Row("Hazard ratio (95% interval)", (*blank, _interval(both, "HAZARD RATIO", "HAZARD RATIO", 2))),
        Row("p (log-rank)", (*blank, p_text(both.get("P LOGRANK")))),
    ]
    return Table((*one.groups, _pair(one)), tuple(rows))


def _median_days(v: Values) -> str:
    """The median with its interval; a limit that the curve does not come down to is not reached."""
    if not v.get("N"):
        return ""
    middle, low, high = (
        f"{v[n]:g}" if n in v else "not reached" for n in ("MEDIAN", "MEDIAN LOWER 95", "MEDIAN UPPER 95")
    )
    return middle if low == high == "not reached" and middle == low else f"{middle} ({low}, {high})"


def _at(one: Computed, group: str, time: float) -> str:
    v = {r.statistic: 100 * (r.value or 0) for r in one.results if r.group == group and r.time == time}
    if "SURVIVAL AT" not in v:
        return ""
    return _interval(v, "SURVIVAL AT", "SURVIVAL")


def _summary(one: Computed, labels: dict[str, str]) -> Table:
    rows = []
    pair = _pair(one)
    change = any(r.statistic.startswith("CHG ") for r in one.results)
    for level in dict.fromkeys(r.levels for r in one.results):
        cells: list[str] = []
        for group in one.groups:
            v = _values(one, group, level)
            cells += [f"{v.get('n', 0):g}", _mean(v, ""), _mean_limits(v), _median(v)]
            cells += [_mean(v, "CHG ")] if change else []
        both = _values(one, pair, level)
        cells += [_interval(both, "CHG DIFF MEAN", "CHG DIFF", 2)] if change else []
        rows.append(Row(level[0][1] if level else "All", tuple(cells)))
    of_group = ("n", "mean (SD)", "95% interval", "median (Q1, Q3)", *(("change (SD)",) if change else ()))
    spans = [(_with_number(g, n), len(of_group)) for g, n in zip(one.groups, one.subjects, strict=True)]
    if not change:
        return Table(of_group * len(one.groups), tuple(rows), tuple(spans))
    columns = (*of_group * len(one.groups), "difference of changes (95% interval)")
    return Table(columns, tuple(rows), (*spans, (pair, 1)))


def _mean(v: Values, prefix: str) -> str:
    if f"{prefix}MEAN" not in v:
        return ""
    spread = f" ({v[f'{prefix}SD']:.2f})" if f"{prefix}SD" in v else ""
    return f"{v[f'{prefix}MEAN']:.2f}{spread}"


def _mean_limits(v: Values) -> str:
    low, high = v.get("MEAN LOWER 95"), v.get("MEAN UPPER 95")
    return "" if low is None or high is None else f"{low:.2f}, {high:.2f}"


def _with_number(group: str, number: int) -> str:
    """A treatment with its subjects, for the head of its columns."""
    return f"{group} (N={number})".strip()


def _median(v: Values) -> str:
    return f"{v['MEDIAN']:g} ({v['Q1']:g}, {v['Q3']:g})" if "MEDIAN" in v else ""


def _occurrences(one: Computed, labels: dict[str, str]) -> Table:
    """Subjects and events; without events where the selection left one record a subject.

    Intervals are told where there is one variable of By at most, the comparison where there is none.
    """
    counts = {(r.group, r.levels, r.statistic): r.value for r in one.results}
    events = any(counts[g, lv, "EVENTS"] != n for (g, lv, name), n in counts.items() if name == "n")
    few = len(one.analysis.by) < 2
    rows = []
    for levels in dict.fromkeys(r.levels for r in one.results):
        cells = []
        for group in one.groups:
            v = _values(one, group, levels)
            cells += [f"{v.get('n', 0):g} ({v['PCT']:.1f}%)" if "PCT" in v else "0"]
            cells += [_limits(v)] if few else []
            cells += [f"{v.get('EVENTS', 0):g}"] if events else []
        cells += [_interval(_values(one, _pair(one), levels), "DIFF PCT", "DIFF")] if _compares(one) else []
        name = levels[-1][1] if levels else "Any"
        name = f"Grade {name}" if name and levels and levels[-1][0] == "ATOXGR" else name or "Missing"
        rows.append(Row(name, tuple(cells), len(levels)))
    of_group = ("subjects", *(("95% interval",) if few else ()), *(("events",) if events else ()))
    spans = [(_with_number(g, n), len(of_group)) for g, n in zip(one.groups, one.subjects, strict=True)]
    if not _compares(one):
        return Table(of_group * len(one.groups), tuple(rows), tuple(spans))
    columns = (*of_group * len(one.groups), "difference in percent points (95% interval)")
    return Table(columns, tuple(rows), (*spans, (_pair(one), 1)))


def _compares(one: Computed) -> bool:
    """Whether a table of occurrences has a column of differences."""
    return not one.analysis.by and len(one.groups) == 2


def _frequencies(one: Computed, labels: dict[str, str]) -> Table:
    return Table(one.groups, tuple(_by_variable(one, labels, lambda levels: tuple(
        rate_text(_values(one, g, levels)) for g in one.groups))))  # fmt: skip


def _subgroups(one: Computed, labels: dict[str, str]) -> Table:
    pair = _pair(one)

    def cells(levels: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
        both = _values(one, pair, levels)
        rates = [_rate_with_limits(_values(one, g, levels)) for g in one.groups]
        return (*rates, _interval(both, "DIFF PCT", "DIFF"), "")

    tests = {r.levels[0][0]: r.value for r in one.results if r.statistic == "P HETEROGENEITY"}
    rows = [
        Row(r.label, ("",) * (len(one.groups) + 1) + (p_text(tests.get(v)),), head=True) if r.head else r
        for v, r in _named_rows(one, labels, cells)
    ]
    heads = tuple(f"{g}, n/N (%; 95% interval)" for g in one.groups)
    return Table((*heads, f"difference, {pair} (95% interval)", "p of heterogeneity"), tuple(rows))


Cells = Callable[[tuple[tuple[str, str], ...]], tuple[str, ...]]


def _rate_with_limits(v: Values) -> str:
    """n/N (percent; its interval)."""
    limits = _limits(v)
    return f"{rate_text(v)[:-1]}; {limits})" if limits else rate_text(v)


def _by_variable(one: Computed, labels: dict[str, str], cells: Cells) -> list[Row]:
    return [row for _, row in _named_rows(one, labels, cells)]


def _named_rows(one: Computed, labels: dict[str, str], cells: Cells) -> Iterator[tuple[str, Row]]:
    """A head a variable, then its levels; a flag that only has Y is one line."""
    every = list(dict.fromkeys(r.levels for r in one.results if _told(r)))
    for variable in dict.fromkeys(levels[0][0] for levels in every):
        own = [levels for levels in every if levels[0][0] == variable]
        label = labels.get(variable, variable)
        if [levels[0][1] for levels in own] == ["Y"]:
            yield variable, Row(label, cells(own[0]))
            continue
        yield variable, Row(label, head=True)
        for levels in own:
            yield variable, Row(levels[0][1], cells(levels), 1)


def _told(result: Result) -> bool:
    return bool(result.levels) and result.levels[0][1] != ""
