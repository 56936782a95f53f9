"""What the standards say of a spec's datasets and variables, for SDTM and for ADaM."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from cdisc_conv.model.spec import DatasetSpec
from cdisc_conv.model.standards import IG, STRUCTURES, IGVariable, placeholder_pattern
from cdisc_conv.read.spec_layout import is_supplemental
from cdisc_conv.read.standards import CT, load_ct, load_ig, versions

GENERAL_CLASSES = ("Interventions", "Events", "Findings", "Findings About")
_ANY_CLASS_ROLES = ("Timing", "Identifier")
CONTINUED = ("COVAL", "TSVAL")
"""Variables that go on in numbered ones (COVAL1, COVAL2 …)."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the standards say of a variable; `standing` tells where it was found.

    "guide": in the guide's own dataset or structure; "class": in other datasets of its SDTM class;
    "copied": an SDTM variable in ADaM; "": nowhere (then `variable` is None).
    """

    variable: IGVariable | None = None
    standing: str = ""
    guide: str = ""  # the guide that says it: "SDTMIG 3.4"


@dataclass(frozen=True)
class SdtmGuide:
    """The SDTMIG for a spec's datasets."""

    ig: IG
    classes: CT

    @property
    def title(self) -> str:
        """As `Standard` writes it: "SDTMIG 3.4"."""
        return self.ig.title

    def dataset(self, d: DatasetSpec) -> DatasetSpec:
        """The dataset with its blank attributes as the guide has them."""
        found = self.ig.dataset(d.name)
        if found is None:
            return d
        term = self.classes.synonym("GNRLOBSC", found.class_)
        label = found.label.replace("[domain name]", d.name.removeprefix("SUPP").removeprefix("SQ"))
        reference = found.class_ == "Trial Design"
        once = reference or found.structure == "One record per subject"
        return replace(
            d,
            label=d.label or label,
            class_=d.class_ or (term.value if term else ""),
            structure=d.structure or found.structure,
            keys=d.keys or _supplemental_keys(d.name),
            repeating=d.repeating or ("No" if once else "Yes"),
            reference_data=d.reference_data or ("Yes" if reference else "No"),
        )

    def domain(self, d: DatasetSpec) -> str:
        """The guide's name for the dataset: QSSL -> QS; its own name when the guide has none."""
        return self.ig.domain(d.name) or d.name

    def knows(self, d: DatasetSpec) -> bool:
        """Whether the guide has the dataset."""
        return bool(self.ig.domain(d.name))

    def strict(self, d: DatasetSpec) -> bool:
        """Whether a variable that the standards don't have is an error: always in SDTM."""
        return True

    def variables(self, d: DatasetSpec) -> Mapping[str, IGVariable]:
        """The guide's variables of the dataset, in its order."""
        return self.ig.variables(d.name)

    def wanted(self, d: DatasetSpec) -> Iterator[IGVariable]:
        """Req and Exp variables that the dataset lacks."""
        for v in self.ig.variables(d.name).values():
            if v.core in ("Req", "Exp") and v.name not in d.variables:
                yield v

    def variable(self, d: DatasetSpec, name: str, predecessor: str) -> Said:
        """The guide's variable, else the one that other datasets of the class have."""
        own = self.ig.variables(d.name).get(name)
        if own is not None:
            return Said(own, "guide", self.title)
        known = self.ig.dataset(d.name)
        class_ = known.class_ if known else d.class_.title()
        if class_ not in GENERAL_CLASSES:
            return self._continued(d, name)
        prefix = self.ig.domain(d.name) or d.name[:2]
        generic = "--" + name[len(prefix) :] if name.startswith(prefix) else name
        finds_about = class_.startswith("Findings")
        found = [
            v
            for c, v in self._generic.get(generic, ())
            if v.role in _ANY_CLASS_ROLES or c == class_ or (finds_about and c.startswith("Findings"))
        ]
        if not found:
            return Said()
        label = found[0].label if len({v.label for v in found}) == 1 else ""
        values = () if name == "DOMAIN" else found[0].values
        return Said(
            replace(found[0], name=name, label=label, core="Perm", values=values), "class", self.title
        )

    def _continued(self, d: DatasetSpec, name: str) -> Said:
        """COVAL1, TSVAL1 …: what does not fit into 200 characters (SDTMIG 3.4, sections 5.1 and 7.4.2)."""
        first = name.rstrip("0123456789")
        own = self.ig.variables(d.name).get(first)
        if own is None or first == name or first not in CONTINUED:
            return Said()
        label = f"{own.label} {name[len(first) :]}"
        return Said(replace(own, name=name, label=label, core="Perm"), "guide", self.title)

    @cached_property
    def _generic(self) -> dict[str, list[tuple[str, IGVariable]]]:
        """Variables of the general classes by name without the domain's prefix (--STDTC)."""
        found: dict[str, list[tuple[str, IGVariable]]] = {}
        for d in self.ig.datasets.values():
            for v in d.variables.values() if d.class_ in GENERAL_CLASSES else ():
                prefixed = v.name.startswith(d.name) and len(v.name) > len(d.name)
                generic = "--" + v.name[len(d.name) :] if prefixed else v.name
                found.setdefault(generic, []).append((d.class_, v))
        return found


@dataclass(frozen=True)
class AdamGuide:
    """The ADaMIG (with OCCDS) for a spec's datasets, and the SDTMIG for variables copied from SDTM."""

    ig: IG
    sdtm: IG

    @property
    def title(self) -> str:
        """As `Standard` writes it: "ADaMIG 1.3"."""
        return self.ig.title

    def dataset(self, d: DatasetSpec) -> DatasetSpec:
        """The dataset with its blank attributes as the guide has them (it knows only ADSL by name)."""
        if d.name == "ADSL":
            d = replace(
                d,
                label=d.label or "Subject-Level Analysis Dataset",
                class_=d.class_ or "SUBJECT LEVEL ANALYSIS DATASET",
                structure=d.structure or "One record per subject",
                keys=d.keys or ("STUDYID", "USUBJID"),
            )
        once = d.class_ == "SUBJECT LEVEL ANALYSIS DATASET"
        return replace(
            d,
            repeating=d.repeating or ("No" if once else "Yes"),
            reference_data=d.reference_data or "No",
        )

    def structure(self, d: DatasetSpec) -> str:
        """ADSL, BDS, TTE or OCCDS, from class and subclass; "" for other classes."""
        return "TTE" if d.subclass == "TIME-TO-EVENT" else STRUCTURES.get(d.class_, "")

    def domain(self, d: DatasetSpec) -> str:
        """The structure, as findings name it."""
        return self.structure(d) or d.name

    def knows(self, d: DatasetSpec) -> bool:
        """Any dataset is ADaM's when it has a class."""
        return True

    def strict(self, d: DatasetSpec) -> bool:
        """A sponsor's own variables are allowed in ADaM."""
        return False

    def variables(self, d: DatasetSpec) -> Mapping[str, IGVariable]:
        """The guide's variables of the structure."""
        return self.ig.variables(self.structure(d))

    def wanted(self, d: DatasetSpec) -> Iterator[IGVariable]:
        """Req variables that the dataset lacks; TRTxxP is there when any TRT01P, TRT02P … is."""
        for v in self.variables(d).values():
            pattern = placeholder_pattern(v.pattern or v.name)
            if v.core == "Req" and not any(pattern.fullmatch(name) for name in d.variables):
                yield v

    def variable(self, d: DatasetSpec, name: str, predecessor: str) -> Said:
        """The ADaM variable (any structure's for the class ADAM OTHER), else the SDTM variable copied."""
        structure = self.structure(d) or ("OCCDS" if d.class_ else "")
        found = self.ig.find(structure, name) if structure else None
        if found is None or "*" in found.pattern:
            copied = self._copied(name, predecessor)
            if copied is not None:
                return Said(copied, "copied", self.sdtm.title)
        return Said(found, "guide", self.ig.titled(structure, found)) if found else Said()

    def _copied(self, name: str, predecessor: str) -> IGVariable | None:
        source, _, column = predecessor.partition(".")
        if column == name and source in self.sdtm.datasets:
            return self.sdtm.variables(source).get(name)
        for domain in (name[:2], "DM", "SV"):
            if name in self.sdtm.variables(domain):
                return self.sdtm.variables(domain)[name]
        return None


Guide = SdtmGuide | AdamGuide


@dataclass(frozen=True)
class Standards:
    """The standards that a spec is held against."""

    kind: str  # "sdtm" or "adam"
    guide: Guide
    packages: tuple[CT, ...]  # controlled terminology, the spec's own package first


def load_standards(kind: str, ig_version: str, ct_version: str) -> Standards:
    """The shipped standards of an SDTM or ADaM spec, e.g. `load_standards("adam", "1.3", "2025-03-28")`.

    ADaM takes SDTM's terminology too, and the newest SDTMIG for variables copied from SDTM. Raises
    `CannotRun` (SPEC001) for a version that is not shipped.
    """
    sdtm_ct = load_ct("sdtm", ct_version)
    if kind == "sdtm":
        classes = load_ct("define", versions("define")[-1])
        return Standards(kind, SdtmGuide(load_ig("sdtmig", ig_version), classes), (sdtm_ct,))
    guide = AdamGuide(load_ig("adamig", ig_version), load_ig("sdtmig", versions("sdtmig")[-1]))
    return Standards(kind, guide, (load_ct("adam", ct_version), sdtm_ct))


def _supplemental_keys(name: str) -> tuple[str, ...]:
    if not is_supplemental(name):
        return ()
    return ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")
