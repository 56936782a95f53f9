"""Why two datasets differ: values followed back through their lineage, and what changed between two runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cdisc_conv.model.lineage import Trace

KINDS = ("raw data", "spec", "mapping", "study", "program", "library")
"""What a package is made from; `study` is study.yaml, `program` this tool and the study's own verbs."""


@dataclass(frozen=True, slots=True)
class Run:
    """A package of ours: what run/run.json says of it, as far as a comparison needs it.

    `texts` and `raw` are SHA-256 by file, `libraries` versions by name.
    """

    root: str
    study: str
    created: str
    tool: str
    texts: dict[str, str]
    raw: dict[str, str]
    libraries: dict[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """An input that is not the same in two runs: a hash or a version of each, "" where it is absent."""

    kind: str
    name: str
    base: str
    compare: str

    @property
    def what(self) -> str:
        """`added`, `gone` or `changed`, seen from BASE."""
        return "changed" if self.base and self.compare else "gone" if self.base else "added"


@dataclass(frozen=True, slots=True)
class RunsApart:
    """Two runs side by side; `same` are the kinds of input that did not change at all."""

    base: Run
    compare: Run
    changes: tuple[Change, ...]
    same: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """A differing value and the way back from it.

    `side` says which side is ours (base or compare), `record` names the row by its key. `trace` is None
    where `note` says why it could not be followed; `note` also says when the value built again is another
    than the one in the file. `touched` are changed inputs that this very value is made from.
    """

    variable: str
    record: str
    base: str
    compare: str
    side: str
    trace: Trace | None = None
    note: str = ""
    touched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """What `--explain` found out about one dataset; `left_out` differing values were not followed."""

    dataset: str
    runs: RunsApart | None = None
    followed: tuple[Followed, ...] = ()
    left_out: int = 0
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON data."""
        made: dict[str, Any] = {"dataset": self.dataset, "left_out": self.left_out, "notes": list(self.notes)}
        if self.runs is not None:
            made["runs"] = {
                "base": self.runs.base.root,
                "compare": self.runs.compare.root,
                "same": list(self.runs.same),
                "changes": [
                    {"kind": c.kind, "name": c.name, "what": c.what, "base": c.base, "compare": c.compare}
                    for c in self.runs.changes
                ],
            }
        made["followed"] = [_followed(f) for f in self.followed]
        return made


def _followed(value: Followed) -> dict[str, Any]:
    made: dict[str, Any] = {k: getattr(value, k) for k in ("variable", "record", "base", "compare", "side")}
    made |= {"note": value.note, "touched": list(value.touched)}
    return made | ({"trace": value.trace.as_dict()} if value.trace is not None else {})
