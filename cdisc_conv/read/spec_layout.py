"""The layout of a spec: its sheets and columns (those of the P21 workbook), with the older names of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its header, the field of the model it fills, older headers."""

    name: str
    field: str
    required: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """A sheet: its title, columns in order, older titles; `must` where no spec can do without it."""

    title: str
    columns: tuple[Column, ...]
    also: tuple[str, ...] = ()
    must: bool = False


def plain(text: str) -> str:
    """A title or header without case, blanks, underscores and punctuation, to match by."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _columns(*names: str, need: tuple[str, ...] = (), **also: str) -> tuple[Column, ...]:
    made = []
    for name in names:
        field = name.lower().replace(" ", "_")
        older = tuple(also[field].split("|")) if field in also else ()
        made.append(Column(name, field, name in need, older))
    return tuple(made)


_ITEM = (
    "Label",
    "Data Type",
    "Length",
    "Significant Digits",
    "Format",
    "Mandatory",
    "Assigned Value",
    "Codelist",
)
_TRACE = ("Origin", "Source", "Pages", "Method", "Predecessor")

DEFINE = SheetLayout("Define", _columns("Attribute", "Value", need=("Attribute", "Value")), also=("Study",))
DATASETS = SheetLayout(
    "Datasets",
    _columns(
        *("Dataset", "Label", "Class", "SubClass", "Structure", "Key Variables", "Standard", "Has No Data"),
        *("Repeating", "Reference Data", "Comment"),
        need=("Dataset",),
        label="Description",
    ),
    must=True,
)
VARIABLES = SheetLayout(
    "Variables",
    _columns(
        *("Order", "Dataset", "Variable", *_ITEM, "Common", *_TRACE, "Role", "Has No Data", "Comment"),
        "Only When",
        need=("Dataset", "Variable"),
    ),
    must=True,
)
VALUE_LEVEL = SheetLayout(
    "ValueLevel",
    _columns(
        *("Order", "Dataset", "Variable", "Where Clause", *_ITEM, *_TRACE, "Comment"),
        need=("Dataset", "Variable", "Where Clause"),
        comment="Value Level Comment",
    ),
)
WHERE_CLAUSES = SheetLayout(
    "WhereClauses",
    _columns(
        *("ID", "Dataset", "Variable", "Comparator", "Value"),
        need=("ID", "Variable", "Comparator", "Value"),
    ),
)
CODELISTS = SheetLayout(
    "Codelists",
    _columns(
        *("ID", "Name", "NCI Codelist Code", "Data Type", "Terminology", "Comment"),
        *("Order", "Term", "NCI Term Code", "Decoded Value", "Only When"),
        need=("ID", "Term"),
    ),
)
DICTIONARIES = SheetLayout(
    "Dictionaries", _columns("ID", "Name", "Data Type", "Dictionary", "Version", need=("ID",))
)
METHODS = SheetLayout(
    "Methods",
    _columns(
        *("ID", "Name", "Type", "Description", "Expression Context", "Expression Code", "Document", "Pages"),
        need=("ID",),
    ),
)
COMMENTS = SheetLayout(
    "Comments", _columns("ID", "Description", "Document", "Pages", need=("ID", "Description"))
)
DOCUMENTS = SheetLayout("Documents", _columns("ID", "Title", "Href", need=("ID", "Href")))
DISPLAYS = SheetLayout("Analysis Displays", _columns("ID", "Title", "Document", "Pages", need=("ID",)))
RESULTS = SheetLayout(
    "Analysis Results",
    _columns(
        *("Display", "ID", "Description", "Variables", "Reason", "Purpose", "Selection Criteria"),
        *("Join Comment", "Documentation", "Documentation Refs", "Programming Context"),
        *("Programming Code", "Programming Document", "Pages"),
        *("Method", "Treatment", "By", "Response", "Times"),
        need=("Display", "ID"),
    ),
)
LAYOUT = (
    *(DEFINE, DATASETS, VARIABLES, VALUE_LEVEL, WHERE_CLAUSES, CODELISTS, DICTIONARIES),
    *(METHODS, COMMENTS, DOCUMENTS, DISPLAYS, RESULTS),
)
SHEETS: Mapping[str, SheetLayout] = {plain(name): s for s in LAYOUT for name in (s.title, *s.also)}
"""Each layout by every title it goes by, in plain form."""

DEFINE_ATTRIBUTES = (
    *("StudyName", "StudyDescription", "ProtocolName", "StandardName", "StandardVersion", "Language"),
    *("StudyOID", "MetaDataVersionName", "MetaDataVersionDescription", "Originator", "Context"),
)
DATA_TYPES = (
    *("text", "integer", "float", "date", "time", "datetime", "partialDate", "partialTime"),
    *("partialDatetime", "incompleteDatetime", "durationDatetime", "intervalDatetime"),
)
"""Data types of Define-XML 2.1."""
DATE_TYPES = DATA_TYPES[3:]
DATA_TYPE_WORDS = {
    "char": "text",
    "character": "text",
    "string": "text",
    "int": "integer",
    "double": "float",
    "num": "",
    "numeric": "",
    "number": "",
}
"""Other words in use; "" leaves integer or float to the build."""
COMPARATORS = ("EQ", "NE", "IN", "NOTIN", "LT", "LE", "GT", "GE")
SUPPLEMENTAL = (
    *("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL"),
    *("QNAM", "QLABEL", "QVAL", "QORIG", "QEVAL"),
)
"""Variables of every SUPP-- dataset."""


RELATED_RECORDS = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELTYPE", "RELID")
"""Variables of RELREC."""


def implied_variables(dataset: str) -> tuple[str, ...]:
    """The variables of a dataset that is always alike, so that no row of Variables need say them."""
    return RELATED_RECORDS if dataset == "RELREC" else SUPPLEMENTAL if is_supplemental(dataset) else ()


def parent_of(dataset: str) -> str:
    """The dataset that a supplemental one belongs to: SUPPAE -> AE, SQQSSL -> QSSL."""
    return dataset.removeprefix("SUPP") if dataset.startswith("SUPP") else dataset[2:]


def is_supplemental(dataset: str) -> bool:
    """Whether a dataset's name is that of supplemental qualifiers: SUPPAE, SQAPDM."""
    return dataset.startswith(("SUPP", "SQ")) and len(dataset) > 2
