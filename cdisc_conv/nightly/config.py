"""The config of nightly runs: which studies, where from, where to, what may pass; slips are findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from cdisc_conv.codes import night as codes
from cdisc_conv.codes.map import MAP030
from cdisc_conv.findings import Finding, Findings, Place, Severity
from cdisc_conv.model.words import Words
from cdisc_conv.nightly.drift.gates import USUAL_GATES, Gates, read_gates
from cdisc_conv.read.workspace import find_workspace, studies
from cdisc_conv.read.yaml import Branch, read_yaml

PUBLISH = ("with_findings", "no_new_errors", "clean")
_TOP = ("defaults", "studies", "summary", "notify", "at_once")
_STUDY = (
    *("study", "workspace", "raw", "out", "publish", "keep", "gates"),
    *("jobs", "partitions", "values", "timeout", "notify"),
)
_KEEP = ("runs", "days", "nights", "raw")
_HOOK = ("command", "webhook", "when", "timeout")
_WHEN = ("always", "problem")
_UNITS = {"s": 1, "m": 60, "h": 3600, "": 1}


@dataclass(frozen=True, slots=True)
class Keep:
    """What stays: the last `runs` packages and those younger than `days`; `nights` reports; raw contents."""

    runs: int = 7
    days: int = 0
    nights: int = 400
    raw: str = "all"


@dataclass(frozen=True, slots=True)
class Hook:
    """Who is told the outcome: a command that gets JSON on its input, a URL that gets it by POST."""

    place: Place
    command: tuple[str, ...] = ()
    webhook: str = ""
    when: str = "always"
    timeout: int = 30


@dataclass(frozen=True, slots=True)
class Job:
    """One study of a night; `findings` are slips of its entry, an error among them keeps it from running."""

    name: str
    study: str
    place: Place
    workspace: Path = Path()
    raw: Path = Path()
    out: Path = Path()
    publish: str = "with_findings"
    keep: Keep = Keep()
    gates: Gates = USUAL_GATES
    jobs: int = 1
    partitions: int = 0
    values: bool = True
    timeout: int = 0
    notify: tuple[Hook, ...] = ()
    findings: tuple[Finding, ...] = ()
    accept: bool = False

    @property
    def sound(self) -> bool:
        """Whether its entry has no slip that keeps it from running."""
        return all(f.severity is not Severity.ERROR for f in self.findings)


@dataclass(frozen=True, slots=True)
class Config:
    """All studies of a night; `findings` are slips that belong to no study."""

    file: Path
    jobs: tuple[Job, ...]
    summary: Path
    at_once: int = 1
    notify: tuple[Hook, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_config(path: Path) -> Config:
    """The config in a YAML file; paths in it start from its folder. Raises `CannotRun` when it is no YAML."""
    findings = Findings()
    tree = read_yaml(path, path.name, findings)
    reader = _Reader(path.absolute().parent, findings)
    reader.known(tree, _TOP, "the config")
    entries = reader.mapping(tree, "studies")
    if entries is None or not entries.entries:
        findings.add(codes.CONFIG_LACKS.at(tree.place, where="the config", key="studies:"))
    defaults = reader.mapping(tree, "defaults")
    if defaults is not None:
        reader.known(defaults, _STUDY, "defaults:")
    summary = reader.path(tree.words("summary"), "") or reader.root / "nightly"
    at_once = reader.whole(tree, "at_once", 1, 1)
    notify = reader.hooks(tree)
    jobs = [_job(name, entries, defaults, reader.root) for name in entries.entries] if entries else []
    return Config(path, tuple(_apart(jobs)), summary, at_once, notify, tuple(findings))


def _job(name: str, entries: Branch, defaults: Branch | None, root: Path) -> Job:
    """The entry of one study, on top of the defaults."""
    findings = Findings()
    reader = _Reader(root, findings)
    place, own = entries.keys[name].place, entries.entries[name]
    if isinstance(own, Words) and own.text:
        findings.add(codes.CONFIG_VALUE.at(own.place, key=name, value=own.text, wanted="a mapping"))
    own = own if isinstance(own, Branch) and not own.is_list else Branch(place)
    reader.known(own, _STUDY, f"study {name}")
    tree = _merged(defaults or Branch(place), own)
    study = tree.text("study") or name
    job = Job(
        name=name,
        study=study,
        place=place,
        workspace=find_workspace(reader.path(tree.words("workspace"), name)),
        raw=reader.needed(tree, "raw", name, place),
        out=reader.needed(tree, "out", name, place),
        publish=reader.one_of(tree, "publish", PUBLISH),
        keep=reader.keep(tree),
        gates=reader.gates(tree),
        jobs=reader.whole(tree, "jobs", 1, 1),
        partitions=reader.whole(tree, "partitions", 0, 0),
        values=reader.one_of(tree, "values", ("yes", "no")) == "yes",
        timeout=reader.span(tree.words("timeout"), "timeout"),
        notify=reader.hooks(tree),
    )
    reader.study(job)
    reader.nested(job)
    return _with(job, findings)


def _with(job: Job, findings: Iterable[Finding]) -> Job:
    return replace(job, findings=(*job.findings, *findings))


def _merged(below: Branch, above: Branch) -> Branch:
    """Two mappings as one; what is given above goes first, mappings in both are merged."""
    entries, keys = dict(below.entries), {**below.keys, **above.keys}
    for key, value in above.entries.items():
        under = entries.get(key)
        both = (
            isinstance(value, Branch) and isinstance(under, Branch) and not (value.is_list or under.is_list)
        )
        entries[key] = _merged(under, value) if both else value  # type: ignore[arg-type]
    return Branch(above.place, entries, keys)


def _apart(jobs: list[Job]) -> list[Job]:
    """The jobs; of two that would write to one folder, the later one has a finding."""
    first: dict[Path, str] = {}
    made = []
    for job in jobs:
        out = job.out.resolve()
        if job.out != Path() and out in first:
            job = _with(job, [codes.CONFIG_SHARED.at(job.place, study=job.name, other=first[out])])
        first.setdefault(out, job.name)
        made.append(job)
    return made


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads values of the config; each slip is a finding at its place."""

    root: Path
    findings: Findings

    def known(self, branch: Branch, keys: Iterable[str], where: str) -> None:
        for key, words in branch.keys.items():
            if key not in keys:
                near = get_close_matches(key, keys, 1)
                hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(keys)}"
                self.findings.add(codes.CONFIG_KEY.at(words.place, where=where, key=key, hint=hint))

    def wrong(self, words: Words, key: str, wanted: str) -> None:
        self.findings.add(codes.CONFIG_VALUE.at(words.place, key=key, value=words.text, wanted=wanted))

    def mapping(self, tree: Branch, key: str) -> Branch | None:
        found = tree.get(key)
        if isinstance(found, Words):
            self.wrong(found, key, "a mapping")
        elif found is not None and found.is_list:
            self.findings.add(codes.CONFIG_VALUE.at(found.place, key=key, value="a list", wanted="a mapping"))
        return found if isinstance(found, Branch) and not found.is_list else None

    def path(self, words: Words | None, name: str) -> Path | None:
        """A path from the config's folder; `{study}` stands for the entry's name, `~` for the home."""
        return self.root / Path(words.text.replace("{study}", name)).expanduser() if words else None

    def needed(self, tree: Branch, key: str, name: str, place: Place) -> Path:
        found = self.path(tree.words(key), name)
        if found is None:
            self.findings.add(codes.CONFIG_LACKS.at(place, where=f"study {name}", key=f"{key}:"))
        return found or Path()

    def one_of(self, tree: Branch, key: str, among: tuple[str, ...]) -> str:
        words = tree.words(key)
        if words is None or words.text in among:
            return words.text if words else among[0]
        self.wrong(words, key, f"one of {', '.join(among)}")
        return among[0]

    def whole(self, tree: Branch, key: str, least: int, default: int) -> int:
        words = tree.words(key)
        if words is None:
            return default
        if words.text.isdecimal() and int(words.text) >= least:
            return int(words.text)
        self.wrong(words, key, f"a whole number from {least} on")
        return default

    def span(self, words: Words | None, key: str, default: int = 0) -> int:
        """A time such as 90s, 30m or 2h, in seconds."""
        if words is None:
            return default
        number = words.text.rstrip("smh")
        unit = words.text[len(number) :]
        if number.isdecimal() and unit in _UNITS and int(number):
            return int(number) * _UNITS[unit]
        self.wrong(words, key, "a time such as 90s, 30m or 2h")
        return default

    def keep(self, tree: Branch) -> Keep:
        found = self.mapping(tree, "keep")
        usual = Keep()
        if found is None:
            return usual
        self.known(found, _KEEP, "keep:")
        return Keep(
            runs=self.whole(found, "runs", 1, usual.runs),
            days=self.whole(found, "days", 0, usual.days),
            nights=self.whole(found, "nights", 1, usual.nights),
            raw=self.one_of(found, "raw", ("all", "runs")),
        )

    def gates(self, tree: Branch) -> Gates:
        found = self.mapping(tree, "gates")
        return read_gates(found, self.wrong, self.unknown_gate) if found else USUAL_GATES

    def unknown_gate(self, words: Words, key: str, hint: str) -> None:
        self.findings.add(codes.CONFIG_KEY.at(words.place, where="gates:", key=key, hint=hint))

    def hooks(self, tree: Branch) -> tuple[Hook, ...]:
        """`notify: {command: […]}`, `{webhook: URL}`, or a list of such."""
        found = tree.get("notify")
        if isinstance(found, Words):
            self.wrong(found, "notify", "a mapping with command: or webhook:")
        each = found.items if isinstance(found, Branch) and found.is_list else (found,)
        return tuple(self._hook(b) for b in each if isinstance(b, Branch))

    def _hook(self, branch: Branch) -> Hook:
        self.known(branch, _HOOK, "notify:")
        command, url = branch.texts("command"), branch.text("webhook")
        if bool(command) == bool(url):
            self.findings.add(
                codes.CONFIG_LACKS.at(branch.place, where="notify:", key="one of command: and webhook:")
            )
        words = branch.words("webhook")
        if words and not words.text.startswith(("http://", "https://")):
            self.wrong(words, "webhook", "a URL of http or https")
        when = self.one_of(branch, "when", _WHEN)
        return Hook(branch.place, command, url, when, self.span(branch.words("timeout"), "timeout", 30))

    def study(self, job: Job) -> None:
        known = studies(job.workspace)
        if job.study not in known:
            near = get_close_matches(job.study, known, 1)
            hint = f"did you mean '{near[0]}'?" if near else f"studies there: {', '.join(known) or 'none'}"
            self.findings.add(MAP030.at(job.place, study=job.study, hint=hint))

    def nested(self, job: Job) -> None:
        if Path() in (job.raw, job.out):
            return
        raw, out = job.raw.resolve(), job.out.resolve()
        if raw == out or raw in out.parents or out in raw.parents:
            one, other = ("out:", "raw:") if raw == out or raw in out.parents else ("raw:", "out:")
            self.findings.add(codes.CONFIG_NESTED.at(job.place, one=one, other=other))
