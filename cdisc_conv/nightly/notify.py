"""Who is told the outcome, and what: verdicts, counts and codes, nothing of any subject."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Iterable
from typing import Any

from cdisc_conv.codes.night import NOTIFY_FAILED
from cdisc_conv.findings import Finding
from cdisc_conv.nightly.config import Config, Hook

Told = dict[str, Any]


def tell(config: Config, reports: list[Told]) -> list[Finding]:
    """Tell every hook: those of the config all studies, those of a study its own; failures as findings."""
    hooks = [(h, reports) for h in config.notify]
    for job in config.jobs:
        own = [r for r in reports if r["name"] == job.name]
        hooks += [(h, own) for h in job.notify if own]
    failed = []
    for hook, which in hooks:
        reason = _tell(hook, outcome(which))
        if reason:
            what = f"the command {hook.command[0]}" if hook.command else "the webhook"
            failed.append(NOTIFY_FAILED.at(hook.place, what=what, reason=reason))
    return failed


def outcome(reports: Iterable[Told]) -> Told:
    """What may be told of a night."""
    studies = [_study(r) for r in reports]
    return {"good": all(s["good"] for s in studies), "studies": studies}


def _study(report: Told) -> Told:
    told = report["findings"]
    codes = [*report["night"], *report["drift"], *told.get("new", ())]
    return {
        "name": report["name"],
        "run": report["run"],
        "verdict": report["verdict"],
        "good": report["verdict"] in ("published", "unchanged"),
        "exit": report["exit"],
        "current": report["current"],
        "ended": report["ended"],
        "seconds": report["seconds"],
        "findings": told.get("tally", {}),
        "new_findings": sum(f["count"] for f in told.get("new", ())),
        "resolved_findings": sum(f["count"] for f in told.get("resolved", ())),
        "codes": sorted({f"{f['code']} {f['name']}" for f in codes if f["severity"] != "note"}),
        "log": report["log"],
    }


def _tell(hook: Hook, content: Told) -> str:
    """Why a hook could not be told, "" when it was."""
    if hook.when == "problem" and all(s["exit"]["new"] == 0 for s in content["studies"]):
        return ""
    data = json.dumps(content, ensure_ascii=False).encode()
    try:
        return _command(hook, data) if hook.command else _post(hook, data)
    except subprocess.TimeoutExpired:
        return f"no end within {hook.timeout} seconds"
    except (OSError, ValueError) as e:
        return str(getattr(e, "reason", None) or getattr(e, "strerror", None) or e)


def _command(hook: Hook, data: bytes) -> str:
    done = subprocess.run(
        hook.command, input=data, timeout=hook.timeout, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return f"exit code {done.returncode}" if done.returncode else ""


def _post(hook: Hook, data: bytes) -> str:
    request = urllib.request.Request(hook.webhook, data, {"Content-Type": "application/json"}, method="POST")
    with urllib.request.urlopen(request, timeout=hook.timeout) as answer:
        return f"status {answer.status}" if answer.status >= 300 else ""
