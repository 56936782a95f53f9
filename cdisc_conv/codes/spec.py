"""Findings of the family SPEC."""

from __future__ import annotations

from cdisc_conv.findings import Code, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

# Standards
NO_STANDARD = Code(
    "SPEC001",
    "standard-not-shipped",
    ERROR,
    "{standard} is not in specs/standards (there: {have})",
    hint="use a version that is there, or add its tables",
)
INDEX_STALE = Code(
    "SPEC002",
    "terminology-index-stale",
    ERROR,
    "the terminology index disagrees with its table at codelist {codelist}",
    hint="run tools/make_standards.py",
)

# The container and its sheets
SPEC_UNREADABLE = Code("SPEC003", "spec-unreadable", ERROR, "the spec cannot be read: {reason}")
SHEET_UNREADABLE = Code(
    "SPEC004",
    "sheet-unreadable",
    ERROR,
    "the sheet cannot be read: {reason}",
    hint="save it as CSV in UTF-8, comma-separated",
)
SHEET_UNKNOWN = Code(
    "SPEC005",
    "sheet-unknown",
    NOTE,
    "no sheet of a spec is called {sheet!r}; it is not read",
)
SHEET_MISSING = Code("SPEC006", "sheet-missing", ERROR, "the sheet {sheet} is missing")
SHEET_TWICE = Code(
    "SPEC007",
    "sheet-twice",
    ERROR,
    "two sheets stand for {sheet}: {first!r} is read, this one not",
)
COLUMN_MISSING = Code("SPEC008", "column-missing", ERROR, "the sheet {sheet} has no column {column!r}")
COLUMN_UNKNOWN = Code("SPEC009", "column-unknown", WARNING, "the sheet {sheet} knows no column {column!r}")
COLUMN_TWICE = Code(
    "SPEC010",
    "column-twice",
    ERROR,
    "two columns are called {column!r}; only the first is read",
)
CELL_WITHOUT_HEADER = Code("SPEC011", "cell-without-header", WARNING, "a value stands under no column header")
CELL_UNREADABLE = Code(
    "SPEC012",
    "cell-unreadable",
    ERROR,
    "the cell has no value: {reason}",
    hint="put the value itself into the cell, or open the workbook, recalculate and save",
)

# Rows and cells
CELL_BLANK = Code("SPEC013", "cell-blank", ERROR, "{column} is blank")
ROW_TWICE = Code("SPEC014", "row-twice", ERROR, "{what} is given twice; only the first row is used")
DATASET_UNKNOWN = Code("SPEC015", "dataset-unknown", ERROR, "the sheet Datasets has no dataset {dataset!r}")
NOT_WHOLE = Code(
    "SPEC016",
    "not-a-whole-number",
    ERROR,
    "{column} is {text!r}, not a whole number of {least} or more",
)
TOO_LONG = Code(
    "SPEC017",
    "text-too-long",
    ERROR,
    "{column} has {size} characters; at most {limit} fit into a transport file",
)
NAME_INVALID = Code(
    "SPEC018",
    "name-invalid",
    ERROR,
    "{name!r} is no name of a {what}: at most 8 letters A-Z, digits and underscores, a letter first",
)
LENGTH_OVER = Code(
    "SPEC019",
    "length-over-200",
    ERROR,
    "Length {length} of a text variable is over the 200 that XPT v5 holds",
)
TYPE_UNKNOWN = Code("SPEC020", "data-type-unknown", ERROR, "{text!r} is no data type of Define-XML 2.1")
ORIGIN_UNKNOWN = Code("SPEC021", "origin-unknown", ERROR, "{text!r} is no origin type of Define-XML 2.1")
SOURCE_UNKNOWN = Code("SPEC022", "source-unknown", ERROR, "{text!r} is no origin source of Define-XML 2.1")
CLASS_UNKNOWN = Code("SPEC023", "class-unknown", ERROR, "{text!r} is no class of Define-XML 2.1")
SUBCLASS_UNKNOWN = Code("SPEC024", "subclass-unknown", ERROR, "{text!r} is no subclass of Define-XML 2.1")
YES_NO = Code("SPEC025", "not-yes-or-no", ERROR, "{column} is {text!r}, not Yes or No")
READ_AS = Code("SPEC026", "word-read-as", NOTE, "{column} {text!r} is read as {meant}")
REFERENCE = Code(
    "SPEC027",
    "reference-unknown",
    ERROR,
    "{column} refers to {id!r}, which the sheet {sheet} does not have",
)
KEY_UNKNOWN = Code(
    "SPEC028",
    "key-variable-unknown",
    ERROR,
    "key variable {variable!r} is not a variable of {dataset}",
)
WHERE_SYNTAX = Code("SPEC029", "where-clause-unreadable", ERROR, "the where clause cannot be read: {reason}")
WHERE_VARIABLE = Code(
    "SPEC030",
    "where-variable-unknown",
    ERROR,
    "the where clause names {variable!r}, not a variable of {dataset}",
)
TERM_TWICE = Code("SPEC031", "term-twice", ERROR, "the term {term!r} is given twice in codelist {codelist}")
CODELIST_DIFFERS = Code(
    "SPEC032",
    "codelist-rows-differ",
    ERROR,
    "{column} of codelist {codelist} is {text!r} here and {first!r} in its first row",
)
VALUE_VARIABLE = Code(
    "SPEC033",
    "value-level-variable-unknown",
    ERROR,
    "{variable!r} is not a variable of {dataset} in the sheet Variables",
)
LENGTH_UNUSED = Code(
    "SPEC034",
    "length-of-a-date",
    WARNING,
    "Length says nothing for data type {data_type}; define.xml has none there",
)
ATTRIBUTE_UNKNOWN = Code(
    "SPEC035",
    "define-attribute-unknown",
    NOTE,
    "the attribute {attribute!r} is not used",
)
METHOD_TYPE = Code(
    "SPEC036",
    "method-type-unknown",
    ERROR,
    "{text!r} is no method type: Computation or Imputation",
)
QUALIFIER_WHERE = Code(
    "SPEC037",
    "qualifier-not-named",
    ERROR,
    "a value-level row of {dataset}.QVAL must say which qualifier: QNAM EQ name",
)
QUALIFIER_LABEL = Code(
    "SPEC038",
    "qualifier-without-label",
    ERROR,
    "the qualifier {name} has no Label (QLABEL)",
)
NO_VARIABLES = Code(
    "SPEC039",
    "dataset-without-variables",
    ERROR,
    "the sheet Variables has no row of dataset {dataset}",
)
