"""Terms that a codelist has only where policies and facts say so: `policy.blinded == "true"`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cdisc_conv.codes.map import MAP021
from cdisc_conv.findings import Findings
from cdisc_conv.language import nodes as n
from cdisc_conv.language.resolve import Names, resolve
from cdisc_conv.language.verb import Verbs
from cdisc_conv.model.spec import Codelist, Spec, Term
from cdisc_conv.model.study import Study
from cdisc_conv.model.words import Words


def settle_terms(specs: Mapping[str, Spec], study: Study, findings: Findings) -> dict[str, Spec]:
    """The specs with the terms whose condition holds; a condition that needs data is a finding."""
    return {
        kind: replace(spec, codelists={i: _settled(c, study, findings) for i, c in spec.codelists.items()})
        for kind, spec in specs.items()
    }


def _settled(codelist: Codelist, study: Study, findings: Findings) -> Codelist:
    if not any(t.only_when for t in codelist.terms.values()):
        return codelist
    terms = {v: t for v, t in codelist.terms.items() if _holds(t, study, findings)}
    return replace(codelist, terms=terms)


def _holds(term: Term, study: Study, findings: Findings) -> bool:
    if not term.only_when:
        return True
    place = term.place
    words = Words(term.only_when, place.file, place.line or 1, place.column or 1)
    slips = Findings()
    node = resolve(words, Names(form=(), facts=study.facts, policies=study.policies), Verbs(), slips)
    findings.extend(replace(f, place=place) for f in slips)
    value = node.value if isinstance(node, n.Literal) else None
    if node is not None and not isinstance(value, bool):
        findings.add(MAP021.at(place, value=term.only_when, wanted="condition on policies and facts"))
    return value is True
