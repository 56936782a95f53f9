"""One mapping page with its spec to a planned dataset: names settled, reads known."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cdisc_conv.codes.map import MAP002, MAP006, MAP021
from cdisc_conv.engine.plan import (
    SUBJECT,
    TTE_GIVEN,
    Column,
    Derivation,
    PlannedBlock,
    PlannedCheck,
    PlannedDataset,
    PlannedHappening,
    PlannedParameter,
)
from cdisc_conv.findings import Findings, Place
from cdisc_conv.language import nodes as n
from cdisc_conv.language.resolve import Names, near, resolve
from cdisc_conv.language.verb import Verbs
from cdisc_conv.model.mapping import Block, Happening, Page, PageCheck, TextTable, form_column
from cdisc_conv.model.spec import DatasetSpec, Spec, VariableSpec
from cdisc_conv.model.study import Study
from cdisc_conv.model.words import Words

Owners = Mapping[str, Collection[str] | None]


def derivation(words: Words, node: n.Node, form: str = "") -> Derivation:
    """A derivation with the columns it reads; `form` is what its rows come from."""
    return Derivation(words, node, frozenset(_reads(node, form)))


def _reads(node: n.Node, form: str) -> set[Column]:
    found: set[Column] = set()
    for x in node.walk():
        if isinstance(x, n.Name) and x.owner not in ("test", "subject"):
            found.add((form if x.owner == "form" and form else x.owner, x.column))
        if isinstance(x, n.Bound):
            # named columns of a look-up are columns of the table looked into
            table = next((g.looks_into for g in x.given if g.looks_into), "")
            found |= {(table, k.name) for k in x.named if table}
    return found


def never(where: Derivation | None) -> bool:
    """Whether a condition on policies rules its rows out."""
    return where is not None and isinstance(where.node, n.Literal) and where.node.value is False


class PagePlanner:
    """Plans one page; findings are added to the list given."""

    def __init__(
        self,
        study: Study,
        spec: Spec,
        page: Page,
        owners: Owners,
        subjects: Collection[str],
        verbs: Verbs,
        findings: Findings,
    ) -> None:
        self.study, self.spec, self.page, self.owners = study, spec, page, owners
        self.subjects, self.verbs, self.findings = subjects, verbs, findings

    def plan(self, dataset: DatasetSpec) -> PlannedDataset:
        """The planned dataset; derivations with slips are left out (and reported)."""
        self.dataset = dataset
        page, tte = self.page, self.page.time_to_event
        self.own = self._own()
        every = page.blocks or ((Block(tte.source, tte.where),) if tte else ())
        for b in every:
            self._source(b.source)
        planned = tuple(p for b in every if not never((p := self._block(b)).where))
        blocks = tuple(p.block for p in planned)
        sources = [b.source.text for b in blocks]
        common = self._implied(blocks) | self._all(page.variables, self._names(sources, blocks), sources)
        common = _of_ruled_out(every, blocks) | common
        start: Derivation | None = None
        parameters: tuple[PlannedParameter, ...] = ()
        if tte:
            names = self._names(sources, blocks)
            start = self._one(tte.start, names, sources)
            made = (self._parameter(p, names, sources) for p in tte.parameters if self._wanted(p.where))
            parameters = tuple(p for p in made if p.events or p.censors)
        names = self._names(sources, blocks)
        checks = tuple(c for x in page.checks if (c := self._check(x, names, sources)))
        return PlannedDataset(page, dataset, self.spec.kind, planned, common, start, parameters, checks)

    def _check(self, check: PageCheck, names: Names, sources: list[str]) -> PlannedCheck | None:
        if check.source is not None:
            self._source(check.source)
            sources = [check.source.text]
            names = self._names(sources, (), own=False)
        where = self._one(check.where, names, sources)
        if never(where):
            return None
        value = self._one(check.value, names, sources)
        return None if where is None else PlannedCheck(check, where, value)

    def _own(self) -> set[str]:
        own = {*self.dataset.variables, *self.page.variables}
        own.update(v for b in self.page.blocks for v in b.variables)
        if self.page.time_to_event:
            own.update(TTE_GIVEN)
            for p in self.page.time_to_event.parameters:
                own.update(p.variables)
                own.update(v for h in (*p.events, *p.censors) for v in h.variables)
        derived = {*self.page.variables, *(v for b in self.page.blocks for v in b.variables)}
        implied = {v.name for v in self.dataset.variables.values() if self._implicit(v, ()) is not None}
        return {v for v in own if v in derived or v in implied or self.page.time_to_event}

    def _source(self, source: Words) -> None:
        if source.text not in self.owners:
            hint = near(source.text, self.owners)
            self.findings.add(MAP006.at(source.place, name=source.text, hint=hint))

    def _names(self, sources: list[str], blocks: tuple[Block, ...], own: bool = True) -> Names:
        columns = [self.owners.get(s) for s in sources]
        known = [c for c in columns if c is not None]
        form = (
            frozenset.intersection(*map(frozenset, known)) if known and len(known) == len(columns) else None
        )
        tests = [frozenset(b.tests.header) for b in blocks if b.tests]
        test = frozenset.intersection(*tests) if tests and len(tests) == len(blocks) else None
        return Names(
            dataset=self.dataset.name,
            own=self.own if own else (),
            source=" and ".join(dict.fromkeys(sources)),
            form=form,
            test=test,
            owners=self.owners,
            subjects=self.subjects,
            facts=self.study.facts,
            policies=self.study.policies,
        )

    def _block(self, block: Block) -> PlannedBlock:
        sources = [block.source.text]
        if block.tests:
            self._test_columns(block.tests, block.source.text)
        where = self._one(block.where, self._names(sources, (), own=False), sources)
        variables = self._all(block.variables, self._names(sources, (block,)), sources)
        return PlannedBlock(block, where, variables)

    def _test_columns(self, table: TextTable, source: str) -> None:
        known = self.owners.get(source)
        for line, row in zip(table.lines, table.rows, strict=True):
            for at, cell in enumerate(row):
                column = form_column(cell)
                if column and known is not None and column not in known:
                    place = Place(file=table.file, line=line, column=at + 1)
                    hint = near(column, known)
                    self.findings.add(MAP002.at(place, column=column, where=source, hint=hint))

    def _one(
        self, words: Words | None, names: Names, sources: list[str], deriving: str = ""
    ) -> Derivation | None:
        if words is None:
            return None
        node = resolve(words, names, self.verbs, self.findings, deriving)
        return None if node is None else self._read(words, node, sources)

    def _read(self, words: Words, node: n.Node, sources: list[str]) -> Derivation:
        reads = frozenset().union(*(derivation(words, node, s).reads for s in sources or [""]))
        return Derivation(words, node, reads)

    def _all(self, texts: Mapping[str, Words], names: Names, sources: list[str]) -> dict[str, Derivation]:
        made = {}
        for variable, words in texts.items():
            done = self._one(words, names, sources, variable)
            if done is not None:
                made[variable] = done
        return made

    def _implied(self, blocks: tuple[Block, ...]) -> dict[str, Derivation]:
        """What the spec alone says: STUDYID, DOMAIN, USUBJID, Assigned Value, Predecessor."""
        taken = {*self.page.variables, *(v for b in blocks for v in b.variables)}
        made = {}
        for variable in self.dataset.variables.values():
            if variable.name in taken:
                continue
            node = self._implicit(variable, blocks)
            if node is not None:
                place = variable.place
                words = Words(_shown(node), place.file, place.line or 1, place.column or 1)
                made[variable.name] = self._read(words, node, [b.source.text for b in blocks])
        return made

    def _implicit(self, variable: VariableSpec, blocks: tuple[Block, ...]) -> n.Node | None:
        span = n.Span(0, 0)
        if variable.name == "USUBJID":
            return SUBJECT
        if variable.name == "STUDYID":
            return n.Literal(span, self.study.id)
        if variable.name == "DOMAIN":
            return n.Literal(span, self.dataset.name)
        if variable.assigned_value:
            numeric = variable.data_type in ("integer", "float")
            return n.Literal(span, float(variable.assigned_value) if numeric else variable.assigned_value)
        owner, _, column = variable.predecessor.partition(".")
        if column and owner in self.owners and column in (self.owners[owner] or ()):
            same = bool(blocks) and all(b.source.text == owner for b in blocks)
            return n.Name(span, "form" if same else owner, column)
        return None

    def _wanted(self, where: Words | None) -> bool:
        """Whether policies and facts want a parameter; a condition that needs data is a finding."""
        if where is None:
            return True
        names = Names(form=(), facts=self.study.facts, policies=self.study.policies)
        node = resolve(where, names, self.verbs, self.findings)
        value = node.value if isinstance(node, n.Literal) else None
        if node is not None and not isinstance(value, bool):
            wanted = "condition on policies and facts"
            self.findings.add(MAP021.at(where.place, value=where.text, wanted=wanted))
        return value is True

    def _parameter(self, p, names: Names, sources: list[str]) -> PlannedParameter:  # type: ignore[no-untyped-def]
        return PlannedParameter(
            self._all(p.variables, names, sources),
            tuple(h for x in p.events if (h := self._happening(x, names, sources))),
            tuple(h for x in p.censors if (h := self._happening(x, names, sources))),
        )

    def _happening(self, h: Happening, names: Names, sources: list[str]) -> PlannedHappening | None:
        if h.source is not None:
            self._source(h.source)
            sources = [h.source.text]
            names = self._names(sources, (), own=False)
        date = self._one(h.date, names, sources)
        where = self._one(h.where, names, sources)
        variables = self._all(h.variables, names, sources)
        if date is None or (h.where is not None and where is None) or never(where):
            return None
        return PlannedHappening(h.source.text if h.source else "", where, date, h.pick, variables, h)


def _of_ruled_out(every: tuple[Block, ...], left: tuple[Block, ...]) -> dict[str, Derivation]:
    """Variables that only blocks ruled out by policies make: missing in the records that are left."""
    made = {v for b in left for v in b.variables}
    ruled_out = (b.variables for b in every if b not in left)
    gone = {v: w for given in ruled_out for v, w in given.items() if v not in made}
    return {v: Derivation(words, n.Literal(n.Span(0, 0), None), frozenset()) for v, words in gone.items()}


def _shown(node: n.Node) -> str:
    if isinstance(node, n.Name):
        return f"{node.owner}.{node.column}"
    assert isinstance(node, n.Literal)
    return f'"{node.value}"' if isinstance(node.value, str) else f"{node.value:g}"
