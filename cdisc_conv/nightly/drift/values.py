"""Values of a column against last time: codes that are new, dates that are written otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from cdisc_conv.codes import drift as codes
from cdisc_conv.findings import KEPT_ROWS, Code, Row
from cdisc_conv.language.dates_formats import compile_format
from cdisc_conv.model.study import Form
from cdisc_conv.nightly.drift.columns import Pair
from cdisc_conv.nightly.drift.gates import Seen
from cdisc_conv.nightly.drift.shapes import DATE, MONTH_OR_DAY, NUMBER, TIME, Column

MOST_CODES = 40
"""A column with more different values than these is not taken for one of codes; each is there many times."""
REPEATS, LEAST = 8, 20
FEW_NUMBERS, REPEATS_OF_NUMBERS = 6, 20
LONGEST = 60
_TRIED = 500


def compare_codes(seen: Seen, pair: Pair, column: str, old: Column, new: Column) -> None:
    """Values that are new in a column that a codelist decodes, or that holds few different ones."""
    fresh = [v for v in new.counts if v not in old.counts]
    if not fresh:
        return
    lists = pair.uses.terms(pair.form, column) if pair.uses else {}
    if not lists and not _is_coded(pair, column, old, fresh):
        return
    folded = {v.casefold() for v in old.counts}
    written = [v for v in fresh if v.casefold() in folded]
    fresh = [v for v in fresh if v.casefold() not in folded]
    if written:
        _add(seen, codes.CODE_WRITTEN, pair, column, written, "", old)
    if not lists:
        if fresh:
            _add(seen, codes.NEW_CODE, pair, column, fresh, "", old)
        return
    for name, terms in lists.items():
        unknown = [v for v in fresh if terms.find(v) is None]
        if unknown:
            _add(seen, codes.UNKNOWN_CODE, pair, column, unknown, name, old)
            return
    if fresh:
        _add(seen, codes.KNOWN_CODE, pair, column, fresh, ", ".join(lists), old)


def _is_coded(pair: Pair, column: str, old: Column, fresh: Sequence[str]) -> bool:
    """Whether a column looks like one of codes: few different values, each many times."""
    form = pair.form
    if form and column in (form.row_key, form.modified):
        return False
    if form and pair.uses and column in pair.uses.subject_columns(form):
        return False
    known = len(old.counts)
    if not known or known > MOST_CODES or old.type in (DATE, TIME) or len(fresh) > max(3, known):
        return False
    if old.type == NUMBER:
        return known <= FEW_NUMBERS and old.filled >= REPEATS_OF_NUMBERS * known
    return old.filled >= max(REPEATS * known, LEAST) and max(map(len, old.counts)) <= LONGEST


def _add(
    seen: Seen, code: Code, pair: Pair, column: str, values: list[str], codelist: str, old: Column
) -> None:
    rows = rows_with(pair, column, values)
    n = "a value" if len(values) == 1 else f"{len(values)} values"
    seen.add(
        code,
        pair.place,
        rows=rows,
        count=len(rows) or 1,
        column=column,
        n=n,
        codelist=codelist,
        known=len(old.counts),
    )


def rows_with(pair: Pair, column: str, values: Sequence[str]) -> tuple[Row, ...]:
    """The rows of tonight's table that hold one of some values."""
    frame = pair.new.frame
    held = frame[column].str.strip()
    at = held.isin(values).to_numpy().nonzero()[0][:KEPT_ROWS]
    key = pair.form.row_key if pair.form else ""
    keys = frame[key] if key in frame.columns else None
    return tuple(
        Row(
            pair.place.file,
            int(pair.new.rows[i]),
            pair.place.sheet,
            key="" if keys is None else str(keys.iloc[i]),
            value=str(held.iloc[i]),
        )
        for i in at
    )


def compare_dates(seen: Seen, pair: Pair, column: str, old: Column, new: Column) -> None:
    """Dates in a format that the column had in no cell last time."""
    before, now = old.formats(), new.formats()
    real = sum(n for (kind, _), n in old.shapes.items() if kind == DATE)
    if not real or real < 0.5 * old.filled:
        return
    for name, count in now.items():
        if before[name]:
            continue
        texts = new.written(name)
        code = _read_by(pair.form, column, texts, name)
        seen.add(
            code,
            pair.place,
            rows=tuple(Row(r.file, r.row, r.sheet, r.key) for r in rows_with(pair, column, texts)),
            count=count,
            column=column,
            cells=count,
            filled=new.filled,
            new=name,
            old=", ".join(f for f in before if before[f]),
        )


def _read_by(form: Form | None, column: str, texts: Sequence[str], name: str) -> Code:
    """Whether the formats of study.yaml read all dates of a new format, and in one way only."""
    declared = (form.column_dates.get(column) or form.dates) if form else ()
    if not declared:
        return codes.DATE_FORMAT_UNSURE if name in MONTH_OR_DAY else codes.DATE_FORMAT_READ
    formats = [compile_format(f, form.unknown if form else ()) for f in declared]
    unsure = False
    for text in texts[:_TRIED]:
        read = {f.read(text) for f in formats} - {None}
        if not read:
            return codes.DATE_FORMAT
        unsure |= len(read) > 1
    return codes.DATE_FORMAT_UNSURE if unsure else codes.DATE_FORMAT_READ
