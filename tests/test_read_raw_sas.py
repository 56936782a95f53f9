"""SAS datasets as text, against the CSV twins that pyreadstat ships with them and against `write_xport`."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from cdisc_conv.errors import CannotRun
from cdisc_conv.read.raw import RawExport
from cdisc_conv.read.sas7bdat import _shown

DATA = Path(__file__).parent / "data" / "raw"


def twin(name: str) -> list[list[str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8-sig", newline="") as f:
        rows = list(csv.reader(f))
    clean = [[v.removesuffix(".000000") for v in r] for r in rows]
    return [[f"0{v}" if v == "0:00:00" else v for v in r] for r in clean]


@pytest.mark.parametrize("name", ["dates", "sample"])
def test_sas7bdat_is_its_csv_twin(name: str) -> None:
    table = RawExport.open(DATA).read(f"{name}.sas7bdat")
    header, *rows = twin(name)
    assert list(table.frame.columns) == header
    assert table.frame.to_numpy().tolist() == rows
    assert table.rows.tolist() == list(range(2, len(rows) + 2))
    assert {str(t) for t in table.frame.dtypes} == {"str"}


def test_special_missing_values_stay_visible() -> None:
    table = RawExport.open(DATA).read("missing_test.sas7bdat")
    assert table.frame.to_numpy().tolist() == [[".A", ".B", ".C", ".X", ".Y", ".Z", "._", "", "1"]]
    assert {f.code.id for f in table.findings} == {"RAW053"}


def test_transport_file(tmp_path: Path) -> None:
    frame = pd.DataFrame({"ID": ["001", "", "NA"], "X": [12.0, 0.1, np.nan], "D": [22358.0, np.nan, 0.0]})
    formats = {"D": "DATE9."}
    pyreadstat.write_xport(frame, tmp_path / "a.xpt", file_format_version=5, variable_format=formats)
    table = RawExport.open(tmp_path).read("a.xpt")
    assert table.frame.to_dict("list") == {
        "ID": ["001", "", "NA"],
        "X": ["12", "0.1", ""],
        "D": ["2021-03-19", "", "1960-01-01"],
    }


# SAS counts days and seconds from 1960-01-01: 22358 is 2021-03-19 (date(1960, 1, 1) + 22358 days).
@pytest.mark.parametrize(
    ("value", "kind", "text", "impossible", "hidden"),
    [
        (22358, "DATE", "2021-03-19", False, False),
        (22358.5, "YYMMDD", "2021-03-19", False, True),
        (22358, "DDMMYYS", "2021-03-19", False, False),
        (9e9, "DATE", "9000000000", True, False),
        (22358 * 86400 + 30245, "DATETIME", "2021-03-19T08:24:05", False, False),
        (22358 * 86400 + 0.25, "E8601DT", "2021-03-19T00:00:00.25", False, False),
        (30245, "TIME", "08:24:05", False, False),
        (129600, "HHMM", "36:00:00", False, False),
        (12, "WEEKF", "12", False, False),  # a study's own format, no date
        (1234.5, "COMMA", "1234.5", False, False),
        (1e-5, "BEST", "0.00001", False, False),
    ],
)
def test_numbers_under_sas_formats(
    value: float, kind: str, text: str, impossible: bool, hidden: bool
) -> None:
    texts, bad, cut = _shown(np.array([value], dtype=np.float64), kind)
    assert (texts[0], bool(bad[0]), bool(cut[0])) == (text, impossible, hidden)


@pytest.mark.parametrize("name", ["a.sas7bdat", "a.xpt"])
def test_what_is_no_sas_file(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"no such thing" * 100)
    with pytest.raises(CannotRun) as stop:
        RawExport.open(tmp_path).read(name)
    assert stop.value.findings[0].place.file == name
