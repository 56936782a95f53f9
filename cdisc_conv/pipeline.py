"""The story on one page: a study's texts and raw exports in, a submission package out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cdisc_conv.codes.map import MAP036
from cdisc_conv.codes.raw import NO_EXPORT
from cdisc_conv.codes.sdtm import SDTM012
from cdisc_conv.diff.why import Present
from cdisc_conv.engine.account import account, raw_findings
from cdisc_conv.engine.blinding import check_blinded, settle_blinding
from cdisc_conv.engine.built import Built
from cdisc_conv.engine.cutoff import settle_cutoff
from cdisc_conv.engine.explain import Explainer
from cdisc_conv.engine.explain import explain as engine_explain
from cdisc_conv.engine.metadata import package_meta
from cdisc_conv.engine.partition import build_all
from cdisc_conv.engine.plan import Plan
from cdisc_conv.engine.planner import make_plan
from cdisc_conv.engine.select import only
from cdisc_conv.errors import CannotRun, UsageMistake
from cdisc_conv.findings import Findings, Place, Severity
from cdisc_conv.language.verb import Verbs
from cdisc_conv.model.metadata import PackageMeta
from cdisc_conv.model.result import BuildResult
from cdisc_conv.read.analyses import analyses_of
from cdisc_conv.read.raw import RawExport
from cdisc_conv.read.workspace import Texts, find_workspace, read_workspace, studies
from cdisc_conv.write.package import (
    aside,
    dataset_folder,
    file_hash,
    refuse_partial,
    write_dataset,
    write_metadata,
)
from cdisc_conv.write.run import write_run

Say = Callable[[str], None]


def _quiet(text: str) -> None:
    """Say nothing."""


@dataclass(slots=True)
class Checked:
    """A study whose texts were read and planned."""

    texts: Texts
    plan: Plan
    findings: Findings
    raw: RawExport | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing forbids a build."""
        return not any(f.severity is Severity.ERROR and f.code.stops for f in self.findings)


@dataclass(frozen=True, slots=True)
class Options:
    """How to build: where things are, what to make, in how many pieces."""

    workspace: Path | None = None
    raw: Path | None = None
    out: Path | None = None
    datasets: tuple[str, ...] = ()
    jobs: int = 1
    partitions: int = 0  # 0: as many as the size asks for
    values: bool = True
    say: Say = _quiet


def check(study: str, options: Options) -> Checked:
    """Read a study's texts and say everything wrong with them; of raw files only the headers count."""
    texts = read_workspace(find_workspace(options.workspace), study)
    findings = Findings(list(texts.findings))
    raw = open_raw(texts, options.raw, findings)
    texts.study = settle_blinding(texts.study, raw, findings)
    texts.study = settle_cutoff(texts.study, raw, findings)
    headers, slips = raw_findings(texts.study, raw)
    findings.extend(slips)
    plan, slips = make_plan(texts.study, texts.specs, texts.mapping, headers, Verbs(dict(texts.own_verbs)))
    findings.extend(slips)
    findings.extend(check_blinded(plan))
    for spec in texts.specs.values():
        findings.extend(analyses_of(spec)[1])
    if options.datasets:
        plan = only(plan, options.datasets)
    return Checked(texts, plan, findings.merged(), raw)


def open_raw(texts: Texts, given: Path | None, findings: Findings) -> RawExport | None:
    """The raw exports: where the caller says, else where study.yaml says; None when neither is there."""
    folder = texts.study.raw_folder
    path = given or (texts.workspace / folder if folder else None)
    if path is None or (given is None and not path.exists()):
        return None
    return RawExport.open(path)


def build(study: str, options: Options) -> BuildResult:
    """Build a study's datasets and, with `out`, write the package; slips of the authors stop it early."""
    checked = check(study, options)
    result = BuildResult(study, checked.findings)
    plan, raw = checked.plan, checked.raw
    if not checked.sound:
        return result
    if raw is None or not plan.datasets:
        file = plan.study.file
        path = options.raw or checked.texts.workspace / plan.study.raw_folder
        lacking = NO_EXPORT.at(Place(file=file), path=path) if raw is None else MAP036.at(Place(file=file))
        result.findings.add(lacking)
        return result
    if options.out is not None and options.datasets:
        refuse_partial(options.out)
    if plan.study.manifest:
        # rows are counted in the account, from the tables as they were read
        result.findings.extend(raw.check_manifest(plan.study.manifest, count_rows=()))
    result.created = raw.newest().strftime("%Y-%m-%dT%H:%M:%S+00:00")
    again = partial(replan, study, replace(options, say=_quiet))
    with build_all(plan, raw, options.jobs, options.partitions, options.say, again) as built:
        result.findings.extend(built.findings)
        result.ledger = account(plan, raw, built, result.findings)
        result.packages = packages(plan, built, result.created)
        result.records = {n: f.records for n, f in built.facts.items()}
        if options.out is None:
            result.datasets = {n: built.whole(n) for n in built.facts}
        else:
            write(checked, built, result, options)
    result.findings = result.findings.merged()
    return result


def packages(plan: Plan, built: Built, created: str) -> dict[str, PackageMeta]:
    """The finished metadata of each package: SDTM, ADaM."""
    widths = built.widths()
    return {
        kind: package_meta(plan, spec, built.facts, widths, created)
        for kind, spec in plan.specs.items()
        if any(d in built.facts for d in spec.datasets)
    }


def write(checked: Checked, built: Built, result: BuildResult, options: Options) -> None:
    """Datasets, define.xml and the run's own records, aside first and then in one step in place."""
    assert options.out is not None
    study = checked.texts.study
    with aside(options.out) as root:
        for kind, package in result.packages.items():
            folder = dataset_folder(root, study.name, kind)
            for meta in package.datasets:
                if not meta.written:
                    result.findings.add(SDTM012.at(Place(dataset=meta.name), dataset=meta.name))
                    continue
                options.say(f"write {meta.name} ({meta.records} records)")
                result.findings.extend(write_dataset(folder, meta, built.parts(meta.name), result.created))
        result.findings.extend(write_metadata(root, study.name, result.packages.values()))
        result.findings = result.findings.merged()
        texts = {_shown(p, checked.texts.workspace): file_hash(p) for p in checked.texts.files}
        raw = str(options.raw or checked.texts.study.raw_folder)
        write_run(root, result, texts, raw, values=options.values, only=options.datasets)
    result.out = options.out


def _shown(path: Path, workspace: Path) -> str:
    return path.relative_to(workspace).as_posix()


def replan(study: str, options: Options) -> Plan:
    """The plan made again, for another process."""
    return check(study, options).plan


def records(result: BuildResult) -> Iterable[tuple[str, int]]:
    """Datasets with their number of records, in order of the specs."""
    tables: Mapping[str, PackageMeta] = result.packages
    for package in tables.values():
        for dataset in package.datasets:
            yield dataset.name, dataset.records


def study_with(dataset: str, options: Options) -> str:
    """The one study of the workspace that maps a dataset; `UsageMistake` when there is none or several."""
    workspace = find_workspace(options.workspace)
    found = [
        s for s in studies(workspace) if (workspace / "mappings" / s / f"{dataset.lower()}.yaml").exists()
    ]
    if len(found) != 1:
        what = f"several studies have {dataset}: {', '.join(found)}" if found else f"no study maps {dataset}"
        raise UsageMistake(f"{what}; name one with --study")
    return found[0]


def explain(study: str, subject: str, options: Options) -> Explainer:
    """One subject of a study built again with every step at hand."""
    checked = _explicable(study, options)
    assert checked.raw is not None
    return engine_explain(checked.plan, checked.raw, subject)


def present_for(study: str, subjects: Iterable[str], options: Options) -> Present:
    """The study for following values of some subjects, which are built once, all together."""
    checked = _explicable(study, options)
    assert checked.raw is not None
    explainer = engine_explain(checked.plan, checked.raw, *subjects)
    return Present(explain=lambda subject: explainer)


def present(study: str, options: Options) -> Present:
    """The study as it stands, for following values of an earlier run; texts and raw are read once."""
    checked = _explicable(study, options)
    raw = checked.raw
    assert raw is not None
    files = set(raw.files())
    return Present(
        explain=lambda subject: engine_explain(checked.plan, raw, subject),
        texts={_shown(p, checked.texts.workspace): file_hash(p) for p in checked.texts.files},
        raw=lambda file: raw.hash(file) if file in files else "",
    )


def _explicable(study: str, options: Options) -> Checked:
    checked = check(study, options)
    if not checked.sound:
        raise CannotRun(*(f for f in checked.findings if f.severity is Severity.ERROR))
    if checked.raw is None:
        raise UsageMistake("the raw exports are not at hand; say where they are with --raw")
    return checked
