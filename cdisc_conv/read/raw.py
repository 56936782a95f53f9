"""A raw export: a folder or a zip of files as a hospital, a laboratory or a vendor sends them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches
from hashlib import sha256
from importlib import import_module
from pathlib import Path, PurePosixPath

from cdisc_conv.codes import raw as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.raw import Manifest, RawTable
from cdisc_conv.read.raw_open import open_store
from cdisc_conv.read.raw_store import Store
from cdisc_conv.read.raw_table import Content, Options, check_expected

READERS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".dat": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".sas7bdat": "sas7bdat",
    ".xpt": "sas7bdat",
    ".xml": "odm",
}
"""The module of `cdisc_conv.read` that reads files of a kind; it has `read_<module>(content, options)`."""

SHEETS = {
    ".xlsx": ("xlsx", "sheet_names"),
    ".xlsm": ("xlsx", "sheet_names"),
    ".xml": ("odm", "item_groups"),
}
"""Kinds of files that hold several tables: the module and its function that names them."""

OLD_WORKBOOKS = (".xls", ".xlsb", ".ods", ".numbers")
RENAME = "name it by its kind (.xlsx, .zip), or export it as text"
MARKS = ((b"PK\x03\x04", "a zip or workbook"), (b"\xd0\xcf\x11\xe0", "an old or a protected workbook"))


class RawExport:
    """The raw files of a study; every file is read once and must stay the same for the whole run."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._hashes: dict[str, str] = {}
        self._tables: dict[tuple[str, Options], RawTable] = {}
        self._manifest: Manifest | None = None
        self._withheld: frozenset[str] = frozenset()

    @classmethod
    def open(cls, path: Path) -> RawExport:
        """Open a raw folder, a zip of one or a snapshot; raises `CannotRun` when there is none."""
        return cls(open_store(path))

    @property
    def findings(self) -> Findings:
        """What was noticed about the export as a whole, such as files left out."""
        self.files()
        return self._store.findings

    def files(self) -> list[str]:
        """The raw files, sorted; paths relative to the raw folder, '/' between."""
        return [n for n in self._store.names if n not in self._withheld]

    def withhold(self, files: Iterable[str]) -> None:
        """From here on these files are as if they were not there; the manifest may still name them."""
        self._withheld |= frozenset(files)

    def is_withheld(self, file: str) -> bool:
        """Whether a file is not to be opened."""
        return file in self._withheld

    def has(self, file: str, sheet: str = "") -> bool:
        """Whether a file, and where one is named its sheet, is there."""
        return file in self.files() and (
            not sheet or _suffix(file) not in SHEETS or sheet in self.sheets(file)
        )

    def hash(self, file: str) -> str:
        """The file's SHA-256, in lower-case hexadecimal."""
        return self._hashes.get(file) or self._content(file).sha256

    def sheets(self, file: str) -> list[str]:
        """A workbook's sheets or an ODM file's item groups, in their order; of any other file none."""
        if _suffix(file) not in SHEETS:
            self._known(file)
            return []
        module, function = SHEETS[_suffix(file)]
        names: list[str] = getattr(import_module(f"cdisc_conv.read.{module}"), function)(self._content(file))
        return names

    def read(
        self,
        file: str,
        sheet: str = "",
        *,
        encoding: str = "auto",
        delimiter: str = "auto",
        header_row: int = 1,
        expect: Iterable[str] = (),
    ) -> RawTable:
        """A file (a workbook's sheet) as text; a column of `expect` that is not there is a finding.

        Raises `CannotRun` when the file or sheet is not there or cannot be read at all.
        """
        options = Options(sheet, encoding, delimiter, header_row)
        if (file, options) not in self._tables:
            self._tables[file, options] = self._reader(file)(self._content(file), options)
        known = self._tables[file, options]
        table = replace(known, findings=Findings(list(known.findings)))
        check_expected(table, expect)
        return table

    def header(
        self,
        file: str,
        sheet: str = "",
        *,
        encoding: str = "auto",
        delimiter: str = "auto",
        header_row: int = 1,
    ) -> tuple[str, ...]:
        """The column names as `read` gives them, from the first rows alone; raises as `read` does."""
        options = Options(sheet, encoding, delimiter, header_row)
        table = self._tables.get((file, options))
        if table is None:
            table = self._reader(file)(self._content(file), replace(options, head=True))
        return tuple(table.frame.columns)

    def size(self, file: str) -> int:
        """The file's bytes, without reading it."""
        self._known(file)
        return self._store.size(file)

    def forget(self) -> None:
        """Let go of the tables read so far, to free memory; hashes stay."""
        self._tables.clear()

    def check_manifest(
        self, manifest: str = "manifest.csv", *, count_rows: Collection[str] | None = None
    ) -> Findings:
        """Hold the files against the sender's list: hashes, row counts, files missing or not listed.

        `count_rows` names the files whose rows are counted (None: all); of others the hash must do.
        """
        from cdisc_conv.read.raw_manifest import check_manifest

        found, findings = check_manifest(self, manifest, count_rows)
        self._manifest = found or self._manifest
        return findings

    @property
    def manifest(self) -> Manifest | None:
        """The sender's list as of the last `check_manifest`, else of `manifest.csv`; None without one."""
        from cdisc_conv.read.raw_manifest import read_manifest

        if self._manifest is None:
            self._manifest = read_manifest(self, "manifest.csv", Findings())
        return self._manifest

    @property
    def exported_at(self) -> datetime | None:
        """The newest time of export in the manifest (UTC where it names a zone)."""
        return self.manifest.exported_at if self.manifest else None

    @property
    def data_cutoff(self) -> date | None:
        """The latest data cut-off in the manifest."""
        return self.manifest.data_cutoff if self.manifest else None

    def newest(self) -> datetime:
        """The export's time: the newest in the manifest, else the newest file's."""
        times = (self._store.modified(f) for f in self.files())
        return self.exported_at or max(times, default=datetime(1970, 1, 1))

    def _known(self, file: str) -> None:
        if file not in self._store.names or file in self._withheld:
            hint = _file_meant(file, self.files())
            raise CannotRun(codes.FILE_MISSING.at(Place(file=file), file=file, hint=hint))

    def _content(self, file: str) -> Content:
        """The file's bytes, which must be those it had before in this run."""
        self._known(file)
        data = self._store.load(file)
        digest = sha256(data).hexdigest()
        if self._hashes.setdefault(file, digest) != digest:
            raise CannotRun(codes.FILE_CHANGED.at(Place(file=file)))
        return Content(file, data, digest, self._store.modified(file))

    def _reader(self, file: str) -> Callable[[Content, Options], RawTable]:
        self._known(file)
        suffix = _suffix(file)
        module = READERS.get(suffix)
        if module is None:
            old = suffix in OLD_WORKBOOKS
            hint = "save it as .xlsx" if old else f"kinds that are read: {' '.join(READERS)}"
            raise CannotRun(codes.FORMAT_UNKNOWN.at(Place(file=file), suffix=suffix, hint=hint))
        found = import_module(f"cdisc_conv.read.{module}")
        reader: Callable[[Content, Options], RawTable] = getattr(found, f"read_{module}")
        return _text_only(reader) if module == "csv" else reader


def _file_meant(file: str, present: list[str]) -> str:
    """The hint for a file that is not there: files whose own names (folder and kind apart) are alike."""
    own = {p: PurePosixPath(p).stem.casefold() for p in present}
    wanted = PurePosixPath(file).stem.casefold()
    alike = set(get_close_matches(wanted, own.values(), n=3, cutoff=0.75))
    alike |= {stem for stem in own.values() if re.search(rf"(?<![a-z]){re.escape(wanted)}(?![a-z])", stem)}
    near = sorted((p for p, stem in own.items() if stem in alike), key=lambda p: own[p] != wanted)
    return f"did you mean {near[0]!r}?" if near else "ask the sender for it, or mend its name in study.yaml"


def _text_only(reader: Callable[[Content, Options], RawTable]) -> Callable[[Content, Options], RawTable]:
    """The reader, which refuses a workbook that is named as a text file."""

    def checked(content: Content, options: Options) -> RawTable:
        for mark, what in MARKS:
            if content.data.startswith(mark):
                found = codes.NOT_WHAT_IT_SAYS.at(
                    Place(file=content.file), suffix=_suffix(content.file), what=what, hint=RENAME
                )
                raise CannotRun(found)
        return reader(content, options)

    return checked


def _suffix(file: str) -> str:
    return PurePosixPath(file).suffix.lower()
