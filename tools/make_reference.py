"""Write the pages of docs/reference that are made from the code: `python tools/make_reference.py`.

A test compares the pages with what this makes, so a page that lags behind fails.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

from cdisc_conv.cli.verbs import signature, summary
from cdisc_conv.codes import catalogue
from cdisc_conv.language.verb import Verb, find_verb, verb_names

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
MADE = "<!-- made by tools/make_reference.py; change the code, then run `make docs` -->"
_SCOPE = {
    "row": "the row alone",
    "subject": "all rows of the subject",
    "study": "all rows of the study",
}
_FAMILIES = {
    "SPEC": "the spec: `specs/<study>/`",
    "MAP": "study.yaml and the mapping: `mappings/<study>/`",
    "RAW": "raw exports",
    "DATA": "data, seen while mapping",
    "SDTM": "SDTM datasets",
    "ADAM": "ADaM datasets",
    "FILE": "files read and written: XPT, define.xml, the package",
    "DRIFT": "the drift gate of `cdisc-conv nightly`: raw exports against those of the last good run",
    "NIGHT": "`cdisc-conv nightly`: its config, snapshots, publication, run log",
}


def verbs_page() -> str:
    """Every verb: how it is called, what it gives, its example."""
    verbs = [v for v in map(find_verb, verb_names()) if v is not None]
    lines = [
        "# Verbs",
        MADE,
        "",
        "What a derivation can say. `cdisc-conv verbs NAME` prints the same.",
        "",
        "In a signature `text`, `ISO 8601 text`, `number`, `date` and `condition` are columns or derivations",
        "of that kind; `any` is any of them; a `literal` is written out; `OTHER.COLUMN` is a derivation over",
        "the rows of one other dataset, form or table; `*x` stands for any number of values, `**x` for any",
        "`NAME=value`.",
        "",
        "| verb | gives |",
        "|---|---|",
        *(f"| [{v.name}](#{v.name}) | {_cell(summary(v))} |" for v in verbs),
        "",
        *(line for v in verbs for line in _verb(v)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _verb(verb: Verb) -> list[str]:
    drops = (
        "may turn a value into missing on purpose" if verb.drops else "a value that gets lost is a finding"
    )
    return [
        f"## {verb.name}",
        "",
        "```text",
        signature(verb),
        "```",
        "",
        _indented_example(verb.doc),
        "",
        f"Sees {_SCOPE[verb.scope]}; {drops}. In define.xml: “{verb.sentence}”.",
        "",
    ]


def _indented_example(doc: str) -> str:
    """A docstring of two parts loses its example's indent; as Markdown it needs it."""
    first, _, rest = doc.partition("\n\n")
    return doc if not rest or "\n\n" in rest or rest.startswith(" ") else f"{first}\n\n{indent(rest, '    ')}"


def findings_page() -> str:
    """Every kind of finding by family: id, name, severity, message, hint."""
    codes = catalogue()
    lines = [
        "# Findings",
        MADE,
        "",
        "Every kind of finding, by its stable code. Words in `{braces}` are filled in. How to read and",
        "answer them: [guide](../guides/read-findings.md).",
        "",
    ]
    for family, about in _FAMILIES.items():
        lines += [
            f"## {family}: {about}",
            "",
            "| code | name | severity | message | hint |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {id} | {c.name} | {c.severity} | {_cell(c.message)} | {_cell(c.hint)} |"
            for id, c in sorted(codes.items())
            if id.rstrip("0123456789") == family
        ]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _cell(text: str) -> str:
    """A text as a cell of a Markdown table."""
    parts = text.replace("|", "\\|").replace("\n", " ").split("`")
    return "`".join(p if n % 2 else p.replace("<", "&lt;") for n, p in enumerate(parts))


def pages() -> dict[Path, str]:
    """The made pages by path."""
    return {REFERENCE / "verbs.md": verbs_page(), REFERENCE / "findings.md": findings_page()}


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
