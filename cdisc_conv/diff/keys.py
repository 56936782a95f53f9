"""Which variables pair the rows: as given, else of the spec, else of define.xml, else natural, else found."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cdisc_conv.assets import assets
from cdisc_conv.codes import file as codes
from cdisc_conv.diff.find_keys import find_keys, is_sequence, repeating
from cdisc_conv.diff.frame import Loaded
from cdisc_conv.diff.match import Matched, Pair, near_name
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.difference import Keys, Settings

SUBJECTS = ("USUBJID", "SUBJID", "SUBJECT", "SUBJECTID", "PATIENT", "PATID")
CONSTANT = "STUDYID"
"""The same in all rows, as a rule: another program's dataset may lack it and still be paired."""
Known = Mapping[str, tuple[tuple[str, ...], str]]
"""Keys by dataset, and where they stand."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Keys that a source offers for this dataset."""

    names: tuple[str, ...]
    how: str
    source: str


def choose_keys(
    base: Loaded, compare: Loaded, matched: Matched, settings: Settings, spec: Known, findings: Findings
) -> Keys:
    """The keys, how they came to be said as a finding. Raises `CannotRun` when there are none."""
    if settings.by_position:
        return Keys((), (), "position", "row n of BASE with row n of COMPARE (--by-position)")
    if settings.ids:
        return _keys([_given(i, base, compare, matched) for i in settings.ids], "given", "--id")
    place = Place(file=base.side.path)
    rough: list[tuple[float, Keys]] = []  # keys that leave records alike, once --SEQ is out of them
    for offer in _offers(base, compare, matched, spec, findings):
        kept = [n for n in offer.names if not is_sequence(n) and (n != CONSTANT or matched.pair(n))]
        pairs = [p for n in kept if (p := matched.pair(n)) is not None]
        reason = _why_not(kept, pairs)
        repeats = 0.0
        if not reason and (rough or len(kept) < len(offer.names)):
            repeats = repeating(base, compare, pairs)
            reason = f"{', '.join(kept)} do not tell all records apart" if repeats else ""
        if not reason:
            _say_without(offer, findings, place)
            return _keys(pairs, offer.how, offer.source)
        if repeats:
            rough.append((repeats, _keys(pairs, offer.how, offer.source)))
        findings.add(codes.DIFF_KEYS_PASSED.at(place, source=offer.source, reason=reason))
    found, reason = find_keys(base, compare, matched, findings)
    if found and not (rough and repeating(base, compare, found)):
        return _keys(found, "found", reason)
    if rough:
        return min(rough, key=lambda r: r[0])[1]
    raise CannotRun(codes.DIFF_NO_KEYS.at(place, reason=reason))


def _why_not(names: Sequence[str], pairs: Sequence[Pair]) -> str:
    """Why keys without their --SEQ pair no rows, "" where they do."""
    missing = [n for n in names if n not in [p.name for p in pairs]]
    if missing:
        return f"{', '.join(missing)} not on both sides"
    return "" if names else "they are a sequence number, which may be numbered anew in another version"


def _keys(pairs: Sequence[Pair], how: str, source: str) -> Keys:
    return Keys(tuple(p.name for p in pairs), tuple(p.compare.name for p in pairs), how, source)


def _given(name: str, base: Loaded, compare: Loaded, matched: Matched) -> Pair:
    pair = matched.pair(name)
    if pair is not None:
        return pair
    lacking = [
        (word, loaded)
        for word, loaded in (("BASE", base), ("COMPARE", compare))
        if name.casefold() not in [n.casefold() for n in loaded.names]
    ]
    word, loaded = lacking[0] if lacking else ("both sides", base)
    hint = near_name(name, [p.name for p in matched.pairs])
    place = Place(file=loaded.side.path)
    raise CannotRun(codes.DIFF_KEY_UNKNOWN.at(place, variable=name, side=word, hint=hint))


def _offers(
    base: Loaded, compare: Loaded, matched: Matched, spec: Known, findings: Findings
) -> Iterator[Offer]:
    name = base.side.dataset.upper()
    other = compare.side.dataset.upper()
    for dataset in dict.fromkeys((name, other)):
        if dataset in spec and spec[dataset][0]:
            yield Offer(spec[dataset][0], "spec", spec[dataset][1])
    for loaded in (base, compare):
        keys, path = define_keys(Path(loaded.side.path).parent, loaded.side.dataset.upper(), findings)
        if keys:
            yield Offer(keys, "define.xml", path)
    for dataset in dict.fromkeys((name, other, *_words(name), *_words(other))):
        keys = tuple(k for k in natural_keys(dataset, matched) if matched.pair(k) is not None)
        if any(k not in ("STUDYID", *SUBJECTS) for k in keys) or dataset in ("DM", "ADSL"):
            yield Offer(keys, "natural", f"the domain {dataset}")


def _words(name: str) -> list[str]:
    """The parts of a file name such as AE_QC or PROD-ADSL, one of which may be the domain."""
    return [w for w in re.split(r"[^A-Z0-9]+", name) if w]


def _say_without(offer: Offer, findings: Findings, place: Place) -> None:
    for name in offer.names:
        if is_sequence(name):
            findings.add(codes.DIFF_KEY_SEQ.at(place, source=offer.source, variable=name))


def natural_keys(dataset: str, matched: Matched) -> tuple[str, ...]:
    """The natural keys of a domain by the table `specs/standards/natural-keys.csv`."""
    with (assets() / "specs" / "standards" / "natural-keys.csv").open(encoding="utf-8", newline="") as file:
        table = {row["Dataset"]: tuple(row["Keys"].split()) for row in csv.DictReader(file)}
    if dataset in table:
        return table[dataset]
    for start in ("SUPP*", "AD*"):
        if dataset.startswith(start[:-1]) and len(start) <= len(dataset) <= 8:
            return table[start]
    prefix = dataset[:2]
    if len(dataset) in (2, 4) and matched.pair(f"{prefix}TESTCD") is not None:
        return tuple(k.replace("--", prefix) for k in table["*FINDINGS"])
    return ()


def define_keys(folder: Path, dataset: str, findings: Findings) -> tuple[tuple[str, ...], str]:
    """The keys of a dataset by the define.xml beside it; none when there is no such file or dataset."""
    path = folder / "define.xml"
    if not path.is_file():
        return (), ""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.parse(str(path), parser).getroot()
    except (etree.XMLSyntaxError, OSError) as error:
        findings.add(codes.DIFF_DEFINE.at(Place(file=str(path)), reason=str(error)))
        return (), ""
    names = {e.get("OID"): e.get("Name") for e in root.iterfind(".//{*}ItemDef")}
    for group in root.iterfind(".//{*}ItemGroupDef"):
        if (group.get("Name") or "").upper() != dataset:
            continue
        refs = [r for r in group.iterfind("{*}ItemRef") if (r.get("KeySequence") or "").isdigit()]
        refs.sort(key=lambda r: int(r.get("KeySequence") or 0))
        return tuple(str(names.get(r.get("ItemOID")) or "") for r in refs), str(path)
    return (), ""
