"""Findings of the family DATA: a value of the raw data that a verb could not take as it is."""

from __future__ import annotations

from cdisc_conv.findings import Code, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

DATA001 = Code(
    "DATA001",
    "value-lost",
    ERROR,
    "{verb}() gave nothing for a value that was there",
    "look at the values listed; map them, or say in the mapping that they are dropped",
)
DATA002 = Code(
    "DATA002",
    "unmapped-code",
    ERROR,
    "value is not in codelist {codelist} and has no code map entry",
    "add it to codes.csv of the mapping, or correct the raw data",
)
DATA003 = Code(
    "DATA003",
    "many-matches",
    ERROR,
    "{what} has more than one match in {table}",
    'make the key unique or say which one: many="first" or many="last"',
)
DATA004 = Code(
    "DATA004",
    "no-match",
    ERROR,
    "{what} has no match in {table}",
    'add it to the table, or say unmatched="null"',
)
DATA005 = Code(
    "DATA005",
    "many-rows-per-subject",
    ERROR,
    "{what} has more than one row for a subject",
    "use earliest(), latest() or lookup() to say which row is meant",
)
