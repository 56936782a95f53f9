"""A workspace folder to all that one study says: study.yaml, specs, mapping, own verbs."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from cdisc_conv.assets import assets
from cdisc_conv.codes.map import MAP015, MAP030, MAP900
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.mapping import Mapping as StudyMapping
from cdisc_conv.model.spec import Spec
from cdisc_conv.model.study import Study
from cdisc_conv.read.mapping import read_mapping
from cdisc_conv.read.spec import read_spec
from cdisc_conv.read.spec_complete import complete
from cdisc_conv.read.spec_guides import load_standards
from cdisc_conv.read.study import read_study

KINDS = ("sdtm", "adam")


@dataclass(slots=True)
class Texts:
    """The authors' texts of one study, read; `files` are those that a build depends on."""

    study: Study
    specs: Mapping[str, Spec]
    mapping: StudyMapping
    findings: Findings
    workspace: Path
    files: tuple[Path, ...] = ()
    own_verbs: Mapping[str, Any] = field(default_factory=dict)


def find_workspace(given: Path | None) -> Path:
    """The workspace: as given, else the current folder if it is one, else what is shipped."""
    if given is not None:
        return given
    here = Path.cwd()
    return here if (here / "specs").is_dir() and (here / "mappings").is_dir() else assets()


def studies(workspace: Path) -> list[str]:
    """Names of the studies of a workspace."""
    return sorted(p.parent.name for p in workspace.glob("specs/*/study.yaml"))


def read_workspace(workspace: Path, name: str) -> Texts:
    """Everything authors wrote about a study, with all slips as findings."""
    known = studies(workspace)
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"did you mean '{near[0]}'?" if near else f"studies here: {', '.join(known) or 'none'}"
        raise CannotRun(MAP030.at(Place(file=f"specs/{name}/study.yaml"), study=name, hint=hint))
    folder, pages = workspace / "specs" / name, workspace / "mappings" / name
    study, findings = read_study(folder, name, f"specs/{name}/study.yaml")
    specs = {}
    for kind in KINDS:
        path = next((p for p in (folder / kind, folder / f"{kind}.xlsx") if p.exists()), None)
        if path is None:
            continue
        spec, slips = read_spec(path, kind, shown=f"specs/{name}/{path.name}")
        findings.extend(slips)
        specs[kind] = _completed(spec, study, findings)
    if not specs:
        findings.add(MAP015.at(Place(file=f"specs/{name}"), where="a study", key="sdtm/ or sdtm.xlsx"))
    mapping, slips = read_mapping(pages, f"mappings/{name}", study)
    findings.extend(slips)
    files = [p for f in (folder, pages) for p in sorted(f.rglob("*")) if p.is_file()]
    files = [p for p in files if "__pycache__" not in p.parts]
    verbs = _own_verbs(pages / study.verbs, f"mappings/{name}/{study.verbs}") if study.verbs else {}
    return Texts(study, specs, mapping, findings, workspace, tuple(files), verbs)


def _completed(spec: Spec, study: Study, findings: Findings) -> Spec:
    given = study.standards
    if not given.get(spec.kind) or not given.get("ct"):
        key = "ct" if given.get(spec.kind) else spec.kind
        findings.add(MAP015.at(Place(file=study.file), where="standards:", key=key))
        return spec
    standards = load_standards(spec.kind, given[spec.kind], given["ct"])
    done, slips = complete(spec, standards)
    findings.extend(slips)
    return done


def _own_verbs(path: Path, shown: str) -> dict[str, Any]:
    """The study's own verbs: every decorated function of its file."""
    if not path.is_file():
        raise CannotRun(MAP900.at(Place(file=shown), reason="the file does not exist"))
    loader = importlib.util.spec_from_file_location(f"cdisc_conv_study_{path.parent.name}", path)
    assert loader is not None and loader.loader is not None
    module = importlib.util.module_from_spec(loader)
    loader.loader.exec_module(module)
    return {v.name: v for v in vars(module).values() if type(v).__name__ == "Verb"}
