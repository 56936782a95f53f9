"""What derivations work on: the workshop that all of a partition share, and the rows that one is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from cdisc_conv.engine.sources import Sources
from cdisc_conv.engine.table import Piece, Table
from cdisc_conv.findings import Findings
from cdisc_conv.language.verb import Verbs
from cdisc_conv.model.spec import Codelist
from cdisc_conv.model.study import Study


@dataclass(slots=True)
class Workshop:
    """What all derivations of one partition share."""

    study: Study
    verbs: Verbs
    tables: dict[str, Table]
    sources: Sources
    findings: Findings
    codelists: Mapping[str, Codelist]
    codes: Mapping[str, Mapping[str, str]]
    looked_up: dict[str, set[str]] = field(default_factory=dict)  # form -> datasets that looked into it
    counted: dict[str, float] = field(default_factory=dict)  # study-wide calls: the number of this piece
    piece: int = 0  # which part of the study this is, when it is cut by subject
    numbers: dict[str, float] | None = None  # the same over the whole study, once all pieces are built


@dataclass(slots=True)
class View:
    """The rows a derivation is about: a whole table, or one piece of it."""

    table: Table
    piece: Piece | None = None
    start: int = 0
    stop: int | None = None
    codelist: str = ""
    dataset: str = ""
    variable: str = ""
    is_source: bool = False  # the table is what rows are made from: its columns are the form's

    @property
    def index(self) -> pd.Index[Any]:
        """The view's rows: 0 … n-1."""
        return pd.RangeIndex((self.table.length if self.stop is None else self.stop) - self.start)

    def per_subject(self, by_subject: Any, name: Any = None) -> Any:
        """A Series indexed by USUBJID, brought to the view's rows."""
        made = by_subject.reindex(self.subject)
        made.index = self.index
        made.name = name
        return made

    def cut(self, series: Any) -> Any:
        """The rows of this view."""
        if self.piece is None:
            return series
        made = series.iloc[self.start : self.stop]
        return made.set_axis(pd.RangeIndex(len(made)))

    @property
    def subject(self) -> Any:
        """USUBJID of each row, None for a table without subjects."""
        return None if self.table.subject is None else self.cut(self.table.subject)

    @property
    def origin(self) -> Any:
        """The raw row behind each row."""
        return self.table.origin[self.start : self.stop]

    def form(self, column: str) -> Any:
        """A column of what the rows are made from."""
        if self.piece is not None:
            return self.piece.form(column)
        whole = self.is_source or not self.table.pieces
        return self.table.column(column) if whole else self.table.form(column)

    def test(self, column: str) -> Any:
        """A column of the tests table."""
        return self.piece.tests[column] if self.piece is not None else self.table.test(column)
