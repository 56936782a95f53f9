"""The files of a raw export, in a folder or in a zip: names and bytes, nothing outside of it."""

from __future__ import annotations

import zipfile
from abc import ABC, abstractmethod
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path, PurePosixPath

from cdisc_conv.codes import raw as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place

IGNORED = ("Thumbs.db", "desktop.ini")


class Store(ABC):
    """Files by their path relative to the raw folder, '/' between."""

    findings: Findings

    @property
    @abstractmethod
    def names(self) -> list[str]:
        """The raw files, sorted."""

    @abstractmethod
    def load(self, name: str) -> bytes:
        """A file's bytes; raises `CannotRun` when it vanishes or changes meanwhile."""

    @abstractmethod
    def modified(self, name: str) -> datetime:
        """When the file was last written: UTC in a folder, the packer's own clock in a zip; no zone."""

    @abstractmethod
    def size(self, name: str) -> int:
        """How many bytes the file has, without reading it."""

    def _left_out(self, name: str) -> bool:
        """Whether it is no raw file (hidden, lock or system file); a note says so."""
        parts = PurePosixPath(name).parts
        out = any(p.startswith((".", "~$", "__MACOSX")) for p in parts) or parts[-1] in IGNORED
        if out:
            self.findings.add(codes.FILE_LEFT_OUT.at(Place(file=name), name=name))
        return out


class Folder(Store):
    """A raw folder on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings = Findings()

    @cached_property
    def names(self) -> list[str]:
        """The raw files, sorted."""
        found = (p for p in self.path.rglob("*") if p.is_file())
        names = sorted(p.relative_to(self.path).as_posix() for p in found)
        return [n for n in names if not self._left_out(n)]

    def load(self, name: str) -> bytes:
        """The bytes, read once; size and time must be the same before and after."""
        path = self.path / name
        try:
            before = path.stat()
            data = path.read_bytes()
            after = path.stat()
        except OSError:
            raise CannotRun(codes.FILE_CHANGED.at(Place(file=name))) from None
        same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        if not same or len(data) != after.st_size:
            raise CannotRun(codes.FILE_CHANGED.at(Place(file=name)))
        return data

    def modified(self, name: str) -> datetime:
        """The file's time of writing, in UTC."""
        try:
            seconds = (self.path / name).stat().st_mtime
        except OSError:
            raise CannotRun(codes.FILE_CHANGED.at(Place(file=name))) from None
        return datetime.fromtimestamp(int(seconds), UTC).replace(tzinfo=None)

    def size(self, name: str) -> int:
        """The file's bytes on disk."""
        try:
            return (self.path / name).stat().st_size
        except OSError:
            raise CannotRun(codes.FILE_CHANGED.at(Place(file=name))) from None


class Zip(Store):
    """A raw folder packed in a zip; a single folder around everything is looked through."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings = Findings()

    @cached_property
    def _members(self) -> dict[str, zipfile.ZipInfo]:
        """The members by name; one that would leave the folder, or comes twice, stops the run."""
        try:
            with zipfile.ZipFile(self.path) as z:
                infos = [i for i in z.infolist() if not i.is_dir()]
        except (OSError, zipfile.BadZipFile) as e:
            raise CannotRun(codes.ZIP_BROKEN.at(self._place, why=str(e))) from None
        members: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            name = _true_name(info)
            if _leaves(name):
                raise CannotRun(codes.ZIP_REFUSED.at(self._place, name=name))
            if name in members:
                raise CannotRun(codes.ZIP_BROKEN.at(self._place, why=f"it holds {name!r} twice"))
            members[name] = info
        kept = {n: i for n, i in members.items() if not self._left_out(n)}
        return _unwrapped(kept, self.path.stem)

    @property
    def _place(self) -> Place:
        return Place(file=self.path.name)

    @cached_property
    def names(self) -> list[str]:
        """The raw files, sorted."""
        return sorted(self._members)

    def load(self, name: str) -> bytes:
        """The bytes; their check sum is verified."""
        try:
            with zipfile.ZipFile(self.path) as z:
                return z.read(self._members[name])
        except OSError:
            raise CannotRun(codes.FILE_CHANGED.at(Place(file=name))) from None
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as e:
            raise CannotRun(codes.ZIP_BROKEN.at(Place(file=name), why=str(e))) from None

    def modified(self, name: str) -> datetime:
        """The member's time in the zip, which has no zone; its lowest when there is none."""
        try:
            return datetime(*self._members[name].date_time)
        except ValueError:
            return datetime(1980, 1, 1)

    def size(self, name: str) -> int:
        """The member's bytes when unpacked."""
        return self._members[name].file_size


def _true_name(info: zipfile.ZipInfo) -> str:
    """The member's name; zips packed on Chinese Windows have it in GB18030, read as CP437."""
    name = info.orig_filename
    if not info.flag_bits & 0x800 and not name.isascii():
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
    return name


def _leaves(name: str) -> bool:
    """Whether a member's name points out of the folder it is unpacked in."""
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name


def _unwrapped(members: dict[str, zipfile.ZipInfo], stem: str) -> dict[str, zipfile.ZipInfo]:
    """Members without the one folder around all, when it is named as the zip or holds the manifest."""
    tops = {n.partition("/")[0] for n in members}
    if len(tops) != 1 or any("/" not in n for n in members):
        return members
    (top,) = tops
    if top != stem and f"{top}/manifest.csv" not in members:
        return members
    return {n.removeprefix(f"{top}/"): i for n, i in members.items()}
