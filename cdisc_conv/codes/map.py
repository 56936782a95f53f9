"""Findings of the family MAP: study.yaml, mapping pages, their tables and the language."""

from __future__ import annotations

from cdisc_conv.findings import Code, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

MAP001 = Code("MAP001", "not-the-language", ERROR, "{reason}")
MAP002 = Code("MAP002", "unknown-column", ERROR, "no column '{column}' in {where}")
MAP003 = Code("MAP003", "unknown-verb", ERROR, "no verb '{verb}'", "`cdisc-conv verbs` lists them")
MAP004 = Code("MAP004", "wrong-arguments", ERROR, "{verb}: {reason}", "`cdisc-conv verbs {verb}` shows how")
MAP005 = Code("MAP005", "wrong-kind", ERROR, "{what} is {got}, not {wanted}")
MAP006 = Code("MAP006", "unknown-source", ERROR, "no form, dataset or table '{name}'")
MAP007 = Code(
    "MAP007",
    "order-of-dates",
    ERROR,
    "'{op}' cannot compare ISO 8601 text, which may be partial",
    "use before(), after(), on_or_before() or on_or_after()",
)
MAP008 = Code(
    "MAP008",
    "order-of-text",
    ERROR,
    "'{op}' cannot put text in order",
    "make numbers of it with number(), or dates with iso_date()",
)
MAP009 = Code(
    "MAP009",
    "loop",
    ERROR,
    "these derivations need each other: {path}",
    "derive one of them from the form instead",
)
MAP010 = Code(
    "MAP010",
    "not-in-spec",
    ERROR,
    "variable {variable} is not in the spec of {dataset}",
    "add it to the Variables sheet, or to SUPP-- as `QNAM EQ {variable}` in ValueLevel",
)
MAP011 = Code(
    "MAP011",
    "not-mapped",
    WARNING,
    "variable {variable} of the spec has no derivation and no Assigned Value",
    "it will be empty; write a derivation or take it out of the spec",
)
MAP012 = Code("MAP012", "dataset-not-in-spec", ERROR, "dataset {dataset} is not in the spec")
MAP013 = Code(
    "MAP013",
    "dataset-not-mapped",
    WARNING,
    "dataset {dataset} of the spec has no mapping page",
    "it will not be built; add mappings/<study>/{page}.yaml",
)
MAP014 = Code("MAP014", "unknown-key", ERROR, "'{key}' is not a key of {where}")
MAP015 = Code("MAP015", "missing-key", ERROR, "{where} needs '{key}'")
MAP016 = Code("MAP016", "given-twice", ERROR, "{what} is given twice", "keep one of them")
MAP017 = Code(
    "MAP017",
    "several-owners",
    ERROR,
    "this looks into {owners}; a look into other rows has one owner",
    "derive a variable first, then look at that",
)
MAP018 = Code(
    "MAP018",
    "no-subject",
    ERROR,
    "{table} knows no subjects, so {table}.{column} has no single value here",
    "use lookup({table}.{column}, KEY=…)",
)
MAP019 = Code("MAP019", "unknown-policy", WARNING, "no policy '{policy}' is known")
MAP020 = Code("MAP020", "policy-value", ERROR, "policy {policy} cannot be '{value}'")
MAP021 = Code("MAP021", "bad-value", ERROR, "'{value}' is no {wanted}")
MAP022 = Code(
    "MAP022",
    "form-unused",
    NOTE,
    "no mapping page reads form {form}",
    "map it, or take the form out and list its file under not_read:",
)
MAP023 = Code(
    "MAP023",
    "raw-columns-unknown",
    NOTE,
    "the columns of form {form} could not be seen: {reason}",
    "give --raw DIR to have them checked",
)
MAP024 = Code("MAP024", "table-column", ERROR, "table {table} has no column '{column}'")
MAP025 = Code("MAP025", "kinds-differ", ERROR, "{variable} is {first} in one place and {second} in another")
MAP026 = Code("MAP026", "not-per-row", ERROR, "a derivation cannot be a list", "use a verb that takes a list")
MAP027 = Code(
    "MAP027",
    "type-of-variable",
    ERROR,
    "{variable} is {kind}, but the spec says {data_type}",
    "use text() or number(), or change the Data Type",
)
MAP028 = Code(
    "MAP028",
    "key-not-first",
    ERROR,
    "keys of {dataset} must begin with USUBJID (after STUDYID)",
    "the build goes subject by subject",
)
MAP030 = Code("MAP030", "unknown-study", ERROR, "no study '{study}' in this workspace")
MAP031 = Code("MAP031", "unknown-dataset", ERROR, "no dataset '{dataset}' in the spec and mapping")
MAP032 = Code(
    "MAP032",
    "raw-column-not-mapped",
    NOTE,
    "column '{column}' of form {form} is not mapped",
    "map it, or list it under not_submitted:",
)
MAP033 = Code(
    "MAP033",
    "raw-file-not-read",
    NOTE,
    "no form reads this file",
    "declare it under raw: forms:, or list it under not_read:",
)
MAP034 = Code(
    "MAP034",
    "no-codelist",
    ERROR,
    "{verb}() finds {what} in the spec or in codes.csv",
    'name it, ct(COLUMN, "LIST"), or give the variable a Codelist in the spec',
)
MAP035 = Code("MAP035", "code-map-entry", ERROR, "there is {what}; this line of the code map does not hold")
MAP036 = Code(
    "MAP036",
    "nothing-to-build",
    ERROR,
    "no dataset has both a spec and a mapping page",
    "add mapping pages: mappings/<study>/<dataset>.yaml",
)
MAP037 = Code(
    "MAP037",
    "blinded-reads-treatment",
    ERROR,
    "the run is blinded, and this reads {column} of form {form}, which tells the treatment",
    'say what is shipped instead: when(policy.blinded == "true", "BLINDED", …)',
)
MAP900 = Code("MAP900", "unreadable", ERROR, "cannot be read: {reason}")
MAP901 = Code(
    "MAP901", "key-twice", ERROR, "key '{key}' is given twice (first on line {line})", "keep one of them"
)
MAP902 = Code("MAP902", "key-not-text", ERROR, "a key must be plain text")
