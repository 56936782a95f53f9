"""What `init` says of raw exports: an entry for each file or sheet, and the date formats seen in it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from cdisc_conv.read.study import TAKEN

if TYPE_CHECKING:
    from cdisc_conv.read.raw import RawExport

ENOUGH = 0.5
"""Part of a column's values that must be whole dates for the column to be taken for one of dates."""
UNKNOWN = ("UN", "UNK", "XX", "??", "NK")
"""Words for an unknown part of a date, as they are often written."""
_TIME = r"(?:(?P<mark>[ T:])(?P<time>\d{2}:\d{2}(?P<second>:\d{2})?))?"
_SHAPES = (
    (r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})", ("YYYY{s}{m}{s}{d}",)),
    (r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日", ("YYYY年{m}月{d}日",)),
    (r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})", ("YYYYMMDD",)),
    (r"(?P<d>\d{1,2})(?P<s>[-/. ]?)(?P<m>[A-Za-z]{3,9})(?P=s)(?P<y>\d{4})", ("{d}{s}MON{s}YYYY",)),
    (
        r"(?P<d>\d{1,2})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<y>\d{4})",
        ("{d}{s}{m}{s}YYYY", "{m}{s}{d}{s}YYYY"),
    ),
)
_PATTERNS = tuple((re.compile(pattern + _TIME, re.ASCII), formats) for pattern, formats in _SHAPES)


@dataclass(frozen=True, slots=True)
class DateColumn:
    """A column of dates as study.yaml shall have it; two `formats` where a person must choose one."""

    column: str
    formats: tuple[str, ...]
    seen: tuple[str, ...]
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenForm:
    """A file or sheet as an entry of study.yaml; texts are written as YAML."""

    name: str
    file: str
    sheet: str
    header: tuple[str, ...]
    columns: tuple[str, ...]
    dates: tuple[DateColumn, ...]
    subjects: bool = True  # has some of the columns that most forms have


@dataclass(slots=True)
class SeenRaw:
    """A whole raw export: forms, files that are none, the manifest."""

    forms: list[SeenForm] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    manifest: str = ""

    def common(self) -> list[tuple[str, int]]:
        """Columns that most forms have, the most frequent first: the subject is among them."""
        count = Counter(c for f in self.forms for c in f.header)
        often = [(c, n) for c, n in count.items() if n > 1 and n >= 0.8 * len(self.forms)]
        return sorted(often, key=lambda x: -x[1])


def look_at(raw: RawExport) -> SeenRaw:
    """Every file and sheet of an export; what cannot be read is named with the reason."""
    from cdisc_conv.errors import CannotRun

    seen = SeenRaw()
    for file in raw.files():
        if file == "manifest.csv":
            seen.manifest = file
            continue
        try:
            sheets = raw.sheets(file) or [""]
            for sheet in sheets:
                name = _name(file, sheet if len(sheets) > 1 else "", {f.name for f in seen.forms})
                seen.forms.append(_form(raw, name, file, sheet))
        except CannotRun as e:
            reason = " ".join("; ".join(f.message for f in e.findings).split())
            seen.unreadable.append((as_yaml(file), f"cannot be read: {reason}"))
        raw.forget()
    common = {c for c, _ in seen.common()}
    seen.forms = [replace(f, subjects=not common or bool(common & set(f.header))) for f in seen.forms]
    return seen


def _name(file: str, sheet: str, taken: set[str]) -> str:
    """A plain word for a file or sheet."""
    text = f"{PurePosixPath(file).stem}_{sheet}" if sheet else PurePosixPath(file).stem
    word = re.sub(r"\W+", "_", text.casefold()).strip("_")
    word = word if word.isidentifier() and word not in TAKEN else f"form_{word}"
    made, number = word, 2
    while made in taken:
        made, number = f"{word}_{number}", number + 1
    return made


def _form(raw: RawExport, name: str, file: str, sheet: str) -> SeenForm:
    frame = raw.read(file, sheet).frame
    header = tuple(str(c) for c in frame.columns)
    words = ", ".join(as_yaml(c) for c in header)
    columns = wrap(f"columns: {words}", 100, break_long_words=False, break_on_hyphens=False)
    dates = tuple(d for c in header if (d := date_column(c, frame[c])))
    return SeenForm(name, as_yaml(file), as_yaml(sheet) if sheet else "", header, tuple(columns), dates)


def date_column(name: str, values: Any) -> DateColumn | None:
    """The formats of a column of dates, None when it is not one."""
    values = values.str.strip()
    counts = {str(k): int(n) for k, n in values[values != ""].value_counts().items()}
    found = {value: formats_of(value) for value in counts}
    lax = {f for fs in found.values() for f in fs if _loose(f) == f}
    whole = {v: tuple(_loose(f) if _loose(f) in lax else f for f in fs) for v, fs in found.items() if fs}
    partial = _partial(counts, whole)
    total = sum(counts.values())
    if not whole or sum(counts[v] for v in (*whole, *partial)) < ENOUGH * total:
        return None
    odd = {v: n for v, n in counts.items() if v not in whole and v not in partial}
    return _declared(name, counts, whole, sum(counts[v] for v in partial), odd)


def _partial(counts: dict[str, int], whole: dict[str, tuple[str, ...]]) -> list[str]:
    """Values that are dates less some part, in the formats of the others."""
    from cdisc_conv.language.dates_formats import compile_format

    formats = [compile_format(f, UNKNOWN) for f in {f for fs in whole.values() for f in fs}]
    return [v for v in counts if v not in whole and any(f.read(v) for f in formats)]


def _declared(
    name: str, counts: dict[str, int], whole: dict[str, tuple[str, ...]], partial: int, odd: dict[str, int]
) -> DateColumn:
    sure = Counter[str]()
    for value, formats in whole.items():
        if len(formats) == 1:
            sure[formats[0]] += counts[value]
    open_pairs = sorted({f for f in whole.values() if len(f) == 2})
    choice = next((p for p in open_pairs if (p[0] in sure) == (p[1] in sure)), None)
    settled = [f for f, _ in sure.most_common() if choice is None or f not in choice]
    orders = [(*settled, f) for f in choice] if choice else [tuple(settled)]
    comments = [f"day or month first? keep one of the two lines of {as_yaml(name)}"] if choice else []
    comments += _odd(odd, sum(counts.values()))
    more = f", {partial} partial" if partial else ""
    if any({f, _swapped(f)} <= set(settled) for f in settled if f != _swapped(f)):
        comments.append("some values are day first, some month first: ask who sent them")
    telling = [f for f in settled if f != _swapped(f)]
    if telling and any(len(f) == 2 for f in whole.values()):
        comments.append(f"only this order fits {sum(sure[f] for f in telling)} of them")
    return DateColumn(
        as_yaml(name),
        tuple(_listed(formats) for formats in orders),
        tuple(
            f"seen: {_example(counts, whole, formats)} of {sum(counts.values())}{more})" for formats in orders
        ),
        tuple(comments),
    )


def _swapped(format: str) -> str:
    """The format with day and month changed about, when both are numbers."""
    swap = {"DD/MM": "MM/DD", "D/M": "M/D"}
    for mark in "/-.":
        for a, b in swap.items():
            for x, y in ((a, b), (b, a)):
                if format.startswith(x.replace("/", mark) + mark):
                    return format.replace(x.replace("/", mark), y.replace("/", mark), 1)
    return format


def _example(counts: dict[str, int], whole: dict[str, tuple[str, ...]], formats: tuple[str, ...]) -> str:
    """One value of each format, the telling ones first, and how many values they read together."""
    reads = {v: n for v, n in counts.items() if set(whole.get(v, ())) & set(formats)}
    shown = []
    for f in formats:
        fitting = sorted((v for v in reads if f in whole[v]), key=lambda v: (len(whole[v]), v))
        shown += fitting[:1]
    return f"{', '.join(shown)} ({sum(reads.values())}"


def _odd(odd: dict[str, int], total: int) -> list[str]:
    """How values look that are no dates; letters and digits are not told."""
    shapes = Counter[str]()
    for value, n in odd.items():
        shapes[re.sub(r"[^\W\d]", "x", re.sub(r"\d", "9", value))[:20]] += n
    some = ", ".join(f"{as_yaml(s)} ({n})" for s, n in shapes.most_common(4))
    return [f"{sum(odd.values())} of {total} look otherwise: {some}{' …' if len(shapes) > 4 else ''}"] * bool(
        odd
    )


def formats_of(value: str) -> tuple[str, ...]:
    """The formats under which a text is a whole date of the calendar: none, one, or both orders."""
    from cdisc_conv.language.dates_formats import compile_format
    from cdisc_conv.language.dates_iso import is_possible
    from cdisc_conv.language.dates_read import as_numbers

    for pattern, templates in _PATTERNS:
        if found := pattern.fullmatch(value):
            read = ((f, compile_format(f, ()).read(value)) for f in _filled(found, templates))
            return tuple(dict.fromkeys(f for f, parts in read if parts and is_possible(as_numbers(parts))))
    return ()


def _filled(found: re.Match[str], templates: tuple[str, ...]) -> Iterator[str]:
    parts = found.groupdict()
    short = len(parts["d"]) == 1 or len(parts["m"]) == 1
    words = {"s": parts.get("s") or "", "d": "D" if short else "DD", "m": "M" if short else "MM"}
    time = f"{parts['mark']}HH:MM{':SS' if parts['second'] else ''}" if parts["time"] else ""
    yield from (t.format(**words) + time for t in templates)


def _loose(format: str) -> str:
    """The format that reads days and months of one digit as well."""
    date, mark, time = re.fullmatch(r"(.*?)(?:([ T:])(HH.*))?", format).groups(default="")  # type: ignore[union-attr]
    if date == "YYYYMMDD":
        return format
    return re.sub(r"D+", "D", re.sub(r"M+(?!ON)", "M", date)) + mark + time


def _listed(formats: tuple[str, ...]) -> str:
    return as_yaml(formats[0]) if len(formats) == 1 else f"[{', '.join(as_yaml(f) for f in formats)}]"


def as_yaml(text: str) -> str:
    """A text as a YAML scalar: plain where that is safe, else in double quotes."""
    safe = re.fullmatch(r"[^\W\d](?:[\w./-]| (?=\S))*", text)
    return (
        text
        if safe and text.lower() not in ("null", "true", "false", "yes", "no")
        else json.dumps(text, ensure_ascii=False)
    )
