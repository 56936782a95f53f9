"""What a verb may ask of its surroundings while it is called: the rows, the codelists, and to report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cdisc_conv.engine.view import View, Workshop
from cdisc_conv.findings import Code, Place
from cdisc_conv.model.spec import Codelist


class CallContext:
    """The Context of one call of a verb."""

    def __init__(self, shop: Workshop, view: View) -> None:
        self.shop, self.view = shop, view
        self.dataset, self.variable = view.dataset or view.table.name, view.variable
        self.index, self.subject = view.index, view.subject
        self.policies, self.study = shop.study.policies, shop.study.facts
        self.reported = pd.Series(False, index=view.index)

    def codelist(self, id: str = "") -> Codelist | None:
        """A codelist by id, else that of the variable being derived."""
        return self.shop.codelists.get(id or self.view.codelist)

    def code_map(self, codelist: str) -> Mapping[str, str]:
        """The study's own codes for a codelist."""
        return self.shop.codes.get(codelist, {})

    def date_formats(self, column: Any) -> tuple[str, ...]:
        """The date formats declared for the raw column."""
        form, _, name = str(column.name or "").partition("|")
        found = self.shop.study.forms.get(form)
        return () if found is None else found.column_dates.get(name, found.dates)

    def unknown_tokens(self, column: Any) -> tuple[str, ...]:
        """The words for an unknown part of a date in the raw column."""
        found = self.shop.study.forms.get(str(column.name or "").partition("|")[0])
        return () if found is None else found.unknown

    def report(
        self, code: Code, mask: Any, values: Any = None, *, hint: str | None = None, **fields: Any
    ) -> None:
        """A finding for the rows where `mask` holds."""
        if not mask.any():
            return
        self.reported |= mask
        at = np.flatnonzero(mask.to_numpy())
        shown = None if values is None else values.take(at).astype(object)
        rows = self.shop.sources.rows(self.view.origin[at], shown)
        place = Place(dataset=self.dataset, variable=self.variable)
        finding = code.at(place, hint=hint, rows=rows, count=len(at), **fields)
        self.shop.findings.add(finding)

    def per_subject(self, by_subject: Any) -> Any:
        """A Series indexed by USUBJID, brought to the rows."""
        return self.view.per_subject(by_subject)
