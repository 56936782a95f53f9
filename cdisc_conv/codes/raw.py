"""Findings of the family RAW."""

from __future__ import annotations

from cdisc_conv.findings import Code, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

NO_EXPORT = Code(
    "RAW001",
    "raw-export-missing",
    ERROR,
    "there is no folder or zip of raw files at {path}",
    "say where they are: --raw DIR, or raw: folder: in study.yaml",
)
ZIP_REFUSED = Code(
    "RAW002",
    "zip-member-refused",
    ERROR,
    "the zip holds {name!r}, which would lie outside of the raw folder",
    "pack the zip again with paths relative to the raw folder",
)
ZIP_BROKEN = Code(
    "RAW003", "zip-broken", ERROR, "the zip cannot be read: {why}", "ask the sender for the file again"
)
FILE_MISSING = Code("RAW004", "file-missing", ERROR, "there is no file {file!r} in the raw export")
FILE_CHANGED = Code(
    "RAW005",
    "file-changed",
    ERROR,
    "the file vanished or changed while the export was being read",
    "wait until the export is complete, then run again",
)
FORMAT_UNKNOWN = Code(
    "RAW006",
    "format-unknown",
    ERROR,
    "files of the kind {suffix!r} are not read",
)
NOT_WHAT_IT_SAYS = Code("RAW007", "not-what-it-says", ERROR, "the file is named {suffix} but holds {what}")
FILE_LEFT_OUT = Code(
    "RAW008", "file-left-out", NOTE, "not raw data, left out: {name!r} (hidden, lock or system file)"
)
SNAPSHOT_BROKEN = Code(
    "RAW017", "snapshot-broken", ERROR, "the snapshot does not hold: {what}", "the next night takes it anew"
)
EMPTY = Code("RAW009", "table-empty", ERROR, "there is nothing in it, not even a header")
COLUMN_MISSING = Code("RAW010", "column-missing", ERROR, "there is no column {column!r}")
COLUMN_TWICE = Code(
    "RAW011",
    "column-twice",
    ERROR,
    "the header names {column!r} {times} times; the later ones are read as {names}",
    "give each column its own name",
)
HEADER_TRIMMED = Code("RAW012", "header-trimmed", NOTE, "blanks around header names taken off: {columns}")
COLUMN_UNNAMED = Code(
    "RAW013",
    "column-unnamed",
    WARNING,
    "a column holds values but has no name in the header; it is read as {column!r}",
)
COLUMN_EMPTY = Code(
    "RAW014", "column-without-name-or-value", NOTE, "{n} columns without a name and without a value left out"
)
NO_HEADER_ROW = Code("RAW015", "header-row-missing", ERROR, "row {row}, declared as the header, is not there")
ABOVE_HEADER = Code("RAW016", "rows-above-header", NOTE, "{n} rows above the header left out")

ENCODING_DETECTED = Code(
    "RAW020", "encoding-detected", NOTE, "nothing says the encoding; the text is {encoding} by its bytes"
)
ENCODING_UNSURE = Code(
    "RAW021",
    "encoding-unsure",
    WARNING,
    "the bytes could be {encoding} or {other}; read as {encoding}",
    "declare the file's encoding",
)
UNDECODABLE = Code(
    "RAW022",
    "bytes-undecodable",
    ERROR,
    "the bytes at offset {offset} (row {row}) are not {encoding}",
    "declare the encoding it was written in, or ask the sender for the file again",
)
ENCODING_UNKNOWN = Code(
    "RAW023",
    "encoding-unknown",
    ERROR,
    "there is no encoding named {encoding!r}",
    "e.g. utf-8, gb18030, cp1252",
)
REPLACED = Code(
    "RAW024",
    "characters-lost",
    WARNING,
    "column {column} holds U+FFFD: characters were lost before the file was sent",
    "ask the sender for the file again",
)
DELIMITER_UNSURE = Code(
    "RAW025",
    "delimiter-unsure",
    WARNING,
    "both {first!r} and {second!r} could separate the columns; read with {first!r}",
    "declare the file's delimiter",
)
DELIMITER_BAD = Code(
    "RAW026", "delimiter-bad", ERROR, "{delimiter!r} cannot separate columns", "one character: , ; | or a tab"
)
ROW_RAGGED = Code(
    "RAW027",
    "row-ragged",
    ERROR,
    "rows have {got} fields where the header has {want}; fields may stand in the wrong columns",
    "look for a delimiter, quote or line break inside a value that is not quoted",
)
TRAILING_DELIMITER = Code(
    "RAW028", "trailing-delimiter", NOTE, "rows end with empty fields beyond the header"
)
BLANK_LINES = Code("RAW029", "blank-rows", NOTE, "blank rows left out")
TRUNCATED = Code(
    "RAW030",
    "file-truncated",
    ERROR,
    "the file looks truncated: {why}",
    "ask the sender for the whole file",
)
QUOTE_STRAY = Code(
    "RAW031",
    "quote-stray",
    ERROR,
    "a quote stands inside a field where none can; the row may be read wrongly",
    'a quote inside a quoted field is written ""',
)
FOOTER = Code("RAW032", "footer", NOTE, "the last row is an end mark, not data; left out")
ROW_ALL_BLANK = Code(
    "RAW033", "row-without-values", WARNING, "rows have no value in any column; they are left out"
)
NOT_TEXT = Code(
    "RAW034",
    "not-text",
    ERROR,
    "the file holds NUL bytes: damaged, UTF-16 without a byte order mark, or no text at all",
    "declare the encoding (utf-16-le), or check that the file is what its name says",
)

SHEET_MISSING = Code("RAW040", "sheet-missing", ERROR, "there is no sheet {sheet!r}; there are {sheets}")
SHEET_UNSAID = Code(
    "RAW041", "sheet-unsaid", ERROR, "the file has several sheets: {sheets}", "say which one is meant"
)
WORKBOOK_UNREADABLE = Code("RAW042", "workbook-unreadable", ERROR, "the workbook cannot be read: {why}")
FORMULA_UNCOMPUTED = Code(
    "RAW043",
    "formula-uncomputed",
    ERROR,
    "column {column}: formulas whose result is not in the file",
    "open the workbook in Excel, save it and export it again",
)
ERROR_CELL = Code("RAW044", "cell-error", ERROR, "column {column}: cells hold the error {error}")
MERGED = Code(
    "RAW045",
    "cells-merged",
    NOTE,
    "{n} merged areas; the value is read in the first cell, the others are blank",
)
HIDDEN = Code("RAW046", "hidden-cells", NOTE, "hidden {what} are read like the others")
DATE_IMPOSSIBLE = Code(
    "RAW047",
    "date-impossible",
    ERROR,
    "column {column}: numbers shown as dates that are no day of the calendar",
)
SHOWN_SHORT = Code(
    "RAW048",
    "shown-short",
    WARNING,
    "column {column}: values hold {what} that their format hides; read as shown",
)
FORMAT_NOT_APPLIED = Code(
    "RAW049", "format-not-applied", WARNING, "column {column}: the format {format!r} is not applied"
)
NUMBER_LONG = Code(
    "RAW050",
    "number-too-long",
    WARNING,
    "column {column}: whole numbers of more than 15 digits, which a spreadsheet does not hold exactly",
    "export identifiers as text",
)
DAY_HIDDEN = Code(
    "RAW051",
    "day-hidden",
    WARNING,
    "column {column}: the format shows no day, the value has one; read with the day",
    "check whether the day was collected",
)
SAS_UNREADABLE = Code("RAW052", "sas-file-unreadable", ERROR, "the SAS file cannot be read: {why}")
SPECIAL_MISSING = Code(
    "RAW053", "special-missing", NOTE, "column {column}: SAS special missing values, read as they are written"
)

MANIFEST_MISSING = Code(
    "RAW054",
    "manifest-missing",
    WARNING,
    "the export has no {file!r}: its files cannot be checked for completeness",
)
MANIFEST_UNREADABLE = Code("RAW055", "manifest-unreadable", ERROR, "column {column}: {why}")
NOT_LISTED = Code("RAW056", "file-not-listed", WARNING, "the manifest does not list the file")
HASH_DIFFERS = Code(
    "RAW057",
    "hash-differs",
    ERROR,
    "the file is not the one the manifest describes (SHA-256 differs)",
    "ask the sender for the file and its manifest again",
)
ROWS_DIFFER = Code("RAW058", "row-count-differs", ERROR, "{got} data rows, the manifest says {want}")

RAW060 = Code(
    "RAW060",
    "duplicate-row",
    NOTE,
    "row is the same, byte for byte, as an earlier one; it is dropped",
)
RAW061 = Code(
    "RAW061",
    "older-version",
    WARNING,
    "row has the row key of another with a later {modified}; the later stands",
    "ask for one version of each row",
)
RAW062 = Code(
    "RAW062",
    "no-subject",
    ERROR,
    "row has no subject: the derivation of USUBJID in study.yaml gave nothing",
    "complete the subject's columns, or declare `subject: none` for a table without subjects",
)
RAW063 = Code(
    "RAW063",
    "same-key-other-content",
    ERROR,
    "rows share a row key but not their content, and no one can tell which is the latest",
    "ask for one version of each row",
)
RAW064 = Code(
    "RAW064",
    "duplicate-row-kept",
    NOTE,
    "row is the same, byte for byte, as an earlier one; the policy duplicate_rows keeps both",
)
RAW065 = Code(
    "RAW065",
    "row-key-blank",
    WARNING,
    "rows have no row key ({column} is blank): another version of the row cannot be told",
    "ask for the export with its row keys",
)
RAW066 = Code("RAW066", "no-rows", NOTE, "there is a header but no row below it")
RAW067 = Code(
    "RAW067",
    "optional-form-missing",
    NOTE,
    "the export has no {what}; form {form} is optional and has no rows",
)
RAW068 = Code(
    "RAW068",
    "unblinding-data-unread",
    NOTE,
    "{what} of form {form} tells the treatment and is left unread: the run is blinded",
)
RAW070 = Code(
    "RAW070",
    "after-the-cutoff",
    WARNING,
    "the row is dated after the data cut-off {cutoff}; it is left out",
    "ask for an export of data up to the cut-off, or declare the policy after_cutoff: kept",
)
RAW071 = Code(
    "RAW071",
    "cutoff-differs",
    WARNING,
    "the data cut-off is {sent} by the manifest and {declared} by study.yaml; that of the manifest stands",
    "correct data_cutoff in study.yaml",
)
RAW069 = Code(
    "RAW069",
    "run-is-blinded",
    WARNING,
    "the export has no {what} (form {form}): the run is blinded, no record tells a treatment",
    'send the unblinding list for an unblinded package, or declare the policy blinded: "true"',
)
ODM_UNREADABLE = Code(
    "RAW075",
    "odm-unreadable",
    ERROR,
    "the file cannot be read as ODM-XML: {why}",
    "export a snapshot (FileType) in ODM 1.3",
)
ODM_ITEM_TWICE = Code(
    "RAW076",
    "odm-item-twice",
    ERROR,
    "item {column} stands more than once in an ItemGroupData; its last value is read",
    "export a snapshot without the history of its values",
)
ODM_PART_UNREAD = Code("RAW077", "odm-part-unread", NOTE, "{n} elements {part} are left unread")
