"""The lines of a mapping page: `VARIABLE: derivation`, and plain texts that stand for one."""

from __future__ import annotations

from cdisc_conv.codes.map import MAP021
from cdisc_conv.findings import Findings
from cdisc_conv.model.words import Words
from cdisc_conv.read.yaml import Branch


def constant(words: Words, *, number: bool = False) -> Words:
    """A plain text of the YAML as derivation text: quoted, or a number."""
    text = words.text if number else '"' + words.text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return Words(text, words.file, words.line, words.column, "")


def variables_of(tree: Branch, findings: Findings) -> dict[str, Words]:
    """The derivations under `variables:`; a list or a text there is a finding."""
    found = tree.get("variables")
    if isinstance(found, Words) or (found is not None and found.is_list):
        findings.add(
            MAP021.at(found.place, value="variables", wanted="block of `VARIABLE: derivation` lines")
        )
        return {}
    return derivations(found, findings)


def derivations(tree: Branch | None, findings: Findings) -> dict[str, Words]:
    """`VARIABLE: derivation` lines as they stand."""
    made = {}
    for name, words in tree.entries.items() if tree else ():
        if isinstance(words, Words):
            made[name] = words
        else:
            findings.add(MAP021.at(words.place, value=name, wanted="derivation (one text a variable)"))
    return made
