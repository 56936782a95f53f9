"""The drift gate: tonight's raw exports held against those of the last good run, before any is mapped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cdisc_conv import pipeline
from cdisc_conv.codes import drift as codes
from cdisc_conv.engine.blinding import settle_blinding
from cdisc_conv.errors import CannotRun, CdiscConvError
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.raw import RawTable
from cdisc_conv.nightly.drift import files
from cdisc_conv.nightly.drift.columns import Pair, compare_columns, compare_content, header_moved
from cdisc_conv.nightly.drift.export import Export, Key
from cdisc_conv.nightly.drift.gates import Gates, Seen
from cdisc_conv.nightly.drift.rows import Subjects, compare_rows, subjects_gone
from cdisc_conv.nightly.drift.shapes import Column
from cdisc_conv.nightly.drift.uses import Uses, uses_of
from cdisc_conv.nightly.drift.values import compare_codes, compare_dates
from cdisc_conv.read.raw import RawExport
from cdisc_conv.read.workspace import read_workspace

Tables = Mapping[Key, RawTable]


@dataclass(frozen=True, slots=True)
class Exports:
    """The snapshots: tonight's, that of the last good run (None: the first night), those of runs before."""

    new: Path
    old: Path | None = None
    earlier: tuple[tuple[str, Path], ...] = ()


def gate(workspace: Path, study: str, exports: Exports, gates: Gates) -> tuple[Seen, str]:
    """All that is not as it was, and the manifest's name ("" without); blinded data is left unread."""
    seen = Seen(gates, study)
    new, old = _open(workspace, study, exports, seen)
    if old is None:
        files.read_all(seen, new, new.files)
        files.manifest(seen, None, new, new.files)
        files.twice(seen, None, new)
        return seen, _manifest(new)
    assert exports.old is not None
    _Comparison(seen, old, new, _uses(workspace, study, exports.old)).run(exports.earlier)
    return seen, _manifest(new)


def _manifest(export: Export) -> str:
    return export.manifest if export.manifest in export.raw.files() else ""


def _open(workspace: Path, study: str, exports: Exports, seen: Seen) -> tuple[Export, Export | None]:
    texts = read_workspace(workspace, study)
    raw = RawExport.open(exports.new)
    everything = set(raw.files())
    read = settle_blinding(texts.study, raw, Findings())
    withheld = frozenset(everything - set(raw.files()))
    new = Export.open(exports.new, read, withheld)
    if exports.old is None:
        return new, None
    try:
        old = Export.open(exports.old, read, withheld)
        for file in old.files:
            if file not in new.files or old.hash(file) != new.hash(file):
                old.bytes(file)
        return new, old
    except CannotRun as e:
        why = "; ".join(f"{f.place.file}: {f.message}" for f in e.findings)
        seen.add(codes.NO_BASE, Place(), why=why)
        return new, None


def _uses(workspace: Path, study: str, old: Path) -> Uses | None:
    """What the texts of tonight do with the columns of last time; None when they cannot be planned."""
    try:
        return uses_of(pipeline.check(study, pipeline.Options(workspace=workspace, raw=old)).plan)
    except CdiscConvError:
        return None


@dataclass(slots=True)
class _Comparison:
    """Two exports being held against each other."""

    seen: Seen
    old: Export
    new: Export
    uses: Uses | None

    def run(self, earlier: Sequence[tuple[str, Path]]) -> None:
        old, new, seen = self.old, self.new, self.seen
        files.twice(seen, old, new)
        both = [f for f in old.files if f in new.files and old.hash(f) != new.hash(f)]
        gone = [f for f in old.files if f not in new.files]
        added = [f for f in new.files if f not in old.files]
        files.manifest(seen, old, new, [*both, *added])
        cut = [f for f in both if files.cut_off(seen, old, new, f)]
        nights = [n for when, path in earlier if (n := files.Night.of(when, path))]
        told = old.delivered().keys() & new.delivered().keys()
        for file in both:
            if file not in cut:
                files.older(seen, old, new, file, nights, file in told)
        subjects = Subjects()
        self._tables(both, gone, added, subjects)
        if self.uses is not None:
            subjects_gone(seen, subjects, self.uses, new)

    def _tables(
        self, both: Sequence[str], gone: Sequence[str], added: Sequence[str], subjects: Subjects
    ) -> None:
        before = files.read_all(Seen(Gates(), ""), self.old, [*both, *gone])
        now = files.read_all(self.seen, self.new, [*both, *added])
        broken = {f.place.file for f in self.seen.findings if f.code is codes.UNREADABLE}
        for key in (k for k in before if k in now):
            if self.old.hash(key[0]) != self.new.hash(key[0]):
                self._pair(key, before[key], now[key], subjects)
        lost = {k: t for k, t in before.items() if k not in now and k[0] not in broken}
        lost = {k: t for k, t in lost.items() if not self._told(k)}
        fresh = {k: t for k, t in now.items() if k not in before}
        renamed = self._renamed(lost, fresh)
        for key, table in lost.items():
            self._gone(key, table, renamed.get(key))
            self._lose(key, table, renamed.get(key), now, subjects)
        for file in gone:
            if not any(k[0] == file for k in before):
                self._gone((file, ""), None, None)
        for key, table in fresh.items():
            if key not in {k for k, _ in renamed.values()}:
                self._added(key, table)
        for file in added:
            if not any(k[0] == file for k in now) and file not in broken:
                self.seen.add(codes.NEW_FORM, Place(file=file), held="no", columns="no")

    def _told(self, key: Key) -> bool:
        """Whether it was said of a table that it cannot be read."""
        place = Place(file=key[0], sheet=key[1])
        return any(
            f.place == place and f.code in (codes.UNREADABLE, codes.TRUNCATED) for f in self.seen.findings
        )

    def _pair(self, key: Key, old: RawTable, new: RawTable, subjects: Subjects) -> None:
        forms = self.new.forms(key)
        pair = Pair(Place(file=key[0], sheet=key[1]), old, new, forms[0] if forms else None, self.uses)
        garbled = files.reading(self.seen, pair.place, old, new)
        if header_moved(self.seen, pair, self.new):
            return
        compare_columns(self.seen, pair)
        compare_rows(self.seen, pair, subjects)
        for column in old.frame.columns:
            if column in new.frame.columns and column not in pair.withheld:
                one, other = old.frame[column], new.frame[column]
                if len(one) == len(other) and (one.to_numpy() == other.to_numpy()).all():
                    continue
                blank = pair.form.blank if pair.form else ()
                was, now = Column.of(one, blank), Column.of(other, blank)
                compare_content(self.seen, pair, column, was, now)
                if not garbled:
                    compare_codes(self.seen, pair, column, was, now)
                compare_dates(self.seen, pair, column, was, now)

    def _renamed(self, lost: Tables, fresh: Tables) -> dict[Key, tuple[Key, str]]:
        """Tables that are gone, each with the new one that it seems to be now, and why."""
        scored = []
        for one, old in lost.items():
            for other, new in fresh.items():
                hashes = self.old.hash(one[0]) + one[1], self.new.hash(other[0]) + other[1]
                score, why = files.like(old, new, *hashes)
                scored.append((-score, one, other, why))
        found: dict[Key, tuple[Key, str]] = {}
        for score, one, other, why in sorted(scored):
            if score < 0 and one not in found and other not in {k for k, _ in found.values()}:
                found[one] = (other, why)
        return found

    def _gone(self, key: Key, table: RawTable | None, renamed: tuple[Key, str] | None) -> None:
        place = Place(file=key[0], sheet=key[1])
        if renamed is not None:
            (file, sheet), why = renamed
            name = f"{file}!{sheet}" if sheet else file
            if self.new.forms(renamed[0]) and not self.new.forms(key):
                self.seen.add(codes.NEW_FORM_READ, Place(file=file, sheet=sheet))
            else:
                self.seen.add(codes.RENAMED_FORM, place, new=name, why=why)
        elif any(not f.optional for f in self.new.forms(key)):
            rows = len(table.rows) if table is not None else 0
            self.seen.add(codes.MISSING_FORM, place, held=rows)
        else:
            self.seen.add(codes.MISSING_FILE, place)

    def _lose(
        self,
        key: Key,
        table: RawTable,
        renamed: tuple[Key, str] | None,
        now: Tables,
        subjects: Subjects,
    ) -> None:
        """Rows of an optional form that is gone are gone, and so may be subjects."""
        forms = self.new.forms(key)
        if renamed is None and forms and forms[0].optional and len(table.rows):
            self.seen.add(codes.EMPTIED, Place(file=key[0], sheet=key[1]), before=len(table.rows))

    def _added(self, key: Key, table: RawTable) -> None:
        place = Place(file=key[0], sheet=key[1])
        if self.new.forms(key):
            self.seen.add(codes.NEW_FORM_READ, place)
        elif key[0] not in self.new.study.not_read and not self._is_copy(key[0]):
            self.seen.add(codes.NEW_FORM, place, held=len(table.rows), columns=len(table.frame.columns))

    def _is_copy(self, file: str) -> bool:
        return any(f.place.file == file and f.code is codes.DUPLICATE_FILE for f in self.seen.findings)
