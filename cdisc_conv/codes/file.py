"""Findings of the family FILE."""

from __future__ import annotations

from cdisc_conv.findings import Code, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

# SAS transport files (XPT): reading
NOT_XPT = Code(
    "FILE001",
    "not-xpt",
    ERROR,
    "this is no SAS transport file: {what}",
    "A SAS transport file starts with its library header; a SAS7BDAT or a PROC CPORT file is another thing.",
)
XPT_BROKEN = Code(
    "FILE002",
    "xpt-broken-header",
    ERROR,
    "the headers of this SAS transport file do not hold: {what}",
    "Ask for the file again.",
)
XPT_TRUNCATED = Code(
    "FILE003",
    "xpt-truncated",
    ERROR,
    "the file is cut off: {what}",
    "Ask for the file again, or read its whole rows with partial=True.",
)
XPT_MEMBERS = Code(
    "FILE004", "xpt-members", ERROR, "the file holds {number} datasets ({names})", "Say which: member=NAME."
)
XPT_NO_MEMBER = Code("FILE005", "xpt-no-member", ERROR, "the file holds no dataset {name}; it has {names}")
XPT_ENCODING = Code(
    "FILE006",
    "xpt-encoding",
    WARNING,
    "text beyond ASCII, read as {encoding}",
    "A transport file does not say its encoding; if the text looks wrong, give encoding=.",
)
XPT_UNDECODABLE = Code(
    "FILE007",
    "xpt-undecodable",
    ERROR,
    "text that is not {encoding}",
    "Give the encoding that the file was written in.",
)
XPT_BLANK_END = Code(
    "FILE008",
    "xpt-blank-end",
    NOTE,
    "up to {number} blank rows after the last one cannot be told from padding; none is read",
    "Only rows whose variables are all text and all blank, at the very end, can be concerned.",
)
XPT_UNPADDED = Code(
    "FILE009",
    "xpt-unpadded",
    WARNING,
    "the last record is not padded to 80 bytes; all rows are whole and read",
)
XPT_ROUNDED = Code(
    "FILE010",
    "xpt-rounded",
    WARNING,
    "numbers of more than 53 binary digits, rounded to the nearest double",
    "Such numbers come from IBM mainframes; digits below 1e-15 of the value are lost.",
)
XPT_MALFORMED = Code(
    "FILE011",
    "xpt-malformed-number",
    WARNING,
    "numbers in a form that SAS does not write, read by their value",
)
XPT_V8 = Code(
    "FILE012",
    "xpt-version-8",
    NOTE,
    "this is a SAS transport file of version 8",
    "Regulators take version 5 only.",
)
XPT_UNREADABLE = Code("FILE013", "xpt-unreadable", ERROR, "the file cannot be read: {what}")

# SAS transport files (XPT): writing
XPT_NAME = Code(
    "FILE020",
    "xpt-name",
    ERROR,
    "{what} {name!r} is no name of SAS transport version 5: {why}",
    "At most 8 characters: A-Z, 0-9 and _, no digit first.",
)
XPT_LABEL = Code(
    "FILE021", "xpt-label", ERROR, "the label has {size} bytes, at most 40 fit", "Shorten the label."
)
XPT_LENGTH = Code(
    "FILE022",
    "xpt-length",
    ERROR,
    "length {length} is not possible for {kind}",
    "Text takes 1 to 200 bytes, a number 2 to 8.",
)
XPT_TEXT_LONG = Code(
    "FILE023",
    "xpt-text-long",
    ERROR,
    "text of up to {size} bytes, at most 200 fit",
    "Split the text into supplemental variables.",
)
XPT_TEXT_OVER = Code(
    "FILE024",
    "xpt-text-over-length",
    ERROR,
    "text of up to {size} bytes, the variable's length is {length}",
    "Give a greater length (lengths=), or shorten the text.",
)
XPT_NOT_ENCODABLE = Code(
    "FILE025",
    "xpt-not-encodable",
    ERROR,
    "text that {encoding} does not have",
    "Translate or transliterate the text, or give encoding=.",
)
XPT_NUMBER_LARGE = Code(
    "FILE026",
    "xpt-number-large",
    ERROR,
    "infinite, or of size 7.237e75 or more: a SAS transport file cannot hold it",
)
XPT_NUMBER_SMALL = Code(
    "FILE027",
    "xpt-number-small",
    ERROR,
    "nearer to zero than 5.4e-79: a SAS transport file cannot hold it",
    "Round to zero if that is meant.",
)
XPT_NUMBER_DIGITS = Code(
    "FILE028",
    "xpt-number-digits",
    ERROR,
    "numbers that lose digits in {where}",
    "Write such numbers (identifiers, as a rule) as text, or give the variable 8 bytes.",
)
XPT_DTYPE = Code(
    "FILE029",
    "xpt-dtype",
    ERROR,
    "values of type {dtype} cannot be written",
    "Make them text or numbers first.",
)
XPT_MIXED = Code(
    "FILE030",
    "xpt-mixed",
    ERROR,
    "the column holds values other than text: {kinds}",
    "Make it text or numbers first.",
)
XPT_TIME_LOST = Code(
    "FILE031",
    "xpt-time-lost",
    ERROR,
    "dates or times that format {format} cannot keep whole",
    "Format a date and time as DATETIME20. (whole seconds), a date as DATE9.",
)
XPT_FORMAT = Code(
    "FILE032",
    "xpt-format",
    ERROR,
    "{text!r} is no SAS {what}",
    "For example DATE9., $12. or 8.2; at most 8 characters before the width; the point belongs to it.",
)
XPT_TRAILING_BLANKS = Code(
    "FILE033",
    "xpt-trailing-blanks",
    WARNING,
    "text that ends in blanks: SAS text has none, they are not kept",
)
XPT_BLANK_ROWS = Code(
    "FILE034",
    "xpt-blank-rows",
    WARNING,
    "the last {number} rows are blank and look like padding: SAS and other readers will not see them",
    "Leave the rows out. (Unused header bytes note the row count: this package reads them back.)",
)
XPT_TWICE = Code("FILE035", "xpt-name-twice", ERROR, "two variables have the name {name}")
XPT_NO_COLUMNS = Code("FILE036", "xpt-no-columns", ERROR, "a dataset without variables cannot be written")
XPT_STRANGE_OPTION = Code(
    "FILE037", "xpt-unknown-variable", ERROR, "{option}= names a variable that the data do not have"
)
XPT_UNWRITABLE = Code("FILE038", "xpt-unwritable", ERROR, "the file cannot be written: {what}")
XPT_HEADER_TEXT = Code("FILE039", "xpt-header-text", ERROR, "{what} {text!r} does not fit its {size} bytes")
XPT_TEXT_ENCODED = Code(
    "FILE040",
    "xpt-text-encoded",
    WARNING,
    "text beyond ASCII, written as {encoding}",
    "Regulators take ASCII only; a transport file does not say its encoding.",
)

# FILE050-FILE079: define.xml
DEFINE_INVALID = Code(
    "FILE050",
    "define-not-schema-valid",
    ERROR,
    "not valid Define-XML 2.1: {message}",
    "the schemas are those of Define-XML 2.1 and ODM 1.3.2",
)
DEFINE_UNREADABLE = Code("FILE051", "define-unreadable", ERROR, "define.xml cannot be read: {reason}")
DEFINE_DANGLING = Code(
    "FILE052",
    "define-dangling-reference",
    ERROR,
    "{element} {oid} refers to {attribute} '{reference}', which is not defined",
    "define it in the spec, or take the reference out",
)
DEFINE_CANNOT_WRITE = Code("FILE053", "define-cannot-write", ERROR, "cannot be written: {reason}")
DEFINE_CHARACTER = Code(
    "FILE054",
    "define-character-refused",
    ERROR,
    "the text holds the character {character}, which XML cannot hold",
    "take the control character out of the spec's cell",
)
DEFINE_KEY = Code(
    "FILE055",
    "define-key-not-a-variable",
    WARNING,
    "key {key} is no variable of the dataset and cannot be shown in define.xml",
    "correct Key Variables in the Datasets sheet",
)
DEFINE_NOT_APPLICABLE = Code(
    "FILE056",
    "define-attribute-does-not-apply",
    WARNING,
    "{what} does not apply to a {type} and is not written",
)
DEFINE_JOIN = Code(
    "FILE057",
    "define-join-not-by-keys",
    WARNING,
    "a where clause reads {other}, whose keys are not all variables of this dataset",
    "the join cannot be told from the keys; define.xml says what it can",
)
DEFINE_DECODE = Code(
    "FILE058",
    "define-decode-missing",
    WARNING,
    "codelist {codelist} has decodes, but not for all terms ('{term}'); the term itself is written",
    "give every term of the codelist a decode, or none",
)
DEFINE_DOCUMENT = Code(
    "FILE059",
    "define-document-not-relative",
    WARNING,
    "document {document} is at '{href}', which is no file beside define.xml",
    "give the Href as a path relative to define.xml, e.g. acrf.pdf",
)
DEFINE_UNUSED = Code(
    "FILE060",
    "define-unused-definition",
    NOTE,
    "{element} {oid} is defined, but nothing refers to it",
)

FILE080 = Code(
    "FILE080",
    "not-ours",
    ERROR,
    "the output folder holds something that is no package of cdisc_conv",
    "give another folder with --out, or empty this one",
)
FILE081 = Code("FILE081", "cannot-write", ERROR, "the package cannot be written: {reason}")
FILE082 = Code(
    "FILE082",
    "whole-package-there",
    ERROR,
    "the output folder holds a whole package; a build of some datasets would replace it",
    "give another folder with --out",
)
DEFINE_MISSING = Code(
    "FILE061",
    "define-attribute-missing",
    WARNING,
    "{what} is missing; Define-XML 2.1 asks for it {when}",
    "fill it in the spec",
)
DEFINE_EXTENDED_CODED = Code(
    "FILE062",
    "define-extended-term-has-code",
    WARNING,
    "term '{term}' of codelist {codelist} is the sponsor's own and yet has the NCI code {nci}",
    "take the code out, or the term is no extension",
)

# FILE100-FILE139: comparison of datasets
DIFF_FORMAT = Code(
    "FILE100",
    "diff-format-unknown",
    ERROR,
    "files of this kind ({suffix}) cannot be compared",
    "kinds that are read: XPT, SAS7BDAT, CSV, XLSX, Parquet, Dataset-JSON",
)
DIFF_UNREADABLE = Code("FILE101", "diff-unreadable", ERROR, "the file cannot be compared: {reason}")
DIFF_COLUMN_KIND = Code(
    "FILE102",
    "diff-column-kind",
    NOTE,
    "column {variable} holds {kind}, which is neither text nor number: it is compared as text",
)
DIFF_NO_COMMON = Code(
    "FILE103",
    "diff-no-common-variable",
    ERROR,
    "the two sides have no variable in common",
    "BASE has {base}; COMPARE has {compare}; --map BASE=COMPARE pairs names that differ",
)
DIFF_KEY_UNKNOWN = Code("FILE104", "diff-key-unknown", ERROR, "key {variable} is no variable of {side}")
DIFF_NO_KEYS = Code(
    "FILE105",
    "diff-no-keys",
    ERROR,
    "no keys: {reason}",
    "say which variables identify a row with --id, or compare row by row with --by-position",
)
DIFF_VARIABLE_UNKNOWN = Code(
    "FILE106", "diff-variable-unknown", ERROR, "{option} names {variable}, which is not in {side}"
)
DIFF_DUPLICATES = Code(
    "FILE108",
    "diff-duplicate-keys",
    WARNING,
    "{base} rows of BASE and {compare} of COMPARE have a key that is there more than once on their side",
    "they are listed and not paired with each other",
)
DIFF_AS_NUMBERS = Code(
    "FILE109",
    "diff-text-as-number",
    NOTE,
    "{variables}: text on one side or both, all of it numbers; compared as numbers",
)
DIFF_TYPE = Code(
    "FILE110",
    "diff-type",
    WARNING,
    "{variable} is {base} in BASE and {compare} in COMPARE: its values are not compared",
)
DIFF_NOT_A_NUMBER = Code(
    "FILE111",
    "diff-not-a-number",
    WARNING,
    "{variable} is numeric in {numeric}, but text in {text} with values that are no number: not compared",
)
DIFF_ATTRIBUTES_APART = Code(
    "FILE112",
    "diff-attributes-not-carried",
    NOTE,
    "{kinds} files hold no {attributes}: not compared",
)
DIFF_KEY_SEQ = Code(
    "FILE113",
    "diff-key-seq",
    NOTE,
    "{variable}, which may be numbered anew in another version, is left out of the keys of {source}",
    "rows are paired by it as well if all keys are named with --id",
)
DIFF_KEYS_PASSED = Code("FILE114", "diff-keys-passed-over", NOTE, "keys of {source} are not used: {reason}")
DIFF_NEAR_LIMITED = Code(
    "FILE115",
    "diff-near-limited",
    NOTE,
    "nearest matches were looked for among the first {number} rows without partner of each side only",
)
DIFF_UNSORTED = Code(
    "FILE116",
    "diff-unsorted",
    NOTE,
    "the differences are too many to be sorted: they stand by pieces of the data",
)
DIFF_CASE = Code(
    "FILE117",
    "diff-names-case",
    NOTE,
    "names that differ in upper and lower case only are taken as the same: {names}",
)
DIFF_FOLDER_EMPTY = Code("FILE118", "diff-folder-empty", ERROR, "there is no dataset in the folder")
DIFF_FOLDER_TWICE = Code(
    "FILE119",
    "diff-folder-twice",
    ERROR,
    "{dataset} is there in several files: {files}",
    "compare the files one by one",
)
DIFF_NO_NAMESAKE = Code(
    "FILE120", "diff-no-namesake", WARNING, "{dataset} is in {side} only: it has nothing to be compared with"
)
DIFF_OUT_FAILED = Code("FILE122", "diff-out-failed", ERROR, "the report cannot be written: {reason}")
DIFF_DEFINE = Code(
    "FILE123", "diff-define-unread", WARNING, "define.xml beside the file cannot be read: {reason}"
)
DIFF_FOUND_SAMPLE = Code(
    "FILE124",
    "diff-keys-found-in-part",
    NOTE,
    "keys were found in the first {number} rows of each side; duplicates beyond them are listed",
)
DIFF_BY_PARENT = Code(
    "FILE125",
    "diff-by-parent",
    NOTE,
    "an IDVARVAL of {datasets} that holds a --SEQ is compared by the keys of the record it names",
    "sequence numbers may be numbered anew; --id with IDVARVAL compares them as they are",
)
