"""Which raw rows stand: those blank, sent twice, older or after the cut-off are left out, with the reason."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from cdisc_conv.codes.raw import RAW060, RAW061, RAW063, RAW064, RAW065
from cdisc_conv.engine.cutoff import after_cutoff
from cdisc_conv.engine.view import Workshop
from cdisc_conv.findings import Place
from cdisc_conv.language.dates_formats import compile_format, unknown_words
from cdisc_conv.language.dates_read import Rules, clean, read_date, read_time
from cdisc_conv.model.study import Form
from cdisc_conv.read.raw_table import without_values

Flags = np.ndarray[Any, np.dtype[np.bool_]]
REGULAR = r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d"
"""Time stamps that sort as text."""


def rows_that_stand(
    shop: Workshop, form: Form, frame: pd.DataFrame, origin: Any
) -> tuple[Flags, dict[str, int]]:
    """A flag a raw row, and how many rows were left out by which rule."""
    left_out: dict[str, int] = {}
    keep = np.ones(len(frame), dtype=bool)

    def leave_out(reason: str, rows: Flags) -> None:
        if rows.any():
            left_out[reason] = int(rows.sum())
            keep[rows] = False

    if frame.shape[1] > 1:
        leave_out("row without values", without_values(frame))
    leave_out("duplicate row", _duplicates(shop, form, frame, origin) & keep)
    if form.row_key in frame.columns:
        _without_key(shop, form, frame, origin, keep)
        leave_out("older version of a row", _older_versions(shop, form, frame, origin, keep))
    leave_out("after the data cut-off", after_cutoff(shop, form, frame, origin, keep))
    return keep, left_out


def _place(form: Form) -> Place:
    return Place(file=form.file, sheet=form.sheet)


def _duplicates(shop: Workshop, form: Form, frame: pd.DataFrame, origin: Any) -> Flags:
    """The rows to drop since an earlier one is the same.

    None if the policy `duplicate_rows` is "keep" and the form has no row key: then nothing tells whether
    two rows that are alike are one record or two.
    """
    none = np.zeros(len(frame), dtype=bool)
    same = frame.duplicated().to_numpy() & ~without_values(frame) if len(frame) else none
    keeps = shop.study.policies.get("duplicate_rows", "drop") == "keep" and form.row_key not in frame.columns
    if same.any():
        rows = shop.sources.rows(origin[same])
        shop.findings.add((RAW064 if keeps else RAW060).at(_place(form), rows=rows, count=int(same.sum())))
    return none if keeps else same


def _without_key(shop: Workshop, form: Form, frame: pd.DataFrame, origin: Any, keep: Flags) -> None:
    bare = (frame[form.row_key].str.strip() == "").to_numpy(dtype=bool) & keep
    if bare.any():
        rows = shop.sources.rows(origin[bare])
        found = RAW065.at(_place(form), column=form.row_key, rows=rows, count=int(bare.sum()))
        shop.findings.add(found)


def _older_versions(shop: Workshop, form: Form, frame: pd.DataFrame, origin: Any, keep: Flags) -> Flags:
    """Rows whose row key another row has with a later time stamp; all stay where no one can tell."""
    keys = frame[form.row_key]
    several = (keys.str.strip() != "").to_numpy(dtype=bool) & keep
    several &= keys.where(several).duplicated(keep=False).to_numpy()
    if not several.any():
        return several
    older = _older(form, frame, several)
    standing = several & ~older
    tied = standing & keys.where(standing).duplicated(keep=False).to_numpy()
    untold = several if shop.study.policies.get("same_row_key", "latest") == "error" else tied
    if untold.any():
        rows = shop.sources.rows(origin[untold])
        shop.findings.add(RAW063.at(_place(form), rows=rows, count=int(untold.sum())))
    if older.any():
        rows = shop.sources.rows(origin[older])
        found = RAW061.at(_place(form), rows=rows, count=int(older.sum()), modified=form.modified)
        shop.findings.add(found)
    return older


def _older(form: Form, frame: pd.DataFrame, several: Flags) -> Flags:
    """Of the rows that share a row key, those before the latest; none where a time stamp says nothing."""
    older = np.zeros(len(frame), dtype=bool)
    if form.modified not in frame.columns:
        return older
    keys = frame.loc[several, form.row_key]
    stamps = _sortable(frame.loc[several, form.modified], form)
    told = (stamps != "").groupby(keys).transform("all")
    older[np.flatnonzero(several)] = ((stamps != stamps.groupby(keys).transform("max")) & told).to_numpy()
    return older


def _sortable(stamps: pd.Series[Any], form: Form) -> pd.Series[Any]:
    """Time stamps as text that sorts by time, "" where a value is none in the form's date formats."""
    if stamps.str.fullmatch(REGULAR).all():
        return stamps.str.replace("T", " ", regex=False)
    made = {text: _moment(text, form) for text in stamps.unique()}
    return stamps.map(made)


def _moment(text: str, form: Form) -> str:
    formats = tuple(compile_format(f, form.unknown) for f in (*form.dates, "YYYY-M-D"))
    rules = Rules(formats, re.compile(unknown_words(form.unknown), re.IGNORECASE))
    day, _, clock = clean(text).replace("T", " ").partition(" ")
    date, time = read_date(day, rules), read_time(clock, rules.unknown)
    if date.problem or time.problem or None in date.parts[:3]:
        return ""
    return " ".join(f"{part or 0:04}" for part in (*date.parts[:3], *time.parts[3:]))
