"""WHAT each dataset is: the sheets of a P21-style spec as frozen values, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from string import ascii_uppercase

from cdisc_conv.findings import Place


@dataclass(frozen=True, slots=True)
class VariableSpec:
    """A row of the Variables sheet; "" where the cell is blank (then the standard or the build says)."""

    dataset: str
    name: str
    place: Place
    order: int | None = None
    label: str = ""
    data_type: str = ""  # text integer float date datetime time partialDate … (Define-XML 2.1)
    length: int | None = None
    significant_digits: int | None = None
    format: str = ""
    mandatory: str = ""  # Yes / No
    assigned_value: str = ""
    codelist: str = ""
    origin: str = ""
    source: str = ""
    pages: str = ""
    method: str = ""
    predecessor: str = ""
    role: str = ""
    has_no_data: str = ""
    comment: str = ""
    core: str = ""  # Req Exp Perm Cond, from the standard
    only_when: str = ""  # a condition on policies and facts; the variable is there where it holds
    extra: Mapping[str, str] = field(default_factory=dict)  # columns of the user's own


@dataclass(frozen=True, slots=True)
class Condition:
    """One leg of a where clause: `PARAMCD EQ TTFLARE`, `QSTESTCD IN (A, B)`."""

    variable: str
    comparator: str  # EQ NE IN NOTIN LT LE GT GE
    values: tuple[str, ...]
    dataset: str = ""  # other than the variable's own


@dataclass(frozen=True, slots=True)
class ValueSpec:
    """A row of the ValueLevel sheet: a variable's attributes where the clause (all legs) holds."""

    dataset: str
    variable: str
    where: tuple[Condition, ...]
    place: Place
    order: int | None = None
    label: str = ""
    data_type: str = ""
    length: int | None = None
    significant_digits: int | None = None
    format: str = ""
    mandatory: str = ""
    assigned_value: str = ""
    codelist: str = ""
    origin: str = ""
    source: str = ""
    pages: str = ""
    method: str = ""
    predecessor: str = ""
    comment: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DatasetSpec:
    """A row of the Datasets sheet with its variables and value-level rows, in Order."""

    name: str
    place: Place
    label: str = ""
    class_: str = ""  # e.g. EVENTS, SPECIAL PURPOSE, BASIC DATA STRUCTURE
    subclass: str = ""
    structure: str = ""
    keys: tuple[str, ...] = ()
    standard: str = ""
    has_no_data: str = ""
    repeating: str = ""
    reference_data: str = ""
    comment: str = ""
    variables: Mapping[str, VariableSpec] = field(default_factory=dict)
    values: tuple[ValueSpec, ...] = ()
    conditions: tuple[str, ...] = ()  # of the variables that policies add or leave out
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a codelist; `extended` is True for a sponsor's term in an extensible CDISC list."""

    value: str
    order: int | None = None
    nci_code: str = ""
    decode: str = ""
    extended: bool = False
    synonyms: tuple[str, ...] = ()
    only_when: str = ""  # a condition on policies and facts; the term is there where it holds
    place: Place = field(default_factory=Place, compare=False)


@dataclass(frozen=True, slots=True)
class Codelist:
    """A codelist as used in the study: the spec's terms, or those of controlled terminology."""

    id: str
    name: str
    place: Place
    nci_code: str = ""
    data_type: str = "text"
    terminology: str = ""  # e.g. "SDTM CT 2025-03-28"
    comment: str = ""
    extensible: bool = True
    terms_from_ct: bool = False  # the spec names the list without listing terms
    terms: Mapping[str, Term] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """An external dictionary: MedDRA, WHODrug, ISO 3166."""

    id: str
    name: str
    data_type: str = "text"
    dictionary: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """A derivation told in words, and in code if wanted."""

    id: str
    name: str
    type: str = "Computation"
    description: str = ""
    expression_context: str = ""
    expression_code: str = ""
    document: str = ""
    pages: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that define.xml shows."""

    id: str
    description: str
    document: str = ""
    pages: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document beside the datasets: acrf.pdf, csdrg.pdf."""

    id: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Spec:
    """A whole spec (SDTM or ADaM): what a P21 workbook holds."""

    kind: str  # "sdtm" or "adam"
    define: Mapping[str, str] = field(default_factory=dict)
    datasets: Mapping[str, DatasetSpec] = field(default_factory=dict)
    codelists: Mapping[str, Codelist] = field(default_factory=dict)
    dictionaries: Mapping[str, Dictionary] = field(default_factory=dict)
    methods: Mapping[str, Method] = field(default_factory=dict)
    comments: Mapping[str, Comment] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    displays: tuple[Mapping[str, str], ...] = ()
    results: tuple[Mapping[str, str], ...] = ()
    result_places: tuple[Place, ...] = ()
    columns: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # sheet -> field -> column, from 0

    def cell(self, row: Place, sheet: str, column: str) -> Place:
        """The place of another cell of an item's row: `spec.cell(v.place, "Variables", "label")`.

        `column` is a field of the model; the item's own place where the sheet has no such column.
        """
        number = self.columns.get(sheet, {}).get(column)
        if number is None or not row.file:
            return row
        if row.cell:
            return replace(row, cell=column_letters(number) + row.cell.lstrip(ascii_uppercase))
        return replace(row, column=number + 1)


def column_letters(column: int) -> str:
    """A column's letters in a workbook, counted from 0: 0 is A, 26 is AA, 16383 is XFD."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = ascii_uppercase[rest] + letters
    return letters
