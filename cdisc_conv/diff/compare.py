"""Two datasets compared, from two files to the finished comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import gettempdir

import numpy as np

from cdisc_conv.codes import file as codes
from cdisc_conv.diff.attributes import attributes, not_carried
from cdisc_conv.diff.data import Data, Part, Rule, parted, whole
from cdisc_conv.diff.frame import Bools, Loaded
from cdisc_conv.diff.keys import SUBJECTS, Known, choose_keys
from cdisc_conv.diff.load import open_dataset
from cdisc_conv.diff.match import Pair, fitting, match
from cdisc_conv.diff.more_keys import more_keys
from cdisc_conv.diff.near import ROWS, nearest
from cdisc_conv.diff.pairing import Paired, agreeing, pair_rows
from cdisc_conv.diff.parents import Parent, by_parent
from cdisc_conv.diff.say import Say, quiet
from cdisc_conv.diff.settle import settle
from cdisc_conv.diff.sysinfo import BASEOBS, COMPOBS, ERROR, VALUE, sysinfo, verdict
from cdisc_conv.diff.tables import Differing, Tables, View, by_subject
from cdisc_conv.diff.threads import at_once
from cdisc_conv.diff.values import Tally, compare_values
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.difference import (
    DatasetDiff,
    Keys,
    RowCounts,
    Settings,
    Side,
    Verdict,
)

MEMORY = 2 << 30
"""Bytes that the rows of both sides may take together before they are cut into parts on disk."""
PARTS = 6
"""Parts for each time that the rows are as large as this: what is made of a part takes room as well."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What a comparison needs beside the files: settings, keys of a spec by dataset, memory, progress.

    `lenient`: names in the settings that a dataset has not are passed over, as several are compared.
    `parents`: of BASE and of COMPARE, the datasets beside it that a SUPP-- or RELREC names records of.
    """

    settings: Settings = field(default_factory=Settings)
    spec: Known = field(default_factory=dict)
    memory: int = MEMORY
    say: Say = quiet
    lenient: bool = False
    parents: tuple[Mapping[str, Parent], Mapping[str, Parent]] | None = None


def compare_files(
    base: Path, compare: Path, ways: Ways | None = None, *, parts: tuple[str, str] = ("", "")
) -> DatasetDiff:
    """Compare two files; `parts` name the sheet or the dataset in each, where a file has several.

    What keeps the two from being compared is in the outcome's findings; nothing is raised for it.
    """
    ways = ways or Ways()
    opened: list[Loaded] = []
    try:
        ways.say(f"read {base}, {compare}")
        for loaded in at_once(open_dataset, (base, compare), parts):
            opened.append(loaded)
        if ways.parents is not None:
            opened = [by_parent(loaded, p) for loaded, p in zip(opened, ways.parents, strict=True)]
        return _Comparison(opened[0], opened[1], ways).run()
    except CannotRun as error:
        known = [f for loaded in opened for f in loaded.findings]
        return _cannot(base, compare, opened, [*known, *error.findings], ways)
    except OSError as error:  # a file that went away meanwhile, a disk that is full
        place = Place(file=str(error.filename or gettempdir()))
        broken = codes.DIFF_UNREADABLE.at(place, reason=error.strerror or str(error))
        return _cannot(base, compare, opened, [broken], ways)


def _cannot(
    base: Path, compare: Path, opened: list[Loaded], findings: Sequence[object], ways: Ways
) -> DatasetDiff:
    sides = [loaded.side for loaded in opened]
    for path in (base, compare)[len(sides) :]:
        size = path.stat().st_size if path.is_file() else 0
        sides.append(Side(str(path), path.suffix.lstrip("."), path.stem.upper(), "", 0, 0, "", size, ""))
    merged = Findings(list(dict.fromkeys(findings))).merged()  # type: ignore[arg-type]
    return DatasetDiff(
        sides[0].dataset,
        sides[0],
        sides[1],
        Verdict.CANNOT_COMPARE,
        ERROR,
        ways.settings,
        findings=tuple(merged),
    )


class _Comparison:
    """Two opened datasets on their way to a finished comparison."""

    def __init__(self, base: Loaded, compare: Loaded, ways: Ways) -> None:
        self.base, self.compare, self.ways = base, compare, ways
        self.settings = ways.settings
        self.findings = Findings()
        self.counts = RowCounts()
        self.open_bits = 0

    def run(self) -> DatasetDiff:
        if self.ways.lenient:
            self.settings = fitting(self.settings, self.base, self.compare, self.findings)
        self.matched = match(self.base, self.compare, self.settings, self.findings)
        left_out = {n.casefold() for n in self.matched.left_out}
        keys = choose_keys(
            self.base, self.compare, self.matched, self.settings, self.ways.spec, self.findings
        )
        names = set(keys.variables)
        self.matched.pairs = [
            p for p in self.matched.pairs if p.name in names or p.name.casefold() not in left_out
        ]
        self.matched.left_out = [n for n in self.matched.left_out if n not in names]
        self.keys = [p for n in keys.variables if (p := self.matched.pair(n)) is not None]
        self.subject = self._subject_pair()
        data = self._data()
        settle(self.base, self.compare, self.matched.pairs, data, self.findings)
        self._check_keys()
        values = [p for p in self.matched.pairs if p.compared and p not in self.keys]
        self.tallies = {p.name: Tally() for p in values}
        self.tables = Tables(self.keys, of_subjects=self.subject is not None)
        self.ways.say(f"compare {self.base.side.dataset}")
        for i, open_part in enumerate(data.parts):
            self._add(open_part(), values, (i / len(data), 1 / len(data)))
        in_order = len(data) == 1 or self.tables.sort([p.name for p in self.matched.pairs])
        return self._finished(keys, in_order)

    def _subject_pair(self) -> Pair | None:
        for name in SUBJECTS:
            pair = self.matched.pair(name)
            if pair is not None:
                return pair
        return None

    def _data(self) -> Data:
        """The rows: in memory where they fit."""
        memory = self.base.memory + self.compare.memory
        same = [k for k in self.keys if k.base.type == k.compare.type]
        if memory <= self.ways.memory or (self.keys and not same):
            return whole(self.base, self.compare, self.matched.pairs)
        subject = [k for k in same if self.subject is not None and k.name == self.subject.name]
        parts = min(-(-memory * PARTS // self.ways.memory), 500)
        rule = Rule(parts, self.settings.normalise)
        return parted(self.base, self.compare, self.matched.pairs, subject or same, rule, self.ways.say)

    def _check_keys(self) -> None:
        for pair in self.keys:
            if not pair.compared:
                reason = f"{pair.name} is {pair.why}"
                raise CannotRun(codes.DIFF_NO_KEYS.at(Place(file=self.compare.side.path), reason=reason))

    def _add(self, part: Part, values: Sequence[Pair], share: tuple[float, float]) -> None:
        """Compare a part's rows; `share` is how much is done before it, and how much of all it is."""
        normalise = self.settings.normalise
        paired = pair_rows(part, self.keys, normalise)
        view = View(part, self.keys, self.subject)
        unequal = np.zeros(len(paired.base), dtype=bool)

        def compared(pair: Pair) -> Differing | None:
            found = compare_values(part, paired, pair, normalise, self.tallies[pair.name])
            return None if found is None else self.tables.differing(view, paired, pair, found)

        text = f"compare {self.base.side.dataset}"
        for n, differing in enumerate(at_once(compared, values), 1):
            self.ways.say(text, share[0] + share[1] * n / len(values))
            if differing is not None:
                unequal[differing.at] = True
                self.tables.add_differing(differing)
        agrees = self._open_rows(part, paired, values)
        for side in ("base", "compare"):
            self.tables.add_only(view, side, getattr(paired, f"only_{side}"))
            self.tables.add_duplicates(view, side, paired, agrees)
        self._count(part, paired, int(unequal.sum()), agrees)

    def _open_rows(self, part: Part, paired: Paired, values: Sequence[Pair]) -> dict[str, Bools]:
        """Which rows, of keys that are there more than once, belong to a key that agrees as a whole."""
        mine, theirs = agreeing(part, paired, values, self.settings.normalise)
        flags = {}
        for side, at, agree in (("base", paired.open_base, mine), ("compare", paired.open_compare, theirs)):
            flags[side] = np.zeros(getattr(part, side).num_rows, dtype=bool)
            flags[side][at] = agree
        keys = paired.codes.base[paired.open_base[~mine]], paired.codes.compare[paired.open_compare[~theirs]]
        for key in keys:
            a, b = paired.times_base[key], paired.times_compare[key]
            self.open_bits |= BASEOBS if (a > b).any() else 0
            self.open_bits |= COMPOBS if (a < b).any() else 0
            self.open_bits |= VALUE if (a == b).any() else 0
        return flags

    def _count(self, part: Part, paired: Paired, unequal: int, agrees: dict[str, Bools]) -> None:
        c = self.counts
        self.counts = replace(
            c,
            base=c.base + part.base.num_rows,
            compare=c.compare + part.compare.num_rows,
            paired=c.paired + len(paired.base),
            unequal=c.unequal + unequal,
            only_base=c.only_base + len(paired.only_base),
            only_compare=c.only_compare + len(paired.only_compare),
            not_paired_base=c.not_paired_base + len(paired.open_base),
            not_paired_compare=c.not_paired_compare + len(paired.open_compare),
            agreeing=c.agreeing + int(agrees["base"].sum()),
            duplicates_base=c.duplicates_base + len(paired.double_base),
            duplicates_compare=c.duplicates_compare + len(paired.double_compare),
        )

    def _more_keys(self) -> str:
        """What to do about keys that are there more than once."""
        hint = codes.DIFF_DUPLICATES.hint
        more, share = more_keys(self.base, self.compare, self.matched, self.keys)
        if not more:
            return f"{hint}; a further key variable (--id) may tell them apart"
        ids = ",".join([*(k.name for k in self.keys), *more])
        return f"{hint}; --id {ids} would pair {share:.0%} of the rows"

    def _finished(self, keys: Keys, in_order: bool) -> DatasetDiff:
        place = Place(file=self.compare.side.path)
        counts, matched, tables = self.counts, self.matched, self.tables
        if counts.duplicates_base or counts.duplicates_compare:
            found = codes.DIFF_DUPLICATES.at(
                place, base=counts.duplicates_base, compare=counts.duplicates_compare, hint=self._more_keys()
            )
            self.findings.add(found)
        if not in_order:
            self.findings.add(codes.DIFF_UNSORTED.at(place))
        if counts.only_base and counts.only_compare and max(counts.only_base, counts.only_compare) > ROWS:
            self.findings.add(codes.DIFF_NEAR_LIMITED.at(place, number=ROWS))
        key_names = {k.name for k in self.keys}
        variables = tuple(
            self.tallies.get(p.name, Tally()).done(p, key=p.name in key_names) for p in matched.pairs
        )
        differing = tuple(attributes(self.base, self.compare, matched.pairs))
        only = matched.only_base, matched.only_compare
        code = sysinfo(differing, only, variables, counts, self.open_bits)
        near = nearest(tables.only, tables.key_columns, [k.name for k in self.keys])
        subject = self.subject.name if self.subject is not None else ""
        apart = not_carried(self.base, self.compare, self.findings)
        self.findings.extend([*self.base.findings, *self.compare.findings])
        return DatasetDiff(
            name=self.base.side.dataset,
            base=replace(self.base.side, rows=counts.base),
            compare=replace(self.compare.side, rows=counts.compare),
            verdict=verdict(code, values_only=self.settings.values_only),
            sysinfo=code,
            settings=self.settings,
            keys=keys,
            attributes=differing,
            not_carried=apart,
            only_base_variables=tuple(only[0]),
            only_compare_variables=tuple(only[1]),
            left_out=tuple(matched.left_out),
            variables=variables,
            rows=counts,
            key_columns=tables.key_columns,
            subject=subject,
            differences=tables.differences.lines(),
            only_base=near["base"],
            only_compare=near["compare"],
            duplicates=tables.duplicates.lines(),
            by_subject=by_subject(tables, subject).lines(),
            largest=tables.largest().lines(),
            sorted=in_order,
            findings=tuple(self.findings.merged()),
        )
