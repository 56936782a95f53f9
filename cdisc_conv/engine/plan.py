"""What is to be made, in which order: every row maker and every derivation as one step.

The order comes from what each derivation reads, so authors never write one: a look from DM into EX and from
EX into DM is no loop as long as no two columns need each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cdisc_conv.language import nodes as n
from cdisc_conv.language.verb import Verbs
from cdisc_conv.model.mapping import Block, Happening, Page, PageCheck, TextTable
from cdisc_conv.model.mapping import Mapping as StudyMapping
from cdisc_conv.model.spec import DatasetSpec, Spec
from cdisc_conv.model.study import Study
from cdisc_conv.model.words import Words

SUBJECT = n.Name(n.Span(0, 0), "subject", "USUBJID")
"""The subject of a row, as study.yaml derives it."""

Column = tuple[str, str]  # owner, column


@dataclass(frozen=True, slots=True)
class Derivation:
    """One derivation, checked: its text, its nodes, what it reads."""

    words: Words
    node: n.Node
    reads: frozenset[Column]


@dataclass(frozen=True, slots=True)
class PlannedBlock:
    """Rows from one source with the derivations that hold for them alone."""

    block: Block
    where: Derivation | None
    variables: Mapping[str, Derivation]


@dataclass(frozen=True, slots=True)
class PlannedHappening:
    """An event or censoring with its checked derivations."""

    source: str  # "" = the subject's own row
    where: Derivation | None
    date: Derivation
    pick: str
    variables: Mapping[str, Derivation]
    text: Happening


@dataclass(frozen=True, slots=True)
class PlannedParameter:
    """A time-to-event parameter."""

    constants: Mapping[str, Derivation]
    events: tuple[PlannedHappening, ...]
    censors: tuple[PlannedHappening, ...]


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """A study's own check with its checked conditions."""

    check: PageCheck
    where: Derivation
    value: Derivation | None


@dataclass(frozen=True, slots=True)
class PlannedDataset:
    """A dataset with all that makes it."""

    page: Page
    spec: DatasetSpec
    kind: str  # sdtm or adam
    blocks: tuple[PlannedBlock, ...]
    variables: Mapping[str, Derivation]  # common to all blocks
    start: Derivation | None = None  # of time to event
    parameters: tuple[PlannedParameter, ...] = ()
    checks: tuple[PlannedCheck, ...] = ()

    @property
    def name(self) -> str:
        """The dataset's name."""
        return self.spec.name

    def made(self) -> Iterator[str]:
        """All variables that get a value, helpers included."""
        seen = dict.fromkeys(self.variables)
        for block in self.blocks:
            seen.update(dict.fromkeys(block.variables))
        if self.parameters:
            seen.update(dict.fromkeys(TTE_GIVEN))
            for p in self.parameters:
                seen.update(dict.fromkeys(p.constants))
                for h in (*p.events, *p.censors):
                    seen.update(dict.fromkeys(h.variables))
        yield from seen

    def derivations(self, variable: str) -> list[Derivation]:
        """Every derivation of a variable: one, or one a block."""
        found = [b.variables[variable] for b in self.blocks if variable in b.variables]
        if variable in self.variables:
            found.append(self.variables[variable])
        for p in self.parameters:
            found += [p.constants[variable]] if variable in p.constants else []
            for h in (*p.events, *p.censors):
                found += [h.variables[variable]] if variable in h.variables else []
        return found

    def of_time_to_event(self) -> Iterator[Derivation]:
        """Every derivation of the time_to_event block."""
        if self.start:
            yield self.start
        for p in self.parameters:
            yield from p.constants.values()
            for h in (*p.events, *p.censors):
                yield from (h.where,) if h.where else ()
                yield from (h.date, *h.variables.values())

    def every(self) -> Iterator[Derivation]:
        """Every derivation and condition of the page."""
        yield from (b.where for b in self.blocks if b.where)
        for variable in self.made():
            yield from self.derivations(variable)
        yield from self.of_time_to_event()
        yield from (x for c in self.checks for x in (c.where, c.value) if x)


TTE_GIVEN = {"STARTDT": "date", "ADT": "date", "AVAL": "number"}
"""Variables that the time_to_event block makes by itself."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the rows of a dataset (variable ""), or one of its variables."""

    dataset: str
    variable: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The checked study: steps in order and all they need."""

    study: Study
    specs: Mapping[str, Spec]
    mapping: StudyMapping
    verbs: Verbs
    datasets: Mapping[str, PlannedDataset]
    steps: tuple[Step, ...]
    kinds: Mapping[Column, str]
    subjects: Mapping[str, Derivation] = field(default_factory=dict)  # form -> USUBJID
    forms_used: tuple[str, ...] = ()
    raw_columns_read: Mapping[str, frozenset[str]] = field(default_factory=dict)
    wanted: frozenset[str] = frozenset()  # datasets asked for; empty: all

    @property
    def tables(self) -> Mapping[str, TextTable]:
        """The tables beside the mapping pages."""
        return self.mapping.tables

    def supplemental(self, dataset: str) -> tuple[str, ...]:
        """QNAMs of a dataset in the order of the spec's SUPP-- value list."""
        return supplemental(self.specs[self.datasets[dataset].kind], dataset)


def supplemental(spec: Spec, dataset: str) -> tuple[str, ...]:
    """The QNAMs that ValueLevel declares for SUPP`dataset`.QVAL."""
    supp = spec.datasets.get(f"SUPP{dataset}")
    rows = supp.values if supp else ()
    return tuple(v.where[0].values[0] for v in rows if v.variable == "QVAL" and v.where)
