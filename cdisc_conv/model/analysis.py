"""An analysis as the ADaM spec declares it, and a result of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from cdisc_conv.findings import Place
from cdisc_conv.model.spec import Condition

METHODS = ("frequencies", "occurrences", "proportion", "subgroups", "summary", "survival")
"""What an analysis may be; each is a file of `cdisc_conv.results.methods`."""


@dataclass(frozen=True, slots=True)
class Display:
    """A table or figure that results belong to (arm:ResultDisplay)."""

    id: str
    title: str
    document: str = ""
    pages: str = ""


@dataclass(frozen=True, slots=True)
class Analysis:
    """One row of the sheet Analysis Results (arm:AnalysisResult)."""

    id: str
    display: str
    description: str
    variables: tuple[tuple[str, str], ...]  # dataset, variable; the first names the analysis dataset
    where: tuple[Condition, ...]
    selection: str  # the same as text
    reason: str
    purpose: str
    documentation: str = ""
    join_comment: str = ""
    code: str = ""
    code_context: str = ""
    method: str = ""  # one of METHODS; "" where only define.xml is to tell of it
    treatment: str = ""  # variable of ADSL
    by: tuple[str, ...] = ()
    response: str = "Y"
    times: tuple[float, ...] = ()
    place: Place = field(default_factory=Place)

    @property
    def dataset(self) -> str:
        """The analysis dataset."""
        return self.variables[0][0] if self.variables else ""

    @property
    def variable(self) -> str:
        """The analysis variable."""
        return self.variables[0][1] if self.variables else ""

    def datasets(self) -> tuple[str, ...]:
        """The datasets that variables and conditions name, the analysis dataset first."""
        names = [*(d for d, _ in self.variables), *(c.dataset or self.dataset for c in self.where)]
        return tuple(dict.fromkeys(names))

    def of(self, dataset: str) -> tuple[Condition, ...]:
        """The conditions on one dataset; a condition without one is on the analysis dataset."""
        return tuple(c for c in self.where if (c.dataset or self.dataset) == dataset)


@dataclass(frozen=True, slots=True)
class Result:
    """One statistic of an analysis: a row of the analysis results dataset."""

    statistic: str
    value: float | None = None
    text: str = ""
    group: str = ""  # treatment; "A vs B" for a comparison: A minus B, A divided by B
    levels: tuple[tuple[str, str], ...] = ()  # by-variables with their values
    time: float | None = None
