"""Analysis records held against the rules of the ADaMIG that every study shares; nothing is changed.

Runs on each finished piece, which has all records of its subjects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cdisc_conv.codes.adam import ADAM004, ADAM005, ADAM006, ADAM007, ADAM008, ADAM009, ADAM010
from cdisc_conv.engine.finish import Finished
from cdisc_conv.engine.view import Workshop
from cdisc_conv.findings import Code, Place

BASELINES = ("USUBJID", "PARAMCD", "BASETYPE")
"""Within these one baseline holds (ADaMIG 1.3, BASE)."""

RECORDS = (*BASELINES, "AVISIT", "ATPT", "APERIOD", "APHASE", "DTYPE")
"""What may tell several analysis records of a subject and parameter apart, as far as a dataset has it."""

CLOSE = 1e-9
"""Part of the larger number by which a difference may be off as double arithmetic is."""


def conform_adam(shop: Workshop, dataset: Finished, done: Mapping[str, Finished], times: bool) -> None:
    """Check a finished ADaM dataset; `times`: of the time-to-event kind."""
    frame = dataset.frame
    have = set(frame.columns)
    checker = _Checker(shop, dataset)
    if {"SRCDOM", "SRCSEQ", "USUBJID"} <= have:
        checker.sources(done)
    if {"ANL01FL", "AVISIT", "PARAMCD"} <= have:
        checker.one_record()
    if {"BASE", "PARAMCD"} <= have:
        checker.baseline()
    if {"AVAL", "BASE", "CHG"} <= have:
        checker.change()
    if {"AVAL", "AVALC", "PARAMCD"} <= have:
        checker.texts()
    if times:
        checker.times()


class _Checker:
    def __init__(self, shop: Workshop, dataset: Finished) -> None:
        self.shop, self.dataset, self.frame = shop, dataset, dataset.frame

    def say(self, code: Code, mask: Any, variable: str, **fields: Any) -> None:
        """A finding for the records where `mask` holds."""
        at = np.flatnonzero(np.asarray(mask))
        if len(at):
            values = self.frame[variable].take(at).astype(object)
            rows = self.shop.sources.rows(self.dataset.origin[at], values)
            place = Place(dataset=self.dataset.name, variable=variable)
            self.shop.findings.add(code.at(place, rows=rows, count=len(at), **fields))

    def sources(self, done: Mapping[str, Finished]) -> None:
        """Every SRCSEQ is a record of its SRCDOM, as far as that is built with it."""
        lost = np.zeros(len(self.frame), dtype=bool)
        told = self.frame[["USUBJID", "SRCDOM", "SRCSEQ"]].dropna()
        for domain, records in told.groupby("SRCDOM", sort=True):
            source = done.get(str(domain))
            name = f"{domain}SEQ" if source and f"{domain}SEQ" in source.frame else "ASEQ"
            if source is None or name not in source.frame:
                continue
            known = pd.MultiIndex.from_frame(source.frame[["USUBJID", name]])
            lost[records.index[~pd.MultiIndex.from_frame(records[["USUBJID", "SRCSEQ"]]).isin(known)]] = True
        self.say(ADAM004, lost, "SRCSEQ")

    def one_record(self) -> None:
        """One record with ANL01FL = Y a subject, parameter and visit."""
        keys = [k for k in RECORDS if k in self.frame]
        flagged = self.frame[(self.frame["ANL01FL"] == "Y") & self.frame["AVISIT"].notna()]
        self.say(
            ADAM005,
            self._where(flagged.index[flagged.duplicated(keys, keep=False)]),
            "AVISIT",
            keys=" ".join(keys),
        )

    def baseline(self) -> None:
        """BASE is one number within subject, parameter and kind of baseline."""
        keys = [k for k in BASELINES if k in self.frame]
        based = self.frame[self.frame["BASE"].notna()]
        pairs = based.drop_duplicates([*keys, "BASE"])
        mixed = pairs.index[pairs.duplicated(keys, keep=False)]
        self.say(ADAM006, self._where(mixed), "BASE", keys=" ".join(keys))

    def change(self) -> None:
        """CHG is AVAL - BASE wherever it is given."""
        aval, base, change = (self.frame[c].to_numpy(dtype="float64") for c in ("AVAL", "BASE", "CHG"))
        size = np.maximum(np.maximum(np.abs(aval), np.abs(base)), 1.0)
        right = np.abs(aval - base - change) <= CLOSE * size
        self.say(ADAM007, ~np.isnan(change) & ~right, "CHG")

    def texts(self) -> None:
        """AVAL and AVALC stand one to one within a parameter wherever both are given."""
        both = self.frame[["PARAMCD", "AVAL", "AVALC"]].dropna()
        pairs = both.drop_duplicates()
        twice = pairs.duplicated(["PARAMCD", "AVAL"], keep=False) | pairs.duplicated(
            ["PARAMCD", "AVALC"], keep=False
        )
        for parameter, rows in pairs[twice].groupby("PARAMCD", sort=True):
            self.say(ADAM008, self._where(rows.index), "AVALC", parameter=parameter)

    def times(self) -> None:
        """One record a subject and parameter, CNSR a whole number from 0."""
        self.say(ADAM009, self.frame.duplicated(["USUBJID", "PARAMCD"], keep=False), "PARAMCD")
        if "CNSR" in self.frame:
            value = self.frame["CNSR"]
            self.say(ADAM010, ~((value >= 0) & (value % 1 == 0)), "CNSR")

    def _where(self, index: Any) -> Any:
        mask = np.zeros(len(self.frame), dtype=bool)
        mask[index] = True
        return mask
