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
