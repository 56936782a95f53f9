"""Figures of a results page as inline SVG: survival curves, means over visits, forest plots."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from cdisc_conv.model.analysis import Result
from cdisc_conv.results.compute import Computed

COLOURS = ("#1a5fb4", "#c64600", "#26734d", "#813d9c")
_MARKERS = ("o", "s", "^", "D")
_STYLE: Any = {
    "svg.hashsalt": "cdisc_conv",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#8a94a3",
    "axes.labelcolor": "#1c2430",
    "xtick.color": "#5b6778",
    "ytick.color": "#5b6778",
}


def survival_figure(one: Computed) -> str:
    """Kaplan-Meier curves with marks of censoring, and below them the numbers at risk."""
    times = sorted({r.time for r in one.results if r.statistic == "AT RISK" and r.time is not None})

    def draw(plt: Any) -> Any:
        figure, (curve, risk) = plt.subplots(
            2,
            1,
            figsize=(8.6, 5),
            sharex=True,
            gridspec_kw={"height_ratios": (5, 0.35 * len(one.groups) + 0.2)},
        )
        for n, group in enumerate(one.groups):
            _curve(curve, one, group, COLOURS[n % len(COLOURS)])
            at_risk = {r.time: r.value for r in _of(one, group, "AT RISK")}
            shown = [(0.0, _first(one, group, "N")), *((t, at_risk.get(t)) for t in times)]
            for time, number in shown:
                risk.text(time, -n, f"{number or 0:g}", ha="center", va="center", color=COLOURS[n])
        curve.set_ylim(0, 1.02)
        curve.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
        curve.set_ylabel("Without event (%)")
        curve.grid(axis="y", color="#e4e8ee")
        curve.legend(frameon=False, loc="lower left")
        risk.set_xticks([0, *times])
        risk.set_ylim(-len(one.groups) + 0.4, 0.6)
        risk.set_yticks([-n for n in range(len(one.groups))], one.groups)
        risk.tick_params(length=0)
        for spine in risk.spines.values():
            spine.set_visible(False)
        risk.set_title("At risk", loc="left", fontsize=10, color="#5b6778")
        risk.set_xlabel("Days")
        return figure

    return _svg(draw)


def _curve(axes: Any, one: Computed, group: str, colour: str) -> None:
    steps = sorted((r.time or 0, r.value or 0) for r in _of(one, group, "SURVIVAL"))
    last = _first(one, group, "LAST TIME") or 0
    if not steps:
        return
    few = min(_first(one, group, "TEN AT RISK UNTIL") or 0, last)
    sure = [(t, v) for t, v in steps if t <= few]
    rest = [(t, v) for t, v in steps if t > few]
    turn = sure[-1][1] if sure else 1.0
    for line, style, name in (
        ([*sure, (few, turn)], "-", group),
        ([(few, turn), *rest, (last, (rest or [(0, turn)])[-1][1])], (0, (2, 1.5)), None),
    ):
        days, left = [t for t, _ in line], [v for _, v in line]
        axes.step(days, left, where="post", color=colour, label=name, linewidth=1.8, linestyle=style)
    marks = [r.time or 0 for r in _of(one, group, "CENSORED")]
    heights = [max((v for t, v in steps if t <= m), key=lambda v: -v) for m in marks]
    axes.plot(marks, heights, "|", color=colour, markersize=6, alpha=0.7)


def few_at_risk_text(one: Computed) -> str:
    """Why a part of the curves is dashed, for the line below them."""
    return "Dashed: fewer than ten subjects at risk." if one.results else ""


def means_figure(one: Computed, label: str) -> str:
    """Means by visit with their 95 % intervals, one line a treatment; see `not_drawn`."""
    left_out = not_drawn(one)
    visits = [v for v in dict.fromkeys(r.levels[0][1] for r in one.results if r.levels) if v not in left_out]

    def draw(plt: Any) -> Any:
        figure, axes = plt.subplots(figsize=(8.6, 3.6))
        for n, group in enumerate(one.groups):
            found = {name: _by_level(one, group, name) for name in ("MEAN", "MEAN LOWER 95", "MEAN UPPER 95")}
            at = [i for i, v in enumerate(visits) if v in found["MEAN"]]
            mean = [found["MEAN"][visits[i]] for i in at]
            low = [found["MEAN LOWER 95"].get(visits[i], m) for i, m in zip(at, mean, strict=True)]
            high = [found["MEAN UPPER 95"].get(visits[i], m) for i, m in zip(at, mean, strict=True)]
            spread = [
                [m - v for m, v in zip(mean, low, strict=True)],
                [v - m for m, v in zip(mean, high, strict=True)],
            ]
            shift = [i + 0.12 * (n - (len(one.groups) - 1) / 2) for i in at]
            axes.errorbar(
                shift, mean, yerr=spread, color=COLOURS[n], marker=_MARKERS[n], markersize=4.5,
                linewidth=1.5, capsize=2.5, elinewidth=1, label=group,
            )  # fmt: skip
        axes.set_xticks(range(len(visits)), [v.title() for v in visits], rotation=45, ha="right")
        axes.set_ylabel(label)
        axes.set_ylim(bottom=0)
        axes.grid(axis="y", color="#e4e8ee")
        axes.legend(frameon=False, loc="best")
        return figure

    return _svg(draw)


def not_drawn(one: Computed) -> list[str]:
    """Visits that a figure of means leaves out: a treatment has less than a tenth of its most subjects."""
    found: list[str] = []
    for group in one.groups:
        numbers = _by_level(one, group, "n")
        most = max(numbers.values(), default=0)
        found += [v for v, n in numbers.items() if 10 * n < most and v not in found]
    return found


def not_drawn_text(one: Computed) -> str:
    """What a figure of means leaves out, for the line below it."""
    visits = ", ".join(v.title() for v in not_drawn(one))
    return (
        f"In the table only, for less than a tenth of the subjects have a value: {visits}." if visits else ""
    )


def forest_figure(one: Computed, labels: Mapping[str, str]) -> str:
    """Difference in percent points with its interval in each level of each subgroup variable."""
    lines = forest_lines(one.results)

    def draw(plt: Any) -> Any:
        rows: list[tuple[str, tuple[float, float, float] | None]] = []
        for variable in dict.fromkeys(v for v, _ in lines):
            rows.append((labels.get(variable, variable), None))
            rows += [(level, lines[v, level]) for v, level in lines if v == variable]
        figure, axes = plt.subplots(figsize=(8.6, 0.25 * len(rows) + 0.9))
        for y, (_, values) in enumerate(rows):
            if values:
                middle, low, high = values
                axes.plot([low, high], [-y, -y], color="#5b6778", linewidth=1.2)
                axes.plot([middle], [-y], "s", color=COLOURS[0], markersize=5.5)
        axes.axvline(0, color="#8a94a3", linewidth=1, linestyle=(0, (4, 3)))
        axes.set_yticks([-y for y in range(len(rows))], [text if not v else f"   {text}" for text, v in rows])
        for tick, (_, values) in zip(axes.get_yticklabels(), rows, strict=True):
            tick.set_fontweight("normal" if values else "bold")
            tick.set_ha("left")
            tick.set_x(-0.34)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_ylim(-len(rows) + 0.4, 0.6)
        axes.set_xlabel(f"Difference in percent points, {' minus '.join(one.groups[:2])}")
        axes.grid(axis="x", color="#eef1f5")
        return figure

    return _svg(draw)


def forest_lines(results: Sequence[Result]) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Difference, lower and upper limit by subgroup variable and level."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for r in results:
        if r.statistic.startswith("DIFF ") and r.levels and r.value is not None:
            found.setdefault(r.levels[0], {})[r.statistic] = r.value
    names = ("DIFF PCT", "DIFF LOWER 95", "DIFF UPPER 95")
    return {
        k: (v[names[0]], v[names[1]], v[names[2]]) for k, v in found.items() if all(n in v for n in names)
    }


def _of(one: Computed, group: str, statistic: str) -> list[Result]:
    return [r for r in one.results if r.group == group and r.statistic == statistic]


def _first(one: Computed, group: str, statistic: str) -> float | None:
    return next((r.value for r in _of(one, group, statistic)), None)


def _by_level(one: Computed, group: str, statistic: str) -> dict[str, float]:
    return {r.levels[0][1]: r.value for r in _of(one, group, statistic) if r.levels and r.value is not None}


def _svg(draw: Any) -> str:
    """What a function draws, as an SVG element whose bytes are the same each time."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    with mpl.rc_context(_STYLE):
        figure = draw(plt)
        text = io.StringIO()
        figure.savefig(text, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
        plt.close(figure)
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    return re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r'\1 role="img"', svg, count=1)
