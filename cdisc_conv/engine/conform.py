"""Records held against the standard: what a dataset may not say, told with the raw row it came from.

Runs on each finished piece.  Text and numbers that a transport file cannot hold are withheld (and said so);
nothing else is changed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cdisc_conv.codes.sdtm import (
    SDTM001,
    SDTM002,
    SDTM003,
    SDTM004,
    SDTM005,
    SDTM006,
    SDTM007,
    SDTM008,
    SDTM011,
)
from cdisc_conv.engine.conform_adam import conform_adam
from cdisc_conv.engine.finish import Finished
from cdisc_conv.engine.plan import Plan
from cdisc_conv.engine.view import Workshop
from cdisc_conv.findings import Code, Place, Severity
from cdisc_conv.language import nodes as n
from cdisc_conv.model.spec import Codelist, VariableSpec

LARGEST, SMALLEST = 7.237005577332262e75, 5.397605346934028e-79
"""The range of IBM doubles, in which SAS transport files hold numbers (SAS Technical Support, TS-140)."""

CONTROL = r"[\x00-\x1f\x7f]"
"""Line breaks, tabs and their kin."""


def conform(plan: Plan, shop: Workshop, done: dict[str, Finished]) -> None:
    """Check every finished dataset of a piece; findings go to the workshop."""
    for name, dataset in done.items():
        if plan.wanted and name not in plan.wanted and name.removeprefix("SUPP") not in plan.wanted:
            continue
        checker = _Checker(plan, shop, dataset)
        checker.shippable()
        if name in plan.datasets:
            if plan.datasets[name].kind == "sdtm":
                checker.required()
            else:
                conform_adam(shop, dataset, done, bool(plan.datasets[name].parameters))
            checker.terms()
            checker.sequence()
            checker.periods()
        if "DM" in done and name != "DM" and not name.startswith("SUPP"):
            checker.known_subjects(done["DM"].frame)


class _Checker:
    def __init__(self, plan: Plan, shop: Workshop, dataset: Finished) -> None:
        self.plan, self.shop, self.dataset = plan, shop, dataset
        self.frame = dataset.frame
        self.codelists = shop.codelists

    def say(
        self,
        code: Code,
        mask: Any,
        variable: str,
        *,
        show: bool = True,
        severity: Severity | None = None,
        **fields: Any,
    ) -> None:
        """A finding for the records where `mask` holds."""
        at = np.flatnonzero(np.asarray(mask))
        if not len(at):
            return
        values = self.frame[variable].take(at).astype(object) if show else None
        rows = self.shop.sources.rows(self.dataset.origin[at], values)
        place = Place(dataset=self.dataset.name, variable=variable)
        self.shop.findings.add(code.at(place, rows=rows, count=len(at), severity=severity, **fields))

    def shippable(self) -> None:
        """Withhold what a transport file cannot hold: long or non-ASCII text, numbers out of range."""
        for name in self.frame.columns:
            series = self.frame[name]
            if series.dtype.kind == "f":
                size = series.abs()
                bad = ((size > LARGEST) | ((size < SMALLEST) & (size > 0))).to_numpy()
                self._withhold(SDTM006, name, bad)
                continue
            texts = pc.cast(pa.array(series, from_pandas=True), pa.large_string())
            wide = pc.fill_null(pc.greater(pc.binary_length(texts), 200), False)
            odd = pc.fill_null(pc.invert(pc.string_is_ascii(texts)), False)
            self._withhold(SDTM005, name, odd.to_numpy(zero_copy_only=False))
            long = wide.to_numpy(zero_copy_only=False) & ~odd.to_numpy(zero_copy_only=False)
            self._withhold(SDTM004, name, long)
            control = pc.fill_null(pc.match_substring_regex(texts, CONTROL), False)
            self.say(SDTM011, control.to_numpy(zero_copy_only=False), name)

    def _withhold(self, code: Code, name: str, bad: Any) -> None:
        if bad.any():
            self.say(code, bad, name)
            self.frame[name] = self.frame[name].mask(pd.Series(bad, index=self.frame.index))

    def required(self) -> None:
        """Variables that the standard requires a value for."""
        for variable in self._variables():
            if variable.core.lower() == "req" and variable.name in self.frame:
                self.say(SDTM002, self.frame[variable.name].isna(), variable.name, show=False)

    def _variables(self) -> list[VariableSpec]:
        return list(self.plan.datasets[self.dataset.name].spec.variables.values())

    def terms(self) -> None:
        """Values outside their codelist, where no ct() has looked at them."""
        for variable in self._variables():
            codelist = self.codelists.get(variable.codelist)
            if codelist is None or not codelist.terms or self.frame[variable.name].dtype.kind == "f":
                continue
            if not self._by_ct(variable.name):
                self._outside(variable.name, codelist)

    def _by_ct(self, variable: str) -> bool:
        derivations = self.plan.datasets[self.dataset.name].derivations(variable)
        return any(isinstance(x, n.Bound) and x.verb == "ct" for d in derivations for x in d.node.walk())

    def _outside(self, variable: str, codelist: Codelist) -> None:
        series = self.frame[variable]
        bad = series.notna() & ~series.isin(list(codelist.terms))
        severity = Severity.WARNING if codelist.extensible else Severity.ERROR
        self.say(SDTM003, bad, variable, severity=severity, codelist=codelist.id)

    def sequence(self) -> None:
        """--SEQ tells a subject's records apart (SDTMIG 3.4, 4.1.5)."""
        name = f"{self.dataset.name[:2]}SEQ" if len(self.dataset.name) == 2 else "ASEQ"
        if name in self.frame and "USUBJID" in self.frame:
            self.say(SDTM007, self.frame.duplicated(["USUBJID", name], keep=False), name)

    def periods(self) -> None:
        """An end before its start, compared as far as both are known."""
        prefix = self.dataset.name[:2]
        start, end = f"{prefix}STDTC", f"{prefix}ENDTC"
        if len(self.dataset.name) != 2 or start not in self.frame or end not in self.frame:
            return
        both = self.frame[[start, end]].dropna()
        if both.empty:
            return
        lengths = pd.DataFrame({"a": both[start].str.len(), "b": both[end].str.len()})
        shared = lengths.min(axis=1)
        whole = ~(both[start].str.contains("--") | both[end].str.contains("--"))
        mask = np.zeros(len(self.frame), dtype=bool)
        for length in shared.unique():
            pair = both[(shared == length) & whole]
            late = pair[end].str.slice(stop=int(length)) < pair[start].str.slice(stop=int(length))
            mask[pair.index[late]] = True
        self.say(SDTM008, mask, end, start=start)

    def known_subjects(self, dm: pd.DataFrame) -> None:
        """Every subject of a dataset is in DM; a relation of whole datasets (RELREC) has none."""
        if "USUBJID" in self.frame:
            subject = self.frame["USUBJID"]
            self.say(SDTM001, subject.notna() & ~subject.isin(dm["USUBJID"]), "USUBJID", show=False)
