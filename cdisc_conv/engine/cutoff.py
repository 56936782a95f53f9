"""The data cut-off: rows of forms whose event is dated after it are left out, and told.

A form says with `dated:` which of its columns date a row; the cut-off is that of the sender's manifest, else
`study: data_cutoff`. With the policy `after_cutoff: kept` nothing is left out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from cdisc_conv.codes.map import MAP021
from cdisc_conv.codes.raw import COLUMN_MISSING, RAW070, RAW071
from cdisc_conv.engine.view import Workshop
from cdisc_conv.findings import Findings, Place
from cdisc_conv.language.dates_formats import compile_format, unknown_words
from cdisc_conv.language.dates_read import ISO_FORMATS, Rules, clean, read_date
from cdisc_conv.model.study import Form, Study
from cdisc_conv.read.raw import RawExport

Flags = np.ndarray[Any, np.dtype[np.bool_]]


def settle_cutoff(study: Study, raw: RawExport | None, findings: Findings) -> Study:
    """The study with the cut-off of the export; one that is no date is a finding."""
    declared = study.facts.get("data_cutoff", "")
    if declared and _day(declared) is None:
        findings.add(MAP021.at(Place(file=study.file), value=declared, wanted="data_cutoff (YYYY-MM-DD)"))
    sent = raw.data_cutoff if raw is not None and study.manifest else None
    if sent is None or sent.isoformat() == declared:
        return study
    if declared:
        findings.add(RAW071.at(Place(file=study.manifest), sent=sent.isoformat(), declared=declared))
    return replace(study, facts={**study.facts, "data_cutoff": sent.isoformat()})


def after_cutoff(shop: Workshop, form: Form, frame: pd.DataFrame, origin: Any, keep: Flags) -> Flags:
    """Rows to leave out: certainly after the cut-off; a partial date or one that cannot be read stays."""
    cutoff = _day(shop.study.facts.get("data_cutoff", ""))
    none = np.zeros(len(frame), dtype=bool)
    if cutoff is None or not form.dated or shop.study.policies.get("after_cutoff") == "kept":
        return none
    place = Place(file=form.file, sheet=form.sheet)
    for column in form.dated:
        if column not in frame.columns:
            shop.findings.add(COLUMN_MISSING.at(place, column=column))
    late = _late(form, frame, cutoff) & keep
    if late.any():
        rows = shop.sources.rows(origin[late])
        shop.findings.add(RAW070.at(place, rows=rows, count=int(late.sum()), cutoff=cutoff.isoformat()))
    return late


def _late(form: Form, frame: pd.DataFrame, cutoff: date) -> Flags:
    """Whether the first of the form's dates that a row has is after the cut-off."""
    late = np.zeros(len(frame), dtype=bool)
    told = np.zeros(len(frame), dtype=bool)
    for column in (c for c in form.dated if c in frame.columns):
        given = (frame[column].str.strip() != "").to_numpy(dtype=bool) & ~told
        days = {text: _first_day(text, form, column) for text in frame.loc[given, column].unique()}
        after = {text: day is not None and day > cutoff for text, day in days.items()}
        late[given] = frame.loc[given, column].map(after).to_numpy(dtype=bool)
        told |= given
    return late


def _first_day(text: str, form: Form, column: str) -> date | None:
    """The first day that a raw date may be; None where it says no year or cannot be read."""
    formats = form.column_dates.get(column) or form.dates or ISO_FORMATS
    rules = Rules(
        tuple(compile_format(f, form.unknown) for f in formats),
        re.compile(unknown_words(form.unknown), re.IGNORECASE),
    )
    found = read_date(clean(text).partition("T")[0], rules)
    year, month, day = found.parts[:3]
    return None if found.problem or year is None else date(year, month or 1, day or 1)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
