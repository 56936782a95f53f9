"""The analyses of a study as one HTML page: displays in the order of the spec, tables and figures.

The page needs no network and no script; the same results always give the same page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup

from cdisc_conv.assets import assets
from cdisc_conv.model.analysis import Display
from cdisc_conv.model.study import Study
from cdisc_conv.model.why import Run
from cdisc_conv.report import results_figures as figures
from cdisc_conv.report.results_tables import Table, table_of
from cdisc_conv.results.compute import Computed


@dataclass(frozen=True, slots=True)
class View:
    """An analysis as the page shows it."""

    computed: Computed
    table: Table
    figure: Markup = field(default_factory=Markup)
    caption: str = ""
    population: str = ""


def write_report(
    study: Study,
    run: Run | None,
    displays: Sequence[Display],
    computed: Sequence[Computed],
    labels: dict[str, str],
    path: Path,
) -> None:
    """Write the page; `labels` are those of the variables, for subgroups and flags."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = assets() / "templates" / "results"
    made = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    shown = [(d, [_view(c, labels) for c in computed if c.analysis.display == d.id]) for d in displays]
    text = made.get_template("results.html.j2").render(
        study=study,
        run=run,
        displays=[(d, views) for d, views in shown if views],
        style=Markup((folder / "results.css").read_text(encoding="utf-8")),  # our own file
    )
    path.write_text(text, encoding="utf-8", newline="\n")


def _view(one: Computed, labels: dict[str, str]) -> View:
    draw: dict[str, Callable[[], str]] = {
        "survival": lambda: figures.survival_figure(one),
        "summary": lambda: figures.means_figure(one, f"{one.analysis.description}: mean"),
        "subgroups": lambda: figures.forest_figure(one, labels),
    }
    compares = one.analysis.method == "subgroups"
    drawn = one.analysis.method in draw and len(one.groups) > compares
    figure = Markup(draw[one.analysis.method]()) if drawn else Markup()  # drawn here
    captions = {"summary": figures.not_drawn_text, "survival": figures.few_at_risk_text}
    caption = captions[one.analysis.method](one) if one.analysis.method in captions else ""
    return View(one, table_of(one, labels), figure, caption, population_text(one, labels))


def population_text(one: Computed, labels: dict[str, str]) -> str:
    """The subjects that an analysis is about: the flags of its selection by their labels, and how many."""
    flags = [
        c.variable
        for c in one.analysis.where
        if c.values == ("Y",) and "Population" in labels.get(c.variable, "")
    ]
    names = [labels[f].removesuffix(" Flag") for f in dict.fromkeys(flags)] or ["All subjects selected"]
    counts = ", ".join(f"{g} {n}".strip() for g, n in zip(one.groups, one.subjects, strict=True))
    return f"{', '.join(names)}: {counts or 'no subject'}"
