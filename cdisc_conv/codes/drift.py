"""Findings of the family DRIFT: what the gate of nightly runs sees in raw exports before they are mapped.

The name of a code after `drift-`, with '_' for '-', is its key under `gates:`; without such a key its own
severity holds.
"""

from __future__ import annotations

from cdisc_conv.findings import Code, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
LET_PASS = "ask the sender; when it is right as it is, run the study once with --accept"
MAP_IT = "mend study.yaml or the mapping when it is to stay, else ask the sender; --accept lets it pass"

UNREADABLE = Code(
    "DRIFT001", "drift-unreadable", ERROR, "cannot be read: {why}", "ask the sender for the file again"
)
TRUNCATED = Code(
    "DRIFT002", "drift-truncated", ERROR, "looks cut off: {why}", "ask the sender for the whole file"
)
DAMAGED = Code(
    "DRIFT003", "drift-damaged", ERROR, "can be read in part only: {why}", "ask the sender for the file again"
)
EMPTIED = Code("DRIFT004", "drift-emptied", ERROR, "has no row any more, {before} last time", LET_PASS)
MISSING_FORM = Code(
    "DRIFT010",
    "drift-missing-form",
    ERROR,
    "was there last time and is gone ({held} rows)",
    "ask the sender for it; a form that may be absent is declared `optional: true`",
)
MISSING_FILE = Code(
    "DRIFT011",
    "drift-missing-file",
    WARNING,
    "was there last time and is gone; no form of study.yaml reads it",
    "",
)
RENAMED_FORM = Code(
    "DRIFT012",
    "drift-renamed-form",
    ERROR,
    "is gone; {new} looks like the same under another name ({why})",
    "ask the sender for the old name, or name the new one in study.yaml and run once with --accept",
)
NEW_FORM = Code(
    "DRIFT013",
    "drift-new-form",
    WARNING,
    "was not there last time ({held} rows, {columns} columns); no form of study.yaml reads it",
    "map it, or name it under raw: not_read: in study.yaml",
)
NEW_FORM_READ = Code(
    "DRIFT014", "drift-new-form-read", NOTE, "was not there last time; a form of study.yaml reads it"
)
DUPLICATE_FILE = Code(
    "DRIFT015",
    "drift-duplicate-file",
    WARNING,
    "has the same content as {other}",
    "ask the sender which one is meant",
)
DUPLICATE_FORM = Code(
    "DRIFT016",
    "drift-duplicate-form",
    ERROR,
    "has the same content as {other}, and forms of study.yaml read both: one stands in for the other",
    "ask the sender for the right file",
)
OLDER = Code(
    "DRIFT017",
    "drift-older",
    ERROR,
    "is older than last time: {why}",
    "ask the sender for today's export; --accept goes back to the older one",
)
MANIFEST = Code(
    "DRIFT018",
    "drift-manifest",
    ERROR,
    "is not what the manifest says: {why}",
    "ask the sender for both again",
)
MANIFEST_MISSING = Code(
    "DRIFT019",
    "drift-manifest-missing",
    ERROR,
    "the manifest is gone, so that nothing says whether the export is complete",
    "ask the sender for it",
)
NOT_LISTED = Code(
    "DRIFT020", "drift-not-listed", WARNING, "the manifest does not list the file, last time it did"
)
ENCODING = Code(
    "DRIFT030",
    "drift-encoding",
    WARNING,
    "the encoding was {old} and is {new}",
    "it is read all the same; {told}",
)
GARBLED = Code(
    "DRIFT031",
    "drift-garbled",
    ERROR,
    "of {before} different texts with letters beyond ASCII {kept} are still there: written or read wrongly",
    "ask the sender for the file in its former encoding, or declare the encoding in study.yaml",
)
DELIMITER = Code(
    "DRIFT032",
    "drift-delimiter",
    WARNING,
    "columns were separated by {old} and are by {new}",
    "it is read all the same",
)
HEADER_MOVED = Code(
    "DRIFT033",
    "drift-header-moved",
    ERROR,
    "the header stands in row {new}, not in row {old}",
    "ask the sender to leave out what stands above, or declare header_row: {new} in study.yaml",
)
NEW_COLUMN = Code(
    "DRIFT040",
    "drift-new-column",
    WARNING,
    "new column {column} ({filled} values); nothing maps it",
    "map it, or name it under not_submitted: in study.yaml",
)
MISSING_COLUMN = Code(
    "DRIFT041", "drift-missing-column", ERROR, "column {column} is gone, which {who} reads", MAP_IT
)
MISSING_UNREAD = Code(
    "DRIFT042", "drift-missing-column-unread", WARNING, "column {column} is gone; no derivation reads it"
)
RENAMED_COLUMN = Code(
    "DRIFT043",
    "drift-renamed-column",
    ERROR,
    "column {column}, which {who} reads, seems to be named {new} now ({why})",
    MAP_IT,
)
RENAMED_UNREAD = Code(
    "DRIFT044",
    "drift-renamed-column-unread",
    WARNING,
    "column {column} seems to be named {new} now ({why}); no derivation reads {column}",
)
REORDERED = Code(
    "DRIFT045",
    "drift-reordered-column",
    NOTE,
    "columns stand in another order, such as {column} (was {old}, is {new}); they are read by name",
)
RETYPED = Code(
    "DRIFT046",
    "drift-retyped-column",
    ERROR,
    "column {column} held {old} and now holds {new} in {cells} of {filled} cells",
    LET_PASS,
)
BLANKED = Code(
    "DRIFT047",
    "drift-blanked-column",
    ERROR,
    "column {column} is blank now; it had {before} values",
    LET_PASS,
)
FILLED = Code(
    "DRIFT048",
    "drift-filled-column",
    WARNING,
    "column {column} was blank in every row and now has {filled} values",
    "see whether it is to be mapped",
)
VALUES_FEWER = Code(
    "DRIFT049",
    "drift-values-fewer",
    WARNING,
    "column {column} has {now} values, {before} last time, though the rows are not so many fewer",
)
NEW_CODE = Code(
    "DRIFT050",
    "drift-new-code",
    WARNING,
    "column {column} holds {n} not seen before ({known} different ones so far)",
    "see whether conditions of the mapping have to know it",
)
UNKNOWN_CODE = Code(
    "DRIFT051",
    "drift-unknown-code",
    ERROR,
    "column {column} holds {n} not seen before, which codelist {codelist} does not know",
    "add it to mappings/{study}/codes.csv or ask the sender; --accept publishes with the value missing",
)
CODE_WRITTEN = Code(
    "DRIFT052",
    "drift-code-written-otherwise",
    WARNING,
    "column {column} holds {n} that differ from known ones in case or blanks only",
)
KNOWN_CODE = Code(
    "DRIFT057",
    "drift-known-code",
    NOTE,
    "column {column} holds {n} not seen before, known to codelist {codelist}",
)
DATE_FORMAT = Code(
    "DRIFT053",
    "drift-date-format",
    ERROR,
    "column {column}: {cells} of {filled} dates are written {new}, never so last time ({old}); "
    "no date format of study.yaml reads them",
    "ask the sender, or declare the format (dates: or column_dates: in study.yaml)",
)
DATE_FORMAT_READ = Code(
    "DRIFT054",
    "drift-date-format-read",
    WARNING,
    "column {column}: {cells} of {filled} dates are written {new}, never so last time ({old}); "
    "the formats of study.yaml read them",
)
DATE_FORMAT_UNSURE = Code(
    "DRIFT055",
    "drift-date-format-unsure",
    ERROR,
    "column {column}: {cells} of {filled} dates are written {new}, never so last time ({old}): "
    "day and month could change places",
    "ask the sender which it is and declare it (column_dates: in study.yaml)",
)
ZEROS_LOST = Code(
    "DRIFT056",
    "drift-zeros-lost",
    WARNING,
    "column {column}: leading zeros are gone ({cells} of {filled} cells)",
    "a spreadsheet takes them off; whether subjects are still the same is looked at by itself",
)
ROWS_FEWER = Code(
    "DRIFT060",
    "drift-rows-fewer",
    ERROR,
    "{now} rows, {before} last time: {gone} rows are gone{who}",
    f"the rows named are those of last time; {LET_PASS}",
)
SUBJECTS_FEWER = Code(
    "DRIFT061",
    "drift-subjects-fewer",
    ERROR,
    "{gone} of {before} subjects are in no form any more{who}",
    "ask the sender; a subject who withdrew consent for the data goes with --accept",
)
ROWS_REPEATED = Code(
    "DRIFT062",
    "drift-rows-repeated",
    WARNING,
    "{now} rows are the same as another one, {before} last time",
    LET_PASS,
)
ROWS_DOUBLED = Code(
    "DRIFT063",
    "drift-rows-doubled",
    ERROR,
    "every row is there {times} times or more",
    "ask the sender for the file again",
)
NO_BASE = Code(
    "DRIFT070",
    "drift-no-base",
    WARNING,
    "the exports of the last good run cannot be read any more ({why}): tonight's are held against nothing",
)
