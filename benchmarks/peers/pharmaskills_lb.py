"""The LB build of `pharmaskills` with its XPT; run by that package's own Python.

    python pharmaskills_lb.py FOLDER      # FOLDER: study.yaml, spec.yaml, raw/*.csv

Its command `sdtm build` writes Dataset-JSON too; here only the steps that LB and its XPT need are done.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pharmaskills.sdtm.metadata import load_metadata
from pharmaskills.sdtm.pipeline import build_datasets, load_study_folder
from pharmaskills.sdtm.xpt import write_xpt


def main(root: Path) -> None:
    folder = load_study_folder(root)
    result = build_datasets(folder, None)
    for issue in result.issues:
        print(issue.severity, issue.domain, issue.variable, issue.code, issue.message[:200])
    metadata = load_metadata()
    for name, dataset in sorted(result.datasets.items()):
        path = root / "out" / f"{name.lower()}.xpt"
        labels = dataset.column_labels(metadata)
        write_xpt(dataset.df, path, name, dataset.label[:40], labels, folder.study.timestamp)
        print(name, dataset.df.height)
    sys.exit(0 if result.ok else 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
