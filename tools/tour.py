"""Say where to look in a package that was just built: `python tools/tour.py OUT [COMMAND]`."""

from __future__ import annotations

import sys
from pathlib import Path


def example(out: Path, command: str) -> str:
    """An explain command for a value that the package really holds."""
    from cdisc_conv import read_xpt

    for name, with_param in (("adtte", True), ("ae", False), ("dm", False)):
        for path in sorted(out.rglob(f"{name}.xpt")):
            frame = read_xpt(path)
            if len(frame):
                first = frame.iloc[0]
                one = f" --param {first['PARAMCD']}" if with_param else ""
                return f"{command} explain {name.upper()} --subject {first['USUBJID']}{one}"
    return ""


def main(out: Path, command: str = "cdisc-conv") -> None:
    """Print the places."""
    print("\nLook at")  # noqa: T201
    for define in sorted(out.rglob("define.xml")):
        datasets = len(list(define.parent.glob("*.xpt")))
        print(f"  {define.parent}/  {datasets} datasets (*.xpt), define.xml and define.html")  # noqa: T201
    if (page := out / "results/report.html").exists():
        print(f"  {page}  each analysis by arm; analysis-results.csv: the same as a dataset")  # noqa: T201
    print(f"  {out}/run/findings.json  what was noticed; ledger.json: where every raw row went")  # noqa: T201
    if line := example(out, command):
        print(f"and follow a value back to the raw cells:\n  {line}")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
