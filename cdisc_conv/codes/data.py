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
DATA040 = Code(
    "DATA040",
    "not-ascii",
    ERROR,
    "text holds characters that have no ASCII form",
    "translate the text with translate(), or add the characters to the character table",
)
DATA041 = Code(
    "DATA041",
    "control-characters",
    NOTE,
    "text holds line breaks, tabs or other control characters; each run became one blank",
)
DATA042 = Code(
    "DATA042",
    "no-translation",
    ERROR,
    "text in another language has no translation in {table}",
    "add the text and its translation to the table",
)
DATA043 = Code(
    "DATA043",
    "text-too-long",
    ERROR,
    "text needs more than {of} parts of {width} bytes",
    "give of= a greater number and add a variable for each further part",
)
DATA044 = Code(
    "DATA044",
    "word-cut",
    WARNING,
    "text holds a word of more than {width} bytes, which was cut between two parts",
)
DATA045 = Code(
    "DATA045",
    "unmapped-code-kept",
    WARNING,
    "value is not in codelist {codelist} and was kept as it is",
    "add it to codes.csv of the mapping, or to the codelist",
)
DATA046 = Code(
    "DATA046",
    "unmapped-code-left-out",
    NOTE,
    "value is not in codelist {codelist} and was left out",
)
DATA047 = Code(
    "DATA047",
    "mapped-to-no-term",
    ERROR,
    "the code map gives a value that the non-extensible codelist {codelist} does not have",
    "correct the value in codes.csv of the mapping",
)
DATA048 = Code(
    "DATA048",
    "no-decode",
    ERROR,
    "value has no decoded value in codelist {codelist}",
    "add the term with its Decoded Value to the codelist",
)
DATA049 = Code(
    "DATA049",
    "no-number",
    ERROR,
    "text is no decimal number",
    "take the text apart with regex(), or name it in the mapping as no number",
)
DATA050 = Code(
    "DATA050",
    "number-with-sign",
    ERROR,
    "number has a sign such as < or >",
    'say what it means: qualifier="drop" for none, qualifier="strip" for the number itself',
)
DATA051 = Code(
    "DATA051",
    "tied-values",
    ERROR,
    "several values of {what} are equally frequent for the subject",
    "narrow the rows with where=, or use first() or last()",
)
DATA052 = Code(
    "DATA052",
    "tied-rows",
    ERROR,
    "several rows of {what} stand {which} for the subject and their values differ",
    "order by a column that tells the rows apart, or narrow them with where=",
)
DATA053 = Code(
    "DATA053",
    "tied-order",
    WARNING,
    "several rows are equal in the order given; their order in the source decided",
    "add a column to order= that tells the rows apart",
)
DATA055 = Code(
    "DATA055", "bad-argument", ERROR, "{verb}() {reason}", "`cdisc-conv verbs` shows how it is called"
)
DATA056 = Code(
    "DATA056",
    "unscheduled-without-date",
    ERROR,
    "an unscheduled visit without a date has no visit number",
    "enter the date of the visit",
)
DATA057 = Code(
    "DATA057",
    "unreadable-result",
    ERROR,
    "result is no number, span or titre",
    "look it up in a table of results first, or correct the raw data",
)
DATA058 = Code(
    "DATA058",
    "no-daily-dose",
    ERROR,
    "dose and frequency give no dose a day",
    "add the frequency to the table of frequencies, or correct the raw data",
)
DATA059 = Code(
    "DATA059",
    "dose-as-needed",
    NOTE,
    "the frequency stands for no number of doses a day; there is no dose a day",
)
DATA006 = Code("DATA006", "division-by-zero", WARNING, "division by zero", "divide by when(X != 0, X)")
DATA010 = Code(
    "DATA010",
    "date-not-in-format",
    ERROR,
    "value is no date in the declared formats ({formats})",
    "correct the raw data, or declare its format in study.yaml",
)
DATA011 = Code(
    "DATA011",
    "date-format-not-declared",
    ERROR,
    "no date format is declared for this column, and the value is not ISO 8601",
    "declare the format in study.yaml, with the order of day and month",
)
DATA012 = Code(
    "DATA012",
    "date-ambiguous",
    ERROR,
    "value is a different date in two of the declared formats ({formats})",
    "declare only the format that the column really has",
)
DATA013 = Code("DATA013", "impossible-date", ERROR, "value is no day of the calendar", "correct the raw data")
DATA014 = Code(
    "DATA014",
    "year-out-of-range",
    ERROR,
    "year is outside {years}",
    "correct the raw data, or set the policy `years` in study.yaml",
)
DATA015 = Code(
    "DATA015",
    "impossible-time",
    ERROR,
    "value is no time of the day (HH:MM or HH:MM:SS, 00:00 to 23:59:59)",
    "correct the raw data; the date is kept without the time",
)
DATA016 = Code(
    "DATA016",
    "time-without-date",
    ERROR,
    "there is a time but no date",
    "add the date, or take the time away",
)
DATA017 = Code(
    "DATA017",
    "time-of-partial-date",
    WARNING,
    "there is a time but the date is not complete; the date is kept without the time",
    "complete the date, or take the time away",
)
DATA018 = Code(
    "DATA018",
    "times-differ",
    ERROR,
    "the date holds a time that differs from the time given beside it; the date is kept without a time",
    "correct the raw data, or do not give the second time",
)
DATA019 = Code("DATA019", "not-iso-8601", ERROR, "value is not ISO 8601", "make it so with iso_date()")
DATA020 = Code(
    "DATA020",
    "comparison-undecided",
    NOTE,
    "a partial date leaves the comparison open; it counts as {counts}",
    'say partial="true" or partial="false", or set the policy `partial_dates` in study.yaml',
)
DATA021 = Code(
    "DATA021",
    "age-by-month",
    WARNING,
    "the birth date has no day and its month is that of the other date; the birthday counts as reached",
    "complete the birth date if it may be known",
)
DATA022 = Code(
    "DATA022",
    "age-by-year",
    NOTE,
    "one of the dates is a year only; the age is the difference of the years",
    "complete the birth date if it may be known",
)
DATA023 = Code(
    "DATA023", "born-after", ERROR, "the birth date is after the other date", "correct the raw data"
)
DATA024 = Code(
    "DATA024",
    "age-needs-day",
    ERROR,
    "an age in {unit} needs complete dates",
    'use unit="YEARS", or complete the dates',
)
DATA025 = Code(
    "DATA025",
    "imputed-out-of-bounds",
    WARNING,
    "the known parts of the date put it after `at_most`; the imputed date is not moved",
    "correct the raw data",
)
DATA026 = Code(
    "DATA026",
    "not-whole-days",
    ERROR,
    "the number of days is not whole, or leads out of the calendar",
    "round it, or correct the raw data",
)
DATA027 = Code(
    "DATA027",
    "epoch-undecided",
    NOTE,
    "the partial date may lie in more than one epoch, or in none; no epoch is given",
    "complete the date if it may be known",
)
DATA028 = Code(
    "DATA028",
    "baseline-undecided",
    NOTE,
    "the partial date may be before or after the reference; the value cannot be the baseline",
    "complete the date if it may be known",
)
DATA029 = Code(
    "DATA029", "bad-date-argument", ERROR, "{argument}={value}: {reason}", "`cdisc-conv verbs` shows how"
)
DATA030 = Code(
    "DATA030",
    "unit-of-duration",
    ERROR,
    "value is no unit of time",
    "years, months, weeks, days, hours, minutes or seconds",
)
DATA031 = Code(
    "DATA031",
    "negative-duration",
    ERROR,
    "a duration cannot be negative",
    "correct the raw data",
)
