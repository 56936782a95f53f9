"""Raw tables to staged ones: blanks to null (once, here), the subject of each row, duplicates by rule."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cdisc_conv.codes.data import DATA001
from cdisc_conv.codes.raw import RAW062, RAW066
from cdisc_conv.engine.evaluate import Evaluator
from cdisc_conv.engine.plan import Derivation
from cdisc_conv.engine.sources import SHIFT, SourceRows
from cdisc_conv.engine.table import Table
from cdisc_conv.engine.versions import rows_that_stand
from cdisc_conv.engine.view import View, Workshop
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.raw import RawTable
from cdisc_conv.model.study import Form


def stage(
    shop: Workshop,
    form: Form,
    raw: RawTable,
    number: int,
    subject: Derivation | None,
    read: Collection[str] | None = None,
) -> tuple[Table, dict[str, int]]:
    """A form's rows ready to be mapped, and how many raw rows were left out by which rule.

    `number` is the source's number: with the row number it makes each row's origin.  `read` names the
    columns that derivations read (None: all); the others are not staged.  Byte-identical rows are dropped;
    of rows with one row key the latest stands, all by finding.
    """
    place = Place(file=form.file, sheet=form.sheet)
    if not len(raw.rows) and raw.size:
        shop.findings.add(RAW066.at(place))
    origin = (np.int64(number) << SHIFT) | raw.rows.astype(np.int64)
    keys = raw.frame[form.row_key] if form.row_key in raw.frame.columns else None
    shop.sources.tables[number] = SourceRows(form.file, form.sheet, origin, keys)
    keep, left_out = rows_that_stand(shop, form, raw.frame, origin)
    columns = _columns(form, raw.frame if keep.all() else raw.frame[keep], read)
    table = Table(form.name, int(keep.sum()), origin[keep], columns=columns)
    if subject is None:
        return table, left_out
    view = View(table, dataset=form.name, variable="USUBJID")
    noticed, shop.findings = shop.findings, Findings()
    table.subject = Evaluator(shop, view).column(subject.node)
    noticed.extend(f for f in shop.findings if f.code is not DATA001)  # RAW062 says it
    shop.findings = noticed
    lost = table.subject.isna().to_numpy()
    if lost.any():
        rows = shop.sources.rows(table.origin[lost])
        shop.findings.add(RAW062.at(place, rows=rows, count=len(rows)))
        left_out["no subject"] = int(lost.sum())
        table = part(table, np.flatnonzero(~lost))
    return table, left_out


def part(table: Table, rows: Any) -> Table:
    """Some rows of a staged table."""

    def some(series: Any) -> Any:
        made = series.take(rows)
        return made.set_axis(pd.RangeIndex(len(rows)))

    made: dict[int, Any] = {}
    for series in table.columns.values():
        made.setdefault(id(series), some(series))
    columns = {k: made[id(v)] for k, v in table.columns.items()}
    subject = None if table.subject is None else some(table.subject)
    return Table(table.name, len(rows), table.origin[rows], subject, columns)


def _columns(form: Form, frame: pd.DataFrame, read: Collection[str] | None) -> dict[str, Any]:
    """Columns under their own and their short names; text that is blank is null from here on."""
    short = {raw: name for name, raw in form.columns.items()}
    columns: dict[str, Any] = {}
    for raw in frame.columns:
        if read is not None and raw not in read and short.get(raw, raw) not in read:
            continue
        series = _blank_to_null(frame[raw], form.blank)
        series.name = f"{form.name}|{short.get(raw, raw)}"
        columns[str(raw)] = series
        if raw in short:
            columns[short[raw]] = series
    return columns


def _blank_to_null(series: Any, blank: Collection[str]) -> Any:
    """Text in one piece of memory, null where there is nothing but blanks, or a word that means so."""
    texts = pa.array(series.astype("str"), pa.large_string())
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    trimmed = pc.utf8_trim_whitespace(texts)
    empty = pc.is_in(trimmed, pa.array(["", *blank], pa.large_string()))
    return pd.Series(pd.array(pc.if_else(empty, pa.scalar(None, pa.large_string()), texts), dtype="str"))


def by_subject(tables: Mapping[str, Table], subjects: Any) -> dict[str, Table]:
    """The rows of some subjects in every table; tables without subjects whole."""
    made = {}
    for name, table in tables.items():
        if table.subject is None:
            made[name] = table
        else:
            made[name] = part(table, np.flatnonzero(table.subject.isin(subjects).to_numpy()))
    return made
