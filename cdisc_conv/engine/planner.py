"""Study, spec and mapping to a Plan; every slip of the authors is found here, before any data is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from cdisc_conv.codes.map import MAP009, MAP010, MAP011, MAP012, MAP013, MAP016, MAP022, MAP028
from cdisc_conv.engine.code_checks import check_codes
from cdisc_conv.engine.kinds import check_kinds
from cdisc_conv.engine.only_when import settle_pages, settle_specs
from cdisc_conv.engine.plan import Plan, PlannedDataset, Step, supplemental
from cdisc_conv.engine.plan_page import PagePlanner, derivation
from cdisc_conv.engine.study_checks import check_study
from cdisc_conv.findings import Findings, Place
from cdisc_conv.language.resolve import Names, near, resolve
from cdisc_conv.language.verb import Verbs
from cdisc_conv.model.mapping import Mapping as StudyMapping
from cdisc_conv.model.mapping import form_column
from cdisc_conv.model.spec import Spec
from cdisc_conv.model.study import Study


def make_plan(
    study: Study,
    specs: Mapping[str, Spec],
    mapping: StudyMapping,
    headers: Mapping[str, tuple[str, ...] | None],
    verbs: Verbs,
) -> tuple[Plan, Findings]:
    """The plan of a whole study with all findings about its text.

    `headers` gives the columns of each form as the raw files have them, None where they could not be seen.
    """
    findings = Findings()
    written, findings_of_text = specs, check_study(study, mapping)
    specs = settle_specs(written, study, findings)
    mapping = settle_pages(written, specs, mapping)
    datasets = _datasets(specs, mapping, findings)
    owners = _owners(study, mapping, datasets, headers)
    findings.extend(findings_of_text)
    subjects = {}
    for form in study.forms.values():
        if form.subject is not None:
            names = Names(source=f"form {form.name}", form=owners[form.name], facts=study.facts)
            node = resolve(form.subject, names, verbs, findings)
            if node is not None:
                subjects[form.name] = derivation(form.subject, node)
    planned: dict[str, PlannedDataset] = {}
    knows = {*subjects, *datasets}
    for name, (kind, spec) in datasets.items():
        page = PagePlanner(study, specs[kind], mapping.pages[name], owners, knows, verbs, findings)
        made = page.plan(spec.datasets[name])
        if made.page.blocks and not made.blocks:
            specs = {**specs, kind: without(specs[kind], name)}
            continue
        planned[name] = made
        _against_spec(made, specs[kind], findings)
        _keys(made, knows, findings)
    findings.extend(check_codes(specs, mapping, planned))
    steps = _steps(planned, findings)
    plan = Plan(study, specs, mapping, verbs, planned, steps, {}, subjects)
    plan = replace(plan, kinds=check_kinds(plan, findings))
    read = raw_columns(plan)
    for name, form in study.forms.items():
        if name not in read and not (form.unblinding and study.blinded):
            findings.add(MAP022.at(form.place, form=name))
    return replace(plan, forms_used=in_file_order(study, read), raw_columns_read=read), findings


def without(spec: Spec, dataset: str) -> Spec:
    """The spec without a dataset whose rows policies rule out, and without its SUPP--."""
    gone = {dataset, f"SUPP{dataset}"}
    return replace(spec, datasets={n: d for n, d in spec.datasets.items() if n not in gone})


def _datasets(
    specs: Mapping[str, Spec], mapping: StudyMapping, findings: Findings
) -> dict[str, tuple[str, Spec]]:
    """The datasets that have both a spec and a page, in order of the specs."""
    found: dict[str, tuple[str, Spec]] = {}
    for kind, spec in specs.items():
        for name, dataset in spec.datasets.items():
            made_by_engine = name.startswith("SUPP") and name[4:] in spec.datasets
            if name in mapping.pages:
                found[name] = (kind, spec)
            elif not made_by_engine:
                findings.add(
                    MAP013.at(dataset.place, dataset=name, hint=MAP013.hint.format(page=name.lower()))
                )
    known = [d for s in specs.values() for d in s.datasets]
    for name, page in mapping.pages.items():
        if name not in known:
            findings.add(MAP012.at(page.place, dataset=name, hint=near(name, known)))
    return found


def _owners(
    study: Study,
    mapping: StudyMapping,
    datasets: Mapping[str, tuple[str, Spec]],
    headers: Mapping[str, tuple[str, ...] | None],
) -> dict[str, frozenset[str] | None]:
    """Columns of every form, table and dataset; None where a raw file could not be seen."""
    owners: dict[str, frozenset[str] | None] = {}
    for name, table in mapping.tables.items():
        owners[name] = frozenset(table.header)
    for name, form in study.forms.items():
        header = headers.get(name)
        short = {v: k for k, v in form.columns.items()}
        owners[name] = None if header is None else frozenset({*header, *(short.get(h, h) for h in header)})
    for name, (_, spec) in datasets.items():
        page = mapping.pages[name]
        own = {"USUBJID", *spec.datasets[name].variables, *page.variables}
        own.update(v for b in page.blocks for v in b.variables)
        owners[name] = frozenset(own)
    return owners


def _against_spec(dataset: PlannedDataset, spec: Spec, findings: Findings) -> None:
    """Variables derived but not in the spec, and in the spec but not derived."""
    known = {*dataset.spec.variables, *supplemental(spec, dataset.name)}
    made = [v for v in dataset.made() if not v.islower()]
    for variable in made:
        if variable not in known and dataset.derivations(variable):
            place = dataset.derivations(variable)[0].words.place
            hint = near(variable, known) or MAP010.hint.format(variable=variable)
            findings.add(MAP010.at(place, variable=variable, dataset=dataset.name, hint=hint))
    supp = spec.datasets.get(f"SUPP{dataset.name}")
    written = {*dataset.page.variables, *(v for b in dataset.page.blocks for v in b.variables)}
    for variable in (v for v in known if v not in made and v not in written):  # slips of those are told
        found = dataset.spec.variables.get(variable)
        place = found.place if found else supp.place if supp else Place(dataset=dataset.name)
        if found is None or found.has_no_data.lower() != "yes":
            findings.add(MAP011.at(place, variable=variable))
    for variable in dataset.variables:
        for block in dataset.blocks:
            if variable in block.variables:
                what = f"variable {variable} (for all rows and for rows from {block.block.source.text})"
                findings.add(MAP016.at(block.variables[variable].words.place, what=what))


def _keys(dataset: PlannedDataset, knows: Collection[str], findings: Findings) -> None:
    """Keys that do not begin with the subject: pieces of the study would not stand in key order."""
    keys = [k for k in dataset.spec.keys if k != "STUDYID"]
    by_subject = any(b.block.source.text in knows for b in dataset.blocks)
    if by_subject and keys and keys[0] != "USUBJID":
        findings.add(MAP028.at(dataset.spec.place, dataset=dataset.name))


def _steps(datasets: Mapping[str, PlannedDataset], findings: Findings) -> tuple[Step, ...]:
    """All steps in an order in which each has what it reads; a loop is a finding."""
    needs: dict[Step, set[Step]] = {}

    def reads(columns: frozenset[tuple[str, str]], own: str) -> set[Step]:
        found = set()
        for owner, column in columns:
            if owner in datasets:
                found.add(Step(owner, column))
                found.add(Step(owner))
        return found - {Step(own)}

    for name, d in datasets.items():
        rows = needs.setdefault(Step(name), set())
        for b in d.blocks:
            rows |= reads(b.where.reads, name) if b.where else set()
            source = b.block.source.text
            if source in datasets:
                cells = (c for row in b.block.tests.rows for c in row) if b.block.tests else ()
                rows |= {Step(source), *(Step(source, c) for x in cells if (c := form_column(x)))}
        for found in d.of_time_to_event():
            rows |= reads(found.reads, name)
        for variable in d.made():
            step = needs.setdefault(Step(name, variable), set())
            step.add(Step(name))
            own = d.derivations(variable) if not d.parameters or variable in d.variables else []
            step.update(*(reads(x.reads, name) for x in own))
    known = {s: {x for x in sorted(v, key=str) if x in needs} for s, v in needs.items()}
    while True:
        try:
            return tuple(TopologicalSorter(known).static_order())
        except CycleError as e:
            path = e.args[1]
            text = " -> ".join(f"{s.dataset}.{s.variable or '(rows)'}" for s in path)
            named = [s for s in path if s.variable and datasets[s.dataset].derivations(s.variable)]
            at = (named or path)[0]
            told = datasets[at.dataset].derivations(at.variable)
            place = told[0].words.place if told else datasets[at.dataset].page.place
            findings.add(MAP009.at(place, path=text))
            known[path[1]] = known[path[1]] - {path[0]}


def in_file_order(study: Study, forms: Collection[str]) -> tuple[str, ...]:
    """Forms in order of their files and sheets: the order in which raw rows are numbered and told."""
    return tuple(sorted(forms, key=lambda f: (study.forms[f].file, study.forms[f].sheet, f)))


def raw_columns(plan: Plan) -> dict[str, frozenset[str]]:
    """The raw columns that derivations read, by form; a form that nothing reads is left out."""
    read: dict[str, set[str]] = {}
    for form, subject in plan.subjects.items():
        read_by_subject = {c for o, c in subject.reads if o in ("form", form)}
        read.setdefault(f"#{form}", set()).update(read_by_subject)
    for d in plan.datasets.values():
        for b in d.blocks:
            if b.block.source.text in plan.study.forms:
                cells = [c for row in b.block.tests.rows for c in row] if b.block.tests else []
                read.setdefault(b.block.source.text, set()).update(c for x in cells if (c := form_column(x)))
        every = list(d.every())
        for owner, column in {c for x in every for c in x.reads}:
            if owner in plan.study.forms:
                read.setdefault(owner, set()).add(column)
    used = {k for k in read if not k.startswith("#")}
    return {k: frozenset(read[k] | read.get(f"#{k}", set())) for k in used}
