"""A spec's codelists held against controlled terminology, and filled from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from cdisc_conv.codes import spec as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Finding, Findings, Place
from cdisc_conv.model.spec import Codelist, Spec, Term
from cdisc_conv.model.standards import IGVariable
from cdisc_conv.read.spec_cells import did_you_mean
from cdisc_conv.read.spec_guides import Standards
from cdisc_conv.read.standards import CT, load_ct, versions

_TERMINOLOGY = re.compile(
    r"(?:CDISC/NCI\s+)?(SDTM|ADAM|DEFINE(?:-XML)?)?\s*(?:CT)?\s*(\d{4}-\d{2}-\d{2})", re.I
)
_PACKAGES = {"SDTM": "sdtm", "ADAM": "adam", "DEFINE": "define", "DEFINE-XML": "define"}


@dataclass(slots=True)
class Codelists:
    """The codelists of a spec as they are completed; those that items name are added from the terminology."""

    spec: Spec
    standards: Standards
    findings: Findings
    done: dict[str, Codelist] = field(default_factory=dict)

    def complete(self) -> None:
        """Every list of the sheet: names, NCI codes and terms filled, terms checked."""
        for codelist in self.spec.codelists.values():
            self.done[codelist.id] = self._completed(codelist)

    def refer(self, name: str, row: Place, sheet: str) -> str:
        """The id that an item's Codelist cell means: a list or dictionary of the spec, or CDISC's list.

        CDISC's lists go by submission value (NY) or NCI code (C66742). Another is a finding (SPEC027).
        """
        if not name or name in self.done or name in self.spec.dictionaries:
            return name
        for ct in self.standards.packages:
            if name in ct:
                return self._take(ct, name, row)
        known = [*self.done, *self.spec.dictionaries]
        near = did_you_mean(name, known) or did_you_mean(name, self._all_lists(), cutoff=0.75)
        place = self.spec.cell(row, sheet, "codelist")
        self.findings.add(
            codes.REFERENCE.at(place, column="Codelist", id=name, sheet="Codelists", hint=near or None)
        )
        return name

    def default(self, variable: IGVariable, dataset: str, row: Place) -> str:
        """The id of the guide's codelist for a variable, "" if it has none or leaves a choice (SPEC046)."""
        lists = [
            (ct, e) for code in variable.codelists for ct in self.standards.packages if (e := ct.entry(code))
        ]
        if len(lists) > 1:
            finding = codes.CODELISTS_SEVERAL.at(
                self.spec.cell(row, "Variables", "codelist"),
                dataset=dataset,
                variable=variable.name,
                guide=self.standards.guide.title,
                names=", ".join(e.value for _, e in lists),
            )
            self.findings.add(finding)
        if len(lists) == 1:
            ct, entry = lists[0]
            return entry.value if entry.value in self.done else self._take(ct, entry.code, row)
        return self._dictionary(variable.described)

    def _dictionary(self, described: str) -> str:
        """The spec's dictionary where the guide names it (MedDRA, LOINC)."""
        found = [d.id for d in self.spec.dictionaries.values() if d.dictionary and d.dictionary == described]
        return found[0] if len(found) == 1 else ""

    def _take(self, ct: CT, name: str, row: Place) -> str:
        found = ct.codelist(name)
        assert found is not None
        self.done.setdefault(found.id, replace(found, place=row, terms_from_ct=True))
        return found.id

    def _all_lists(self) -> list[str]:
        return [e.value for ct in self.standards.packages for e in ct.entries()]

    def _completed(self, c: Codelist) -> Codelist:
        ct = self._package(c)
        entry = ct.entry(c.nci_code or c.id) if ct else None
        if ct is None or entry is None:
            if c.nci_code and ct is not None:
                self._wrong_list(c, ct)
            if not c.terms:
                self._add(codes.LIST_EMPTY.at(c.place, codelist=c.id))
            return c
        if not c.nci_code and c.terms:
            self._add(codes.LIST_WITHOUT_CODE.at(c.place, codelist=c.id, code=entry.code))
            return c
        by_id = ct.entry(c.id)
        if by_id is not None and by_id.code != entry.code:
            place, what = self._cell(c.place, "nci_codelist_code"), f"codelist {c.id}"
            self._wrong_code(place, what, c.nci_code, by_id.code, ct)
            return c
        cdisc = ct.codelist(entry.code)
        assert cdisc is not None
        return replace(
            c,
            name=c.name or cdisc.name,
            nci_code=cdisc.nci_code,
            terminology=ct.title,
            extensible=cdisc.extensible,
            terms={t.value: self._term(t, c, cdisc, ct) for t in c.terms.values()} or cdisc.terms,
            terms_from_ct=not c.terms,
        )

    def _package(self, c: Codelist) -> CT | None:
        """The package that `Terminology` names; else the first of the study's that has the list."""
        packages = self.standards.packages
        if not c.terminology:
            wanted = c.nci_code or c.id
            return next((ct for ct in packages if wanted in ct), packages[0])
        match = _TERMINOLOGY.fullmatch(c.terminology.strip())
        if match:
            package = _PACKAGES[match[1].upper()] if match[1] else packages[0].package
            try:
                return load_ct(package, match[2])
            except CannotRun:
                pass
        if c.nci_code:
            have = ", ".join(f"{name.upper()} CT {v}" for name in ("sdtm", "adam") for v in versions(name))
            place = self._cell(c.place, "terminology")
            self._add(codes.NO_TERMINOLOGY.at(place, text=c.terminology, have=have))
        return None

    def _wrong_list(self, c: Codelist, ct: CT) -> None:
        meant = ct.entry(c.id)
        hint = f"{c.id} is {meant.code}" if meant else None
        place = self._cell(c.place, "nci_codelist_code")
        self._add(codes.NCI_LIST_UNKNOWN.at(place, terminology=ct.title, code=c.nci_code, hint=hint))

    def _term(self, t: Term, c: Codelist, cdisc: Codelist, ct: CT) -> Term:
        known = cdisc.terms.get(t.value)
        if known is None:
            return self._own_term(t, c, cdisc, ct)
        if t.nci_code and t.nci_code != known.nci_code:
            self._wrong_term_code(t, known.nci_code, ct)
        decode = t.decode or known.decode
        return replace(t, nci_code=known.nci_code, decode=decode, synonyms=known.synonyms, extended=False)

    def _own_term(self, t: Term, c: Codelist, cdisc: Codelist, ct: CT) -> Term:
        same = ct.synonym(cdisc.nci_code, t.value)
        if not cdisc.extensible:
            near = same.value if same else ct.near(cdisc.nci_code, t.value)
            hint = f"did you mean {near!r}?" if near else None
            self._add(codes.TERM_UNKNOWN.at(t.place, term=t.value, codelist=c.id, hint=hint))
            return t
        if same is not None:
            self._add(codes.TERM_NEAR.at(t.place, term=t.value, codelist=c.id, standard=same.value))
        if t.nci_code:
            self._wrong_term_code(t, "no such term", ct)
        return replace(t, extended=True, nci_code="")

    def _wrong_term_code(self, t: Term, standard: str, ct: CT) -> None:
        place = self._cell(t.place, "nci_term_code")
        self._wrong_code(place, f"the term {t.value!r}", t.nci_code, standard, ct)

    def _wrong_code(self, place: Place, what: str, code: str, standard: str, ct: CT) -> None:
        self._add(
            codes.NCI_CODE_WRONG.at(place, what=what, code=code, terminology=ct.title, standard=standard)
        )

    def _cell(self, row: Place, column: str) -> Place:
        return self.spec.cell(row, "Codelists", column)

    def _add(self, finding: Finding) -> None:
        self.findings.add(finding)
