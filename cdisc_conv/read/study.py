"""study.yaml to a Study, with every slip as a finding."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from cdisc_conv.codes.map import MAP014, MAP015, MAP021
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.study import Form, Policy, Study
from cdisc_conv.model.words import Words
from cdisc_conv.read.yaml import Branch, read_yaml

_TOP = {"study", "standards", "subject", "raw", "policies", "verbs"}
TAKEN = ("form", "null", "policy", "study", "subject", "test")
_RAW = {"folder", "manifest", "forms", "not_read"}
_SHARED = {"row_key", "modified", "unknown", "blank", "not_submitted", "encoding", "delimiter", "dates"}
_FORM = _SHARED | {
    "file",
    "sheet",
    "header_row",
    "column_dates",
    "columns",
    "dated",
    "subject",
    "optional",
    "unblinding",
}


def read_study(folder: Path, name: str, shown: str) -> tuple[Study, Findings]:
    """The study declared in `folder`/study.yaml; `shown` is that file's name in findings."""
    findings = Findings()
    tree = read_yaml(folder / "study.yaml", shown, findings)
    known_keys(tree, _TOP, "study.yaml", findings)
    raw = tree.branch("raw") or Branch(tree.place)
    known_keys(raw, _RAW | _SHARED, "raw:", findings)
    subject = tree.words("subject")
    if subject is None:
        findings.add(MAP015.at(tree.place, where="study.yaml", key="subject"))
    facts = _texts(tree.branch("study"))
    for key in ("id",):
        if key not in facts:
            findings.add(MAP015.at(tree.place, where="study:", key=key))
    study = Study(
        name=name,
        id=facts.get("id", ""),
        file=shown,
        facts=facts,
        standards=_texts(tree.branch("standards")),
        forms=_forms(raw, subject, findings),
        raw_folder=raw.text("folder"),
        manifest=raw.text("manifest"),
        not_read=raw.texts("not_read"),
        decided=_policies(tree.branch("policies") or Branch(tree.place), findings),
        verbs=tree.text("verbs"),
    )
    return study, findings


def known_keys(branch: Branch, known: set[str], where: str, findings: Findings) -> None:
    """A finding for each key that is not known, with the nearest known one as hint."""
    for key, words in branch.keys.items():
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(sorted(known))}"
            findings.add(MAP014.at(words.place, key=key, where=where, hint=hint))


def _policies(tree: Branch, findings: Findings) -> dict[str, Policy]:
    """`NAME: value`, or `NAME: {value: …, among: […], says: …}`."""
    found = {}
    for name, entry in tree.entries.items():
        place = tree.keys[name].place
        if isinstance(entry, Words):
            found[name] = Policy(entry.text, place)
        elif not name.isidentifier() or entry.words("value") is None:
            key = "value" if name.isidentifier() else "a plain word for a name"
            findings.add(MAP015.at(place, where=f"policy {name}", key=key))
        else:
            known_keys(entry, {"value", "among", "between", "says"}, f"policy {name}", findings)
            limits = _limits(entry, findings)
            found[name] = Policy(entry.text("value"), place, entry.texts("among"), limits, entry.text("says"))
    return found


def _limits(policy: Branch, findings: Findings) -> tuple[float, float] | None:
    texts = policy.texts("between")
    if policy.get("between") is None:
        return None
    try:
        low, high = (float(text) for text in texts)
    except ValueError:
        findings.add(
            MAP021.at(policy.keys["between"].place, value=", ".join(texts), wanted="pair of numbers")
        )
        return None
    return low, high


def _texts(branch: Branch | None) -> dict[str, str]:
    entries = branch.entries if branch else {}
    return {k: v.text for k, v in entries.items() if isinstance(v, Words)}


def _forms(raw: Branch, subject: Words | None, findings: Findings) -> dict[str, Form]:
    forms = raw.branch("forms")
    if forms is None:
        findings.add(MAP015.at(raw.place, where="raw:", key="forms"))
        return {}
    made = {}
    for name, tree in forms.entries.items():
        place = forms.keys[name].place
        if not name.isidentifier() or name in TAKEN:
            findings.add(
                MAP021.at(place, value=name, wanted=f"form name (a plain word, not {', '.join(TAKEN)})")
            )
        elif isinstance(tree, Words):
            made[name] = _form(name, place, Branch(place, {"file": tree}), raw, subject, findings)
        else:
            known_keys(tree, _FORM, f"form {name}", findings)
            made[name] = _form(name, place, tree, raw, subject, findings)
    return made


def _form(
    name: str, place: Place, tree: Branch, raw: Branch, subject: Words | None, findings: Findings
) -> Form:
    own = tree.words("subject")
    if own is not None:
        subject = None if own.text == "none" else own
    if not tree.text("file"):
        findings.add(MAP015.at(place, where=f"form {name}", key="file"))
    by_column = tree.branch("column_dates") or Branch(place)
    return Form(
        name=name,
        file=tree.text("file"),
        place=place,
        sheet=tree.text("sheet"),
        encoding=tree.text("encoding") or raw.text("encoding", "auto"),
        delimiter=tree.text("delimiter") or raw.text("delimiter", "auto"),
        header_row=_whole(tree, "header_row", 1, findings),
        row_key=tree.text("row_key") or raw.text("row_key"),
        modified=tree.text("modified") or raw.text("modified"),
        dates=tree.texts("dates") or raw.texts("dates"),
        column_dates={k: by_column.texts(k) for k in by_column.entries},
        unknown=tree.texts("unknown") or raw.texts("unknown"),
        subject=subject,
        columns=_texts(tree.branch("columns")),
        not_submitted=(*raw.texts("not_submitted"), *tree.texts("not_submitted")),
        blank=tree.texts("blank") or raw.texts("blank"),
        dated=tree.texts("dated"),
        optional=_yes(tree, "optional", findings),
        unblinding=not _is_list(tree, "unblinding") and _yes(tree, "unblinding", findings),
        unblinding_columns=tree.texts("unblinding") if _is_list(tree, "unblinding") else (),
    )


def _is_list(tree: Branch, key: str) -> bool:
    found = tree.get(key)
    return isinstance(found, Branch) and found.is_list


def _yes(tree: Branch, key: str, findings: Findings) -> bool:
    """A key that says true or false; false without it."""
    said = tree.text(key, "false")
    if said not in ("true", "false") or tree.branch(key):
        findings.add(MAP021.at(tree.keys[key].place, value=said, wanted="true or false"))
    return said == "true"


def _whole(tree: Branch, key: str, default: int, findings: Findings) -> int:
    words = tree.words(key)
    if words is None:
        return default
    if not words.text.isdecimal():
        findings.add(MAP021.at(words.place, value=words.text, wanted="whole number"))
        return default
    return int(words.text)
