"""YAML 1.2 as text with places: no scalar is ever turned into a number, a date or a truth value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cdisc_conv.codes.map import MAP900, MAP901, MAP902
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.words import Words


@dataclass(frozen=True, slots=True)
class Branch:
    """A mapping or a list of YAML; `keys` has the place of every key."""

    place: Place
    entries: dict[str, Tree] = field(default_factory=dict)
    keys: dict[str, Words] = field(default_factory=dict)
    items: tuple[Tree, ...] = ()
    is_list: bool = False

    def get(self, key: str) -> Tree | None:
        """The value under a key, None when there is none or it is blank."""
        found = self.entries.get(key)
        return None if isinstance(found, Words) and found.text == "" else found

    def words(self, key: str) -> Words | None:
        """The text under a key; None when absent, blank or no text."""
        found = self.get(key)
        return found if isinstance(found, Words) else None

    def text(self, key: str, default: str = "") -> str:
        """The text under a key as str."""
        found = self.words(key)
        return default if found is None else found.text

    def branch(self, key: str) -> Branch | None:
        """The mapping or list under a key."""
        found = self.get(key)
        return found if isinstance(found, Branch) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """One text or a list of texts under a key."""
        found = self.get(key)
        if isinstance(found, Words):
            return (found.text,)
        items = found.items if isinstance(found, Branch) else ()
        return tuple(i.text for i in items if isinstance(i, Words))

    def branches(self, key: str) -> Iterator[Branch]:
        """The mappings in a list under a key; a list in the list (an alias, say) stands for its items."""
        found = self.branch(key)
        for item in found.items if found else ():
            if isinstance(item, Branch):
                yield from (i for i in item.items if isinstance(i, Branch)) if item.is_list else (item,)


Tree = Words | Branch


def read_yaml(path: Path, shown: str, findings: Findings) -> Branch:
    """The tree of a YAML file; `shown` is the file's name in findings.

    A key given twice is a finding; a file that is no YAML or no mapping raises `CannotRun`.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        text = path.read_text(encoding="utf-8-sig")
        node = YAML(typ="rt", pure=True).compose(text)
    except RecursionError:
        raise CannotRun(MAP900.at(Place(file=shown), reason="brackets are nested too deeply")) from None
    except FileNotFoundError:
        raise CannotRun(MAP900.at(Place(file=shown), reason="the file does not exist")) from None
    except UnicodeDecodeError as e:
        raise CannotRun(MAP900.at(Place(file=shown), reason=f"not UTF-8 at byte {e.start}")) from None
    except YAMLError as e:
        mark = e.problem_mark if isinstance(e, MarkedYAMLError) else None
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        reason = str(getattr(e, "problem", "") or "not YAML").splitlines()[0]
        place = Place(file=shown, line=line, column=column)
        raise CannotRun(MAP900.at(place, reason=reason, hint=_yaml_hint(reason))) from None
    grower = _Grower(shown, text, findings)
    try:
        tree = grower.grow(node) if node is not None else None
    except RecursionError:
        reason = "an anchor holds itself, or lines are nested too deeply"
        raise CannotRun(MAP900.at(Place(file=shown), reason=reason)) from None
    if not isinstance(tree, Branch) or tree.is_list:
        raise CannotRun(MAP900.at(Place(file=shown, line=1), reason="it must hold `key: value` lines"))
    return tree


def _yaml_hint(reason: str) -> str:
    """What mostly lies behind a mistake that the YAML parser tells in its own words."""
    if "mapping values are not allowed" in reason:
        return "a line that holds a colon and a blank is quoted whole: 'regex(X, \"a: (.*)\")'"
    if "expected <block end>" in reason:
        return "a line that begins with a quote is quoted whole: '\"A\" …'; or the indents differ"
    return "indent with blanks, not tabs" if "'\\t'" in reason else ""


class _Grower:
    def __init__(self, file: str, text: str, findings: Findings) -> None:
        self.file = file
        self.lines = text.split("\n")
        self.findings = findings

    def place(self, node: object) -> Place:
        mark = node.start_mark  # type: ignore[attr-defined]
        return Place(file=self.file, line=mark.line + 1, column=mark.column + 1)

    def grow(self, node: object) -> Tree:
        kind = type(node).__name__
        if kind == "ScalarNode":
            return self.words(node)
        if kind == "SequenceNode":
            items = tuple(self.grow(n) for n in node.value)  # type: ignore[attr-defined]
            return Branch(self.place(node), items=items, is_list=True)
        return self.mapping(node)

    def words(self, node: object) -> Words:
        start, end = node.start_mark, node.end_mark  # type: ignore[attr-defined]
        first = self.lines[start.line : end.line + 1]
        source = "\n".join([first[0][start.column :], *first[1:]]) if first else ""
        text = node.value.replace("\a", "")  # type: ignore[attr-defined]  # ruamel's mark of a fold
        plain = getattr(node, "style", None) in (None, "")
        text = "" if plain and text in ("~", "null") else text
        return Words(text, self.file, start.line + 1, start.column + 1, source)

    def mapping(self, node: object) -> Branch:
        entries: dict[str, Tree] = {}
        keys: dict[str, Words] = {}
        for k, v in node.value:  # type: ignore[attr-defined]
            if type(k).__name__ != "ScalarNode":
                self.findings.add(MAP902.at(self.place(k)))
                continue
            key = self.words(k)
            if key.text in keys:
                self.findings.add(MAP901.at(key.place, key=key.text, line=keys[key.text].line))
                continue
            entries[key.text] = self.grow(v)
            keys[key.text] = key
        return Branch(self.place(node), entries, keys)
