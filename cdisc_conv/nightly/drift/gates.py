"""How bad each kind of drift is: as its code has it, or as the config says under `gates:`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase

from cdisc_conv.codes import drift
from cdisc_conv.findings import Code, Finding, Findings, Place, Row, Severity
from cdisc_conv.model.words import Words
from cdisc_conv.read.yaml import Branch

OFF = "off"
WANTED = "error, warning, note or off, with or without 'above N%'"
_RULE = re.compile(r"(error|warning|note|off)(?:\s+above\s+(\d+(?:\.\d+)?)\s*%)?")


def kind_of(code: Code) -> str:
    """The key of a code under `gates:`."""
    return code.name.removeprefix("drift-").replace("-", "_")


KINDS: dict[str, Code] = {kind_of(c): c for c in vars(drift).values() if isinstance(c, Code)}
"""Every kind of drift by its key."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A severity (None: off), which holds above some share; up to it there is a warning."""

    severity: Severity | None
    above: float = 0.0

    def of(self, share: float) -> Severity | None:
        """The severity for a drift of that share of rows or subjects."""
        if self.severity is Severity.ERROR and self.above and share <= self.above:
            return Severity.WARNING
        return self.severity


USUAL = {"rows_fewer": Rule(Severity.ERROR, 0.01)}
"""Rules that are more than the severity of the code."""


@dataclass(frozen=True, slots=True)
class Gates:
    """The rules of a study: for all files, and for files that fit a pattern."""

    rules: Mapping[str, Rule] = field(default_factory=dict)
    files: tuple[tuple[str, Mapping[str, Rule]], ...] = ()

    def rule(self, kind: str, file: str) -> Rule:
        """The rule for a kind of drift in a file; the last pattern that fits goes first."""
        for pattern, rules in reversed(self.files):
            if kind in rules and fnmatchcase(file, pattern):
                return rules[kind]
        return self.rules.get(kind) or USUAL.get(kind) or Rule(KINDS[kind].severity)


USUAL_GATES = Gates()
"""Every kind of drift with its own severity."""


@dataclass(slots=True)
class Seen:
    """Drifts as they are seen, each with the severity that the gates give it."""

    gates: Gates
    study: str
    findings: Findings = field(default_factory=Findings)

    def add(
        self,
        code: Code,
        place: Place,
        *,
        rows: tuple[Row, ...] = (),
        count: int | None = None,
        share: float = 1.0,
        **fields: object,
    ) -> None:
        """Add a drift, unless it is off; `share` is of the rows (or subjects) that there were."""
        severity = self.gates.rule(kind_of(code), place.file).of(share)
        if severity is None:
            return
        hint = code.hint.format_map({"study": self.study, **fields}) if "{" in code.hint else code.hint
        self.findings.add(code.at(place, hint=hint, rows=rows, count=count, severity=severity, **fields))

    @property
    def errors(self) -> list[Finding]:
        """The drifts that block."""
        return [f for f in self.findings if f.severity is Severity.ERROR]


Wrong = Callable[[Words, str, str], None]
Unknown = Callable[[Words, str, str], None]


def read_gates(branch: Branch, wrong: Wrong, unknown: Unknown) -> Gates:
    """The rules in `gates:`; slips go to `wrong` (words, key, wanted) and `unknown` (words, key, hint)."""
    files = branch.branch("files")
    patterns = []
    for pattern, inner in (files.entries if files else {}).items():
        if isinstance(inner, Branch):
            patterns.append((pattern, _rules(inner, wrong, unknown)))
        else:
            wrong(inner, pattern, "a mapping of kinds of drift")
    return Gates(_rules(branch, wrong, unknown, ("files",)), tuple(patterns))


def _rules(branch: Branch, wrong: Wrong, unknown: Unknown, others: tuple[str, ...] = ()) -> dict[str, Rule]:
    found = {}
    for key, words in branch.keys.items():
        value = branch.entries[key]
        if key in others:
            continue
        if key not in KINDS:
            near = get_close_matches(key, KINDS, 1)
            unknown(words, key, f"did you mean '{near[0]}'?" if near else f"known: {', '.join(KINDS)}")
        elif not isinstance(value, Words) or not (fits := _RULE.fullmatch(value.text.strip().lower())):
            wrong(value if isinstance(value, Words) else words, key, WANTED)
        else:
            severity = None if fits[1] == OFF else Severity(fits[1])
            found[key] = Rule(severity, float(fits[2] or 0) / 100)
    return found
