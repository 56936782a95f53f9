"""Findings of the family NIGHT: the config of nightly runs, snapshots, publication, the run log."""

from __future__ import annotations

from cdisc_conv.findings import Code, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

CONFIG_KEY = Code("NIGHT001", "night-config-key", ERROR, "{where} has no key '{key}'")
CONFIG_LACKS = Code("NIGHT002", "night-config-lacks", ERROR, "{where} lacks {key}")
CONFIG_VALUE = Code("NIGHT003", "night-config-value", ERROR, "{key}: {value!r} is not {wanted}")
CONFIG_SHARED = Code(
    "NIGHT004",
    "night-config-out-shared",
    ERROR,
    "{study} and {other} would write to the same folder",
    "give each study an out: folder of its own",
)
CONFIG_NESTED = Code(
    "NIGHT005",
    "night-config-nested",
    ERROR,
    "{one} is within {other}: what is written would be read as raw data, or raw data be in the way",
    "keep raw: and out: apart",
)
UNSTABLE = Code(
    "NIGHT010",
    "raw-changes-while-read",
    ERROR,
    "the raw exports changed while they were copied, twice: {files}",
    "run when the transfer has ended",
)
OBJECT_DAMAGED = Code(
    "NIGHT011",
    "snapshot-object-damaged",
    WARNING,
    "a file of the snapshot store was damaged and is written again from the export: {files}",
    "the disk, or someone, changed it; snapshots of former nights hold it as well",
)
NEWER_MANIFEST = Code(
    "NIGHT012",
    "only-manifest-newer",
    NOTE,
    "every raw file is the one of the last good run; only the time in {manifest} is a later one",
)
BUSY = Code(
    "NIGHT020",
    "study-is-being-run",
    ERROR,
    "another run of this study is going on ({who}); this one leaves it alone",
)
CUT_OFF = Code(
    "NIGHT021",
    "former-run-cut-off",
    NOTE,
    "run {run} was cut off ({when}); {done}",
)
TORN_LOG = Code(
    "NIGHT022",
    "log-line-torn",
    NOTE,
    "the last line of the run log was cut off while it was written; its {bytes} bytes are kept in {file}",
)
BLOCKED_LOG = Code(
    "NIGHT023",
    "log-broken",
    ERROR,
    "the run log does not hold: {what}",
    "find out with `cdisc-conv audit`; what was found to be right is accepted with `audit --accept WHY`",
)
OUT_FOREIGN = Code(
    "NIGHT024",
    "out-not-ours",
    ERROR,
    "the folder holds {what}, which no nightly run made",
    "give a folder of its own, or an empty one",
)
CANNOT_WRITE = Code("NIGHT025", "night-cannot-write", ERROR, "cannot write or read {file}: {reason}")
HELD = Code(
    "NIGHT030",
    "package-held-back",
    ERROR,
    "the package is not published: {what}, and the policy is publish: {policy}",
    "mend it, or run with --accept {study}",
)
VERIFY = Code("NIGHT031", "package-not-verified", ERROR, "the package does not hold: {what}")
PUBLISHED_DAMAGED = Code(
    "NIGHT032",
    "published-package-damaged",
    WARNING,
    "the published package is not as it was published ({what}); it is built anew",
)
ACCEPTED = Code("NIGHT033", "night-accepted", WARNING, "published all the same, as {who} asked: {what}")
NOT_COMPARED = Code(
    "NIGHT034",
    "not-compared",
    WARNING,
    "what changed since run {run} cannot be told: {why}",
    "tonight's package stands all the same",
)
CRASHED = Code(
    "NIGHT040",
    "study-crashed",
    ERROR,
    "the run of the study ended by itself: {how}; the last good package stands",
    "what it said last is in {log}",
)
TIMEOUT = Code(
    "NIGHT041",
    "study-timeout",
    ERROR,
    "the study took longer than {limit} and was ended; the last good package stands",
)
NOTIFY_FAILED = Code("NIGHT050", "notify-failed", WARNING, "{what} could not be told: {reason}")
AUDIT_LINE = Code("NIGHT060", "audit-line", ERROR, "line {line} of the run log {what}")
AUDIT_SHORT = Code(
    "NIGHT061",
    "audit-lines-gone",
    ERROR,
    "lines at the end of the run log are gone: {what}",
)
AUDIT_PACKAGE = Code("NIGHT062", "audit-package", ERROR, "run {run} is not as it was logged: {what}")
AUDIT_CURRENT = Code(
    "NIGHT063", "audit-current", ERROR, "the published package is not the last one logged: {what}"
)
AUDIT_UNFINISHED = Code("NIGHT064", "audit-unfinished", NOTE, "{what}; the next run tidies it up")
AUDIT_ACCEPTED = Code("NIGHT065", "audit-accepted", NOTE, "accepted in line {line} ({why}): {what}")
AUDIT_STORE = Code("NIGHT066", "audit-snapshot", ERROR, "the snapshot of run {run} does not hold: {what}")
AUDIT_ALONE = Code(
    "NIGHT067",
    "audit-log-alone",
    NOTE,
    "the log stands alone: packages were not looked at; lines cut off its end show only with --head",
)
