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
