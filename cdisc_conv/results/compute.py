"""All analyses of a study computed, and written as an analysis results dataset."""

from __future__ import annotations

import csv
import importlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cdisc_conv.errors import UsageMistake
from cdisc_conv.model.analysis import Analysis, Display, Result
from cdisc_conv.results.data import Package, select

COLUMNS = (
    *("ANALYSIS", "DISPLAY", "DATASET", "VARIABLE", "SELECTION", "METHOD", "TRTVAR", "TRT"),
    *("BYVAR1", "BY1", "BYVAR2", "BY2", "BYVAR3", "BY3", "STATISTIC", "TIME", "VALUE", "VALUEC"),
)


@dataclass(frozen=True, slots=True)
class Computed:
    """An analysis with its results."""

    analysis: Analysis
    results: tuple[Result, ...]
    groups: tuple[str, ...]
    subjects: tuple[int, ...]  # of each group, as the conditions on ADSL say


def compute(package: Package, analyses: Sequence[Analysis]) -> list[Computed]:
    """The results of every analysis that names a method.

    Raises `UsageMistake` when the optional libraries are missing, or a dataset of the package.
    """
    _libraries()
    return [_one(package, a) for a in analyses if a.method]


def _libraries() -> None:
    try:
        importlib.import_module("statsmodels.stats.proportion")
    except ImportError as error:
        raise UsageMistake(
            f"results need the package {error.name}: pip install 'cdisc-conv[report]'"
        ) from error


def _one(package: Package, analysis: Analysis) -> Computed:
    chosen = select(package, analysis)
    module = importlib.import_module(f"cdisc_conv.results.methods.{analysis.method}")
    found = tuple(getattr(module, analysis.method)(analysis, chosen))
    groups = tuple("" if g == "All" and not analysis.treatment else g for g in chosen.groups)
    numbers = tuple(chosen.number(g) for g in chosen.groups)
    return Computed(analysis, found, groups, numbers)


def write_results(computed: Iterable[Computed], displays: Sequence[Display], path: Path) -> None:
    """The analysis results dataset as CSV: one statistic a row, numbers in their shortest exact form."""
    titles = {d.id: d.title for d in displays}
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in computed:
        writer.writerows(_rows(one, titles))
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def _rows(one: Computed, titles: dict[str, str]) -> Iterator[tuple[str, ...]]:
    a = one.analysis
    head = (a.id, titles.get(a.display, a.display), a.dataset, a.variable, a.selection, a.method, a.treatment)
    for r in one.results:
        levels = [cell for level in (*r.levels, *[("", "")] * 3)[:3] for cell in level]
        group = "" if r.group == "All" and not a.treatment else r.group
        value = "" if r.value is None else number(r.value)
        yield (*head, group, *levels, r.statistic, "" if r.time is None else number(r.time), value, r.text)


def number(value: float) -> str:
    """A number in 10 significant digits, whole numbers without a point."""
    return str(int(value)) if float(value).is_integer() else f"{value:.10g}"
