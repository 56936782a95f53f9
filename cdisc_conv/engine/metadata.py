"""The finished metadata: spec, standard, executed plan and data's own facts, brought together once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cdisc_conv.engine.facts import DatasetFacts, ItemFacts
from cdisc_conv.engine.origins import Told, tell, tell_rows
from cdisc_conv.engine.plan import Plan
from cdisc_conv.model.analysis import Analysis
from cdisc_conv.model.metadata import DatasetMeta, ItemMeta, PackageMeta, StandardMeta
from cdisc_conv.model.spec import Codelist, Comment, DatasetSpec, Method, Spec, Term, ValueSpec, VariableSpec
from cdisc_conv.read.analyses import analyses_of, displays_of

_DATE_TYPES = (
    *("date", "datetime", "time", "durationDatetime", "intervalDatetime"),
    *("partialDate", "partialTime", "partialDatetime", "incompleteDatetime"),
)


def package_meta(
    plan: Plan, spec: Spec, facts: Mapping[str, DatasetFacts], widths: Mapping[str, int], created: str
) -> PackageMeta:
    """Everything define.xml says of the datasets of one spec; only built datasets are told.

    `widths` gives the study-wide longest text by variable name (FDA Technical Conformance Guide).
    """
    return _Teller(plan, spec, facts, widths).package(created)


class _Teller:
    def __init__(
        self, plan: Plan, spec: Spec, facts: Mapping[str, DatasetFacts], widths: Mapping[str, int]
    ) -> None:
        self.plan, self.spec, self.facts, self.widths = plan, spec, facts, widths
        self.methods: dict[str, Method] = {}
        self.used: dict[str, set[str]] = {}  # codelist or dictionary -> terms in use
        self.comments: dict[str, Comment] = {}

    def package(self, created: str) -> PackageMeta:
        spec, study = self.spec, self.plan.study
        datasets = tuple(self.dataset(d) for name, d in spec.datasets.items() if name in self.facts)
        define = spec.define
        standards = self.standards()
        analyses = self.analyses()
        for a in analyses:
            self.comment(a.join_comment)
        lists = {i: self.codelist(spec.codelists[i]) for i in sorted(self.used) if i in spec.codelists}
        return PackageMeta(
            kind=spec.kind,
            study_oid=f"{study.id}.{spec.kind.upper()}",
            study_name=define.get("StudyName", study.facts.get("name", study.id)),
            study_description=define.get("StudyDescription", study.facts.get("description", "")),
            protocol_name=define.get("ProtocolName", study.facts.get("protocol", study.id)),
            created=created,
            language=define.get("Language", "en"),
            standards=standards,
            datasets=datasets,
            codelists=lists,
            codelist_standards=self.list_standards(lists, standards),
            dictionaries={i: d for i, d in spec.dictionaries.items() if i in self.used},
            methods=dict(sorted(self.methods.items())),
            comments=self.in_order(spec),
            documents=spec.documents,
            displays=tuple(d for d in displays_of(spec) if d.id in {a.display for a in analyses}),
            analyses=analyses,
        )

    def analyses(self) -> tuple[Analysis, ...]:
        """The analyses of the spec whose datasets are built."""
        found, _ = analyses_of(self.spec)
        return tuple(a for a in found if all(d in self.facts for d in a.datasets()))

    def standards(self) -> tuple[StandardMeta, ...]:
        given = self.plan.study.standards
        name = "SDTMIG" if self.spec.kind == "sdtm" else "ADaMIG"
        version = given.get(self.spec.kind, "")
        made = [StandardMeta("STD.1", name, "IG", version)]
        ct = given.get("ct", "")
        if ct:
            made.append(StandardMeta("STD.2", "CDISC/NCI", "CT", ct, "SDTM"))
        if ct and self.spec.kind == "adam":
            made.append(StandardMeta("STD.3", "CDISC/NCI", "CT", ct, "ADaM"))
        return tuple(made)

    def list_standards(
        self, lists: Mapping[str, Codelist], standards: tuple[StandardMeta, ...]
    ) -> dict[str, str]:
        by_set = {s.publishing_set.upper(): s.id for s in standards if s.type == "CT"}
        made = {}
        for id, codelist in lists.items():
            if codelist.nci_code:
                package = "ADAM" if "ADAM" in codelist.terminology.upper() else "SDTM"
                made[id] = by_set.get(package, "")
        return {k: v for k, v in made.items() if v}

    def dataset(self, spec: DatasetSpec) -> DatasetMeta:
        facts = self.facts[spec.name]
        comment = self.comment(spec.comment, f"COM.POLICY.{spec.name}", tell_rows(self.plan, spec.name))
        items = tuple(self.item(spec, v, facts) for v in spec.variables.values())
        return DatasetMeta(
            name=spec.name,
            label=spec.label,
            class_=spec.class_,
            subclass=spec.subclass,
            structure=spec.structure,
            purpose="Tabulation" if self.spec.kind == "sdtm" else "Analysis",
            standard="STD.1",
            repeating=spec.repeating.lower() != "no",
            reference_data=spec.reference_data.lower() == "yes",
            keys=spec.keys,
            items=items,
            records=facts.records,
            domain=_domain(spec.name) if self.spec.kind == "sdtm" else "",
            comment=comment,
            has_no_data=facts.records == 0,
            kept_empty=facts.records == 0 and self.plan.study.policies.get("empty_datasets") == "written",
        )

    def item(self, dataset: DatasetSpec, v: VariableSpec, facts: DatasetFacts) -> ItemMeta:
        found = facts.items.get(v.name, ItemFacts())
        told = tell(self.plan, self.spec, dataset.name, v.name)
        made = self.attributes(dataset, v, v.name, found, told)
        values = tuple(
            self.value(dataset, value, facts.values.get(at, ItemFacts()), made)
            for at, value in enumerate(dataset.values)
            if value.variable == v.name
        )
        told_by_values = v.name == "QVAL" and any(values)
        core_required = v.core.lower() == "req"
        return replace(
            made,
            mandatory=v.mandatory.lower() == "yes" if v.mandatory else core_required,
            role=v.role,
            key_sequence=dataset.keys.index(v.name) + 1 if v.name in dataset.keys else None,
            has_no_data=facts.records > 0 and found.count == 0,
            values=tuple(x for x in values if x is not None),
            origin="" if told_by_values else made.origin,
            source="" if told_by_values else made.source,
        )

    def value(
        self, dataset: DatasetSpec, v: ValueSpec, found: ItemFacts, parent: ItemMeta
    ) -> ItemMeta | None:
        """A value-level item; None when no record meets its condition."""
        if not found.count:
            return None
        supplemental = v.where and v.where[0].variable == "QNAM" and dataset.name.startswith("SUPP")
        parent_name = dataset.name[4:] if supplemental else dataset.name
        variable = v.where[0].values[0] if supplemental else v.variable
        told = tell(self.plan, self.spec, parent_name, variable, v.where)
        dtc = self.plan.kinds.get((parent_name, variable)) == "dtc"
        made = self.attributes(dataset, v, v.variable, found, told, dtc=dtc and bool(supplemental))
        label = v.label or parent.label
        length = min(made.length or 1, parent.length or 200) if made.data_type == "text" else made.length
        mandatory = v.mandatory.lower() == "yes"
        return replace(made, label=label, where=v.where, mandatory=mandatory, length=length)

    def attributes(
        self,
        dataset: DatasetSpec,
        v: VariableSpec | ValueSpec,
        name: str,
        found: ItemFacts,
        told: Told,
        *,
        dtc: bool | None = None,
    ) -> ItemMeta:
        is_dtc = self.plan.kinds.get((dataset.name, name)) == "dtc" if dtc is None else dtc
        data_type = built_type(v.data_type, found, self.numeric(dataset, name, v), is_dtc)
        codelist = v.codelist if self.in_use(v.codelist, found) else ""
        if codelist:
            self.used.setdefault(codelist, set()).update(found.terms)
        level = v.where if isinstance(v, ValueSpec) else ()
        suffix = "." + ".".join(leg.values[0] for leg in level) if level else ""
        method = self.method(v.method, f"MT.{dataset.name}.{name}{suffix}", v.origin or told.origin, told)
        decided = "" if method else told.decided
        return ItemMeta(
            name=name,
            label=v.label,
            data_type=data_type,
            length=self.length(v, name, found, data_type),
            width=self.width(v, name, found),
            significant_digits=(v.significant_digits or found.decimals or 1)
            if data_type == "float"
            else None,
            format=v.format,
            codelist=codelist,
            origin=v.origin or told.origin,
            source=v.source or (told.source if not v.origin else ""),
            pages=v.pages,
            method=method,
            predecessor=(v.predecessor or told.predecessor)
            if (v.origin or told.origin) == "Predecessor"
            else "",
            comment=self.comment(v.comment, f"COM.POLICY.{dataset.name}.{name}{suffix}", decided),
        )

    def comment(self, given: str, id: str = "", told: str = "") -> str:
        """The comment that the spec gives, and what policies decide where no method says so."""
        of_spec = self.spec.comments.get(given)
        if told:
            text = f"{of_spec.description} {told}" if of_spec else told
            self.comments[id] = replace(of_spec, id=id, description=text) if of_spec else Comment(id, text)
            return id
        if of_spec:
            self.comments[given] = of_spec
        return given

    def in_order(self, spec: Spec) -> dict[str, Comment]:
        """The comments in use: those of the spec in its order, then those made."""
        of_spec = [i for i in spec.comments if i in self.comments]
        return {i: self.comments[i] for i in [*of_spec, *sorted(set(self.comments) - set(of_spec))]}

    def in_use(self, id: str, found: ItemFacts) -> bool:
        """Whether a variable's codelist is told: one of CDISC's, named without terms, needs values in use."""
        codelist = self.spec.codelists.get(id)
        return bool(found.terms) or codelist is None or not codelist.terms_from_ct

    def numeric(self, dataset: DatasetSpec, name: str, v: Any) -> bool:
        kind = self.plan.kinds.get((dataset.name, name), "")
        return kind in ("number", "date") or v.data_type in ("integer", "float")

    def length(self, v: Any, name: str, found: ItemFacts, data_type: str) -> int | None:
        if data_type in _DATE_TYPES:
            return None
        if data_type == "text":
            return found.width or 1 if isinstance(v, ValueSpec) else self.width(v, name, found)
        if v.format.upper().startswith(("DATE", "TIME")):
            return v.length or 8
        digits = found.whole_digits + (found.decimals + 1 if found.decimals and data_type == "float" else 0)
        return int(v.length or digits or 8)

    def width(self, v: Any, name: str, found: ItemFacts) -> int:
        """Bytes of a text in the transport file: the longest of that name in the study, or the spec's."""
        return max(found.width, self.widths.get(name, 0), v.length or 0, 1)

    def method(self, given: str, id: str, origin: str, told: Told) -> str:
        if given and given in self.spec.methods:
            self.methods[given] = self.spec.methods[given]
            return given
        if origin != "Derived" or not told.sentence:
            return ""
        self.methods[id] = Method(id, f"Algorithm for {id[3:]}", "Computation", told.sentence)
        return id

    def codelist(self, codelist: Codelist) -> Codelist:
        """The terms that the spec lists; of a list it only names, the terms that are in use."""
        used = self.used[codelist.id]
        terms = codelist.terms
        if codelist.terms_from_ct:
            terms = {t: terms.get(t, Term(t)) for t in sorted(used)}
        return replace(codelist, terms=terms)


def built_type(given: str, found: ItemFacts, numeric: bool, dtc: bool) -> str:
    """The Define-XML data type: the spec's, or as the data turned out (of `datetime` what there is of it)."""
    if dtc and (given in ("", "text") or (given == "datetime" and found.shapes)):
        return _date_type(found.shapes)
    if given and not (given == "integer" and found.decimals):
        return given
    if numeric:
        return "float" if found.decimals else "integer"
    return "text"


def _date_type(shapes: set[int]) -> str:
    if -1 in shapes:
        return "incompleteDatetime"
    times = {s for s in shapes if s > 10}
    days = {s for s in shapes if s == 10}
    partial = {s for s in shapes if s < 10}
    if times and (days or partial):
        return "partialDatetime"
    if partial:
        return "partialDate"
    return "datetime" if times else "date"


def _domain(name: str) -> str:
    return name[4:6] if name.startswith("SUPP") else name[:2] if len(name) == 4 and name != "RELREC" else name
