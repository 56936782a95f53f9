"""One study's night: snapshot, gate, build aside, verify, compare with the last good run, publish, report."""

from __future__ import annotations

import shutil
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cdisc_conv.codes import night as codes
from cdisc_conv.errors import CannotRun, UsageMistake
from cdisc_conv.findings import Finding, Place, Severity
from cdisc_conv.nightly.against import compare, exports_before, same_as_last
from cdisc_conv.nightly.audit import wrong_with
from cdisc_conv.nightly.config import Job
from cdisc_conv.nightly.disk import as_json, read_json, write_whole
from cdisc_conv.nightly.fingerprint import fingerprint, versions
from cdisc_conv.nightly.folders import Folders
from cdisc_conv.nightly.lock import Busy, locked, who
from cdisc_conv.nightly.publish import LastGood, last_good, publish, recover, tidy
from cdisc_conv.nightly.report import Report, Verdict, cannot_write, drifted, with_name
from cdisc_conv.nightly.runlog import RunLog
from cdisc_conv.nightly.snapshots import Taken, take
from cdisc_conv.nightly.told import told_apart

Say = Callable[[str], None]
OUTPUT = "output.log"
"""What a study's process said, in `nights/ID/`."""


class _Ends(Exception):
    """The night ends here; the report says how."""


@dataclass(slots=True)
class Night:
    """The night of one study, from the lock to the report."""

    job: Job
    say: Say
    report: Report = field(init=False)
    folders: Folders = field(init=False)
    log: RunLog = field(init=False)
    last: LastGood | None = None
    manifest: str = ""
    start: float = 0.0

    def __post_init__(self) -> None:
        self.report = Report(self.job.name, self.job.study, out=str(self.job.out))
        self.folders = Folders(self.job.out)

    def run(self) -> Report:
        """Run it; whatever happens the published package is whole, and the report says what happened."""
        report, start = self.report, time.monotonic()
        self.start, report.began = start, _now()
        report.night.extend(self.job.findings)
        try:
            self.folders.make()
            with locked(self.folders.lock):
                self._locked()
        except Busy as busy:
            report.block(Verdict.BUSY, [codes.BUSY.at(Place(), who=busy)])
        except CannotRun as e:
            report.block(Verdict.FAILED, e.findings)
        except OSError as e:
            report.block(Verdict.FAILED, [cannot_write(e)])
        report.ended, report.seconds = _now(), round(time.monotonic() - start, 2)
        report.current = self.folders.current_run()
        return report

    def _locked(self) -> None:
        """With the lock held: every night that begins in the log also ends there."""
        report = self.report
        self.log = RunLog(self.folders.log, self.folders.work)
        if not self._log_holds():
            return
        report.night.extend(recover(self.folders, self.log))
        self.last = last_good(self.folders)
        report.last_good = self.last.run if self.last else ""
        report.run = self._new_run()
        self.log.append("begun", run=report.run, study=self.job.study, versions=versions())
        try:
            (self.folders.nights / report.run).mkdir()
            self._steps()
        except _Ends:
            pass
        except (CannotRun, UsageMistake, OSError) as e:
            self._stopped(Verdict.FAILED, e.findings if isinstance(e, CannotRun) else [cannot_write(e)])
        except Exception as e:
            traceback.print_exc()
            how = f"{type(e).__name__}, a bug of cdisc-conv or of the study's own verbs"
            self._stopped(Verdict.CRASHED, [codes.CRASHED.at(Place(), how=how, log=OUTPUT)])
        self._end()

    def _log_holds(self) -> bool:
        """A log that was tampered with is no ground to publish on: the night ends here."""
        broken = wrong_with(self.log.log)
        if broken:
            what = "; ".join(f.message for f in broken[:3])
            found = codes.BLOCKED_LOG.at(Place(file=str(self.log.log.path)), what=what)
            self.report.block(Verdict.BLOCKED, [found])
        return not broken

    def _new_run(self) -> str:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        return f"{stamp}-{self.log.log.last_hash[:8]}"

    def _steps(self) -> None:
        self.say("snapshot")
        taken = take(self.job.raw, self.folders)
        self.report.snapshot = taken.as_dict()
        self.report.night.extend(taken.findings)
        made_of = fingerprint(taken.hash, self.job.workspace, self.job.study, values=self.job.values)
        self._unchanged(made_of)
        self._gate(taken)
        facts = {"study": self.job.study, "fingerprint": made_of, "manifest": self.manifest}
        made = self._build(taken)
        self._verify(made)
        self._compare(made)
        self._policy()
        self.say("publish")
        publish(self.folders, self.log, self.report.run, made, facts)
        self.report.verdict = Verdict.PUBLISHED

    def _unchanged(self, made_of: dict[str, str]) -> None:
        """Nothing to build when all that a build depends on is as it was, and the package is whole."""
        if self.last is None or not (same := same_as_last(self.folders, self.last, made_of)).yes:
            return
        self.report.night.extend(same.notes)
        damaged = self.last.damaged()
        if damaged:
            place = Place(file=str(self.last.folder))
            self.report.night.add(codes.PUBLISHED_DAMAGED.at(place, what=damaged))
            return
        run = read_json(self.last.folder / "run" / "run.json") or {}
        told = read_json(self.last.folder / "run" / "findings.json") or {"tally": {}, "findings": []}
        self.report.findings = {"tally": told["tally"], **told_apart(told["findings"], told["findings"])}
        self.report.records = run.get("records", {})
        self.report.verdict = Verdict.UNCHANGED
        raise _Ends

    def _gate(self, taken: Taken) -> None:
        """Drift of the raw exports against those of the last good run; an error ends the night here."""
        from cdisc_conv.nightly.drift.gate import Exports, gate

        self.say("drift gate")
        exports = Exports(taken.path, *exports_before(self.folders, self.log.log, self.last))
        seen, self.manifest = gate(self.job.workspace, self.job.study, exports, self.job.gates)
        told = [with_name(f, self.job.name) for f in seen.findings.merged()]
        self.report.drift = [f.as_dict(values=self.job.values) for f in told]
        if seen.errors and self.job.accept:
            kinds = ", ".join(sorted({f"{f.code.id} {f.code.name}" for f in seen.errors}))
            self._let_pass(f"drift of the raw exports ({kinds})")
        elif seen.errors:
            self.report.block(Verdict.BLOCKED, [drifted(f, self.job.name) for f in seen.errors])
            raise _Ends

    def _let_pass(self, what: str) -> None:
        """What would have blocked is published, as asked; the log says by whom."""
        self.report.night.add(codes.ACCEPTED.at(Place(), who=who(), what=what))
        self.log.append("let pass", run=self.report.run, what_passed=what)

    def _build(self, taken: Taken) -> Path:
        """The package, in `work/`."""
        from cdisc_conv import pipeline

        made = self.folders.work / self.report.run / "package"
        made.parent.mkdir()
        options = pipeline.Options(
            workspace=self.job.workspace,
            raw=taken.path,
            out=made,
            jobs=self.job.jobs,
            partitions=self.job.partitions,
            values=self.job.values,
            say=self.say,
        )
        result = pipeline.build(self.job.study, options)
        if result.out is None:
            errors = [f for f in result.findings if f.severity is Severity.ERROR]
            self.report.findings = {"tally": dict(result.findings.tally())}
            self.report.block(Verdict.FAILED, [f for f in errors if f.code.stops] or errors)
            raise _Ends
        self._told(result.findings)
        self.report.records = dict(result.records)
        return made

    def _told(self, findings: Any) -> None:
        """New and resolved findings against the last good run."""
        now = [f.as_dict(values=False) for f in findings]
        before = read_json(self.last.folder / "run" / "findings.json") if self.last else None
        self.report.findings = {
            "tally": dict(findings.tally()),
            **told_apart((before or {}).get("findings", ()), now),
        }

    def _verify(self, made: Path) -> None:
        from cdisc_conv.nightly.verify import verify

        self.say("verify")
        findings, self.report.verified = verify(made)
        if len(findings):
            self.report.block(Verdict.BLOCKED, findings)
            raise _Ends

    def _compare(self, made: Path) -> None:
        """What changed since the last good run."""
        old_raw, _ = exports_before(self.folders, self.log.log, self.last)
        self.say("compare")
        compare(self.job, self.folders, self.report, self.last, old_raw, made)

    def _policy(self) -> None:
        """Whether a package with errors among its findings may be published."""
        job, told = self.job, self.report.findings
        new = [f for f in told["new"] if f["severity"] == "error"] if self.last else []
        errors = told["tally"].get("error", 0)
        what = {
            "with_findings": "",
            "no_new_errors": f"{len(new)} errors that the last good run had not" if new else "",
            "clean": f"{errors} errors" if errors else "",
        }[job.publish]
        if what and job.accept:
            self._let_pass(what)
        elif what:
            held = codes.HELD.at(
                Place(),
                what=what,
                policy=job.publish,
                hint=codes.HELD.hint.format(study=job.name),
            )
            self.report.block(Verdict.BLOCKED, [held])
            raise _Ends

    def _stopped(self, verdict: Verdict, findings: Iterable[Finding]) -> None:
        """The night could not go on; what was published in spite of it counts."""
        published = self.folders.current_run() == self.report.run
        self.report.block(Verdict.PUBLISHED if published else verdict, findings)
        if not published:
            shutil.rmtree(self.folders.runs / self.report.run, ignore_errors=True)

    def _end(self) -> None:
        """Tidy up, end the night in the log, and keep its report."""
        report, folders = self.report, self.folders
        try:
            if report.verdict.good:
                report.removed = tidy(folders, self.log, self.job.keep, datetime.now(UTC))
            folders.clear_work()
        except OSError as e:
            report.night.add(cannot_write(e))
        report.current = folders.current_run()
        self.log.append(
            "ended",
            run=report.run,
            verdict=str(report.verdict),
            snapshot=report.snapshot.get("hash", ""),
            current=report.current,
            findings=report.findings.get("tally", {}),
            night=dict(report.night.tally()),
            drift=dict(Counter(f["severity"] for f in report.drift)),
        )
        report.ended, report.seconds = _now(), round(time.monotonic() - self.start, 2)
        report.log = {"lines": self.log.log.count, "hash": self.log.log.last_hash}
        write_whole(folders.nights / report.run / "report.json", as_json(report.as_dict()), folders.work)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
