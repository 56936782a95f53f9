"""What every verb of the library owes: an example, a sentence over its own parameters, a known kind."""

from __future__ import annotations

import re

import pytest

from cdisc_conv.language.verb import KINDS, find_verb, verb_names


@pytest.mark.parametrize("name", verb_names())
def test_contract(name):
    verb = find_verb(name)
    assert verb is not None and verb.name == name
    assert re.search(rf"^\s+[A-Za-z]\w*:\s.*\b{name}\(", verb.doc, re.M), "an example line as in a mapping"
    blanks = set(re.findall(r"\{(\w+)[:}]", verb.sentence))
    assert blanks and blanks <= {p.name for p in verb.params}
    assert verb.scope in ("row", "subject", "study")
    assert verb.returns in (*KINDS, "same")
