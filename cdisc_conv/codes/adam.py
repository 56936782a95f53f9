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
ADAM004 = Code(
    "ADAM004",
    "source-not-found",
    ERROR,
    "SRCSEQ is no record of SRCDOM",
    "take SRCDOM and SRCSEQ from the record that the value comes from",
)
ADAM005 = Code(
    "ADAM005",
    "several-analysis-records",
    WARNING,
    "a subject has several records with ANL01FL = Y of one parameter and visit ({keys})",
    "flag one record a visit, as with first_flag(by=[PARAMCD, AVISIT], …)",
)
ADAM006 = Code(
    "ADAM006",
    "baseline-not-constant",
    ERROR,
    "BASE differs within a subject's parameter ({keys})",
    "take BASE from the one record with ABLFL = Y; several baselines need BASETYPE",
)
ADAM007 = Code(
    "ADAM007",
    "change-not-difference",
    ERROR,
    "CHG is not AVAL - BASE",
    "derive CHG as AVAL - BASE",
)
ADAM008 = Code(
    "ADAM008",
    "value-and-text-differ",
    ERROR,
    "AVAL and AVALC are not one to one within the parameter {parameter} (ADaMIG 1.3, AVALC)",
    "derive one of the two from the other, or make two parameters",
)
ADAM009 = Code(
    "ADAM009",
    "several-times-to-event",
    ERROR,
    "a subject has several records of one time-to-event parameter",
    "the dataset in from: needs one row a subject",
)
ADAM010 = Code(
    "ADAM010",
    "censoring-value",
    ERROR,
    "CNSR is not 0 or a positive whole number",
    "give each event CNSR 0 and each censoring a whole number above 0",
)
