"""The CDISC pilot built from its raw forms, against the SDTM that was published of it.

`examples/cdiscpilot/differences.csv` lists each difference with its cause: no other cell may differ, and each
one listed must.
"""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pyreadstat
import pytest
from support import DATA, cells, table

from cdisc_conv.model.result import BuildResult
from cdisc_conv.pipeline import Options, build, check

ROOT = Path(__file__).parents[1]
DIFFERENCES = ROOT / "examples/cdiscpilot/differences.csv"
DATASETS = ("DM", "SUPPDM", "DS", "EX", "AE")
ORDER = {  # variables that name a record; AE has none, its records stand in the same order
    "DM": ("USUBJID",),
    "SUPPDM": ("USUBJID", "QNAM"),
    "DS": ("USUBJID", "DSSEQ"),
    "EX": ("USUBJID", "EXSEQ"),
    "AE": ("USUBJID", "AETERM", "AELLT", "AEDTC"),
}
Rows = list[dict[str, str]]
Difference = tuple[str, str, str, str, str]  # dataset, variable, record, published, built


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    """The study built with its files."""
    return build("cdiscpilot", Options(workspace=ROOT, out=tmp_path_factory.mktemp("pilot") / "package"))


@pytest.fixture(scope="module")
def built(package: BuildResult) -> dict[str, Rows]:
    """The datasets as another reader finds them in the transport files."""
    assert package.out is not None
    folder = package.out / "m5/datasets/cdiscpilot/tabulations/sdtm"
    return {d: cells(pyreadstat.read_xport(folder / f"{d.lower()}.xpt")[0]) for d in DATASETS}


@pytest.fixture(scope="module")
def published() -> dict[str, Rows]:
    """The published datasets."""
    return {d: table(DATA / "cdiscpilot" / f"{d.lower()}.csv") for d in DATASETS}


def names(dataset: str, rows: Rows) -> list[tuple[str, ...]]:
    """What a record is called: its key and, where that is not enough, its place among those with that key."""
    keys = [tuple(row[v] for v in ORDER[dataset]) for row in rows]
    seen: Counter[tuple[str, ...]] = Counter()
    made = []
    for key in keys:
        seen[key] += 1
        made.append((*key, str(seen[key])))
    return made


def state(row: dict[str, str] | None, variable: str) -> str:
    """Whether a cell has a value, is blank, or is not there at all."""
    if row is None or variable not in row:
        return "absent"
    return "value" if row[variable] else "blank"


def record(dataset: str, row: dict[str, str]) -> str:
    """A record as the list of differences calls it: subject, and its published sequence number or QNAM."""
    part = row.get(f"{dataset}SEQ") or row.get("QNAM") or ""
    return f"{row['USUBJID']}/{part}" if part else row["USUBJID"]


def differences(dataset: str, published: Rows, built: Rows) -> list[Difference]:
    """Every cell of the published dataset that is not the same in the built one; records missing as one."""
    found: list[Difference] = []
    by_name = dict(zip(names(dataset, built), built, strict=True))
    for name, row in zip(names(dataset, published), published, strict=True):
        mine = by_name.get(name)
        if mine is None:
            found.append((dataset, "", record(dataset, row), "value", "absent"))
            continue
        for variable, value in row.items():
            if value != (mine.get(variable) or ""):
                states = (state(row, variable), state(mine, variable))
                found.append((dataset, variable, record(dataset, row), *states))
    return found


def test_only_the_listed_differences(built: dict[str, Rows], published: dict[str, Rows]) -> None:
    found = {x for d in DATASETS for x in differences(d, published[d], built[d])}
    listed: set[Difference] = set()
    for line in table(DIFFERENCES):
        kind = (line["DATASET"], line["VARIABLE"], line["PUBLISHED"], line["BUILT"])
        records = line["RECORDS"].split()
        if records == ["all"]:  # every difference of this kind
            records = [r for d, v, r, p, b in found if (d, v, p, b) == kind]
        assert len(records) == int(line["COUNT"]), line["CAUSE"]
        made = {(kind[0], kind[1], r, kind[2], kind[3]) for r in records}
        assert len(made) == len(records) and not made & listed, line["CAUSE"]
        listed |= made
    assert found == listed


def test_each_difference_has_its_cause() -> None:
    assert all(line["CAUSE"] and line["WHICH"] for line in table(DIFFERENCES))


def test_no_record_and_no_variable_too_many(built: dict[str, Rows], published: dict[str, Rows]) -> None:
    for d in DATASETS:
        assert set(names(d, built[d])) <= set(names(d, published[d]))
        assert set(built[d][0]) <= set(published[d][0])


@pytest.mark.parametrize("dataset", DATASETS)
def test_records_stand_in_the_published_order(
    dataset: str, built: dict[str, Rows], published: dict[str, Rows]
) -> None:
    mine = names(dataset, built[dataset])
    assert mine == [n for n in names(dataset, published[dataset]) if n in set(mine)]


def test_published_sequence_of_adverse_events(published: dict[str, Rows]) -> None:
    """The cause given for AESEQ: collection date, start date, and AESPID, which the raw form lacks."""
    keys = ("USUBJID", "AEDTC", "AESTDTC", "AESPID")
    rows = sorted(published["AE"], key=lambda row: tuple(row[k] for k in keys))
    seen: Counter[str] = Counter()
    for row in rows:
        seen[row["USUBJID"]] += 1
        assert row["AESEQ"] == str(seen[row["USUBJID"]])


def test_birth_dates_hold_no_more_than_the_age(published: dict[str, Rows]) -> None:
    """The cause given for BRTHDTC: the published one is the date of collection, AGE years earlier."""
    for row in published["DM"]:
        year, day = row["DMDTC"][:4], row["DMDTC"][4:]
        assert row["BRTHDTC"] == f"{int(year) - int(row['AGE'])}{day}"


def test_findings(package: BuildResult) -> None:
    assert Counter((f.severity.name, f.code.id) for f in package.findings) == {
        ("NOTE", "SPEC041"): 6,  # timing variables that the guide's AE, DS and EX do not list
        ("NOTE", "RAW064"): 1,  # the two adverse events that are alike
    }


def test_every_raw_row_and_column_is_accounted_for(package: BuildResult) -> None:
    account = {s.form: (s.rows, s.shipped, s.left_out, s.columns_unmapped) for s in package.ledger}
    assert account == {
        "dm": (306, 306, {}, ()),
        "ds": (850, 850, {}, ()),
        "ec": (591, 591, {}, ()),
        "ae": (1191, 1191, {}, ()),
    }


def workspace(folder: Path, old: str, new: str) -> Path:
    """The study in a workspace of its own, with one change in study.yaml."""
    for part in ("specs/cdiscpilot", "mappings/cdiscpilot", "examples/cdiscpilot/raw"):
        shutil.copytree(ROOT / part, folder / part)
    file = folder / "specs/cdiscpilot/study.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return folder


@pytest.mark.parametrize("change", ["duplicate_rows: drop", "# by default"])
def test_policy_drops_duplicate_rows(change: str, tmp_path: Path) -> None:
    place = workspace(tmp_path, "duplicate_rows: keep", change)
    result = build("cdiscpilot", Options(workspace=place))
    assert result.records["AE"] == 1190
    assert [f.count for f in result.findings if f.code.id == "RAW060"] == [1]
    account = next(s for s in result.ledger if s.form == "ae")
    assert (account.rows, account.shipped, account.left_out) == (1191, 1190, {"duplicate row": 1})


def test_policy_that_is_none(tmp_path: Path) -> None:
    place = workspace(tmp_path, "duplicate_rows: keep", "duplicate_rows: both")
    found = [f for f in check("cdiscpilot", Options(workspace=place)).findings if f.code.id == "MAP020"]
    assert [(f.place.file, f.place.line) for f in found] == [("specs/cdiscpilot/study.yaml", 61)]
