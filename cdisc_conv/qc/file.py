"""`qc/<study>.yaml`: read with every slip at its place, written in a stable order, comments kept."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

from cdisc_conv.codes.qc import QC_NOT_WRITTEN, QC_STUDY, QC_VALUE
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.difference import Verdict
from cdisc_conv.model.qc import QcEntry, QcFile, QcSide
from cdisc_conv.read.yaml import Branch, read_yaml

_HASH = re.compile(r"[0-9a-f]{64}")
_HEAD = "QC status of {study}, written by `cdisc-conv qc`: which files were compared and what came out.\n"
_HEAD += "A pass holds as long as both files have these hashes."
_SIDES = ("production", "qc")


def read_qc(path: Path, study: str) -> QcFile:
    """The file of a study; empty when there is none yet. Raises `CannotRun` for what is not right in it."""
    if not path.exists():
        return QcFile(study)
    findings = Findings()
    shown = path.as_posix()
    tree = read_yaml(path, shown, findings)
    found = tree.text("study")
    if found != study:
        findings.add(QC_STUDY.at(Place(file=shown, line=1), found=found or "no name", study=study))
    entries = {}
    datasets = tree.branch("datasets")
    for name, branch in (datasets.entries if datasets else {}).items():
        if isinstance(branch, Branch):
            entries[name] = _entry(name, branch, findings)
        else:
            _wrong(findings, branch.place, name, "holds no comparison")
    if len(findings):
        raise CannotRun(*findings)
    folders = tree.branch("folders")
    return QcFile(study, entries, {s: folders.text(s) for s in _SIDES if folders and folders.text(s)})


def _wrong(findings: Findings, place: Place, key: str, what: str) -> None:
    findings.add(QC_VALUE.at(place, key=key, what=what))


def _entry(name: str, branch: Branch, findings: Findings) -> QcEntry:
    verdict, sysinfo, day = branch.text("verdict"), branch.text("sysinfo"), branch.text("date")
    checks = {
        "verdict": verdict in set(map(str, Verdict)),
        "sysinfo": sysinfo.isdecimal() and int(sysinfo) < (64 if verdict == Verdict.EQUAL else 1 << 16),
        "date": is_date(day),
        "by": bool(branch.text("by")),
    }
    for key, right in checks.items():
        if not right:
            words = branch.words(key)
            what = f"is {words.text!r}, which it cannot be" if words else "is missing"
            _wrong(findings, words.place if words else branch.place, f"{name}: {key}", what)
    sides = [_side(name, key, branch, findings) for key in _SIDES]
    return QcEntry(
        dataset=name,
        production=sides[0],
        qc=sides[1],
        verdict=Verdict(verdict) if checks["verdict"] else Verdict.CANNOT_COMPARE,
        sysinfo=int(sysinfo) if checks["sysinfo"] else 0,
        by=branch.text("by"),
        date=day,
        tool=branch.text("tool"),
        method=branch.text("method"),
        keys=tuple(branch.text("keys").split()),
    )


def _side(name: str, key: str, branch: Branch, findings: Findings) -> QcSide:
    side = branch.branch(key)
    file, digest = (side.text("file"), side.text("sha256")) if side else ("", "")
    if not file or not _HASH.fullmatch(digest):
        place = side.place if side else branch.place
        _wrong(findings, place, f"{name}: {key}", "needs file: and sha256: (64 hexadecimal digits)")
    return QcSide(file, digest)


def is_date(text: str) -> bool:
    """Whether a text is a day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def write_qc(path: Path, content: QcFile) -> None:
    """Write the file: datasets by name; what else the file holds, comments too, stays."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    yaml = YAML(typ="rt", pure=True)
    yaml.width, yaml.allow_unicode, yaml.preserve_quotes = 10_000, True, True
    tree: Any = yaml.load(path.read_text(encoding="utf-8-sig")) if path.exists() else None
    if tree is None:
        tree = CommentedMap()
        tree.yaml_set_start_comment(_HEAD.format(study=content.study))
    tree["study"] = content.study
    if content.folders:
        tree["folders"] = dict(content.folders)
    known = tree.setdefault("datasets", CommentedMap())
    for name, entry in sorted(content.entries.items()):
        if name not in known:
            known.insert(sum(other < name for other in known), name, CommentedMap())
        _fill(known[name], entry)
    out = io.StringIO()
    yaml.dump(tree, out)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.part")
        aside.write_text(out.getvalue(), encoding="utf-8", newline="\n")
        aside.replace(path)
    except OSError as e:
        raise CannotRun(QC_NOT_WRITTEN.at(Place(file=str(path)), reason=e.strerror or str(e))) from None


def _fill(entry: Any, made: QcEntry) -> None:
    values = {
        "verdict": str(made.verdict),
        "sysinfo": made.sysinfo,
        "by": made.by,
        "date": made.date,
        "tool": made.tool,
        "method": made.method,
        "keys": " ".join(made.keys),
        "production": {"file": made.production.file, "sha256": made.production.sha256},
        "qc": {"file": made.qc.file, "sha256": made.qc.sha256},
    }
    for key, value in values.items():
        if entry.get(key) != value and value != "":
            entry[key] = value
        elif value == "":
            entry.pop(key, None)
