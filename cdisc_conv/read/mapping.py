"""The folder `mappings/<study>/` to a Mapping: pages (YAML) and tables (CSV), slips as findings."""

from __future__ import annotations

from collections.abc import Mapping as Map
from pathlib import Path

from cdisc_conv.codes.map import MAP006, MAP015, MAP016, MAP021, MAP024
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.mapping import Block, Mapping, Page, PageCheck, TextTable
from cdisc_conv.model.study import Study
from cdisc_conv.model.words import Words
from cdisc_conv.read.mapping_lines import constant, variables_of
from cdisc_conv.read.mapping_tte import read_time_to_event
from cdisc_conv.read.pages import written_out
from cdisc_conv.read.study import known_keys
from cdisc_conv.read.tables import read_table
from cdisc_conv.read.yaml import Branch, read_yaml

_MAKERS = ("from", "rows", "parameters", "time_to_event")
_PAGE = {"dataset", "where", "tests", "empty", "variables", "checks", *_MAKERS}
_BLOCK = {"from", "where", "tests", "empty", "variables"}


def read_mapping(folder: Path, shown: str, study: Study | None = None) -> tuple[Mapping, Findings]:
    """All pages and tables of a study's mapping folder; `shown` is the folder's name in findings.

    `study` has the policies and facts that a page may name as `${policy.X}` where no derivation stands.
    """
    findings = Findings()
    tables = {p.stem: read_table(p, f"{shown}/{p.name}", findings) for p in sorted(folder.glob("*.csv"))}
    pages: dict[str, Page] = {}
    for path in sorted(folder.glob("*.yaml")):
        name = f"{shown}/{path.name}"
        for tree in written_out(read_yaml(path, name, findings), study, findings):
            page = _read_page(tree, name, tables, findings)
            if page.dataset in pages:
                what = f"dataset {page.dataset} (also in {pages[page.dataset].file})"
                findings.add(MAP016.at(page.place, what=what))
            elif page.dataset:
                pages[page.dataset] = page
    return Mapping(pages, tables, _codes(tables.get("codes"), findings)), findings


def _codes(table: TextTable | None, findings: Findings) -> dict[str, dict[str, str]]:
    """The table codes.csv (CODELIST, RAW, VALUE) as a map per codelist."""
    codes: dict[str, dict[str, str]] = {}
    if table is None or not has_columns(table, ("CODELIST", "RAW", "VALUE"), findings):
        return codes
    columns = (table.column("CODELIST"), table.column("RAW"), table.column("VALUE"))
    for line, codelist, raw, value in zip(table.lines, *columns, strict=True):
        known = codes.setdefault(codelist, {})
        if known.setdefault(raw.lower(), value) != value:
            what = f"raw value of codelist {codelist}"
            findings.add(MAP016.at(Place(file=table.file, line=line), what=what))
    return codes


def has_columns(table: TextTable, wanted: tuple[str, ...], findings: Findings) -> bool:
    """Whether a table has the columns; each missing one is a finding."""
    lacking = [c for c in wanted if c not in table.header]
    for column in lacking:
        findings.add(MAP024.at(Place(file=table.file, line=1), table=table.name, column=column))
    return not lacking


def _read_page(tree: Branch, shown: str, tables: Map[str, TextTable], findings: Findings) -> Page:
    known_keys(tree, _PAGE, "a mapping page", findings)
    dataset = tree.words("dataset")
    if dataset is None:
        findings.add(MAP015.at(tree.place, where="a mapping page", key="dataset"))
    makers = [m for m in _MAKERS if tree.get(m) is not None]
    if len(makers) != 1:
        key = " or ".join(_MAKERS) if not makers else f"only one of {', '.join(makers)}"
        findings.add(MAP015.at(tree.place, where="a mapping page", key=key))
    time_to_event = tree.branch("time_to_event")
    return Page(
        dataset=dataset.text if dataset else "",
        file=shown,
        place=dataset.place if dataset else tree.place,
        blocks=_blocks(tree, makers[0] if makers else "", tables, findings),
        variables=variables_of(tree, findings),
        time_to_event=read_time_to_event(time_to_event, findings) if time_to_event else None,
        checks=tuple(c for part in _parts(tree, "checks", findings) if (c := _check(part, findings))),
    )


def _check(tree: Branch, findings: Findings) -> PageCheck | None:
    known_keys(tree, {"name", "severity", "from", "where", "message", "hint", "value"}, "a check", findings)
    for key in ("name", "where", "message"):
        if tree.words(key) is None:
            findings.add(MAP015.at(tree.place, where="a check", key=key))
    where, severity = tree.words("where"), tree.text("severity", "warning")
    if severity not in ("error", "warning", "note"):
        findings.add(MAP021.at(tree.place, value=severity, wanted="severity (error, warning, note)"))
        return None
    if where is None:
        return None
    return PageCheck(
        tree.text("name"),
        severity,
        where,
        tree.text("message"),
        tree.text("hint"),
        tree.words("value"),
        tree.words("from"),
        tree.place,
    )


def _blocks(tree: Branch, maker: str, tables: Map[str, TextTable], findings: Findings) -> tuple[Block, ...]:
    if maker == "from":
        block = _block(tree, tables, findings, variables=False)
        return (block,) if block else ()
    made = []
    for part in _parts(tree, maker, findings) if maker in ("rows", "parameters") else ():
        known = _BLOCK | ({"PARAMCD", "PARAM", "PARAMN", "PARCAT1"} if maker == "parameters" else set())
        known_keys(part, known, f"{maker}:", findings)
        block = _block(part, tables, findings, variables=True, parameter=maker == "parameters")
        made += [block] if block else []
    return tuple(made)


def _block(
    tree: Branch,
    tables: Map[str, TextTable],
    findings: Findings,
    *,
    variables: bool,
    parameter: bool = False,
) -> Block | None:
    source = tree.words("from")
    if source is None:
        findings.add(MAP015.at(tree.place, where="a block of rows", key="from"))
        return None
    empty = tree.words("empty")
    if empty is not None and empty.text not in ("drop", "not_done"):
        findings.add(MAP021.at(empty.place, value=empty.text, wanted="policy for empty (drop, not_done)"))
    own = variables_of(tree, findings) if variables else {}
    if parameter:
        own = {**_parameter(tree, findings), **own}
    return Block(
        source=source,
        where=tree.words("where"),
        variables=own,
        tests=_tests(tree.words("tests"), tables, findings),
        empty=empty.text if empty else "drop",
    )


def _parameter(tree: Branch, findings: Findings) -> dict[str, Words]:
    """PARAMCD, PARAM … of a parameter: plain texts, so written as quoted derivations."""
    made = {}
    for key in ("PARAMCD", "PARAM", "PARAMN", "PARCAT1"):
        words = tree.words(key)
        if words is not None:
            made[key] = constant(words, number=key == "PARAMN")
    if "PARAMCD" not in made:
        findings.add(MAP015.at(tree.place, where="a parameter", key="PARAMCD"))
    return made


def _tests(words: Words | None, tables: Map[str, TextTable], findings: Findings) -> TextTable | None:
    if words is None:
        return None
    table = tables.get(words.text.removesuffix(".csv"))
    if table is None:
        findings.add(MAP006.at(words.place, name=words.text))
    elif not has_columns(table, ("value",), findings):
        return None
    return table


def _parts(tree: Branch, key: str, findings: Findings) -> list[Branch]:
    """The mappings in the list under a key; anything else there is a finding."""
    found = tree.get(key)
    if found is None:
        return []
    items = found.items if isinstance(found, Branch) and found.is_list else (found,)
    listed = isinstance(found, Branch) and found.is_list
    for wrong in (i for i in items if not listed or not isinstance(i, Branch) or i.is_list):
        findings.add(MAP021.at(wrong.place, value=key, wanted="list of `- key: value` blocks"))
    return [i for i in items if listed and isinstance(i, Branch) and not i.is_list]
