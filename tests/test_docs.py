"""The documentation is true: made pages are fresh, the guide runs as it is printed, codes and links exist."""

from __future__ import annotations

import importlib.util
import inspect
import re
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest
from click.testing import CliRunner
from guide_pages import run_guide

import cdisc_conv
from cdisc_conv.cli import group
from cdisc_conv.codes import catalogue
from cdisc_conv.findings import Code
from cdisc_conv.language.verb import find_verb, verb_names

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "docs").rglob("*.md"))


def reference_maker():
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "tools" / "make_reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_made_pages_are_fresh():
    for path, text in reference_maker().pages().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is stale: run `make docs`"


@pytest.mark.parametrize("name", verb_names())
def test_verb_has_an_example(name):
    assert re.search(rf"^\s*\w+:\s.*\b{name}\(", find_verb(name).doc, re.M)


def test_codes_are_unique():
    """Ids as they stand in the modules, so that a copied line is seen."""
    texts = [p.read_text(encoding="utf-8") for p in (ROOT / "cdisc_conv" / "codes").glob("*.py")]
    found = re.findall(r'Code\(\s*"([A-Z]+\d{3})"', "\n".join(texts))
    assert [x for x, n in Counter(found).items() if n > 1] == []
    assert sorted(found) == list(catalogue())


def test_blanks_of_messages_are_free_words():
    """A blank named as a parameter of `Code.at` could not be filled in."""
    taken = set(inspect.signature(Code.at).parameters)
    wrong = {
        code.id: sorted(found)
        for code in catalogue().values()
        if (found := taken & {name for _, name, _, _ in Formatter().parse(code.message) if name})
    }
    assert wrong == {}


def test_every_code_is_used():
    """A code that nothing raises would be a promise that is not kept."""
    package = ROOT / "cdisc_conv"
    texts = {p: p.read_text(encoding="utf-8") for p in package.rglob("*.py")}
    families = {p.stem: t for p, t in texts.items() if p.parent.name == "codes"}
    words = {w for p, t in texts.items() if p.parent.name != "codes" for w in re.findall(r"\w+", t)}
    named = {f"{f}.{n}" for f, t in families.items() for n in re.findall(r"^(\w+) = Code\(", t, re.M)}
    unused = sorted(n for n in named if n.partition(".")[2] not in words)
    assert unused == []


@pytest.mark.parametrize("page", [p.relative_to(ROOT).as_posix() for p in PAGES])
def test_links_lead_somewhere(page):
    path = ROOT / page
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        file, _, anchor = target.partition("#")
        if file.startswith(("http:", "https:")):
            continue
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), f"{page} links to {target}"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there), f"{page} links to {target}"


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub gives a page's headings."""
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}


@pytest.mark.parametrize("page", [p.relative_to(ROOT).as_posix() for p in PAGES])
def test_codes_named_in_pages_exist(page):
    named = set(
        re.findall(r"\b(?:SPEC|MAP|RAW|DATA|SDTM|ADAM|FILE|NIGHT)\d{3}\b", (ROOT / page).read_text("utf-8"))
    )
    assert named - {*catalogue(), "DATA900"} == set()


def test_every_decision_is_listed():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}-[^)]+)\)", (folder / "README.md").read_text("utf-8"))
    assert listed == sorted(p.name for p in folder.glob("0*.md"))


def test_own_verb_of_the_reference_works(tmp_path):
    init = CliRunner().invoke(group, ["init", str(tmp_path), "--study", "own"])
    assert init.exit_code == 0
    (code,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs/reference/mapping.md").read_text("utf-8"), re.S
    )
    (tmp_path / "mappings/own/verbs.py").write_text(code, encoding="utf-8")
    replace(tmp_path / "specs/own/study.yaml", "policies:", "verbs: verbs.py\npolicies:")
    replace(
        tmp_path / "mappings/own/dm.yaml", "SUBJID:   SUBJECT", 'SUBJID:   unprefixed(join("X", SUBJECT))'
    )
    result = cdisc_conv.build("own", workspace=tmp_path)
    assert list(result.datasets["DM"]["SUBJID"]) == ["001", "002", "001", "002"]


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("page", ["your-own-study.md", "qc.md"])
def test_guide_runs_as_printed(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run_guide(ROOT / "docs" / "guides" / page, tmp_path)
