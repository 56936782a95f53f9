"""A page written for several domains at once, and with `${policy.X}` in it, written out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from cdisc_conv.codes.map import MAP002
from cdisc_conv.findings import Findings
from cdisc_conv.model.study import Study
from cdisc_conv.model.words import Words
from cdisc_conv.read.yaml import Branch, Tree

_PREFIX = re.compile(r"(?<![\w-])--(?=[A-Z\".]|$)")
_SETTING = re.compile(r"\$\{\s*(policy|study)\.(\w+)\s*\}")

Change = Callable[[Words], Words]


def written_out(page: Branch, study: Study | None, findings: Findings) -> Iterator[Branch]:
    """The page, or one a domain where `dataset:` lists several.

    There `--TESTCD` is that variable of each domain, as the SDTM writes it, and `--` the domain's code; in a
    page with a `domain:` they are those of that domain.  `${policy.X}` and `${study.X}` stand for what
    study.yaml says; a name unknown there is a finding (MAP002).
    """
    filled = _changed(page, lambda w: _filled(w, study, findings))
    domains, of = filled.branch("dataset"), filled.words("domain")
    if domains is not None and domains.is_list:
        for words in (d for d in domains.items if isinstance(d, Words)):
            yield _for_domain(_with(filled, "dataset", words), words.text)
    else:
        yield filled if of is None else _for_domain(_with(filled, "domain", None), of.text)


def prefixed(text: str, code: str) -> str:
    """The text with the domain's code in place of each `--`."""
    return _PREFIX.sub(code, text)


def _for_domain(page: Branch, code: str) -> Branch:
    return _changed(page, lambda words: replace(words, text=prefixed(words.text, code)))


def _with(page: Branch, key: str, words: Words | None) -> Branch:
    """The page with another text under a key, or without it."""
    entries = {k: t for k, t in page.entries.items() if k != key}
    keys = {k: w for k, w in page.keys.items() if k != key or words}
    return replace(page, entries=entries | ({key: words} if words else {}), keys=keys)


def _changed(tree: Branch, change: Change) -> Branch:
    """The tree with every key and text changed; places stay."""
    keys = {k: change(words) for k, words in tree.keys.items()}
    return Branch(
        tree.place,
        {keys[k].text: _changed_tree(t, change) for k, t in tree.entries.items()},
        {words.text: words for words in keys.values()},
        tuple(_changed_tree(t, change) for t in tree.items),
        tree.is_list,
    )


def _changed_tree(tree: Tree, change: Change) -> Tree:
    return change(tree) if isinstance(tree, Words) else _changed(tree, change)


def _filled(words: Words, study: Study | None, findings: Findings) -> Words:
    if "${" not in words.text or study is None:
        return words

    def value(found: re.Match[str]) -> str:
        known = study.policies if found.group(1) == "policy" else study.facts
        if found.group(2) not in known:
            where = f"{found.group(1)}: of study.yaml"
            findings.add(MAP002.at(words.at(found.start()), column=found.group(2), where=where))
        return known.get(found.group(2), "")

    return replace(words, text=_SETTING.sub(value, words.text))
