"""The lists that a spec's items refer to: codelists, dictionaries, methods, comments, documents, results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cdisc_conv.codes import spec as codes
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.spec import Codelist, Comment, Condition, Dictionary, Document, Method, Term
from cdisc_conv.read.spec_cells import Line, Table, did_you_mean
from cdisc_conv.read.spec_layout import COMPARATORS, DATA_TYPE_WORDS, DATA_TYPES

_OF_LIST = ("name", "nci_codelist_code", "data_type", "terminology", "comment")
_METHOD_TYPES = ("Computation", "Imputation")


@dataclass(slots=True)
class Lists:
    """What items may refer to, by id; `refer` reads a cell that holds an id."""

    codelists: dict[str, Codelist] = field(default_factory=dict)
    dictionaries: dict[str, Dictionary] = field(default_factory=dict)
    methods: dict[str, Method] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    displays: tuple[Mapping[str, str], ...] = ()
    results: tuple[Mapping[str, str], ...] = ()
    result_places: tuple[Place, ...] = ()
    clauses: dict[str, tuple[Condition, ...]] = field(default_factory=dict)

    def refer(self, line: Line, column: str, sheet: str) -> str:
        """The id in a cell; one that the sheet does not have is a finding (SPEC027)."""
        known: list[str] = {
            "Methods": list(self.methods),
            "Comments": list(self.comments),
            "Documents": list(self.documents),
        }[sheet]
        text = line.text(column)
        if text and text not in known:
            line.note(codes.REFERENCE, column, id=text, sheet=sheet, hint=did_you_mean(text, known))
        return text


def read_lists(tables: Mapping[str, Table], findings: Findings) -> Lists:
    """All lists of a spec, documents first since the others refer to them."""
    lists = Lists()
    for line in _rows(tables, "Documents", "document"):
        lists.documents[line.text("id")] = Document(line.text("id"), line.text("title"), line.need("href"))
    for line in _rows(tables, "Comments", "comment"):
        document = lists.refer(line, "document", "Documents")
        lists.comments[line.text("id")] = Comment(
            line.text("id"), line.need("description"), document, line.text("pages")
        )
    for line in _rows(tables, "Methods", "method"):
        lists.methods[line.text("id")] = _method(line, lists)
    for line in _rows(tables, "Dictionaries", "dictionary"):
        lists.dictionaries[line.text("id")] = _dictionary(line)
    lists.codelists = _codelists(tables.get("Codelists"), lists)
    lists.clauses = _clauses(tables.get("WhereClauses"))
    lists.displays = _displays(tables, lists)
    rows = _results(tables, lists)
    lists.results = tuple(_cells(line) for line in rows)
    lists.result_places = tuple(line.place("id") for line in rows)
    return lists


def _rows(tables: Mapping[str, Table], title: str, what: str) -> list[Line]:
    """The rows of a sheet with one row an id."""
    seen: dict[str, Line] = {}
    table = tables.get(title)
    for line in table.lines() if table else ():
        name = line.need("id")
        if name and name in seen:
            line.note(codes.ROW_TWICE, "id", what=f"{what} {name}")
        elif name:
            seen[name] = line
    return list(seen.values())


def _method(line: Line, lists: Lists) -> Method:
    return Method(
        id=line.text("id"),
        name=line.text("name"),
        type=line.one_of("type", _METHOD_TYPES, codes.METHOD_TYPE) or "Computation",
        description=line.text("description"),
        expression_context=line.text("expression_context"),
        expression_code=line.text("expression_code"),
        document=lists.refer(line, "document", "Documents"),
        pages=line.text("pages"),
    )


def _dictionary(line: Line) -> Dictionary:
    data_type = line.one_of("data_type", DATA_TYPES, codes.TYPE_UNKNOWN, DATA_TYPE_WORDS) or "text"
    return Dictionary(
        line.text("id"), line.text("name"), data_type, line.text("dictionary"), line.text("version")
    )


def _codelists(table: Table | None, lists: Lists) -> dict[str, Codelist]:
    rows: dict[str, list[Line]] = {}
    for line in table.lines() if table else ():
        if name := line.need("id"):
            rows.setdefault(name, []).append(line)
    return {name: _codelist(name, lines, lists) for name, lines in rows.items()}


def _codelist(name: str, lines: list[Line], lists: Lists) -> Codelist:
    of_list = {column: _said_once(name, column, lines) for column in _OF_LIST}
    first = lines[0]
    terms: dict[str, Term] = {}
    for line in lines:
        term = _term(line)
        if term.value and term.value in terms:
            line.note(codes.TERM_TWICE, "term", term=term.value, codelist=name)
        elif term.value:
            terms[term.value] = term
        elif term.nci_code or term.decode or len(lines) > 1:
            line.need("term")
    lists.refer(first, "comment", "Comments")
    data_type = first.one_of("data_type", DATA_TYPES, codes.TYPE_UNKNOWN, DATA_TYPE_WORDS)
    return Codelist(
        id=name,
        name=of_list["name"],
        place=first.place("id"),
        nci_code=of_list["nci_codelist_code"],
        data_type=data_type or "text",
        terminology=of_list["terminology"],
        comment=of_list["comment"],
        terms=dict(sorted(terms.items(), key=lambda item: (item[1].order is None, item[1].order or 0))),
    )


def _said_once(name: str, column: str, lines: list[Line]) -> str:
    """An attribute of the whole list: its first text; a row that says something else is a finding."""
    first = next((text for line in lines if (text := line.text(column))), "")
    for line in lines:
        if (text := line.text(column)) and text != first:
            line.note(codes.CODELIST_DIFFERS, column, codelist=name, text=text, first=first)
    return first


def _term(line: Line) -> Term:
    return Term(
        value=line.text("term"),
        order=line.whole("order", least=0),
        nci_code=line.text("nci_term_code"),
        decode=line.text("decoded_value"),
        only_when=line.text("only_when"),
        place=line.place("term"),
    )


def _clauses(table: Table | None) -> dict[str, tuple[Condition, ...]]:
    """The older sheet WhereClauses: the rows of one ID must all hold."""
    found: dict[str, tuple[Condition, ...]] = {}
    for line in table.lines() if table else ():
        name, variable = line.need("id"), line.need("variable")
        comparator, text = line.need("comparator").upper(), line.text("value")
        several = comparator in ("IN", "NOTIN")
        values = tuple(_unquoted(v) for v in (text.split(",") if several else [text]))
        if comparator and comparator not in COMPARATORS:
            reason = f"{comparator} is no comparator ({' '.join(COMPARATORS)})"
            line.note(codes.WHERE_SYNTAX, "comparator", reason=reason)
        elif name and variable and comparator:
            leg = Condition(variable, comparator, values, line.text("dataset"))
            found[name] = (*found.get(name, ()), leg)
    return found


def _unquoted(text: str) -> str:
    text = text.strip()
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else text


def _displays(tables: Mapping[str, Table], lists: Lists) -> tuple[Mapping[str, str], ...]:
    rows = _rows(tables, "Analysis Displays", "display")
    for line in rows:
        lists.refer(line, "document", "Documents")
    return tuple(_cells(line) for line in rows)


def _results(tables: Mapping[str, Table], lists: Lists) -> list[Line]:
    known = [d["id"] for d in lists.displays]
    table = tables.get("Analysis Results")
    rows = list(table.lines()) if table else []
    for line in rows:
        display = line.need("display")
        if display and display not in known:
            hint = did_you_mean(display, known)
            line.note(codes.REFERENCE, "display", id=display, sheet="Analysis Displays", hint=hint)
        lists.refer(line, "join_comment", "Comments")
        lists.refer(line, "programming_document", "Documents")
    return rows


def _cells(line: Line) -> dict[str, str]:
    """A row as text by field, blank cells and the user's own columns included."""
    return {field: line.text(field) for field in line.table.fields} | line.extras()
