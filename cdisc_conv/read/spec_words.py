"""The closed word lists that a spec's cells take from the Define-XML terminology."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cdisc_conv.findings import Code
from cdisc_conv.model.spec import Codelist
from cdisc_conv.read.spec_cells import Line
from cdisc_conv.read.standards import load_ct, versions

_LISTS = {
    "class": ("GNRLOBSC",),
    "subclass": ("BDSSC", "OCCSC", "MDBDSSC"),
    "origin": ("ORIGINT",),
    "source": ("ORIGINS",),
}
_OLDER = {
    "CRF": "as Define-XML 2.1 has it: Origin Collected, Source Investigator",
    "EDT": "as Define-XML 2.1 has it: Origin Collected, Source Vendor",
}
"""Origins of Define-XML 2.0 that stand for an origin and a source."""


@dataclass(frozen=True, slots=True)
class Words:
    """Terms by list, and the synonyms that stand for one term."""

    terms: dict[str, tuple[str, ...]]
    others: dict[str, dict[str, str]]

    def take(self, line: Line, field: str, words: str, code: Code) -> str:
        """The cell's word as the terminology writes it; an unknown one is dropped with the finding `code`."""
        text = line.text(field).upper()
        if words == "origin" and text in _OLDER:
            line.note(code, field, text=line.text(field), hint=_OLDER[text])
            return ""
        return line.one_of(field, self.terms[words], code, self.others[words])


@lru_cache(maxsize=1)
def load_words() -> Words:
    """The words of the newest Define-XML terminology that is shipped."""
    ct = load_ct("define", versions("define")[-1])
    lists: dict[str, list[Codelist]] = {
        name: [c for c in map(ct.codelist, ids) if c is not None] for name, ids in _LISTS.items()
    }
    return Words(
        {name: tuple(t for c in found for t in c.terms) for name, found in lists.items()},
        {
            name: {s.casefold(): t.value for c in found for t in c.terms.values() for s in t.synonyms}
            for name, found in lists.items()
        },
    )
