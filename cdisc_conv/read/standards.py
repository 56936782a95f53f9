"""Standards as shipped in `specs/standards/`: implementation guides and controlled terminology.

    ig = load_ig("sdtmig", "3.4")          ig.dataset("AE").label     ig.variables("AE")["AESER"].core
    ct = load_ct("sdtm", "2025-03-28")     ct.codelist("NY").terms    ct.term("C66742", "Y").nci_code

Guides are small and read whole. Of a terminology only the index is read; a codelist's rows are read from
their place in the table when it is asked for.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from io import StringIO
from pathlib import Path

from cdisc_conv.assets import assets
from cdisc_conv.codes import spec as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Place
from cdisc_conv.model.spec import Codelist, Term
from cdisc_conv.model.standards import IG, STRUCTURES, IGDataset, IGVariable

IG_NAMES = {"sdtmig": "SDTMIG", "adamig": "ADaMIG", "adam-occds": "ADaM-OCCDSIG"}
CT_NAMES = {"sdtm": "SDTM", "adam": "ADaM", "define": "DEFINE-XML"}
CT_FILES = {"sdtm": "sdtm", "adam": "adam", "define": "define-xml"}


def standards_folder() -> Path:
    """The folder of the shipped standards."""
    return assets() / "specs" / "standards"


def _records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def versions(name: str) -> list[str]:
    """The versions shipped of a guide ("sdtmig", "adamig", "adam-occds") or a CT package ("sdtm", …)."""
    root = standards_folder()
    if name in CT_FILES:
        return sorted(p.parent.name for p in root.glob(f"ct/*/{CT_FILES[name]}.csv"))
    return sorted(p.name.removeprefix(f"{name}-") for p in root.glob(f"{name}-[0-9]*") if p.is_dir())


def _must_have(name: str, version: str) -> None:
    if version not in versions(name):
        have = ", ".join(versions(name)) or "none"
        shown = IG_NAMES.get(name) or f"{CT_NAMES.get(name, name)} CT"
        raise CannotRun(codes.NO_STANDARD.at(Place(), standard=f"{shown} {version}", have=have))


@lru_cache(maxsize=8)
def load_ig(name: str, version: str) -> IG:
    """An implementation guide: "sdtmig", "adamig" (with the newest OCCDS guide) or "adam-occds".

    Raises `CannotRun` (SPEC001) when that version is not shipped.
    """
    _must_have(name, version)
    folder = standards_folder() / f"{name}-{version}"
    rows = _records(folder / "variables.csv")
    if name == "sdtmig":
        return IG(IG_NAMES[name], version, _sdtm_datasets(_records(folder / "datasets.csv"), rows))
    if name == "adamig":
        structures = _adam_structures(rows)
        for occds in versions("adam-occds")[-1:]:
            structures |= load_ig("adam-occds", occds).datasets
        return IG(IG_NAMES[name], version, structures)
    return IG(IG_NAMES[name], version, _adam_structures(rows, f"{IG_NAMES[name]} {version}"))


def _sdtm_datasets(datasets: list[dict[str, str]], rows: list[dict[str, str]]) -> dict[str, IGDataset]:
    variables: dict[str, dict[str, IGVariable]] = {d["Dataset Name"]: {} for d in datasets}
    for r in rows:
        variables[r["Dataset Name"]][r["Variable Name"]] = IGVariable(
            name=r["Variable Name"],
            label=r["Variable Label"],
            type=r["Type"],
            role=r["Role"],
            core=r["Core"],
            codelists=_split(r["CDISC CT Codelist Code(s)"]),
            described=r["Described Value Domain(s)"],
            values=_split(r["Value List"]),
            order=int(r["Variable Order"]),
        )
    return {
        d["Dataset Name"]: IGDataset(
            d["Dataset Name"], d["Dataset Label"], d["Class"], d["Structure"], variables[d["Dataset Name"]]
        )
        for d in datasets
    }


def _adam_structures(rows: list[dict[str, str]], guide: str = "") -> dict[str, IGDataset]:
    found: dict[str, IGDataset] = {}
    variables: dict[str, dict[str, IGVariable]] = {}
    for r in rows:
        title = r["Data Structure Name"]
        short = STRUCTURES[title.upper()]
        if short not in found:
            variables[short] = {}
            class_ = title.upper().replace("SUBJECT-LEVEL", "SUBJECT LEVEL")
            found[short] = IGDataset(short, "", class_, "", variables[short], guide)
        name = r["Variable Name"]
        variables[short][name] = IGVariable(
            name=name,
            label=r["Variable Label"],
            type=r["Type"],
            role="",
            core=r["Core"],
            codelists=_split(r["CDISC CT Codelist Code(s)"]),
            described=r["Described Value Domain(s)"],
            values=_split(r["Value List Value"]),
            order=len(variables[short]) + 1,
            pattern=name if name != name.upper() or "*" in name else "",
        )
    return found


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A codelist's line in the index: its names, and where its rows stand in the table (bytes)."""

    code: str
    value: str
    name: str
    extensible: bool
    offset: int
    length: int
    terms: int
    decodes: str  # NCI code of the list with the names of these codes, or ""


class CT:
    """A package of controlled terminology; its codelists are found by NCI code or submission value.

    Attributes: `package` ("sdtm", "adam", "define"), `version` (ISO date), `title` ("SDTM CT 2025-03-28").
    """

    def __init__(self, package: str, version: str, table: Path) -> None:
        self.package, self.version = package, version
        self.title = f"{CT_NAMES[package]} CT {version}"
        self._table = table
        self._entries: dict[str, IndexEntry] = {}
        self._by_value: dict[str, str] = {}
        self._read: dict[str, Codelist] = {}
        for r in _records(table.with_suffix(".index.csv")):
            entry = IndexEntry(
                r["Code"],
                r["Submission Value"],
                r["Name"],
                r["Extensible"] == "Yes",
                int(r["Offset"]),
                int(r["Length"]),
                int(r["Terms"]),
                r["Decodes"],
            )
            self._entries[entry.code] = entry
            self._by_value.setdefault(entry.value, entry.code)

    def __contains__(self, codelist: str) -> bool:
        return codelist in self._entries or codelist in self._by_value

    def entries(self) -> Iterable[IndexEntry]:
        """Every codelist of the package as the index has it, in the table's order."""
        return self._entries.values()

    def entry(self, codelist: str) -> IndexEntry | None:
        """The index line of a codelist, by NCI code (C66742) or submission value (NY)."""
        return self._entries.get(codelist) or self._entries.get(self._by_value.get(codelist, ""))

    def codelist(self, codelist: str) -> Codelist | None:
        """The codelist with its terms, by NCI code or submission value; None if not in the package.

        A term's `decode` is its name in the paired list with the same NCI codes (ALT in LBTESTCD:
        "Alanine Aminotransferase" of LBTEST); "" where there is no such list.
        """
        entry = self.entry(codelist)
        if entry is None:
            return None
        if entry.code not in self._read:
            self._read[entry.code] = self._load(entry)
        return self._read[entry.code]

    def _load(self, entry: IndexEntry) -> Codelist:
        head, *rows = self._rows(entry)
        if head[0] != entry.code or len(rows) != entry.terms:
            raise CannotRun(codes.INDEX_STALE.at(Place(file=str(self._table)), codelist=entry.value))
        decodes: dict[str, str] = {}
        if entry.decodes:
            decodes = {r[0]: r[4] for r in self._rows(self._entries[entry.decodes])[1:]}
        terms = {
            r[4]: Term(value=r[4], nci_code=r[0], decode=decodes.get(r[0], ""), synonyms=_split(r[5]))
            for r in rows
        }
        return Codelist(
            id=entry.value,
            name=entry.name,
            place=Place(),
            nci_code=entry.code,
            terminology=self.title,
            extensible=entry.extensible,
            terms=terms,
        )

    def _rows(self, entry: IndexEntry) -> list[list[str]]:
        with self._table.open("rb") as file:
            file.seek(entry.offset)
            text = file.read(entry.length).decode("utf-8")
        return list(csv.reader(StringIO(text, newline="")))

    def term(self, codelist: str, value: str) -> Term | None:
        """A term by its exact submission value; None if the list or the term is unknown."""
        found = self.codelist(codelist)
        return found.terms.get(value) if found else None

    def synonym(self, codelist: str, text: str) -> Term | None:
        """The one term meant by a text: its value in any case, or one of its synonyms; None if not one."""
        found = self.codelist(codelist)
        if found is None:
            return None
        wanted = " ".join(text.split()).casefold()
        terms = found.terms.values()
        hits = [t for t in terms if t.value.casefold() == wanted]
        hits = hits or [t for t in terms if wanted in {s.casefold() for s in t.synonyms}]
        return hits[0] if len(hits) == 1 else None

    def near(self, codelist: str, text: str) -> str:
        """The term nearest to a mistyped one, by synonym or spelling; "" if none is near."""
        known = self.synonym(codelist, text)
        found = self.codelist(codelist)
        if known or not found:
            return known.value if known else ""
        upper = {t.upper(): t for t in found.terms}
        return next((upper[m] for m in get_close_matches(text.upper(), upper, n=1, cutoff=0.75)), "")


@lru_cache(maxsize=8)
def load_ct(package: str, version: str) -> CT:
    """A CT package: "sdtm", "adam" or "define". Raises `CannotRun` (SPEC001) when it is not shipped."""
    _must_have(package, version)
    return CT(package, version, standards_folder() / "ct" / version / f"{CT_FILES[package]}.csv")
