"""What was built, told completely: the finished metadata that XPT, define.xml and reports read.

The engine fills these from the spec, the standard, the executed plan and the data; nothing here is blank
because somebody forgot it, only because it does not apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cdisc_conv.model.analysis import Analysis, Display
from cdisc_conv.model.spec import Codelist, Comment, Condition, Dictionary, Document, Method


@dataclass(frozen=True, slots=True)
class ItemMeta:
    """A variable (or, in a value list, a variable under a condition) as it was built."""

    name: str
    label: str
    data_type: str  # Define-XML 2.1: text integer float date datetime partialDatetime …
    length: int | None = None  # None for the date and time types (Define-XML gives them none)
    width: int = 8  # bytes in the transport file: text as long as the longest in the study, numbers 8
    significant_digits: int | None = None
    format: str = ""  # SAS display format, e.g. DATE9.
    mandatory: bool = False
    codelist: str = ""  # id of a Codelist or a Dictionary
    origin: str = ""  # Collected Derived Assigned Protocol Predecessor "Not Available"
    source: str = ""  # Investigator Sponsor Subject Vendor
    pages: str = ""
    method: str = ""  # id of a Method
    predecessor: str = ""  # text, e.g. DM.SEX
    comment: str = ""  # id of a Comment
    role: str = ""  # SDTM role as the IG writes it, e.g. "Identifier"
    has_no_data: bool = False
    key_sequence: int | None = None
    where: tuple[Condition, ...] = ()  # only in a value list
    values: tuple[ItemMeta, ...] = ()  # the variable's value list


@dataclass(frozen=True, slots=True)
class DatasetMeta:
    """A dataset as it was built: its attributes and items in column order."""

    name: str
    label: str
    class_: str
    subclass: str
    structure: str
    purpose: str  # Tabulation / Analysis
    standard: str  # id of a StandardMeta
    repeating: bool
    reference_data: bool
    keys: tuple[str, ...]
    items: tuple[ItemMeta, ...]
    records: int
    domain: str = ""  # SDTM domain code; RDOMAIN for SUPP--, else the name's
    comment: str = ""
    has_no_data: bool = False
    kept_empty: bool = False  # without records, and a file all the same

    @property
    def written(self) -> bool:
        """Whether the dataset has a file in the package."""
        return self.kept_empty or not self.has_no_data


@dataclass(frozen=True, slots=True)
class StandardMeta:
    """A row of def:Standards."""

    id: str  # STD.1
    name: str  # SDTMIG ADaMIG "CDISC/NCI"
    type: str  # IG or CT
    version: str
    publishing_set: str = ""  # SDTM, ADaM, DEFINE-XML for CT
    status: str = "Final"


@dataclass(frozen=True, slots=True)
class PackageMeta:
    """All that define.xml says of one package (the SDTM datasets, or the ADaM datasets)."""

    kind: str  # sdtm or adam
    study_oid: str
    study_name: str
    study_description: str
    protocol_name: str
    created: str  # ISO 8601 date and time with offset, from the inputs, never the clock
    language: str
    standards: tuple[StandardMeta, ...]
    datasets: tuple[DatasetMeta, ...]
    codelists: Mapping[str, Codelist] = field(default_factory=dict)  # only those that items use
    codelist_standards: Mapping[str, str] = field(default_factory=dict)  # codelist id -> StandardMeta.id
    dictionaries: Mapping[str, Dictionary] = field(default_factory=dict)
    methods: Mapping[str, Method] = field(default_factory=dict)
    comments: Mapping[str, Comment] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    displays: tuple[Display, ...] = ()  # those that have analyses
    analyses: tuple[Analysis, ...] = ()
