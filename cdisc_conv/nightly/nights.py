"""All studies of a night, each in a process of its own: one that fails or is killed stops no other."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cdisc_conv.codes import night as codes
from cdisc_conv.findings import Finding, Findings, Place
from cdisc_conv.nightly.config import Config, Job
from cdisc_conv.nightly.folders import Folders
from cdisc_conv.nightly.report import Report, Verdict

Say = Callable[[str], None]
OUTPUT = "output.log"
_ROOT = Path(__file__).resolve().parents[2]
_WHERE = "site-packages"


def run_nights(config: Config, only: Iterable[str], accept: Iterable[str], say: Say) -> list[dict[str, Any]]:
    """Run the studies of a config (`only` some of them); their reports, in the config's order."""
    wanted, accepted = set(only), set(accept)
    jobs = [replace(j, accept=j.name in accepted) for j in config.jobs if not wanted or j.name in wanted]
    with ThreadPoolExecutor(config.at_once) as pool:
        return list(pool.map(lambda job: run_study(job, say), jobs))


def run_study(job: Job, say: Say) -> dict[str, Any]:
    """Run one study in its own process; a report in any case."""
    if not job.sound:
        return _without_process(job, Verdict.FAILED, job.findings)
    say(f"{job.name}: begins")
    with tempfile.TemporaryFile() as said:
        code, answer, late = _process(job, said)
        said.seek(0)
        output = said.read()
    report = _report(answer)
    if report is None:
        limit = f"{job.timeout} seconds"
        log = f"nights/…/{OUTPUT}"
        found = (
            codes.TIMEOUT.at(Place(), limit=limit)
            if late
            else codes.CRASHED.at(Place(), how=_how(code), log=log)
        )
        report = _without_process(job, Verdict.CRASHED, [*job.findings, found])
    _keep_output(job, report, output)
    say(f"{job.name}: {report['verdict']}")
    return report


def _process(job: Job, said: Any) -> tuple[int, bytes, bool]:
    """Exit code, answer, and whether it was ended because it took too long."""
    environment = dict(os.environ)
    if _ROOT.name != _WHERE:
        known = environment.get("PYTHONPATH", "")
        environment["PYTHONPATH"] = os.pathsep.join(p for p in (str(_ROOT), known) if p)
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "cdisc_conv.nightly"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        env=environment,
        start_new_session=True,
    ) as process:
        try:
            answer, _ = process.communicate(pickle.dumps(job), timeout=job.timeout or None)
            return process.returncode, answer, False
        except subprocess.TimeoutExpired:
            return _end(process), b"", True
        except BaseException:
            _end(process)
            raise


def _end(process: subprocess.Popen[bytes]) -> int:
    """End a process and those it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def _report(answer: bytes) -> dict[str, Any] | None:
    try:
        report = json.loads(answer)
    except ValueError:
        return None
    return report if isinstance(report, dict) else None


def _how(code: int) -> str:
    if code < 0:
        with suppress(ValueError):
            name = signal.Signals(-code).name
            return f"killed by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")
    return f"exit code {code}"


def _without_process(job: Job, verdict: Verdict, findings: Iterable[Finding]) -> dict[str, Any]:
    """The report of a study that cannot speak for itself."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    folders = Folders(job.out)
    current = folders.current_run() if job.out != Path() else ""
    report = Report(job.name, job.study, verdict=verdict, began=now, ended=now, out=str(job.out))
    report.last_good = report.current = current
    report.night = Findings(list(findings))
    return report.as_dict()


def _keep_output(job: Job, report: dict[str, Any], output: bytes) -> None:
    """What the process said, beside its report; where that cannot be written, on stderr."""
    folder = Folders(job.out).nights
    newest = max((p for p in folder.iterdir() if p.is_dir()), default=None) if folder.is_dir() else None
    night = folder / report["run"] if report["run"] else newest
    try:
        if night is None or (not report["run"] and (night / OUTPUT).exists()):
            raise FileNotFoundError
        (night / OUTPUT).write_bytes(output)
    except OSError:
        if report["verdict"] != Verdict.BUSY:
            sys.stderr.write(output.decode("utf-8", "replace"))
