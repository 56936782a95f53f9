"""The study worked out by hand: every cell, every finding, every raw row."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pyreadstat
import pytest
from support import HAND, cells, table

import cdisc_conv
from cdisc_conv.checks.define_xsd import validate_define

DATASETS = ["dm", "ex", "ae", "suppae", "vs", "ts", "adtte"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("hand") / "out"
    cdisc_conv.build("hand", workspace=HAND, out=out)
    return out


def xpt(built: Path, name: str) -> Path:
    return next((built / "m5/datasets/hand").rglob(f"{name}.xpt"))


@pytest.mark.parametrize("name", DATASETS)
def test_every_cell(built: Path, name: str) -> None:
    expected = table(HAND / "expected" / f"{name}.csv")
    frame, _ = pyreadstat.read_xport(str(xpt(built, name)), disable_datetime_conversion=True)
    got = [{k: row[k] for k in expected[0]} for row in cells(frame)]
    assert got == expected


def test_findings_name_the_raw_rows(built: Path) -> None:
    findings = json.loads((built / "run/findings.json").read_text(encoding="utf-8"))["findings"]
    got = {(f["code"], f["name"], r["file"], r["row"], r["key"]) for f in findings for r in f["rows"]}
    for e in table(HAND / "expected/findings.csv"):
        assert (e["code"], e["name"], e["file"], int(e["row"]), e["key"]) in got


def test_every_raw_row_is_accounted_for(built: Path) -> None:
    sources = json.loads((built / "run/ledger.json").read_text(encoding="utf-8"))["sources"]
    account = {s["file"]: (s["rows"], s["shipped"], s["left_out"]) for s in sources}
    assert account["people.csv"] == (4, 4, {})
    assert account["events.csv"] == (5, 5, {})
    assert account["doses.csv"] == (
        6,
        3,
        {"duplicate row": 1, "older version of a row": 1, "not selected by the rows of EX": 1},
    )
    for file, (rows, shipped, left_out) in account.items():
        lines = (HAND / "raw" / file).read_text(encoding="utf-8").splitlines()
        assert rows == len(lines) - 1 == shipped + sum(left_out.values())


@pytest.mark.parametrize("kind", ["tabulations/sdtm", "analysis/adam/datasets"])
def test_define_is_valid(built: Path, kind: str) -> None:
    define = built / "m5/datasets/hand" / kind / "define.xml"
    assert [str(f.message) for f in validate_define(define) if f.severity == "error"] == []


def test_labels_and_lengths_are_those_of_the_standard_and_the_data(built: Path) -> None:
    _, meta = pyreadstat.read_xport(str(xpt(built, "ae")))
    assert meta.column_names_to_labels["AESTDTC"] == "Start Date/Time of Adverse Event"
    assert meta.table_name == "AE" and meta.file_label == "Adverse Events"
    widths = dict(meta.variable_storage_width)
    assert widths["USUBJID"] == len("HAND-01-007") and widths["AETERM"] == len("headache")


def test_no_values_hides_them(tmp_path: Path) -> None:
    cdisc_conv.build("hand", workspace=HAND, out=tmp_path / "o", values=False)
    text = (tmp_path / "o/run/findings.json").read_text(encoding="utf-8")
    assert "2024-02-30" not in text and '"key": "E4"' in text


def test_findings_of_the_writer_name_the_file_and_not_where_it_was_made(tmp_path: Path) -> None:
    """A text that ends in a blank: said of ae.xpt, in the same bytes whichever process built it."""
    shutil.copytree(HAND, tmp_path / "hand")
    page = tmp_path / "hand/mappings/hand/ae.yaml"
    text = page.read_text("utf-8")
    page.write_text(re.sub(r"AETERM: .*", 'AETERM: join(TERM, " ", sep="")', text), "utf-8")
    for out in ("one", "two"):
        cdisc_conv.build("hand", workspace=tmp_path / "hand", out=tmp_path / out)
    one, two = ((tmp_path / out / "run/findings.json").read_bytes() for out in ("one", "two"))
    assert one == two
    told = [f for f in json.loads(one)["findings"] if f["code"] == "FILE033"]
    assert [(f["place"]["file"], {r["file"] for r in f["rows"]}) for f in told] == [("ae.xpt", {"ae.xpt"})]
