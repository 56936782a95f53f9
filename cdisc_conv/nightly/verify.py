"""A package read back before it is published: hashes, every XPT, define.xml against the data, the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from cdisc_conv.checks.define_xsd import validate_define
from cdisc_conv.codes.night import VERIFY
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place, Severity
from cdisc_conv.nightly.disk import file_hash, read_json
from cdisc_conv.read.xpt import iter_xpt

_DEF = "{http://www.cdisc.org/ns/def/v2.1}"
_ODM = "{http://www.cdisc.org/ns/odm/v1.3}"


def verify(package: Path) -> tuple[Findings, dict[str, int]]:
    """What does not hold in a package, and its number of files, datasets and records as read back."""
    findings = Findings()
    run = read_json(package / "run" / "run.json")
    if not isinstance(run, dict):
        findings.add(VERIFY.at(Place(file="run/run.json"), what="it cannot be read"))
        return findings, {}
    for name, what in _files(package, run):
        findings.add(VERIFY.at(Place(file=name), what=what))
    if not all(s["balanced"] for s in (read_json(package / "run" / "ledger.json") or {}).get("sources", ())):
        findings.add(
            VERIFY.at(Place(file="run/ledger.json"), what="the ledger does not account for every raw row")
        )
    records = 0
    described: dict[str, Path] = {}
    for define in sorted(package.rglob("define.xml")):
        findings.extend(f for f in validate_define(define) if f.severity is Severity.ERROR)
        for name, items in _groups(define).items():
            described[name] = define
            got = _dataset(package, define, name, items, run["records"], findings)
            records += got
    for path in sorted(package.rglob("*.xpt")):
        if path.stem.upper() not in described:
            findings.add(VERIFY.at(Place(file=path.name), what="no define.xml describes it"))
    counts = {"files": len(run["outputs"]), "datasets": len(described), "records": records}
    return findings, counts


def _files(package: Path, run: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Files that are gone, changed or not told by the run's record."""
    told: Mapping[str, str] = run["outputs"]
    for name, digest in told.items():
        path = package / name
        if not path.is_file():
            yield name, "the file is gone"
        elif file_hash(path) != digest:
            yield name, "the file is not as it was written"
    there = {p.relative_to(package).as_posix() for p in package.rglob("*") if p.is_file()}
    for name in sorted(there - told.keys()):
        if not name.startswith("run/"):
            yield name, "the run's record does not tell of the file"


def _groups(define: Path) -> dict[str, list[tuple[str, str]]]:
    """Datasets of a define.xml that have data, each with names and types of its variables in order."""
    tree = etree.parse(define, etree.XMLParser(resolve_entities=False, no_network=True))
    items = {i.get("OID"): (str(i.get("Name")), str(i.get("DataType"))) for i in tree.iter(f"{_ODM}ItemDef")}
    found = {}
    for group in tree.iter(f"{_ODM}ItemGroupDef"):
        if group.get(f"{_DEF}HasNoData") != "Yes":
            refs = sorted(group.findall(f"{_ODM}ItemRef"), key=lambda r: int(r.get("OrderNumber") or 0))
            found[str(group.get("Name"))] = [items[r.get("ItemOID")] for r in refs]
    return found


def _dataset(
    package: Path,
    define: Path,
    name: str,
    items: list[tuple[str, str]],
    records: Mapping[str, int],
    findings: Findings,
) -> int:
    """Read a dataset back and hold it against define.xml and the run's record; its records."""
    path = define.parent / f"{name.lower()}.xpt"
    place = Place(file=path.relative_to(package).as_posix(), dataset=name)
    if not path.is_file():
        findings.add(VERIFY.at(place, what="define.xml has the dataset, the folder has not"))
        return 0
    try:
        pieces = list(_pieces(path))
    except CannotRun as e:
        findings.extend(e.findings)
        return 0
    columns, count = pieces[0][0], sum(n for _, n in pieces)
    if columns != [variable for variable, _ in items]:
        findings.add(VERIFY.at(place, what="its variables are not those of define.xml, in that order"))
    if count != records.get(name):
        findings.add(VERIFY.at(place, what=f"{count} records read back, {records.get(name)} were built"))
    return count


def _pieces(path: Path) -> Iterator[tuple[list[str], int]]:
    """Names of the variables and number of records of a file, piece by piece."""
    for frame in iter_xpt(path):
        yield list(frame.columns), len(frame)
