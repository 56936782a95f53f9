"""cdisc-conv explain: from a value back to the raw cells."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cdisc_conv.cli import _options as options

if TYPE_CHECKING:
    from cdisc_conv.engine.explain import Explainer
    from cdisc_conv.model.lineage import Trace


@click.command()
@click.argument("dataset")
@click.option("--subject", required=True, help="USUBJID.")
@click.option("--param", help="PARAMCD (or --TESTCD, QNAM) of the record.")
@click.option(
    "--where", "conditions", multiple=True, metavar="VARIABLE=VALUE", help="Pick records; may be repeated."
)
@click.option(
    "-v", "--variable", "variables", multiple=True, help="Variables to explain (default: what matters)."
)
@click.option("--study", "study_name", help="Study, when several of the workspace have this dataset.")
@options.workspace
@options.raw
@options.output_format
def command(
    dataset: str,
    subject: str,
    param: str | None,
    conditions: tuple[str, ...],
    variables: tuple[str, ...],
    study_name: str | None,
    workspace: Path | None,
    raw: Path | None,
    output_format: str,
) -> None:
    """Walk back from values of DATASET to the raw cells they came from, one derivation after the other.

    The subject is built again from the raw exports, so what is shown is what the mapping does now.
    """
    from cdisc_conv import pipeline
    from cdisc_conv.cli._show import show_json
    from cdisc_conv.errors import UsageMistake

    dataset = dataset.upper()
    chosen = pipeline.Options(workspace=workspace, raw=raw, datasets=(dataset,))
    study = study_name or pipeline.study_with(dataset, chosen)
    explainer = pipeline.explain(study, subject, chosen)
    records = [r for r in explainer.records(dataset) if _fits(explainer, dataset, r, param, conditions)]
    if not records:
        raise UsageMistake(f"{dataset} has no such record of {subject}")
    several = len(records) > 1 and not variables
    names = [v.upper() for v in variables] or _what_matters(explainer, dataset)
    unknown = [v for v in names if v not in explainer.variables(dataset)]
    if unknown:
        raise UsageMistake(
            f"{dataset} has no variable {unknown[0]}; it has {', '.join(explainer.variables(dataset))}"
        )
    if output_format == "json":
        traces = [explainer.trace(dataset, r, v).as_dict() for r in records for v in names]
        show_json({"study": study, "dataset": dataset, "subject": subject, "values": traces})
        return
    if several:
        _list(explainer, dataset, records)
        sys.exit(0)
    for record in records:
        for name in names:
            _print(explainer.trace(dataset, record, name))


def _fits(
    explainer: Explainer, dataset: str, record: int, param: str | None, conditions: tuple[str, ...]
) -> bool:
    """Whether a record is one of those asked for."""
    from cdisc_conv.errors import UsageMistake

    wanted = []
    if param:
        known = [v for v in ("PARAMCD", f"{dataset[:2]}TESTCD") if v in explainer.variables(dataset)]
        if not known:
            raise UsageMistake(
                f"{dataset} has neither PARAMCD nor {dataset[:2]}TESTCD; use --where VARIABLE=VALUE"
            )
        wanted.append((known[0], param))
    for condition in conditions:
        variable, equals, value = condition.partition("=")
        if not equals:
            raise UsageMistake(f"--where takes VARIABLE=VALUE, not {condition}")
        wanted.append((variable.upper(), value))
    return all(explainer.value(dataset, record, k) == v for k, v in wanted)


def _what_matters(explainer: Explainer, dataset: str) -> list[str]:
    """The variables that a reader asks about first."""
    present = explainer.variables(dataset)
    for names in (("AVAL", "AVALC", "CNSR", "EVNTDESC"), (f"{dataset[:2]}STRESC", f"{dataset[:2]}ORRES")):
        found: list[str] = [v for v in names if v in present]
        if found:
            return found
    ids = {"STUDYID", "DOMAIN", "USUBJID"}
    return [v for v in present if v not in ids]


def _list(explainer: Explainer, dataset: str, records: list[int]) -> None:
    keys = [k for k in explainer.plan.datasets[dataset].spec.keys if k not in ("STUDYID", "USUBJID")]
    click.echo(f"{len(records)} records; pick one with --where, or name variables with -v:")
    for record in records:
        click.echo("  " + "  ".join(f"{k}={explainer.value(dataset, record, k)}" for k in keys))


def _print(trace: Trace, depth: int = 0) -> None:
    """One step a line, its inputs indented below."""
    pad = "   " * depth
    if trace.row is not None:
        sheet = f"!{trace.row.sheet}" if trace.row.sheet else ""
        key = f" {trace.row.key}" if trace.row.key else ""
        where = click.style(f"{trace.row.file}{sheet} row {trace.row.row}{key}", fg="cyan")
        click.echo(f"{pad}{trace.name} {trace.value!r}  <- {where}")
        return
    record = f" [{trace.record}]" if trace.record else ""
    note = f"  ({trace.note})" if trace.note else ""
    value = trace.value or "(missing)"
    click.echo(f"{pad}{click.style(trace.name, bold=True)}{record} = {value}{note}")
    if trace.derivation and not trace.note.startswith("as above"):
        place = f"  {trace.place}" if str(trace.place) else ""
        click.echo(f"{pad}   = {trace.derivation}{click.style(place, dim=True)}")
    for inner in trace.inputs:
        _print(inner, depth + 1)
