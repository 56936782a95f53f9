"""Open a file for comparison, whatever its format: XPT, SAS7BDAT, CSV, XLSX, Parquet, Dataset-JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import file_digest
from importlib import import_module
from pathlib import Path

from cdisc_conv.codes import file as codes
from cdisc_conv.diff.frame import Loaded
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Place
from cdisc_conv.model.difference import Side

LOADERS = {
    ".xpt": "sas",
    ".sas7bdat": "sas",
    ".csv": "text",
    ".tsv": "text",
    ".txt": "text",
    ".xlsx": "text",
    ".xlsm": "text",
    ".parquet": "parquet",
    ".json": "json",
    ".ndjson": "json",
    ".dsjc": "json",
}
"""The module `load_<name>` that opens files of a kind; it has `open_<name>(path, part)`."""


def open_dataset(path: Path, part: str = "") -> Loaded:
    """A dataset, opened; `part` names a sheet of a workbook or a dataset of a transport file of several.

    Raises `CannotRun` when the file is not there, is of no kind that is read, or is damaged.
    """
    place = Place(file=str(path))
    module = LOADERS.get(path.suffix.lower())
    if module is None:
        raise CannotRun(
            codes.DIFF_FORMAT.at(place, suffix=path.suffix or "no suffix", known=" ".join(LOADERS))
        )
    try:
        if not path.is_file():
            raise CannotRun(codes.DIFF_UNREADABLE.at(place, reason="there is no such file"))
        if not path.stat().st_size:
            raise CannotRun(codes.DIFF_UNREADABLE.at(place, reason="the file is empty"))
        found = import_module(f"cdisc_conv.diff.load_{module}")
        loaded: Loaded = getattr(found, f"open_{module}")(path, part)
    except OSError as error:
        raise CannotRun(codes.DIFF_UNREADABLE.at(place, reason=error.strerror or str(error))) from error
    return loaded


def side(
    path: Path,
    kind: str,
    rows: int,
    columns: int,
    *,
    dataset: str = "",
    label: str = "",
    encoding: str = "",
    sha256: str = "",
) -> Side:
    """What a report says of a file."""
    facts = path.stat()
    return Side(
        path=str(path),
        kind=kind,
        dataset=dataset or path.name.split(".")[0].upper(),
        label=label,
        rows=rows,
        columns=columns,
        sha256=sha256 or file_hash(path),
        size=facts.st_size,
        modified=modified(path).strftime("%Y-%m-%dT%H:%M:%SZ"),
        encoding=encoding,
    )


def modified(path: Path) -> datetime:
    """When the file was last written, in UTC."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes, in lower-case hexadecimal."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
