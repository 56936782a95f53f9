"""A finished comparison as text on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from cdisc_conv.model.difference import DatasetDiff, FolderDiff, Lines, Verdict, bits

WIDTH = 32
MANY = 15
_COLOUR = {Verdict.EQUAL: "green", Verdict.DIFFERENT: "yellow", Verdict.CANNOT_COMPARE: "red"}
_HOW = {
    "given": "as given",
    "spec": "of the spec",
    "define.xml": "of",
    "natural": "natural keys of",
    "found": "found:",
}


def show_diff(diff: DatasetDiff | FolderDiff, rows: int) -> None:
    """The whole comparison; of long tables the first `rows` rows."""
    if isinstance(diff, FolderDiff):
        _show_folder(diff, rows)
        return
    for line in _lines(diff, rows):
        click.echo(line)
    _show_verdict(diff)


def _show_folder(diff: FolderDiff, rows: int) -> None:
    """Datasets that differ in full; those that do not have a line of the overview."""
    for dataset in diff.datasets:
        if dataset.verdict is Verdict.EQUAL and not dataset.sysinfo:
            continue
        click.echo(click.style(f"══ {dataset.name} ".ljust(72, "═"), bold=True))
        show_diff(dataset, rows)
        click.echo()
    click.echo(click.style("══ all datasets ".ljust(72, "═"), bold=True))
    header = [
        "dataset",
        "verdict",
        "SYSINFO",
        "rows paired",
        "unequal values",
        "only BASE",
        "only COMPARE",
        "keys",
    ]
    for line in _grid(header, [_overview(d) for d in diff.datasets], "llrrrrrl"):
        click.echo(line)
    for word, names in (("BASE", diff.only_base), ("COMPARE", diff.only_compare)):
        if names:
            click.echo(f"only in {word}: {', '.join(safe(n) for n in names)}")
    _show_verdict(diff)


def _overview(diff: DatasetDiff) -> list[str]:
    rows = diff.rows
    numbers = (rows.paired, diff.unequal, rows.only_base, rows.only_compare)
    return [
        diff.name,
        str(diff.verdict),
        str(diff.sysinfo),
        *map(_n, numbers),
        safe(", ".join(diff.keys.variables)),
    ]


def _show_verdict(diff: DatasetDiff | FolderDiff) -> None:
    words = " + ".join(f"{name} {bit}" for bit, name, _ in bits(diff.sysinfo))
    click.echo(f"\nSYSINFO {diff.sysinfo}{f' = {words}' if words else ''}")
    for _, name, meaning in bits(diff.sysinfo):
        click.echo(f"  {name:9} {meaning}")
    note = ""
    if isinstance(diff, DatasetDiff) and diff.verdict is Verdict.DIFFERENT and _attributes_alone(diff):
        note = " (attributes alone; --values-only lets them pass)"
    if isinstance(diff, DatasetDiff) and diff.verdict is Verdict.EQUAL and diff.sysinfo:
        note = " (attributes differ; --values-only lets them pass)"
    verdict = click.style(str(diff.verdict).upper(), fg=_COLOUR[diff.verdict], bold=True)
    click.echo(f"{verdict}{note}  (exit code {diff.verdict.exit_code})")


def _attributes_alone(diff: DatasetDiff) -> bool:
    return 0 < diff.sysinfo < 64


def _lines(diff: DatasetDiff, rows: int) -> Iterator[str]:
    for word, side in (("BASE", diff.base), ("COMPARE", diff.compare)):
        label = f'  "{safe(side.label)}"' if side.label else ""
        size = f"{_n(side.rows)} rows × {side.columns} variables"
        about = f"{size}, {side.modified}, sha256 {side.sha256[:12]}" if side.sha256 else "not read"
        yield f"{word:8}{safe(side.path)}  ({side.kind}, {about}){label}"
    if diff.verdict is Verdict.CANNOT_COMPARE:
        return
    yield _keys(diff)
    yield from _settings(diff)
    yield from _counts(diff)
    yield from _attributes(diff)
    yield from _variables(diff)
    yield from _values(diff)
    yield from _tables(diff, rows)


def _keys(diff: DatasetDiff) -> str:
    if not diff.keys.variables:
        return "keys    none: row n of BASE with row n of COMPARE"
    pairs = zip(diff.keys.variables, diff.keys.compare_variables, strict=True)
    names = ", ".join(safe(a if a == b else f"{a}={b}") for a, b in pairs)
    source = "" if diff.keys.how == "given" else f" {safe(diff.keys.source)}"
    return f"keys    {names}  ({_HOW[diff.keys.how]}{source})"


def _settings(diff: DatasetDiff) -> Iterator[str]:
    s = diff.settings
    said = [f"numbers {s.tolerance}"] if s.tolerance.method != "exact" else []
    said += [f"{safe(v)} {t}" for v, t in s.tolerances.items()]
    said += [f"text without regard to {', '.join(s.normalise)}"] if s.normalise else []
    if said:
        yield f"method  {'; '.join(said)}"
    if diff.left_out:
        yield f"left out on request: {_some(diff.left_out)}"


def _counts(diff: DatasetDiff) -> Iterator[str]:
    r = diff.rows
    yield f"rows    {_n(r.paired)} paired, {_n(r.unequal)} of them with a value that differs"
    if r.only_base or r.only_compare:
        yield f"        {_n(r.only_base)} only in BASE, {_n(r.only_compare)} only in COMPARE"
    if r.not_paired_base or r.not_paired_compare:
        agree = f"; {_n(r.agreeing)} rows of them are the same sets on both sides" if r.agreeing else ""
        yield (
            f"        {_n(r.not_paired_base)} of BASE and {_n(r.not_paired_compare)} of COMPARE not paired: "
            f"their key is there more than once{agree}"
        )


def _attributes(diff: DatasetDiff) -> Iterator[str]:
    if diff.attributes:
        yield f"\nAttributes that differ ({len(diff.attributes)})"
        body = [[a.variable or "(dataset)", a.attribute, a.base, a.compare] for a in diff.attributes[:MANY]]
        yield from _grid(["variable", "attribute", "BASE", "COMPARE"], body, "llll")
        yield from _more(len(diff.attributes), MANY)
    for word, found in (("BASE", diff.only_base_variables), ("COMPARE", diff.only_compare_variables)):
        if found:
            yield f"variables only in {word} ({len(found)}): {_some([v.name for v in found])}"


def _variables(diff: DatasetDiff) -> Iterator[str]:
    found = [v for v in diff.variables if v.unequal]
    apart = [v for v in diff.variables if not v.compared and v.why != "key"]
    compared = [v for v in diff.variables if v.compared]
    yield ""
    differ = "1 value differs" if diff.unequal == 1 else f"{_n(diff.unequal)} values differ"
    yield f"{differ}, in {len(found)} of {len(compared)} variables compared"
    body = [
        [
            v.name,
            *(_n(n) for n in (v.unequal, v.values, v.only_base_filled, v.only_compare_filled)),
            _f(v.max_difference),
            _f(v.max_percent),
        ]
        for v in sorted(found, key=lambda v: -v.unequal)[:MANY]
    ]
    header = ["variable", "unequal", "of", "missing in COMPARE", "missing in BASE", "largest", "largest %"]
    yield from _grid(header, body, "lrrrrrr") if body else ()
    yield from _more(len(found), MANY)
    for v in apart[:MANY]:
        yield f"not compared: {safe(v.name)}: {v.why}"
    yield from _more(len(apart), MANY)
    within = sum(v.within_tolerance for v in diff.variables)
    if within:
        unequal = "1 unequal value is" if within == 1 else f"{_n(within)} unequal values are"
        yield f"{unequal} within the tolerance and counted as equal"


def _values(diff: DatasetDiff) -> Iterator[str]:
    if diff.by_subject is not None and diff.by_subject.rows:
        yield f"\nBy subject ({_n(diff.by_subject.rows)} with a difference; {diff.subject})"
        names = ["subject", "differences", "variables", "only_base", "only_compare"]
        header = ["subject", "values", "variables", "rows only BASE", "rows only COMPARE"]
        yield from _table(diff.by_subject, names, header, "lrrrr", 10)
    if diff.largest is not None and diff.largest.rows:
        yield "\nLargest differences"
        names = [*diff.key_columns, "variable", "base_value", "compare_value", "difference", "percent"]
        rows = _largest(diff)
        yield from _grid(
            _header(names), [[_cell(r[n]) for n in names] for r in rows], "l" * (len(names) - 4) + "rrrr"
        )


def _largest(diff: DatasetDiff) -> list[dict[str, Any]]:
    """The largest of each variable, those variables first that differ most often."""
    assert diff.largest is not None
    seen: dict[str, dict[str, Any]] = {}
    for row in diff.largest.head(10_000).to_pylist():
        seen.setdefault(row["variable"], row)
    order = {v.name: -v.unequal for v in diff.variables}
    return sorted(seen.values(), key=lambda r: order[r["variable"]])[:10]


def _tables(diff: DatasetDiff, rows: int) -> Iterator[str]:
    keys = list(diff.key_columns)
    if diff.differences is not None and diff.differences.rows and rows:
        shown = min(rows, diff.differences.rows)
        yield f"\nValues that differ (first {shown} of {_n(diff.differences.rows)})"
        yield from _differences(diff, rows)
    for word, lines in (("BASE", diff.only_base), ("COMPARE", diff.only_compare)):
        if lines is not None and lines.rows and rows:
            yield f"\nRows only in {word} (first {min(rows, lines.rows)} of {_n(lines.rows)})"
            other = "COMPARE" if word == "BASE" else "BASE"
            header = ["row", *keys, f"nearest row of {other}", "differs in"]
            yield from _table(
                lines, ["row", *keys, "near_row", "near_keys"], header, "r" + "l" * len(keys) + "rl", rows
            )
    if diff.duplicates is not None and diff.duplicates.rows and rows:
        shown = min(rows, diff.duplicates.rows)
        yield f"\nRows with duplicate keys (first {shown} of {_n(diff.duplicates.rows)})"
        names = ["side", "row", *keys, "times", "other_times", "agrees"]
        header = ["side", "row", *keys, "times", "on the other side", "same set"]
        yield from _table(diff.duplicates, names, header, "lr" + "l" * len(keys) + "rrl", rows)


def _differences(diff: DatasetDiff, rows: int) -> Iterator[str]:
    assert diff.differences is not None
    keys = list(diff.key_columns)
    body = []
    for row in diff.differences.head(rows).to_pylist():
        values = around(str(row["base_value"]), str(row["compare_value"]))
        cells = [_cell(row[k]) for k in keys] if keys else [f"{row['base_row']}"]
        body.append([*cells, row["variable"], *values, _f(row["difference"]), _f(row["percent"])])
    header = [*(keys or ["row"]), "variable", "BASE", "COMPARE", "difference", "%"]
    yield from _grid(header, body, "l" * (len(header) - 2) + "rr")


def _table(lines: Lines, names: Sequence[str], header: Sequence[str], sides: str, rows: int) -> Iterator[str]:
    body = [[_cell(row[n]) for n in names] for row in lines.head(rows).to_pylist()]
    yield from _grid(header, body, sides)
    yield from _more(lines.rows, rows)


def _header(names: Iterable[str]) -> list[str]:
    words = {"base_value": "BASE", "compare_value": "COMPARE", "percent": "%"}
    return [words.get(n, n) for n in names]


def _more(count: int, shown: int) -> Iterator[str]:
    if count > shown:
        yield f"  … and {_n(count - shown)} more"


def _grid(header: Sequence[str], body: Sequence[Sequence[str]], sides: str) -> Iterator[str]:
    """Columns as wide as they need be; `sides` says l or r for each."""
    cells = [[_short(safe(c)) for c in row] for row in body]
    widths = [max([len(h), *(len(r[i]) for r in cells)]) for i, h in enumerate(header)]
    for n, row in enumerate([[safe(h) for h in header], *cells]):
        fitted = [c.rjust(w) if s == "r" else c.ljust(w) for c, w, s in zip(row, widths, sides, strict=True)]
        line = "  " + "  ".join(fitted).rstrip()
        yield click.style(line, dim=True) if n == 0 else line


def safe(text: str) -> str:
    """Text with its control characters, which could rewrite the screen, and odd blanks made visible."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def around(one: str, other: str) -> tuple[str, str]:
    """Two values cut, where they are long, to the place where they begin to differ."""
    first = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    start = max(first - WIDTH // 3, 0) if max(len(one), len(other)) > WIDTH else 0
    return _window(one, start), _window(other, start)


def _window(text: str, start: int) -> str:
    if not text:
        return "(blank)"
    cut = text[start : start + WIDTH - 2]
    cut = ("…" if start else "") + cut + ("…" if start + len(cut) < len(text) else "")
    return f"'{cut}'" if cut != cut.strip() or "  " in cut else cut


def _short(text: str) -> str:
    return text if len(text) <= WIDTH + 8 else text[: WIDTH + 7] + "…"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _f(value) if isinstance(value, float) else str(value)


def _f(number: float | None) -> str:
    return "" if number is None else f"{number:.6g}"


def _n(number: int) -> str:
    return f"{number:,}"


def _some(names: Sequence[str], most: int = 12) -> str:
    more = f" … and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(safe(n) for n in names[:most]) + more
