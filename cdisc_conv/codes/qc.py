"""Findings of the family QC: the file that holds which comparisons were made."""

from __future__ import annotations

from cdisc_conv.findings import Code, Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING

QC_VALUE = Code(
    "QC001",
    "qc-file-value",
    ERROR,
    "{key} {what}",
    "this file is written by `cdisc-conv qc`; take the entry out and run the comparison again",
)
QC_STUDY = Code(
    "QC002",
    "qc-file-of-other-study",
    ERROR,
    "this is the QC file of study {found}, not of {study}",
    "name another file with --file",
)
QC_NOTHING = Code(
    "QC003",
    "qc-nothing-known",
    ERROR,
    "nothing is known of study {study}: there is no such file, and the workspace has no spec of it",
    "compare with `cdisc-conv qc run`, or name the file with --file and the folder with --workspace",
)
QC_NOT_WRITTEN = Code("QC004", "qc-file-not-written", ERROR, "the file cannot be written: {reason}")
