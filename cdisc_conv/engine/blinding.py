"""A blinded run: what tells a subject's treatment is not read, so nothing that is made can tell it.

Forms and columns that do are declared in study.yaml (`unblinding:`); the policy `blinded` says whether this
run may read them.  With `auto` the run is blinded when the export lacks one of the forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cdisc_conv.codes.map import MAP037
from cdisc_conv.codes.raw import RAW068, RAW069
from cdisc_conv.engine.plan import Plan
from cdisc_conv.findings import Finding, Findings, Place
from cdisc_conv.model.mapping import form_column
from cdisc_conv.model.study import Form, Policy, Study
from cdisc_conv.read.raw import RawExport


def settle_blinding(study: Study, raw: RawExport | None, findings: Findings) -> Study:
    """The study with its policy `blinded` settled to "true" or "false"; a blinded run's files withheld."""
    policy = study.decided.get("blinded")
    if policy is None:
        return study
    if policy.value == "auto":
        lacking = _lacking(study, raw)
        for form in lacking:
            place = Place(file=form.file, sheet=form.sheet)
            findings.add(RAW069.at(place, what=form.file, form=form.name))
        study = _with(study, replace(policy, value="true" if lacking else "false"))
    if study.blinded and raw is not None:
        raw.withhold(_whole_files(study))
        findings.extend(f for form in study.forms.values() for f in _unread(study, form))
    return study


def _with(study: Study, blinded: Policy) -> Study:
    return replace(study, decided={**study.decided, "blinded": blinded})


def _lacking(study: Study, raw: RawExport | None) -> list[Form]:
    present = set(raw.files()) if raw else None
    return [f for f in study.forms.values() if f.unblinding and present is not None and f.file not in present]


def _whole_files(study: Study) -> set[str]:
    """Files of which every form tells the treatment: they are not even opened."""
    others = {f.file for f in study.forms.values() if not f.unblinding}
    return {f.file for f in study.forms.values() if f.unblinding} - others


def _unread(study: Study, form: Form) -> Iterator[Finding]:
    place = Place(file=form.file, sheet=form.sheet)
    if form.unblinding:
        yield RAW068.at(place, what="this table", form=form.name)
    for column in form.unblinding_columns:
        yield RAW068.at(place, what=f"column '{column}'", form=form.name)


def check_blinded(plan: Plan) -> Findings:
    """A finding for each place of the mapping that would need a treatment in a blinded run."""
    findings = Findings()
    forms = plan.study.forms if plan.study.blinded else {}
    closed = {name for name, form in forms.items() if form.unblinding}
    secret = {(name, column) for name, form in forms.items() for column in _names(form)}
    if closed or secret:
        for place, form, column in _reads(plan):
            if form in closed or (form, column) in secret:
                findings.add(MAP037.at(place, form=form, column=column))
    return findings


def _names(form: Form) -> Iterator[str]:
    """The names that withheld columns go by."""
    for column in form.unblinding_columns:
        yield column
        yield from (short for short, raw in form.columns.items() if raw == column)


def _reads(plan: Plan) -> Iterator[tuple[Place, str, str]]:
    """Every place that reads a form, with the column read."""
    subjects = ((form, d) for form, d in plan.subjects.items() if form in plan.raw_columns_read)
    for own, derivation in subjects:
        for form, column in sorted(derivation.reads):
            yield derivation.words.place, own if form == "form" else form, column
    for dataset in plan.datasets.values():
        for block in (b.block for b in dataset.blocks):
            yield block.source.place, block.source.text, "rows"
            table = block.tests
            for line, row in zip(table.lines, table.rows, strict=True) if table else ():
                place = Place(file=table.file, line=line) if table else Place()
                yield from ((place, block.source.text, c) for cell in row if (c := form_column(cell)))
        for derivation in dataset.every():
            yield from ((derivation.words.place, *read) for read in sorted(derivation.reads))
