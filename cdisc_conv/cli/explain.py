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

LISTED, RECORDS = 40, 10
"""Records listed to pick from, and records whose values are all told."""


@click.command()
@click.argument("dataset")
@click.option("--subject", help="USUBJID; not needed for a dataset without subjects, such as TS.")
@click.option("--param", help="PARAMCD (or --TESTCD; of a SUPP--: QNAM) of the record.")
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
    subject: str | None,
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
    mapped = dataset.removeprefix("SUPP") if dataset.startswith("SUPP") and len(dataset) > 4 else dataset
    chosen = pipeline.Options(workspace=workspace, raw=raw, datasets=(mapped,))
    study = study_name or pipeline.study_with(mapped, chosen)
    explainer = pipeline.explain(study, subject or "", chosen)
    if subject is None and explainer.of_subjects(mapped):
        raise UsageMistake(f"{dataset} is about subjects; say which with --subject USUBJID")
    names = [v.upper() for v in variables]
    if mapped != dataset:
        names, param = names or _qualifiers(explainer, mapped, param), None
    records = [r for r in explainer.records(mapped) if _fits(explainer, mapped, r, param, conditions)]
    if not records:
        if subject is not None and not explainer.knows():
            raise UsageMistake(f"no raw form has subject {subject}")
        raise UsageMistake(f"{mapped} has no such record" + (f" of {subject}" if subject else ""))
    several = len(records) > 1 and not variables
    names = names or _what_matters(explainer, mapped)
    unknown = [v for v in names if v not in explainer.variables(mapped)]
    if unknown:
        raise UsageMistake(
            f"{mapped} has no variable {unknown[0]}; it has {', '.join(explainer.variables(mapped))}"
        )
    if output_format == "json":
        traces = [explainer.trace(mapped, r, v).as_dict() for r in records for v in names]
        show_json({"study": study, "dataset": dataset, "subject": subject, "values": traces})
        return
    if several:
        _list(explainer, mapped, records, names)
        sys.exit(0)
    for record in records[:RECORDS]:
        for name in names:
            _print(explainer.trace(mapped, record, name))
    if len(records) > RECORDS:
        click.echo(f"… and {len(records) - RECORDS:,} more records; pick with --where")


def _qualifiers(explainer: Explainer, parent: str, qnam: str | None) -> list[str]:
    """The supplemental qualifiers of a dataset, or the one asked for."""
    from cdisc_conv.errors import UsageMistake

    known = list(explainer.plan.supplemental(parent))
    if not known or (qnam and qnam.upper() not in known):
        what = f"has no QNAM {qnam}; it has {', '.join(known)}" if known else "has no variables"
        raise UsageMistake(f"SUPP{parent} {what}")
    return [qnam.upper()] if qnam else known


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


def _list(explainer: Explainer, dataset: str, records: list[int], names: list[str]) -> None:
    """Records by key, with the first of the values that one asks for."""
    keys = [k for k in explainer.plan.datasets[dataset].spec.keys if k not in ("STUDYID", "USUBJID")]
    shown = [*keys, *(n for n in names[:2] if n not in keys)]
    click.echo(f"{len(records):,} records; pick one with --where, or name variables with -v:")
    for record in records[:LISTED]:
        click.echo("  " + "  ".join(f"{k}={explainer.value(dataset, record, k)}" for k in shown))
    if len(records) > LISTED:
        click.echo(f"  … and {len(records) - LISTED:,} more")


def _print(trace: Trace) -> None:
    """One step a line, its inputs indented below; a record is named once, not on each of its values."""
    for depth, step, record in trace.steps():
        pad = "   " * depth
        if step.row is not None:
            click.echo(f"{pad}{step.name} {step.value!r}  <- {click.style(step.source, fg='cyan')}")
            continue
        head = step.headline(record)
        click.echo(pad + click.style(step.name, bold=True) + head.removeprefix(step.name))
        if step.derivation and not step.note.startswith("as above"):
            place = click.style(f"  {step.place}", dim=True) if str(step.place) else ""
            click.echo(f"{pad}   = {step.derivation}{place}")
