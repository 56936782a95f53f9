"""Published SAS transport files: read like the other readers do, and written again byte for byte."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from cdisc_conv.findings import Findings
from cdisc_conv.read.xpt import iter_xpt, read_xpt
from cdisc_conv.write.xpt import write_xpt

FOLDER = Path(__file__).parent / "data" / "xpt"
FILES = sorted(FOLDER.glob("*.xpt"))
ROWS = {  # as pyreadstat and pandas count them
    "adsl": 254, "adtte": 254, "ae": 961, "dm": 306, "ds": 596, "ex": 591, "relrec": 211, "se": 752,
    "suppae": 961, "suppdm": 1197, "ta": 11, "te": 7, "ti": 31, "ts": 48, "tv": 21,
}  # fmt: skip


def test_all_files_are_here():
    assert [p.stem for p in FILES] == sorted(ROWS)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_written_again_byte_for_byte(path, tmp_path):
    frame = read_xpt(path)
    assert len(frame) == ROWS[path.stem]
    write_xpt(frame, tmp_path / path.name)
    assert (tmp_path / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("path", [p for p in FILES if p.stem != "ts"], ids=lambda p: p.stem)
def test_values_and_metadata_equal_pyreadstat(path):
    frame = read_xpt(path)
    other, meta = pyreadstat.read_xport(path, disable_datetime_conversion=True)
    pd.testing.assert_frame_equal(frame, other, check_dtype=False)
    facts = frame.attrs["xpt"]
    variables = facts["variables"]
    assert facts["name"] == meta.table_name
    assert [v["label"] for v in variables.values()] == meta.column_labels
    assert {k: v["length"] for k, v in variables.items()} == meta.variable_storage_width
    assert frame.attrs["findings"] == [] and facts["encoding"] == "ascii"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_values_equal_pandas(path):
    other = pd.read_sas(path, format="xport", encoding="cp1252")
    text = [c for c in other if not pd.api.types.is_numeric_dtype(other[c])]
    other[text] = other[text].fillna("").astype("str")
    pd.testing.assert_frame_equal(read_xpt(path), other)


@pytest.mark.parametrize("rows", [1, 7, 100, 10_000])
def test_in_pieces(rows):
    pieces = list(iter_xpt(FOLDER / "ts.xpt", rows))
    assert max(map(len, pieces)) == min(rows, 48)
    assert {p.attrs["xpt"]["encoding"] for p in pieces} == {"cp1252"}
    pd.testing.assert_frame_equal(pd.concat(pieces), read_xpt(FOLDER / "ts.xpt"))


def test_header_facts():
    facts = read_xpt(FOLDER / "adtte.xpt").attrs["xpt"]
    assert facts["created"] == facts["modified"] == "29JAN18:14:37:05"
    assert (facts["sas_version"], facts["os"]) == ("9.4", "X64_ES08")
    assert facts["variables"]["USUBJID"] | {"namestr": ""} == {
        "label": "Unique Subject Identifier", "numeric": False, "length": 11, "position": 15, "varnum": 3,
        "format": "$11.", "informat": "", "justify": "left", "namestr": "",
    }  # fmt: skip
    assert facts["variables"]["STARTDT"]["format"] == "DATE9."


def test_text_beyond_ascii_is_said():
    findings = Findings()
    frame = read_xpt(FOLDER / "ts.xpt", findings=findings)
    (finding,) = findings
    assert (finding.code.id, finding.place.variable, finding.count) == ("FILE006", "TSVAL", 2)
    assert all("’" in frame["TSVAL"][r.row - 1] == r.value for r in finding.rows)
    assert frame.attrs["findings"] == [finding.as_dict()]
    assert not read_xpt(FOLDER / "ts.xpt", encoding="cp1252").attrs["findings"]


def test_findings_and_facts_are_plain_data(tmp_path):
    frame = read_xpt(FOLDER / "ts.xpt")
    frame.to_parquet(tmp_path / "ts.parquet")  # pandas keeps attrs as JSON there
    back = pd.read_parquet(tmp_path / "ts.parquet")
    write_xpt(back, tmp_path / "ts.xpt")
    assert (tmp_path / "ts.xpt").read_bytes() == (FOLDER / "ts.xpt").read_bytes()


def test_some_columns_and_rows_keep_their_facts(tmp_path):
    frame = read_xpt(FOLDER / "adtte.xpt").query("AVAL > 100")[["USUBJID", "STARTDT", "AVAL"]]
    write_xpt(frame, tmp_path / "adtte.xpt")
    back, meta = pyreadstat.read_xport(tmp_path / "adtte.xpt", disable_datetime_conversion=True)
    pd.testing.assert_frame_equal(back, frame.reset_index(drop=True), check_dtype=False)
    assert meta.original_variable_types["STARTDT"].startswith("DATE9")
    assert meta.column_names_to_labels["AVAL"] == "Analysis Value"
    assert np.all(frame["AVAL"] > 100)
