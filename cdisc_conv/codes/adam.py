"""Findings of the family ADAM: analysis datasets that break a rule of the ADaMIG or of their own making."""

from __future__ import annotations

from cdisc_conv.findings import Code, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

ADAM001 = Code(
    "ADAM001",
    "neither-event-nor-censoring",
    ERROR,
    "a subject at risk has neither an event nor a censoring",
    "add a censoring that fits every subject left",
)
ADAM002 = Code(
    "ADAM002", "event-before-start", ERROR, "ADT is before STARTDT", "bound the events by the start date"
)
ADAM003 = Code(
    "ADAM003",
    "event-without-date",
    WARNING,
    "an event of {parameter} has no complete date and is passed over",
    "impute the date with impute_date(), or narrow the events with given(…) in where:",
)
