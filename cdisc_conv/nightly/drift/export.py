"""A raw export as the drift gate looks at it: files by hash, tables read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings
from cdisc_conv.model.raw import Delivered, RawTable
from cdisc_conv.model.study import Form, Study
from cdisc_conv.read.raw import READERS, SHEETS, RawExport
from cdisc_conv.read.raw_snapshot import Snapshot

Key = tuple[str, str]
"""A table: its file and its sheet ("" where there is only one)."""


@dataclass(slots=True)
class Export:
    """The export in a snapshot, as a study reads it; what a blinded run may not open is left out."""

    store: Snapshot
    study: Study
    withheld: frozenset[str] = frozenset()
    raw: RawExport = field(init=False)

    def __post_init__(self) -> None:
        self.raw = RawExport(self.store)
        self.raw.withhold(self.withheld)

    @classmethod
    def open(cls, path: Path, study: Study, withheld: frozenset[str]) -> Export:
        """The export of a snapshot file; raises `CannotRun` when it is damaged."""
        return cls(Snapshot(path), study, withheld)

    @property
    def files(self) -> list[str]:
        """The files but for the manifest, sorted."""
        return [f for f in self.raw.files() if f != self.manifest]

    @property
    def manifest(self) -> str:
        """The name of the manifest."""
        return self.study.manifest or "manifest.csv"

    def hash(self, file: str) -> str:
        """The hash of a file's content, without reading it."""
        return str(self.store.files[file]["sha256"])

    def modified(self, file: str) -> datetime:
        """When a file was written."""
        return self.store.modified(file)

    def bytes(self, file: str) -> bytes:
        """A file's content."""
        return self.store.load(file)

    def forms(self, key: Key) -> list[Form]:
        """The forms of study.yaml that read a table."""
        file, sheet = key
        return [f for f in self.study.forms.values() if f.file == file and f.sheet in (sheet, "")]

    def is_read(self, file: str) -> bool:
        """Whether a form of study.yaml reads a file."""
        return any(f.file == file for f in self.study.forms.values())

    def keys(self, file: str) -> list[Key]:
        """The tables of a file: its sheets or item groups. Raises `CannotRun` when it cannot be read."""
        suffix = Path(file).suffix.lower()
        if suffix not in READERS:
            return []
        if suffix not in SHEETS:
            return [(file, "")]
        sheets = self.raw.sheets(file)
        named = any(f.sheet for f in self.study.forms.values() if f.file == file)
        return [(file, s) for s in sheets] if named or len(sheets) > 1 else [(file, "")]

    def table(self, key: Key) -> RawTable:
        """A table; raises `CannotRun` when it cannot be read."""
        file, sheet = key
        forms = self.forms(key)
        how: dict[str, Any] = {}
        if forms:
            form = forms[0]
            how = {"encoding": form.encoding, "delimiter": form.delimiter, "header_row": form.header_row}
        return self.raw.read(file, sheet, **how)

    def header(self, key: Key, row: int) -> tuple[str, ...]:
        """The column names if the header stood in some row; none when it cannot."""
        forms = self.forms(key)
        encoding = forms[0].encoding if forms else "auto"
        try:
            return self.raw.header(*key, encoding=encoding, header_row=row)
        except CannotRun:
            return ()

    def try_table(self, key: Key) -> RawTable | None:
        """A table, None when it cannot be read."""
        try:
            return self.table(key)
        except CannotRun:
            return None

    def delivered(self) -> dict[str, Delivered]:
        """What the manifest says of each file; none without a manifest."""
        from cdisc_conv.read.raw_manifest import read_manifest

        if self.manifest not in self.raw.files():
            return {}
        try:
            found = read_manifest(self.raw, self.manifest, Findings())
        except CannotRun:
            return {}
        return {d.file: d for d in found.delivered} if found else {}

    def form_tables(self) -> Iterator[tuple[Form, RawTable]]:
        """Every form whose table can be read."""
        for form in self.study.forms.values():
            if form.file not in self.raw.files():
                continue
            table = self.try_table((form.file, form.sheet))
            if table is not None:
                yield form, table
