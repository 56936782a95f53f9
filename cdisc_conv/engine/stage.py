"""Raw tables to staged ones: blanks to null (once, here), the subject of each row, duplicates by rule."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cdisc_conv.codes.raw import RAW060, RAW061, RAW062, RAW063, RAW064
from cdisc_conv.engine.evaluate import Evaluator, View, Workshop
from cdisc_conv.engine.plan import Derivation
from cdisc_conv.engine.sources import SHIFT, SourceRows
from cdisc_conv.engine.table import Table
from cdisc_conv.findings import Place
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
    origin = (np.int64(number) << SHIFT) | raw.rows.astype(np.int64)
    keys = raw.frame[form.row_key] if form.row_key in raw.frame.columns else None
    shop.sources.tables[number] = SourceRows(form.file, form.sheet, origin, keys)
    keep, left_out = _keep(shop, form, raw.frame, origin)
    columns = _columns(form, raw.frame if keep.all() else raw.frame[keep], read)
    table = Table(form.name, int(keep.sum()), origin[keep], columns=columns)
    if subject is None:
        return table, left_out
    view = View(table, dataset=form.name, variable="USUBJID")
    table.subject = Evaluator(shop, view).column(subject.node)
    lost = table.subject.isna().to_numpy()
    if lost.any():
        rows = shop.sources.rows(table.origin[lost])
        shop.findings.add(RAW062.at(Place(file=form.file, sheet=form.sheet), rows=rows, count=len(rows)))
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


def _keep(
    shop: Workshop, form: Form, frame: pd.DataFrame, origin: Any
) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], dict[str, int]]:
    left_out: dict[str, int] = {}
    place = Place(file=form.file, sheet=form.sheet)
    same = _duplicates(shop, form, frame, origin)
    if same.any():
        left_out["duplicate row"] = int(same.sum())
    keep = ~same
    if form.row_key not in frame.columns:
        return keep, left_out
    keys = frame[form.row_key]
    several = (keys != "").to_numpy() & keep
    several &= keys.where(several).duplicated(keep=False).to_numpy() & several
    if several.any():
        older = _older(form, frame, several)
        kept = np.flatnonzero(several & ~older)
        by_policy = shop.study.policies.get("same_row_key", "latest")
        tied = frame.loc[several & ~older, form.row_key].duplicated(keep=False).to_numpy()
        rows = shop.sources.rows(origin[np.flatnonzero(several & older)])
        if by_policy == "error" or tied.any():
            all_rows = shop.sources.rows(origin[np.flatnonzero(several)])
            shop.findings.add(RAW063.at(place, rows=all_rows, count=len(all_rows)))
        if len(rows):
            shop.findings.add(RAW061.at(place, rows=rows, count=len(rows), modified=form.modified))
        left_out["older version of a row"] = int((several & older).sum())
        assert len(kept) + int((several & older).sum()) == int(several.sum())
        keep &= ~(several & older)
    return keep, left_out


def _duplicates(
    shop: Workshop, form: Form, frame: pd.DataFrame, origin: Any
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """The rows to drop since an earlier one is the same.

    None if the policy `duplicate_rows` is "keep" and the form has no row key: then nothing tells whether
    two rows that are alike are one record or two.
    """
    same = repeated(frame)
    keeps = shop.study.policies.get("duplicate_rows", "drop") == "keep" and form.row_key not in frame.columns
    if same.any():
        rows, place = shop.sources.rows(origin[same]), Place(file=form.file, sheet=form.sheet)
        shop.findings.add((RAW064 if keeps else RAW060).at(place, rows=rows, count=int(same.sum())))
    return np.zeros(len(frame), dtype=bool) if keeps else same


def repeated(frame: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Rows that are the same as an earlier one; a column is looked at only where rows may still be alike."""
    same = np.zeros(len(frame), dtype=bool)
    rows = np.arange(len(frame))
    group = np.zeros(len(frame), dtype=np.int64)
    for name in frame.columns:
        column = frame[name] if len(rows) == len(frame) else frame[name].take(rows)
        codes, values = pd.factorize(column, use_na_sentinel=False)
        group, _ = pd.factorize(group * (len(values) + 1) + codes)
        alike = np.bincount(group)[group] > 1
        if not alike.any():
            return same
        rows, group = rows[alike], group[alike]
    same[rows] = pd.Series(group).duplicated().to_numpy()
    return same


def _older(form: Form, frame: pd.DataFrame, several: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Of the rows that share a row key, those that are not the latest; all stay when no one can tell."""
    older = np.zeros(len(frame), dtype=bool)
    if form.modified not in frame.columns:
        return older
    part = frame.loc[several, [form.row_key, form.modified]]
    latest = part.groupby(form.row_key)[form.modified].transform("max")
    older[np.flatnonzero(several)] = (part[form.modified] != latest).to_numpy()
    return older


def by_subject(tables: Mapping[str, Table], subjects: Any) -> dict[str, Table]:
    """The rows of some subjects in every table; tables without subjects whole."""
    made = {}
    for name, table in tables.items():
        if table.subject is None:
            made[name] = table
        else:
            made[name] = part(table, np.flatnonzero(table.subject.isin(subjects).to_numpy()))
    return made
