"""A finished comparison of two datasets, or of two folders of them: all that a report may tell.

BASE is the side that is held to be right, COMPARE the one that is judged; both words as in PROC COMPARE.
Numbers of rows count the data from 1. What may be long (differing values, rows without a partner) is
`Lines`: Arrow record batches, in memory or on disk, of which a reader takes as many as it wants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from cdisc_conv.findings import Finding

if TYPE_CHECKING:
    import pyarrow as pa

SYSINFO = {
    1: ("DSLABEL", "data set labels differ"),
    2: ("DSTYPE", "data set types differ"),
    4: ("INFORMAT", "a variable has a different informat"),
    8: ("FORMAT", "a variable has a different format"),
    16: ("LENGTH", "a variable has a different length"),
    32: ("LABEL", "a variable has a different label"),
    64: ("BASEOBS", "BASE has a row that COMPARE has not"),
    128: ("COMPOBS", "COMPARE has a row that BASE has not"),
    256: ("BASEBY", "BASE has a BY group that COMPARE has not"),
    512: ("COMPBY", "COMPARE has a BY group that BASE has not"),
    1024: ("BASEVAR", "BASE has a variable that COMPARE has not"),
    2048: ("COMPVAR", "COMPARE has a variable that BASE has not"),
    4096: ("VALUE", "a value differs"),
    8192: ("TYPE", "a variable is text on one side and numeric on the other"),
    16384: ("BYVAR", "BY variables do not match"),
    32768: ("ERROR", "the comparison could not be done"),
}
"""Bits of the return code of PROC COMPARE: name and meaning."""

ATTRIBUTE_BITS = 1 | 2 | 4 | 8 | 16 | 32
"""The bits of attributes; all others speak of content."""


def bits(sysinfo: int) -> list[tuple[int, str, str]]:
    """The bits set in a return code: number, name, meaning."""
    return [(bit, *words) for bit, words in SYSINFO.items() if sysinfo & bit]


class Verdict(StrEnum):
    """What came out; `exit_code` is 0, 1, 2."""

    EQUAL = "equal"
    DIFFERENT = "different"
    CANNOT_COMPARE = "cannot compare"

    @property
    def exit_code(self) -> int:
        """0 equal, 1 different, 2 cannot compare."""
        return list(Verdict).index(self)


@dataclass(frozen=True, slots=True)
class Lines:
    """Rows of a table as Arrow record batches, in memory or on disk; reading starts anew each time."""

    schema: pa.Schema
    rows: int
    read: Callable[[], Iterator[pa.RecordBatch]] = field(repr=False)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        return self.read()

    def head(self, rows: int) -> pa.Table:
        """The first rows."""
        import pyarrow as pa

        kept: list[pa.RecordBatch] = []
        for batch in self.read():
            if rows <= 0:
                break
            kept.append(batch.slice(0, rows))
            rows -= kept[-1].num_rows
        return pa.Table.from_batches(kept, self.schema)

    def table(self) -> pa.Table:
        """All rows, in memory."""
        import pyarrow as pa

        return pa.Table.from_batches(list(self.read()), self.schema)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two files: `kind` is xpt5, xpt8, sas7bdat, csv, xlsx, parquet, dataset-json or -ndjson.

    `size` is in bytes, `modified` is ISO 8601 in UTC, `sha256` that of the file's bytes.
    """

    path: str
    kind: str
    dataset: str
    label: str
    rows: int
    columns: int
    sha256: str
    size: int
    modified: str
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute that differs: of the dataset (`variable` "") or of a variable (its name in BASE).

    `attribute` is label, type, length, format, informat or order (position from 1); `bit` is that of
    SYSINFO, 0 for an order, which PROC COMPARE does not count.
    """

    variable: str
    attribute: str
    base: str
    compare: str
    bit: int


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of one side: `type` is text or number, `length` in bytes (None: the format knows none)."""

    name: str
    type: str
    position: int
    label: str = ""
    length: int | None = None
    format: str = ""
    informat: str = ""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """When two numbers count as equal: |x-y| for absolute, as PROC COMPARE has it for the others.

    exact                      x == y
    absolute                   |y - x| <= criterion
    relative                   |y - x| / ((|x| + |y|) / 2) <= criterion (both zero: equal)
    percent                    100 * |y - x| / |x| <= criterion (x zero: y must be zero)
    where x is the value in BASE and y that in COMPARE.
    """

    method: str = "exact"
    criterion: float = 0.0

    def __str__(self) -> str:
        return self.method if self.method == "exact" else f"{self.method}:{self.criterion:g}"


@dataclass(frozen=True, slots=True)
class Keys:
    """The variables that pair rows (names in BASE and in COMPARE), and `how` they came to be.

    `how` is given (--id), spec, define.xml, natural (of the domain), found, or position (no variables;
    row n is paired with row n). `source` names the file or says why.
    """

    variables: tuple[str, ...]
    compare_variables: tuple[str, ...]
    how: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class VariableDiff:
    """A variable on both sides and what its paired values gave; counts are of rows.

    `compared` is False for a key, and where one side is text and the other numeric (`why` says so).
    `max_difference` and `max_percent` are absolute; None for text or where nothing differs.
    `only_base_filled` are the unequal values where COMPARE is missing, `only_compare_filled` the reverse.
    """

    base: Variable
    compare: Variable
    compared: bool = True
    why: str = ""
    tolerance: Tolerance = Tolerance()
    values: int = 0
    unequal: int = 0
    only_base_filled: int = 0
    only_compare_filled: int = 0
    within_tolerance: int = 0
    max_difference: float | None = None
    max_percent: float | None = None
    mean_difference: float | None = None

    @property
    def name(self) -> str:
        """The name in BASE."""
        return self.base.name


@dataclass(frozen=True, slots=True)
class RowCounts:
    """Where every row went: a side's rows are paired + only + not_paired of that side.

    `not_paired` are rows whose key is on both sides but more than once on one of them; of these `agreeing`
    rows belong to keys whose rows are the very same set on both sides. `unequal` of the `paired` rows
    differ in at least one value.
    """

    base: int = 0
    compare: int = 0
    paired: int = 0
    unequal: int = 0
    only_base: int = 0
    only_compare: int = 0
    not_paired_base: int = 0
    not_paired_compare: int = 0
    agreeing: int = 0
    duplicates_base: int = 0
    duplicates_compare: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """How was compared, as asked for."""

    ids: tuple[str, ...] = ()
    mapped: tuple[tuple[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    tolerance: Tolerance = Tolerance()
    tolerances: Mapping[str, Tolerance] = field(default_factory=dict)
    normalise: tuple[str, ...] = ()  # of trim, case, blanks
    by_position: bool = False
    values_only: bool = False


@dataclass(frozen=True, slots=True)
class DatasetDiff:
    """Two datasets compared.

    Columns of the tables, beside one text column for each key variable (`keys.variables`, in front;
    `key_columns` has their names):

    differences   variable, base_row, compare_row, base_value, compare_value (text, as shown; "" or "."
                  for missing), base_number, compare_number, difference (compare - base), percent
                  (numbers; null for text or where one is missing), subject (only where known). In order
                  of variable, then of BASE's rows (by pieces where they were too many to sort: then `sorted`
                  is False).
    only_base     row; near_row, near_keys: the nearest row without a partner on the other side (null
    only_compare  where there is none) and which keys differ, as "AESTDTC: 2014-01-02 | 2014-01-03".
    duplicates    side (base or compare), row, times (rows of this key on that side), other_times (on the
                  other), agrees (the rows of this key are the same set on both sides; they are equal then).
    by_subject    subject, differences (values), variables (how many differ), only_base, only_compare (rows).
    largest       variable, base_row, compare_row, base_value, compare_value, difference, percent: the
                  largest differences of each numeric variable, at most 10 a variable.
    """

    name: str
    base: Side
    compare: Side
    verdict: Verdict
    sysinfo: int
    settings: Settings = Settings()
    keys: Keys = Keys((), (), "")
    attributes: tuple[Attribute, ...] = ()
    not_carried: tuple[str, ...] = ()  # "csv carries no label, length, format": not compared
    only_base_variables: tuple[Variable, ...] = ()
    only_compare_variables: tuple[Variable, ...] = ()
    left_out: tuple[str, ...] = ()
    variables: tuple[VariableDiff, ...] = ()
    rows: RowCounts = RowCounts()
    key_columns: tuple[str, ...] = ()
    subject: str = ""  # the variable that tells subjects apart, "" when there is none
    differences: Lines | None = None
    only_base: Lines | None = None
    only_compare: Lines | None = None
    duplicates: Lines | None = None
    by_subject: Lines | None = None
    largest: Lines | None = None
    sorted: bool = True
    findings: tuple[Finding, ...] = ()

    @property
    def unequal(self) -> int:
        """How many values differ."""
        return sum(v.unequal for v in self.variables)

    @property
    def bits(self) -> list[tuple[int, str, str]]:
        """The bits of SYSINFO that are set: number, name, meaning."""
        return bits(self.sysinfo)

    def lines(self) -> Mapping[str, Lines]:
        """The tables by name, those that there are."""
        names = ("differences", "only_base", "only_compare", "duplicates", "by_subject", "largest")
        found: dict[str, Any] = {n: getattr(self, n) for n in names}
        return {n: lines for n, lines in found.items() if lines is not None}


@dataclass(frozen=True, slots=True)
class FolderDiff:
    """Two folders compared dataset by dataset; `only_*` are files without a namesake on the other side.

    The verdict is the worst of all: cannot compare, different, equal. `sysinfo` has every bit of any.
    """

    base: str
    compare: str
    verdict: Verdict
    sysinfo: int
    datasets: tuple[DatasetDiff, ...] = ()
    only_base: tuple[str, ...] = ()
    only_compare: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
