"""A comparison in words that every report shares: the verdict, the settings, where the keys are from."""

from __future__ import annotations

from collections.abc import Sequence

from cdisc_conv.model.difference import DatasetDiff, FolderDiff, Keys, Settings, Verdict

HOW = {
    "given": "given with --id",
    "spec": "from the spec",
    "define.xml": "from define.xml",
    "natural": "the natural keys of the domain",
    "found": "found: no other source, and they tell the rows apart",
    "position": "none: row n is compared with row n",
}


def datasets(diff: DatasetDiff | FolderDiff) -> Sequence[DatasetDiff]:
    """The datasets of a comparison, one or several."""
    return diff.datasets if isinstance(diff, FolderDiff) else (diff,)


def many(number: int, what: str, whats: str = "") -> str:
    """`1 row`, `12,345 rows`."""
    return f"{number:,} {what if number == 1 else whats or what + 's'}"


def verdict(diff: DatasetDiff) -> str:
    """The outcome in one sentence."""
    if diff.verdict is Verdict.EQUAL:
        return f"Equal: {'; '.join(_equal(diff))}."
    if diff.verdict is Verdict.CANNOT_COMPARE:
        return "Cannot compare; the findings say why."
    found = [w for w in (_values(diff), *_rows(diff), *_structure(diff)) if w]
    return "Different: " + "; ".join(found or ["see SYSINFO"]) + "."


def _equal(diff: DatasetDiff) -> list[str]:
    """What equal means here: with a tolerance, or attributes not looked at, it is less than all."""
    agree = f"{many(diff.rows.base, 'row')} on both sides, no value"
    within = sum(v.within_tolerance for v in diff.variables)
    if diff.settings.values_only:
        said = [f"{agree} differs", "attributes were not compared"]
    elif diff.attributes:
        said = [
            f"{agree} differs",
            f"{_counted(len(diff.attributes), 'attribute')}, none that SYSINFO counts",
        ]
    else:
        said = [f"{agree} and no attribute differs"]
    return [*said, f"{_counted(within, 'value')} within the tolerance"] if within else said


def _counted(number: int, what: str) -> str:
    return f"{many(number, what)} differ{'s' if number == 1 else ''}"


def _values(diff: DatasetDiff) -> str:
    if not diff.unequal:
        return "no paired value differs" if diff.rows.paired else ""
    unequal = sum(bool(v.unequal) for v in diff.variables)
    rows = many(diff.rows.unequal, "row")
    return f"{_counted(diff.unequal, 'value')} in {many(unequal, 'variable')} and {rows}"


def _rows(diff: DatasetDiff) -> list[str]:
    rows = diff.rows
    said = {
        f"{many(rows.only_base, 'row')} only in BASE": rows.only_base,
        f"{many(rows.only_compare, 'row')} only in COMPARE": rows.only_compare,
    }
    unpaired = rows.not_paired_base + rows.not_paired_compare
    said[f"{many(unpaired, 'row')} not paired because their key is there more than once"] = unpaired
    return [words for words, number in said.items() if number]


def _structure(diff: DatasetDiff) -> list[str]:
    base, compare = len(diff.only_base_variables), len(diff.only_compare_variables)
    said = {
        f"{many(base, 'variable')} only in BASE": base,
        f"{many(compare, 'variable')} only in COMPARE": compare,
        _counted(len(diff.attributes), "attribute"): len(diff.attributes),
    }
    return [words for words, number in said.items() if number]


def folder_verdict(diff: FolderDiff) -> str:
    """The outcome of two folders in one sentence."""
    number = {v: sum(d.verdict is v for d in diff.datasets) for v in Verdict}
    said = [f"{n} {verdict}" for verdict, n in number.items() if n]
    said += [f"{len(diff.only_base)} only in BASE"] if diff.only_base else []
    said += [f"{len(diff.only_compare)} only in COMPARE"] if diff.only_compare else []
    return f"{many(len(diff.datasets), 'dataset')} on both sides: " + (", ".join(said) or "none") + "."


def keys(found: Keys) -> str:
    """The key variables and how they came to be."""
    how = HOW.get(found.how, found.how)
    pairs = zip(found.variables, found.compare_variables, strict=False)
    names = ", ".join(a if a == b else f"{a} = {b}" for a, b in pairs)
    source = f" ({found.source})" if found.source and found.how != "given" else ""
    return f"{names} — {how}{source}" if names else f"{how}{source}"


def settings(how: Settings) -> list[tuple[str, str]]:
    """What was asked for, as pairs of words; what is as usual is left out, but for the method."""
    single = ", ".join(f"{name} {tolerance}" for name, tolerance in sorted(how.tolerances.items()))
    said = {
        "method": str(how.tolerance) + (f"; {single}" if single else ""),
        "mapped": ", ".join(f"{a} = {b}" for a, b in how.mapped),
        "left out": ", ".join(how.dropped),
        "compared only": ", ".join(how.kept),
        "text normalised": ", ".join(how.normalise),
        "rows": "by position" if how.by_position else "",
        "attributes": "not compared" if how.values_only else "",
    }
    return [(name, words) for name, words in said.items() if words]
