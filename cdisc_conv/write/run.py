"""run/: what was built from what, what was noticed, and the account of every raw row."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from cdisc_conv.model.result import BuildResult
from cdisc_conv.write.package import file_hash, write_json


def write_run(
    root: Path,
    result: BuildResult,
    inputs: dict[str, str],
    raw: str,
    *,
    values: bool,
    only: tuple[str, ...] = (),
) -> None:
    """The run's records; no clock is read, so the same inputs give the same bytes.

    `inputs` are hashes of the authors' files; those of the raw files come from the ledger.
    """
    run = root / "run"
    outputs = {str(p.relative_to(root)): file_hash(p) for p in sorted(root.rglob("*")) if p.is_file()}
    findings = [f.as_dict(values=values) for f in result.findings]
    write_json(run / "findings.json", {"tally": dict(result.findings.tally()), "findings": findings})
    write_json(run / "ledger.json", {"sources": [_account(a) for a in result.ledger]})
    write_json(
        run / "run.json",
        {
            "tool": {"name": "cdisc_conv", "version": _version()},
            "study": result.study,
            "created": result.created,
            "only": sorted(only),
            "raw": raw,
            "inputs": {
                "texts": inputs,
                "raw": {a.file: a.sha256 for a in result.ledger},
            },
            "records": dict(result.records),
            "outputs": outputs,
            "findings": dict(result.findings.tally()),
            "libraries": _libraries(),
        },
    )


def _account(account: Any) -> dict[str, Any]:
    return asdict(account) | {"balanced": account.balanced}


def _version() -> str:
    from cdisc_conv import __version__

    return __version__


def _libraries() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("lxml", "numpy", "pandas", "pyarrow")}
