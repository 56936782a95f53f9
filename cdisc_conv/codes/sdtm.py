"""Findings of the family SDTM: records that break a rule of the SDTMIG."""

from __future__ import annotations

from cdisc_conv.findings import Code, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

SDTM010 = Code(
    "SDTM010",
    "keys-not-unique",
    WARNING,
    "records share the keys {keys}",
    "add a key that tells them apart, or look for rows entered twice",
)
SDTM001 = Code(
    "SDTM001",
    "subject-not-in-dm",
    ERROR,
    "records of a subject that is not in DM",
    "look for a wrong site or subject number in the raw row",
)
SDTM002 = Code("SDTM002", "required-missing", ERROR, "a variable that the standard requires has no value")
SDTM003 = Code(
    "SDTM003",
    "not-in-codelist",
    ERROR,
    "value is not in codelist {codelist}",
    "map it with ct(), or add the term to the Codelists sheet if the list is extensible",
)
SDTM004 = Code(
    "SDTM004",
    "text-too-long",
    ERROR,
    "text of more than 200 bytes does not fit XPT v5; it is withheld",
    "split it: long_text(text) here and long_text(text, part=2) in a supplemental qualifier",
)
SDTM005 = Code(
    "SDTM005",
    "not-ascii",
    ERROR,
    "text that is not ASCII does not fit XPT v5; it is withheld",
    "use ascii() or translate()",
)
SDTM006 = Code(
    "SDTM006",
    "number-out-of-range",
    ERROR,
    "number beyond what XPT v5 holds (5.4e-79 to 7.2e75); it is withheld",
)
SDTM007 = Code("SDTM007", "sequence-not-unique", ERROR, "records of a subject share a sequence number")
SDTM008 = Code("SDTM008", "end-before-start", WARNING, "end is before {start}", "ask the site which is right")
SDTM011 = Code(
    "SDTM011",
    "control-characters",
    WARNING,
    "text holds line breaks, tabs or other control characters; it is shipped as it is",
    "take them out with squeeze(), or with ascii()",
)
SDTM012 = Code(
    "SDTM012",
    "no-records",
    NOTE,
    "{dataset} has no records: no file is written, and define.xml says that it has no data",
    "set the policy `empty_datasets: written` in study.yaml for a file without records",
)
