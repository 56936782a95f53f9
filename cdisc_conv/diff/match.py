"""Which variable of BASE goes with which of COMPARE, and how the values of each pair are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from cdisc_conv.codes import file as codes
from cdisc_conv.diff.frame import Loaded
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.difference import Settings, Tolerance, Variable


@dataclass(slots=True)
class Pair:
    """A variable on both sides; `kind` is how it is compared, the flags say which side is read as numbers."""

    base: Variable
    compare: Variable
    tolerance: Tolerance = field(default_factory=Tolerance)
    kind: str = ""
    base_parsed: bool = False
    compare_parsed: bool = False
    compared: bool = True
    why: str = ""

    @property
    def name(self) -> str:
        """The name in BASE."""
        return self.base.name

    @property
    def format(self) -> str:
        """The format that numbers are shown in: that of the side that has one."""
        return self.base.format or self.compare.format


@dataclass(slots=True)
class Matched:
    """Variables paired, those of one side only, those left out on request."""

    pairs: list[Pair]
    only_base: list[Variable]
    only_compare: list[Variable]
    left_out: list[str] = field(default_factory=list)

    def pair(self, name: str) -> Pair | None:
        """The pair of a name in BASE (any case)."""
        wanted = name.casefold()
        return next((p for p in self.pairs if p.name == name), None) or next(
            (p for p in self.pairs if p.name.casefold() == wanted), None
        )


def match(base: Loaded, compare: Loaded, settings: Settings, findings: Findings) -> Matched:
    """Pair the variables by name (case does not matter, as in SAS) and by --map; raises `CannotRun`."""
    known = {"BASE": base.names, "COMPARE": compare.names}
    mapped = {
        _known(a, "BASE", known, "--map", base): _known(b, "COMPARE", known, "--map", compare)
        for a, b in settings.mapped
    }
    drop = {_either(v, known, "--drop", base).casefold() for v in settings.dropped}
    keep = {_either(v, known, "--keep", base).casefold() for v in settings.kept}
    partners = _partners(base.names, compare.names, mapped)
    _say_case(partners, mapped, base, findings)
    mine, theirs = ({v.name: v for v in side.variables} for side in (base, compare))
    pairs = [Pair(mine[a], theirs[b]) for a, b in partners.items()]
    taken = set(partners.values())
    ids = {i.casefold() for i in settings.ids}
    found = Matched(
        pairs,
        [v for v in base.variables if v.name not in partners],
        [v for v in compare.variables if v.name not in taken],
    )

    def out(*names: str) -> bool:
        folded = {n.casefold() for n in names}
        return not folded & ids and bool(folded & drop or (keep and not folded & keep))

    found.left_out = [p.name for p in pairs if out(p.name, p.compare.name)]
    found.left_out += [v.name for v in (*found.only_base, *found.only_compare) if out(v.name)]
    found.only_base = [v for v in found.only_base if not out(v.name)]
    found.only_compare = [v for v in found.only_compare if not out(v.name)]
    if not pairs:
        hint = codes.DIFF_NO_COMMON.hint.format(base=_some(base.names), compare=_some(compare.names))
        raise CannotRun(codes.DIFF_NO_COMMON.at(Place(file=compare.side.path), hint=hint))
    _set_tolerances(found, settings, known, base)
    return found


def _partners(base: list[str], compare: list[str], mapped: Mapping[str, str]) -> dict[str, str]:
    """Names of COMPARE by names of BASE: mapped ones, then the same, then the same but for case."""
    free = {n for n in compare if n not in mapped.values()}
    folded: dict[str, list[str]] = {}
    for n in compare:
        folded.setdefault(n.casefold(), []).append(n)
    same = set(base) & free
    found = {}
    for name in base:
        if name in mapped:
            found[name] = mapped[name]
        elif name in same:
            found[name] = name
        else:
            near = [n for n in folded.get(name.casefold(), ()) if n in free and n not in same]
            if len(near) == 1:
                found[name] = near[0]
                free.discard(near[0])
    return found


def _say_case(
    partners: Mapping[str, str], mapped: Mapping[str, str], base: Loaded, findings: Findings
) -> None:
    odd = [f"{a}/{b}" for a, b in partners.items() if a != b and a not in mapped]
    if odd:
        findings.add(codes.DIFF_CASE.at(Place(file=base.side.path), names=_some(odd)))


def _set_tolerances(found: Matched, settings: Settings, known: Mapping[str, list[str]], base: Loaded) -> None:
    own = {_either(v, known, "--tolerance", base).casefold(): t for v, t in settings.tolerances.items()}
    for pair in found.pairs:
        given = own.get(pair.name.casefold()) or own.get(pair.compare.name.casefold())
        pair.tolerance = given or settings.tolerance


def _known(name: str, side: str, known: Mapping[str, list[str]], option: str, loaded: Loaded) -> str:
    """The name as that side has it; raises `CannotRun` when it has none such."""
    for n in known[side]:
        if n.casefold() == name.casefold():
            return n
    hint = near_name(name, known[side])
    place = Place(file=loaded.side.path)
    raise CannotRun(codes.DIFF_VARIABLE_UNKNOWN.at(place, option=option, variable=name, side=side, hint=hint))


def _either(name: str, known: Mapping[str, list[str]], option: str, base: Loaded) -> str:
    for side in known.values():
        for n in side:
            if n.casefold() == name.casefold():
                return n
    place = Place(file=base.side.path)
    hint = near_name(name, [n for side in known.values() for n in side])
    raise CannotRun(
        codes.DIFF_VARIABLE_UNKNOWN.at(place, option=option, variable=name, side="either side", hint=hint)
    )


def fitting(settings: Settings, base: Loaded, compare: Loaded, findings: Findings) -> Settings:
    """The settings less the names that neither side has; keys that are not on both sides are passed over."""
    mine, theirs = ({n.casefold() for n in side.names} for side in (base, compare))
    either = mine | theirs
    mapped = {a.casefold(): b.casefold() for a, b in settings.mapped}
    missing = [i for i in settings.ids if mapped.get(i.casefold(), i.casefold()) not in theirs]
    missing += [i for i in settings.ids if i.casefold() not in mine and i not in missing]
    if missing:
        reason = f"{', '.join(missing)} not on both sides"
        findings.add(codes.DIFF_KEYS_PASSED.at(Place(file=base.side.path), source="--id", reason=reason))
    return replace(
        settings,
        ids=() if missing else settings.ids,
        mapped=tuple((a, b) for a, b in settings.mapped if a.casefold() in mine and b.casefold() in theirs),
        dropped=tuple(n for n in settings.dropped if n.casefold() in either),
        kept=tuple(n for n in settings.kept if n.casefold() in either),
        tolerances={n: t for n, t in settings.tolerances.items() if n.casefold() in either},
    )


def near_name(name: str, names: Iterable[str]) -> str:
    """The hint for a name that is not there."""
    every = list(names)
    folded = {n.casefold(): n for n in every}
    near = get_close_matches(name.casefold(), folded, n=1)
    return f"did you mean {folded[near[0]]}?" if near else f"there are {_some(every)}"


def _some(names: list[str], most: int = 20) -> str:
    more = f" … ({len(names)})" if len(names) > most else ""
    return ", ".join(names[:most]) + more if names else "no variable"
