"""What a spec has only where policies say so: terms and variables with `Only When`, texts with `${…}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from cdisc_conv.codes.map import MAP002, MAP021
from cdisc_conv.findings import Findings
from cdisc_conv.language import nodes as n
from cdisc_conv.language.resolve import Names, resolve
from cdisc_conv.language.verb import Verbs
from cdisc_conv.model.mapping import Mapping as StudyMapping
from cdisc_conv.model.spec import Codelist, DatasetSpec, Spec, Term, VariableSpec
from cdisc_conv.model.study import Study
from cdisc_conv.model.words import Words

_SETTING = re.compile(r"\$\{\s*(policy|study)\.(\w+)\s*\}")


def settle_specs(specs: Mapping[str, Spec], study: Study, findings: Findings) -> dict[str, Spec]:
    """The specs with the terms and variables whose condition holds; one that needs data is a finding."""
    return {
        kind: replace(
            spec,
            codelists={i: _settled(c, study, findings) for i, c in spec.codelists.items()},
            datasets={i: _with_variables(d, study, findings) for i, d in spec.datasets.items()},
        )
        for kind, spec in specs.items()
    }


def settle_pages(
    before: Mapping[str, Spec], after: Mapping[str, Spec], mapping: StudyMapping
) -> StudyMapping:
    """The mapping without the lines of variables that the specs have lost by their condition."""
    gone = {
        name: set(dataset.variables) - set(after[kind].datasets[name].variables)
        for kind, spec in before.items()
        for name, dataset in spec.datasets.items()
    }
    pages = {}
    for name, page in mapping.pages.items():
        lost = gone.get(name, set())
        blocks = tuple(replace(b, variables=_less(b.variables, lost)) for b in page.blocks)
        pages[name] = replace(page, blocks=blocks, variables=_less(page.variables, lost)) if lost else page
    return replace(mapping, pages=pages)


def _less(variables: Mapping[str, Words], lost: set[str]) -> dict[str, Words]:
    return {name: words for name, words in variables.items() if name not in lost}


def _settled(codelist: Codelist, study: Study, findings: Findings) -> Codelist:
    terms = codelist.terms.values()
    if not any(t.only_when or "${" in t.value + t.decode for t in terms):
        return codelist
    kept = [_filled(t, study, findings) for t in terms if _holds(t, study, findings)]
    return replace(codelist, terms={t.value: t for t in kept})


def _with_variables(dataset: DatasetSpec, study: Study, findings: Findings) -> DatasetSpec:
    if not any(v.only_when for v in dataset.variables.values()):
        return dataset
    kept = {name: v for name, v in dataset.variables.items() if _holds(v, study, findings)}
    conditions = tuple(v.only_when for v in dataset.variables.values() if v.only_when)
    return replace(dataset, variables=kept, conditions=conditions)


def _filled(term: Term, study: Study, findings: Findings) -> Term:
    """The term with what study.yaml says in place of `${policy.X}` and `${study.X}`."""

    def value(found: re.Match[str]) -> str:
        known = study.policies if found.group(1) == "policy" else study.facts
        if found.group(2) not in known:
            where = f"{found.group(1)}: of study.yaml"
            findings.add(MAP002.at(term.place, column=found.group(2), where=where))
        return known.get(found.group(2), "")

    return replace(term, value=_SETTING.sub(value, term.value), decode=_SETTING.sub(value, term.decode))


def _holds(item: Term | VariableSpec, study: Study, findings: Findings) -> bool:
    if not item.only_when:
        return True
    place = item.place
    words = Words(item.only_when, place.file, place.line or 1, place.column or 1)
    slips = Findings()
    node = resolve(words, Names(form=(), facts=study.facts, policies=study.policies), Verbs(), slips)
    findings.extend(replace(f, place=place) for f in slips)
    value = node.value if isinstance(node, n.Literal) else None
    if node is not None and not isinstance(value, bool):
        findings.add(MAP021.at(place, value=item.only_when, wanted="condition on policies and facts"))
    return value is True
