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

# Against the standards
NOT_IN_GUIDE = Code(
    "SPEC040",
    "variable-not-in-guide",
    ERROR,
    "{dataset}.{variable} is no variable of {domain} in {guide}",
)
MODEL_VARIABLE = Code(
    "SPEC041",
    "variable-of-the-class",
    NOTE,
    "{dataset}.{variable} is not in {guide}'s {domain}, but is allowed in datasets of its class",
)
LABEL_DIFFERS = Code(
    "SPEC042",
    "label-differs",
    WARNING,
    "the label of {dataset}.{variable} is {label!r}, in {guide} {standard!r}",
)
REQUIRED_MISSING = Code(
    "SPEC043",
    "required-variable-missing",
    ERROR,
    "{dataset} lacks {variable}, which {guide} requires",
    stops=False,
)
EXPECTED_MISSING = Code(
    "SPEC044",
    "expected-variable-missing",
    NOTE,
    "{dataset} lacks variables that {guide} expects: {names}",
)
TYPE_DIFFERS = Code(
    "SPEC045",
    "data-type-differs",
    ERROR,
    "{dataset}.{variable} is {data_type}, in {guide} {standard}",
)
CODELISTS_SEVERAL = Code(
    "SPEC046",
    "codelist-of-several",
    NOTE,
    "{guide} names several codelists for {dataset}.{variable}: {names}",
    hint="name the one that is meant in the column Codelist",
)
LABEL_BLANK = Code(
    "SPEC047",
    "label-blank",
    ERROR,
    "{dataset}.{variable} has no label, and no standard gives it one",
)
DATASET_BLANK = Code(
    "SPEC048",
    "dataset-attribute-blank",
    ERROR,
    "{column} of {dataset} is blank, and {guide} has none",
)
TERM_UNKNOWN = Code(
    "SPEC049",
    "term-not-in-codelist",
    ERROR,
    "{term!r} is not in the CDISC codelist {codelist}, which is not extensible",
)
NCI_CODE_WRONG = Code(
    "SPEC050",
    "nci-code-wrong",
    ERROR,
    "the NCI code of {what} is {code}; {terminology} has {standard}",
)
NCI_LIST_UNKNOWN = Code("SPEC051", "nci-codelist-unknown", ERROR, "{terminology} has no codelist {code}")
NO_TERMINOLOGY = Code(
    "SPEC052",
    "terminology-unknown",
    ERROR,
    "{text!r} is no terminology that is here ({have})",
)
NOT_A_DOMAIN = Code(
    "SPEC053",
    "dataset-not-in-guide",
    NOTE,
    "{dataset} is not in {guide}: a dataset of the sponsor's own, of class {class_}",
)
TERM_NEAR = Code(
    "SPEC054",
    "term-near-a-standard-term",
    WARNING,
    "{term!r} extends the codelist {codelist}, which has {standard!r}",
)
LIST_WITHOUT_CODE = Code(
    "SPEC055",
    "codelist-without-nci-code",
    WARNING,
    "the codelist {codelist} is named as CDISC's {code} without NCI Codelist Code, so read as the sponsor's",
)
LIST_EMPTY = Code("SPEC056", "codelist-without-terms", ERROR, "the codelist {codelist} has no terms")

NO_PARENT = Code(
    "SPEC057", "supplement-without-parent", ERROR, "{dataset} supplements {parent}, which is missing"
)

# Writing
NOT_WRITABLE = Code("SPEC058", "spec-not-writable", ERROR, "the spec cannot be written there: {reason}")

# Analyses
ANALYSIS_VARIABLE = Code(
    "SPEC060", "analysis-variable-unknown", ERROR, "{dataset} has no variable {variable}"
)
ANALYSIS_METHOD = Code("SPEC061", "analysis-method-unknown", ERROR, "{method!r} is no method of analysis")
ANALYSIS_TIMES = Code("SPEC062", "analysis-times", ERROR, "{text!r} is no list of numbers")
