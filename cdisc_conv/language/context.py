"""What a verb may ask of its surroundings: the rows, the subject, the codelist, the study, and to report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from cdisc_conv.findings import Code
    from cdisc_conv.model.spec import Codelist


@dataclass(slots=True)
class Foreign:
    """An expression evaluated over the rows of another table.

    `values` and `subject` have one entry per row of that table, same order; `subject` is None for a table
    that knows no subjects (a look-up table).  `column(name)` is another column of that table.
    """

    name: str
    values: pd.Series[Any]
    subject: pd.Series[Any] | None
    table: Any

    def column(self, name: str) -> pd.Series[Any]:
        """Another column of the same table, e.g. a key to match on."""
        found: pd.Series[Any] = self.table.column(name)
        return found


class Context(Protocol):
    """Given to every verb as its first argument."""

    dataset: str
    variable: str
    index: pd.Index[Any]  # the rows of the dataset
    subject: pd.Series[Any] | None  # USUBJID of each row
    policies: Mapping[str, str]  # of study.yaml
    study: Mapping[str, str]  # study.id and its kin

    def codelist(self, id: str = "") -> Codelist | None:
        """A codelist of the spec by id; without id that of the variable being derived."""
        ...

    def code_map(self, codelist: str) -> Mapping[str, str]:
        """The study's own codes for a codelist: raw text (trimmed, lower case) to submission value."""
        ...

    def date_formats(self, column: pd.Series[Any]) -> tuple[str, ...]:
        """The date formats declared for the raw column that an argument came from (its `.name`)."""
        ...

    def unknown_tokens(self, column: pd.Series[Any]) -> tuple[str, ...]:
        """The words that stand for an unknown day, month or year in that raw column."""
        ...

    def report(
        self,
        code: Code,
        mask: pd.Series[Any],
        values: pd.Series[Any] | None = None,
        *,
        hint: str | None = None,
        **fields: Any,
    ) -> None:
        """A finding for the rows where `mask` holds; `values` are shown as the offending values."""
        ...

    def per_subject(self, by_subject: pd.Series[Any]) -> pd.Series[Any]:
        """A Series indexed by USUBJID, brought to the dataset's rows."""
        ...
