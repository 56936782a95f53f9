"""What CDISC says: the datasets and variables of an implementation guide, as looked up by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

ANY_DOMAIN = "--"
STRUCTURES = {
    "SUBJECT LEVEL ANALYSIS DATASET": "ADSL",
    "SUBJECT-LEVEL ANALYSIS DATASET": "ADSL",
    "BASIC DATA STRUCTURE": "BDS",
    "TIME-TO-EVENT": "TTE",
    "OCCURRENCE DATA STRUCTURE": "OCCDS",
}
"""Names of the ADaM structures in the guides and in Define-XML's classes, and the short names used here."""

_LOOKS_IN = {
    "ADSL": ("ADSL", "BDS*"),
    "BDS": ("BDS", "ADSL"),
    "TTE": ("BDS", "ADSL"),
    "OCCDS": ("OCCDS", "ADSL", "BDS"),
}
_PLACEHOLDERS = {"xx": r"\d\d", "zz": r"\d\d", "y": r"[1-9]\d?", "w": r"[1-9]\d?"}
_PARTS = re.compile(r"\*|xx|zz|y|w")


@dataclass(frozen=True, slots=True)
class IGVariable:
    """A variable as an implementation guide has it.

    `codelists` are NCI codes of CDISC codelists (several: the spec must say which); `described` is what
    the guide says in place of a codelist ("ISO 8601 duration", "MedDRA"); `pattern` is the guide's own
    name when it has a placeholder (`TRTxxP`, `*DT`), else "". A label in braces is the sponsor's to write.
    """

    name: str
    label: str
    type: str  # Char or Num
    role: str
    core: str  # Req Exp Perm Cond
    codelists: tuple[str, ...] = ()
    described: str = ""
    values: tuple[str, ...] = ()
    order: int = 0
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class IGDataset:
    """A dataset (SDTM) as the guide has it, with its variables in the guide's order."""

    name: str
    label: str
    class_: str
    structure: str
    variables: Mapping[str, IGVariable] = field(default_factory=dict)
    guide: str = ""  # the guide it stands in, where that is another than the IG's own

    def patterns(self) -> tuple[IGVariable, ...]:
        """Variables with a placeholder in the name, the most telling first: TRTxxP, then *SDT, then *DT."""
        found = [v for v in self.variables.values() if v.pattern]
        return tuple(sorted(found, key=lambda v: ("*" in v.pattern, -len(v.pattern))))


@dataclass(frozen=True, slots=True)
class IG:
    """An implementation guide: SDTMIG by dataset, ADaMIG by structure (ADSL, BDS, TTE, OCCDS)."""

    name: str  # as define.xml writes it: SDTMIG, ADaMIG
    version: str
    datasets: Mapping[str, IGDataset]

    @property
    def title(self) -> str:
        """The guide and its version in a word: "SDTMIG 3.4"."""
        return f"{self.name} {self.version}"

    def domain(self, name: str) -> str:
        """The guide's dataset behind a dataset's name: QSSL -> QS, SUPPAE -> SUPPQUAL; "" if none."""
        if name in self.datasets:
            return name
        if name.startswith(("SUPP", "SQ")) and len(name) > 2 and "SUPPQUAL" in self.datasets:
            return "SUPPQUAL"
        return name[:2] if 3 <= len(name) <= 4 and name[:2] in self.datasets else ""

    def dataset(self, name: str) -> IGDataset | None:
        """The dataset of that name, or the one that it is a part of or supplements; None if unknown."""
        return self.datasets.get(self.domain(name))

    def variables(self, name: str) -> Mapping[str, IGVariable]:
        """Variables of an SDTM dataset or an ADaM structure, in the guide's order; empty if unknown."""
        found = self.datasets.get("BDS" if name == "TTE" else self.domain(name))
        return found.variables if found else {}

    def find(self, structure: str, name: str) -> IGVariable | None:
        """The guide's variable for a name: exact, else by placeholder (TRT01P is TRTxxP, label filled in).

        An ADaM structure also looks where its variables may come from (BDS and OCCDS: ADSL's variables;
        all: the user-defined timing suffixes `*DT`, `*DTM`, …).
        """
        for where in _LOOKS_IN.get(structure, (structure,)):
            only_suffixes = where.endswith("*")
            dataset = self.dataset(where.rstrip("*"))
            found = _find_in(dataset, name, only_suffixes) if dataset else None
            if found is not None:
                return found
        return None

    def titled(self, structure: str, variable: IGVariable) -> str:
        """The guide that a found variable is from: the IG, or the one of its structure (OCCDS)."""
        own = self.datasets.get(structure)
        inside = own is not None and (variable.pattern or variable.name) in own.variables
        return (own.guide if own and inside else "") or self.title


def _find_in(dataset: IGDataset, name: str, only_suffixes: bool) -> IGVariable | None:
    if name in dataset.variables and not only_suffixes:
        return dataset.variables[name]
    for v in dataset.patterns():
        if "*" in v.pattern or not only_suffixes:
            match = placeholder_pattern(v.pattern).fullmatch(name)
            if match:
                return replace(v, name=name, label=_filled(v.label, v.pattern, match))
    return None


@lru_cache(maxsize=1024)
def placeholder_pattern(name: str) -> re.Pattern[str]:
    """A name of the guide with placeholders as a pattern: xx, zz two digits; y, w a number; * letters."""
    out, at = [], 0
    for part in _PARTS.finditer(name):
        out.append(re.escape(name[at : part.start()]))
        out.append(r"([A-Z][A-Z0-9]*)" if part[0] == "*" else f"({_PLACEHOLDERS[part[0]]})")
        at = part.end()
    return re.compile("".join(out) + re.escape(name[at:]))


def _filled(label: str, pattern: str, match: re.Match[str]) -> str:
    """The label with the placeholders' values: "Planned Treatment for Period xx" -> "… Period 01"."""
    for part, value in zip(_PARTS.findall(pattern), match.groups(), strict=True):
        if part != "*":
            label = re.sub(rf"\b{part}\b", value, label)
    return label
