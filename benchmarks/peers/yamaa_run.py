"""A project of `yamaa` run, saved and submitted (XPT and define.xml), by that package's own Python.

python yamaa_run.py FOLDER/project.yaml
"""

from __future__ import annotations

import sys

import yamaa


def main(path: str) -> None:
    project = yamaa.project(path)
    run = project.run()
    _stop(run)
    run.save()
    submission = project.submission(created="2026-01-01T00:00:00")
    _stop(submission)
    submission.save()


def _stop(result) -> None:
    if result.status != "succeeded":
        for issue in result.issues.to_pylist()[:20]:
            print(issue)
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1])
