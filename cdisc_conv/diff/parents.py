"""SUPP--, RELREC and CO beside their parents: a record is named by its natural keys, not by its --SEQ.

A sequence number may be numbered anew in another version of a dataset, and with it every IDVARVAL that holds
one (SDTMIG 3.4, 8.4 and 8.3). Where two folders are compared, such an IDVARVAL is put in terms of the
parent's record, so that numbering alone is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from cdisc_conv.diff.find_keys import is_sequence
from cdisc_conv.diff.frame import NUMBER, Columns, Loaded, decoded, one_chunk
from cdisc_conv.diff.load import open_dataset

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("USUBJID", "RDOMAIN", "IDVAR", "IDVARVAL")


@dataclass(frozen=True, slots=True)
class Parent:
    """A dataset that others name records of, and the variables that its own comparison paired rows by."""

    path: Path
    keys: tuple[str, ...]


def names_parents(name: str) -> bool:
    """Whether a dataset of this name names records of others: SUPP--, RELREC or CO."""
    return name in ("RELREC", "CO") or name.startswith("SUPP")


def by_parent(loaded: Loaded, parents: Mapping[str, Parent]) -> Loaded:
    """The dataset with each IDVARVAL that is a --SEQ of a known parent as `AEDECOD=Cough AESTDTC=2024-03-04`.

    One that no record of the parent has stays as it is; so does a dataset without the variables needed.
    """
    if not set(NEEDED) <= set(loaded.names):
        return loaded
    resolver = _Resolver(parents)

    def pieces() -> Iterator[pa.Table]:
        for table in loaded.pieces():
            at = table.column_names.index("IDVARVAL")
            yield table.set_column(at, "IDVARVAL", resolver.resolved(table))

    at_once = loaded.at_once
    return replace(
        loaded, pieces=pieces, at_once=None if at_once is None else lambda: _Columns(at_once(), resolver)
    )


@dataclass(slots=True)
class _Columns:
    """All rows, IDVARVAL in terms of the parents."""

    inner: Columns
    resolver: _Resolver

    @property
    def num_rows(self) -> int:
        return self.inner.num_rows

    def column(self, name: str) -> Any:
        return self.resolver.resolved(self.inner) if name == "IDVARVAL" else self.inner.column(name)


class _Resolver:
    def __init__(self, parents: Mapping[str, Parent]) -> None:
        self.parents = parents
        self.known: dict[str, pd.DataFrame] = {}

    def resolved(self, rows: Columns) -> Any:
        import pandas as pd

        frame = pd.DataFrame({n: _words(rows.column(n)) for n in NEEDED})
        out = frame["IDVARVAL"].copy()
        for (domain, idvar), part in frame.groupby(["RDOMAIN", "IDVAR"], sort=False):
            if domain in self.parents and is_sequence(str(idvar)):
                found = part.merge(self._records(str(domain), str(idvar)), how="left", validate="m:1")
                out.loc[part.index] = found["record"].fillna(found["IDVARVAL"]).to_numpy()
        return pa.array(out, pa.large_string())

    def _records(self, domain: str, idvar: str) -> pd.DataFrame:
        """USUBJID, IDVARVAL and the record's natural keys as text; numbers that name several are left out."""
        import pandas as pd

        if domain not in self.known:
            parent = self.parents[domain]
            opened = open_dataset(parent.path)
            keys = [k for k in parent.keys if k not in ("STUDYID", "USUBJID")]
            if not {"USUBJID", idvar} <= set(opened.names):
                return pd.DataFrame(columns=["USUBJID", "IDVARVAL", "record"], dtype=str)
            rows = opened.at_once() if opened.at_once is not None else pa.concat_tables(opened.pieces())
            numeric = {v.name for v in opened.variables if v.type == NUMBER}
            text = {n: _words(rows.column(n), n in numeric) for n in ("USUBJID", idvar, *keys)}
            frame = pd.DataFrame(text)
            record = pd.Series("", index=frame.index)
            for key in keys:
                record = record + " " + key + "=" + frame[key]
            made = pd.DataFrame(
                {"USUBJID": frame["USUBJID"], "IDVARVAL": frame[idvar], "record": record.str.strip()}
            )
            self.known[domain] = made.drop_duplicates(["USUBJID", "IDVARVAL"], keep=False)
        return self.known[domain]


def _words(column: Any, numeric: bool = False) -> Any:
    """A column as text; numbers in their shortest form, as IDVARVAL has them."""
    values = one_chunk(column)
    if numeric:
        return pc.cast(values, pa.large_string()).to_pandas().str.removesuffix(".0")
    return decoded(values).to_pandas()
