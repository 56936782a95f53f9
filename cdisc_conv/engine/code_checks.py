"""Codelists that the pages and codes.csv speak of, held against the spec: told before data is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cdisc_conv.codes.map import MAP034, MAP035
from cdisc_conv.engine.plan import Derivation, PlannedDataset
from cdisc_conv.findings import Findings, Place
from cdisc_conv.language import nodes as n
from cdisc_conv.language.resolve import near
from cdisc_conv.model.mapping import Mapping as StudyMapping
from cdisc_conv.model.spec import Codelist, Spec

VERBS = ("ct", "decode")
"""Verbs that take a codelist: the argument `codelist`, else that of the variable derived."""


def check_codes(
    specs: Mapping[str, Spec], mapping: StudyMapping, planned: Mapping[str, PlannedDataset]
) -> Findings:
    """Findings about codelists that are not there."""
    findings = Findings()
    codelists = {i: c for spec in specs.values() for i, c in spec.codelists.items()}
    known = {*codelists, *mapping.codes}
    used: set[str] = set()
    for dataset in planned.values():
        own = _own_codelists(specs[dataset.kind], dataset)
        for variable, derivation in _all(dataset):
            for call in _calls(derivation.node):
                given = call.argument("codelist")
                words = [p.value for p in given.parts if isinstance(p, n.Literal)] if given else []
                name = str(words[0]) if words and words[0] else own.get(variable, "")
                used.add(name)
                if name not in known:
                    place = derivation.words.at(call.span.start)
                    what = f"no codelist {name!r}" if name else "no codelist of the variable"
                    findings.add(MAP034.at(place, verb=call.verb, what=what, hint=_hint(name, known)))
    findings.extend(_code_map(mapping, codelists, used))
    return findings


def _hint(name: str, known: set[str]) -> str:
    return near(name, known) or MAP034.hint


def _own_codelists(spec: Spec, dataset: PlannedDataset) -> dict[str, str]:
    found = {v.name: v.codelist for v in dataset.spec.variables.values()}
    supp = spec.datasets.get(f"SUPP{dataset.name}")
    found |= {v.where[0].values[0]: v.codelist for v in (supp.values if supp else ()) if v.where}
    return found


def _all(dataset: PlannedDataset) -> Iterator[tuple[str, Derivation]]:
    """Every derivation with the variable that it is for ("": a condition)."""
    for variable in dataset.made():
        yield from ((variable, d) for d in dataset.derivations(variable))
    yield from (("", b.where) for b in dataset.blocks if b.where)
    yield from (("", x) for c in dataset.checks for x in (c.where, c.value) if x)


def _calls(node: n.Node) -> Iterator[n.Bound]:
    yield from (x for x in node.walk() if isinstance(x, n.Bound) and x.verb in VERBS)


def _code_map(mapping: StudyMapping, codelists: Mapping[str, Codelist], used: set[str]) -> Findings:
    """Lines of codes.csv for a list that nothing uses, or with a value that its list does not have."""
    findings = Findings()
    table = mapping.tables.get("codes")
    if table is None or not {"CODELIST", "VALUE"} <= set(table.header):
        return findings
    lines = zip(table.lines, table.column("CODELIST"), table.column("VALUE"), strict=True)
    for line, name, value in lines:
        codelist = codelists.get(name)
        place = Place(file=table.file, line=line)
        if codelist is None and name not in used:
            findings.add(MAP035.at(place, what=f"no codelist {name!r}", hint=near(name, {*codelists, *used})))
        elif codelist and codelist.terms and not codelist.extensible and value not in codelist.terms:
            hint = near(value, codelist.terms)
            findings.add(MAP035.at(place, what=f"no term {value!r} in codelist {name}", hint=hint))
    return findings
