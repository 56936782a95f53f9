"""SAS datasets (SAS7BDAT and transport files) as raw tables: numbers as text, dates as ISO 8601."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from cdisc_conv.codes import raw as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Finding, Findings
from cdisc_conv.model.raw import RawTable, Source
from cdisc_conv.read.raw_table import STR, Content, Options, raw_table, rows_of
from cdisc_conv.read.xlsx_number import plain_decimal

DATETIMES = re.compile(
    r"DATETIME|DATEAMPM|MDYAMPM|TOD|[EB]8601(DT|DN|DX|DZ|LX)|IS8601D[TN]|DTDATE|DTMONYY|DTWKDATX|DTYEAR|DTYYQC|NLDATM"
)
DATES = re.compile(
    r"DATE|(DDMMYY|MMDDYY|YYMMDD|MMYY|YYMM|YYQ|YYQR)[BCDNPS]?|[EB]8601DA|IS8601DA|JULIAN|JULDAY|MONYY|YYMON"
    r"|YEAR|MONTH|MONNAME|DAY|DOWNAME|QTRR?|WEEK[UVW]|WEEKDAT[EX]|WEEKDAY|WORDDAT[EX]|NLDATE|MINGUO|NENGO|PDJUL[GI]"
)
TIMES = re.compile(r"TIME|TIMEAMPM|HHMM|HOUR|MMSS|[EB]8601T[MZX]|IS8601T[MZ]|NLTIME")
WIDTH = re.compile(r"\d*(\.\d*)?$")
FIRST_DAY, LAST_DAY = -138_061, 2_936_549  # 1582-01-01 and 9999-12-31, as days from 1960-01-01


@dataclass(slots=True)
class _Column:
    """A variable: its name, format, and its values as text or as numbers with special missing values."""

    name: str
    format: str
    text: npt.NDArray[np.object_] | None = None
    numbers: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    special: dict[int, str] = field(default_factory=dict)  # position and its ".A"


def read_sas7bdat(content: Content, options: Options) -> RawTable:
    """The table of a SAS dataset; `rows` count as if its header were row 1.

    Dates, times and date-times (by their SAS format) become ISO 8601, special missing values ".A" to
    ".Z" and "._" stay visible. Raises `CannotRun` for a file that is none.
    """
    source, findings = Source(content.file), Findings()
    with _on_disk(content) as path:
        reader = _transport if content.file.lower().endswith(".xpt") else _sas7bdat
        columns, height, encoding = reader(path, options, source, findings)
    rows = np.arange(2, height + 2, dtype=np.int64)
    texts = {str(i): pd.array(_text(c, rows, source, findings), dtype=STR) for i, c in enumerate(columns)}
    frame = pd.DataFrame(texts, index=pd.RangeIndex(height))
    return raw_table(content, source, [c.name for c in columns], frame, rows, encoding, findings)


@contextmanager
def _on_disk(content: Content) -> Iterator[Path]:
    """The very bytes that were hashed, as a file: the readers want a path."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(content.file).name
        path.write_bytes(content.data)
        yield path


def _sas7bdat(
    path: Path, options: Options, source: Source, findings: Findings
) -> tuple[list[_Column], int, str]:
    import pyreadstat

    encoding = None if options.encoding.lower() in ("", "auto") else options.encoding
    try:
        data, meta = pyreadstat.read_sas7bdat(
            path, encoding=encoding, user_missing=True, disable_datetime_conversion=True, output_format="dict"
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as e:
        raise CannotRun(codes.SAS_UNREADABLE.at(source.place, why=str(e))) from None
    columns = []
    for name in meta.column_names:
        sas_format = str(meta.original_variable_types.get(name) or "")
        values = np.asarray(data[name], dtype=object)
        if meta.readstat_variable_types[name] == "string":
            columns.append(_Column(name, sas_format, np.where(pd.isna(values), "", values)))
        else:
            columns.append(_number_column(name, sas_format, values))
    height = max((max(len(c.numbers), len(c.text) if c.text is not None else 0) for c in columns), default=0)
    return columns, height, str(meta.file_encoding or "")


def _number_column(name: str, sas_format: str, values: npt.NDArray[np.object_]) -> _Column:
    """Numbers among which pyreadstat gives a special missing value as its letter."""
    is_letter = np.array([isinstance(v, str) for v in values], dtype=bool)
    special = {int(i): f".{values[i]}" for i in np.flatnonzero(is_letter)}
    numbers = np.where(is_letter, np.nan, values).astype(np.float64)
    return _Column(name, sas_format, None, numbers, special)


def _transport(
    path: Path, options: Options, source: Source, findings: Findings
) -> tuple[list[_Column], int, str]:
    from cdisc_conv.model.ibm import missing_letters
    from cdisc_conv.read.xpt import read_xpt

    noticed = Findings()
    try:
        frame = read_xpt(path, encoding=options.encoding, findings=noticed)
    except CannotRun as e:
        raise CannotRun(*(_moved(f, source) for f in e.findings)) from None
    findings.extend(_moved(f, source) for f in noticed)
    facts = frame.attrs["xpt"]
    columns = []
    for name in frame.columns:
        sas_format = str(facts["variables"][name].get("format") or "")
        series = frame[name]
        if not pd.api.types.is_float_dtype(series.dtype):
            columns.append(_Column(name, sas_format, series.to_numpy(dtype=object)))
            continue
        numbers = series.to_numpy(dtype=np.float64)
        missing = np.flatnonzero(np.isnan(numbers))
        letters = missing_letters(numbers[missing])
        special = {int(i): f".{chr(c)}" for i, c in zip(missing, letters, strict=True) if c != ord(".")}
        columns.append(_Column(name, sas_format, None, numbers, special))
    return columns, len(frame), str(facts.get("encoding") or "")


def _moved(finding: Finding, source: Source) -> Finding:
    """A finding of the transport reader, which saw a temporary path, placed in the raw file."""
    return replace(finding, place=replace(finding.place, file=source.file))


def _text(
    column: _Column, rows: npt.NDArray[np.int64], source: Source, findings: Findings
) -> npt.NDArray[np.object_]:
    """A variable's values as text, "" where missing."""
    if column.text is not None:
        return column.text
    kind = WIDTH.sub("", column.format.upper())
    values = column.numbers
    out = np.full(len(values), "", dtype=object)
    there = np.flatnonzero(~np.isnan(values))
    unique, back = np.unique(values[there], return_inverse=True)
    texts, impossible, hidden = _shown(unique, kind)
    out[there] = texts[back]
    for bad, code, words in (
        (impossible, codes.DATE_IMPOSSIBLE, ""),
        (hidden, codes.SHOWN_SHORT, "a time of day"),
    ):
        at = there[bad[back]]
        if len(at):
            found = rows_of(source, rows[at], out[at])
            findings.add(code.at(source.place, column=column.name, what=words, rows=found, count=len(at)))
    if column.special:
        at = np.array(sorted(column.special))
        out[at] = [column.special[i] for i in at]
        found = rows_of(source, rows[at], out[at])
        findings.add(codes.SPECIAL_MISSING.at(source.place, column=column.name, rows=found, count=len(at)))
    return out


def _shown(
    values: npt.NDArray[np.float64], kind: str
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Distinct numbers as text under a SAS format; which are no date, and which hide a time of day."""
    none = np.zeros(len(values), dtype=bool)
    texts = np.array([plain_decimal(Decimal(repr(float(v)))) for v in values], dtype=object)
    if DATETIMES.fullmatch(kind):
        possible = (values >= FIRST_DAY * 86_400.0) & (values < (LAST_DAY + 1) * 86_400.0)
        texts[possible] = [_moment(v) for v in values[possible]]
        return texts, ~possible, none
    if DATES.fullmatch(kind):
        days = np.floor(values)
        possible = (days >= FIRST_DAY) & (days <= LAST_DAY)
        iso = np.datetime64("1960-01-01", "D") + days[possible].astype("timedelta64[D]")
        texts[possible] = np.datetime_as_string(iso)
        return texts, ~possible, possible & (days != values)
    if TIMES.fullmatch(kind):
        possible = values >= 0
        texts[possible] = [_clock(v) for v in values[possible]]
        return texts, ~possible, none
    return texts, none, none


def _moment(seconds: float) -> str:
    """A SAS date-time (seconds from 1960-01-01) in ISO 8601, to the microsecond where there are any."""
    whole, micro = divmod(round(seconds * 1_000_000), 1_000_000)
    time = datetime(1960, 1, 1) + timedelta(seconds=whole, microseconds=micro)
    return time.isoformat().rstrip("0") if micro else time.isoformat()


def _clock(seconds: float) -> str:
    """A SAS time (seconds from midnight) as HH:MM:SS, with decimals where there are any."""
    whole, micro = divmod(round(seconds * 1_000_000), 1_000_000)
    text = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{text}.{micro:06d}".rstrip("0") if micro else text
