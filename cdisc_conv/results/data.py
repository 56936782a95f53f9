"""The records and subjects of an analysis, as its selection says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cdisc_conv.errors import UsageMistake
from cdisc_conv.model.analysis import Analysis
from cdisc_conv.model.spec import Condition

if TYPE_CHECKING:
    import pandas as pd


_ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
_DEFINE = "{http://www.cdisc.org/ns/def/v2.1}"


class Package:
    """The ADaM datasets of a package, each read once."""

    def __init__(self, root: Path, study: str) -> None:
        folders = [p.parent for p in sorted(root.rglob("adsl.xpt"))]
        if not folders:
            raise UsageMistake(f"{root} holds no ADSL; build it first: cdisc-conv build {study} --out {root}")
        self.folder = folders[0]
        self.read: dict[str, pd.DataFrame] = {}

    def frame(self, dataset: str) -> pd.DataFrame:
        """A dataset: text with "" for missing, numbers with NaN."""
        from cdisc_conv.read.xpt import read_xpt

        if dataset not in self.read:
            path = self.folder / f"{dataset.lower()}.xpt"
            empty = None if path.exists() else self._without_records(dataset)
            if empty is None and not path.exists():
                raise UsageMistake(f"{path} is not there, and an analysis of the spec reads {dataset}")
            self.read[dataset] = read_xpt(path) if empty is None else empty
        return self.read[dataset]

    def _without_records(self, dataset: str) -> pd.DataFrame | None:
        """The variables of a dataset that define.xml says has no data; None where it does not say so."""
        import pandas as pd
        from lxml import etree

        path = self.folder / "define.xml"
        root = etree.parse(path).getroot() if path.exists() else etree.Element("none")
        group = next((g for g in root.iter(f"{_ODM}ItemGroupDef") if g.get("Name") == dataset), None)
        if group is None or group.get(f"{_DEFINE}HasNoData") != "Yes":
            return None
        items = {i.get("OID"): i for i in root.iter(f"{_ODM}ItemDef")}
        own = [items[r.get("ItemOID")] for r in group.iter(f"{_ODM}ItemRef")]
        texts = ("text", "datetime", "date", "partialDate", "partialDatetime", "durationDatetime")
        kinds = {i.get("Name"): "str" if i.get("DataType") in texts else "float64" for i in own}
        return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in kinds.items()})


@dataclass(frozen=True, slots=True)
class Selected:
    """What an analysis looks at: its records with the subjects' variables, the subjects, the treatments."""

    records: pd.DataFrame
    subjects: pd.DataFrame
    treatment: str
    groups: tuple[str, ...]
    package: Package

    def of(self, group: str) -> pd.DataFrame:
        """The records of a treatment."""
        return self.records[self.records[self.treatment] == group]

    def number(self, group: str) -> int:
        """The subjects of a treatment."""
        return int((self.subjects[self.treatment] == group).sum())

    def levels(self, variable: str, frame: pd.DataFrame | None = None) -> list[str]:
        """The values of a variable in their order: of its own number (AVISITN, AGEGR1N), else of the text."""
        records = self.records if frame is None else frame
        number = f"{variable}N"
        by = [number] if number in records else []
        given = records[records[variable] != ""]
        ordered = given.sort_values([*by, variable], kind="stable")
        return [str(v) for v in ordered[variable].unique()]


def versus(first: str, other: str) -> str:
    """The name of a comparison of two treatments: first minus other, first divided by other."""
    return f"{first} vs {other}"


def select(package: Package, analysis: Analysis) -> Selected:
    """The records of an analysis: its conditions hold, its subjects fit the conditions on ADSL,
    and those on variables that the dataset has from there.

    Where no subject has a treatment (a blinded run) all subjects are one group, "All".

    Raises `UsageMistake` when the package lacks a dataset or variable that the analysis names.
    """
    _all_there(package, analysis)
    everyone = package.frame("ADSL")
    copied = [
        c for c in analysis.of(analysis.dataset) if c.variable in everyone
    ]  # ITTFL of ADFLARE is ADSL's
    subjects = _where(everyone, (*analysis.of("ADSL"), *copied))
    treatment = analysis.treatment
    if treatment and not (subjects[treatment] != "").any():
        treatment = ""  # no subject has one, as in a blinded run: all together
    if treatment:
        subjects = subjects[subjects[treatment] != ""]
    records = subjects
    if analysis.dataset != "ADSL":
        records = _where(package.frame(analysis.dataset), analysis.of(analysis.dataset))
        own = [c for c in subjects.columns if c not in records.columns or c == "USUBJID"]
        records = records.merge(subjects[own], on="USUBJID", how="inner", validate="m:1")
    if not treatment:
        treatment = "_ALL"
        subjects, records = subjects.assign(_ALL="All"), records.assign(_ALL="All")
    number = f"{treatment}N"
    order = [number] if number in subjects else []
    groups = subjects.sort_values([*order, treatment], kind="stable")[treatment].unique()
    return Selected(records, subjects, treatment, tuple(str(g) for g in groups), package)


def _all_there(package: Package, analysis: Analysis) -> None:
    named = [*analysis.variables, *((c.dataset or analysis.dataset, c.variable) for c in analysis.where)]
    for dataset, variable in named:
        if variable not in package.frame(dataset):
            raise UsageMistake(
                f"analysis {analysis.id}: {dataset} of {package.folder} has no {variable}; "
                "was it built with this spec?"
            )
    own = [*package.frame(analysis.dataset), *package.frame("ADSL")]
    for variable in (analysis.treatment, *analysis.by):
        if variable and variable not in own:
            raise UsageMistake(f"analysis {analysis.id}: neither {analysis.dataset} nor ADSL has {variable}")


def _where(frame: pd.DataFrame, conditions: tuple[Condition, ...]) -> pd.DataFrame:
    for condition in conditions:
        frame = frame[_holds(frame, condition)]
    return frame


def _holds(frame: pd.DataFrame, condition: Condition) -> pd.Series[bool]:
    """Whether a condition holds for each record; missing numbers fit nothing but NE and NOTIN."""
    column = frame[condition.variable]
    numeric = column.dtype.kind == "f"
    values = [float(v) if numeric else v for v in condition.values]
    if condition.comparator in ("IN", "EQ"):
        return column.isin(values)
    if condition.comparator in ("NOTIN", "NE"):
        return ~column.isin(values)
    compare = {"LT": column.lt, "LE": column.le, "GT": column.gt, "GE": column.ge}[condition.comparator]
    return compare(values[0])
