"""The sender's list of what was sent (`manifest.csv`), and the export held against it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeVar

from cdisc_conv.codes import raw as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.raw import Delivered, Manifest, RawTable
from cdisc_conv.read.raw_table import did_you_mean, rows_of

if TYPE_CHECKING:
    from cdisc_conv.read.raw import RawExport

COLUMNS = ("file", "rows", "sha256", "exported_at", "data_cutoff")
T = TypeVar("T")


def check_manifest(
    export: RawExport, name: str, count_rows: Collection[str] | None = None
) -> tuple[Manifest | None, Findings]:
    """The manifest and what does not agree with it."""
    findings = Findings()
    manifest = read_manifest(export, name, findings)
    if manifest is None:
        return None, findings
    for line in (d for d in manifest.delivered if not export.is_withheld(d.file)):
        findings.extend(_check_file(export, line, count_rows is None or line.file in count_rows))
    listed = {d.file for d in manifest.delivered} | {manifest.file}
    for file in export.files():
        if file not in listed:
            findings.add(codes.NOT_LISTED.at(Place(file=file)))
    return manifest, findings


def read_manifest(export: RawExport, name: str, findings: Findings) -> Manifest | None:
    """The manifest of that name, columns matched by header in any case; None when it is not there."""
    if name not in export.files():
        findings.add(codes.MANIFEST_MISSING.at(Place(file=name), file=name))
        return None
    table = export.read(name)
    findings.extend(f for f in table.findings if f.severity.rank == 0)
    columns = {str(c).strip().lower(): c for c in table.frame.columns}
    for needed in ("file", "sha256"):
        if needed not in columns:
            hint = did_you_mean(needed, columns)
            findings.add(codes.COLUMN_MISSING.at(Place(file=name), column=needed, hint=hint))
    values = {c: table.frame[columns[c]].str.strip() for c in COLUMNS if c in columns}
    lines = [
        _line(table, int(row), {c: str(v.iloc[i]) for c, v in values.items()}, findings)
        for i, row in enumerate(table.rows)
    ]
    return Manifest(name, tuple(d for d in lines if d.file))


def _line(table: RawTable, row: int, cells: dict[str, str], findings: Findings) -> Delivered:
    def parsed(column: str, parse: Callable[[str], T], kind: str) -> T | None:
        text = cells.get(column, "")
        try:
            return parse(text) if text else None
        except ValueError:
            rows = rows_of(table.source, [row], [text])
            why = f"no {kind}"
            findings.add(codes.MANIFEST_UNREADABLE.at(table.source.place, column=column, why=why, rows=rows))
            return None

    return Delivered(
        file=cells.get("file", "").replace("\\", "/").removeprefix("./"),
        row=row,
        rows=parsed("rows", int, "whole number"),
        sha256=cells.get("sha256", "").lower(),
        exported_at=parsed("exported_at", _utc, "ISO 8601 date and time"),
        data_cutoff=parsed("data_cutoff", date.fromisoformat, "ISO 8601 date"),
    )


def _utc(text: str) -> datetime:
    """A time without zone as it is; one with a zone in UTC, the zone taken off."""
    time = datetime.fromisoformat(text)
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time


def _check_file(export: RawExport, line: Delivered, count: bool) -> Findings:
    """One listed file: there, the same bytes, as many rows."""
    findings = Findings()
    place = Place(file=line.file)
    try:
        if line.sha256 and export.hash(line.file) != line.sha256:
            findings.add(codes.HASH_DIFFERS.at(place))
        count = count or not line.sha256
        if count and line.rows is not None and (got := _rows(export, line.file)) != line.rows:
            findings.add(codes.ROWS_DIFFER.at(place, got=got, want=line.rows))
    except CannotRun as e:
        findings.extend(e.findings)
    return findings


def _rows(export: RawExport, file: str) -> int:
    """Data rows of a file, all its sheets together."""
    return sum(len(export.read(file, sheet).frame) for sheet in export.sheets(file) or [""])
