"""Terms of a codelist together with the study's code map for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdisc_conv.language.arguments import refused

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.model.spec import Codelist


@dataclass(frozen=True, slots=True)
class Terms:
    """How raw values become terms: `mapped` is the study's code map, `folded` the terms by lower case."""

    name: str
    codelist: Codelist | None
    mapped: Mapping[str, str]
    folded: Mapping[str, str]

    def find(self, raw: str) -> str | None:
        """The submission value of a raw value, None when there is none."""
        value = raw.strip()
        if self.codelist and value in self.codelist.terms:
            return value
        low = value.lower()
        plain = unicodedata.normalize("NFKC", low).strip()
        return (
            self.mapped.get(low) or self.folded.get(low) or self.mapped.get(plain) or self.folded.get(plain)
        )

    def decode(self, value: str) -> str | None:
        """The decoded value of a term, None when there is none."""
        term = self.codelist.terms.get(value.strip()) if self.codelist else None
        return term.decode or None if term else None

    def refuses(self, value: str) -> bool:
        """Whether the codelist is not extensible and does not have the value."""
        return self.codelist is not None and not self.codelist.extensible and value not in self.codelist.terms


def terms_of(ctx: Context, verb: str, id: str) -> Terms:
    """The codelist of that id, or of the variable, with its code map; refused when there is neither."""
    codelist = ctx.codelist(id)
    mapped = ctx.code_map(codelist.id if codelist else id)
    if codelist is None and not mapped:
        raise refused(ctx, verb, f"finds no codelist {id!r}" if id else "finds no codelist of the variable")
    folded: dict[str, str] = {}
    for term in codelist.terms if codelist else ():
        folded.setdefault(term.lower(), term)
    return Terms(codelist.id if codelist else id, codelist, mapped, folded)
