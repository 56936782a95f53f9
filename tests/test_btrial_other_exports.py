"""Other exports of Btrial that must give the same package: rows and columns shuffled, all four years later.

The expected package is the one of the export as it stands: what does not depend on an order or on the year
may not change with it.
"""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from btrial_small import build_small, edit, small_workspace

Frames = dict[str, pd.DataFrame]
YEAR_FIRST = re.compile(r"^((?:19|20)\d\d)(?=$|[-/年]|[01]\d[0-3]\d$)")
YEAR_LAST = re.compile(r"(?<=[A-Z]{3}|[a-z]{2}-)((?:19|20)\d\d)(?=$| )")
SERIAL = re.compile(r"^4\d{4}$")  # a day number of Excel


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    return build_small(small_workspace(tmp_path_factory.mktemp("usual")))[0]


def each_csv(workspace: Path, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> None:
    raw = workspace / "examples/btrial/raw"
    for path in sorted(raw.rglob("*.csv")):
        edit(workspace, path.relative_to(raw).as_posix(), change)


def test_the_order_of_rows_and_columns_does_not_matter(usual, tmp_path):
    workspace = small_workspace(tmp_path)
    chance = random.Random(5)

    def shuffled(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        chance.shuffle(rows)
        names = list(rows[0]) if rows else []
        chance.shuffle(names)
        return [{n: r[n] for n in names} for r in rows]

    each_csv(workspace, shuffled)
    built, _ = build_small(workspace)
    assert built.keys() == usual.keys()
    for name, frame in usual.items():
        pd.testing.assert_frame_equal(built[name], frame, obj=name)


def later(text: str) -> str:
    """A date four years later: 1461 days, whatever the format."""
    if SERIAL.match(text):
        return str(int(text) + 1461)
    return YEAR_LAST.sub(_plus_four, YEAR_FIRST.sub(_plus_four, text))


def _plus_four(found: re.Match[str]) -> str:
    return str(int(found[1]) + 4)


DATE_COLUMN = re.compile("DATE|LAST_MODIFIED|VALID|FROM$|TO$")


def test_four_years_later_everything_is_four_years_later(usual, tmp_path):
    workspace = small_workspace(tmp_path)
    each_csv(
        workspace,
        lambda rows: [{n: later(v) if DATE_COLUMN.search(n) else v for n, v in r.items()} for r in rows],
    )
    for path in workspace.rglob("raw/**/*.xlsx"):
        shift_workbook(path)
    study = workspace / "specs/btrial/study.yaml"
    study.write_text(study.read_text("utf-8").replace('data_cutoff: "2023', 'data_cutoff: "2027'), "utf-8")
    built, _ = build_small(workspace)
    assert built.keys() == usual.keys()
    for name, frame in usual.items():
        dates = [c for c in frame if c.endswith(("DTC", "DT", "TPT"))]
        wanted = frame.assign(**{c: frame[c].map(later) for c in dates})
        if name == "SUPPQS":
            wanted["QVAL"] = frame["QVAL"].map(later)  # the date of the assessment compared with
        if name == "TS":  # the start of the study is the protocol's, the cut-off is the export's
            wanted.loc[wanted["TSPARMCD"] == "DCUTDTC", "TSVAL"] = "2027-06-30"
        pd.testing.assert_frame_equal(built[name], wanted, obj=name)


def shift_workbook(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    for sheet in book:
        names = [str(c.value) for c in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            for name, cell in zip(names, row, strict=True):
                if isinstance(cell.value, datetime.datetime):
                    cell.value = cell.value.replace(year=cell.value.year + 4)
                elif isinstance(cell.value, str) and DATE_COLUMN.search(name):
                    cell.value = later(cell.value)
    book.save(path)
