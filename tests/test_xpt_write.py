"""What can be written, and what is refused: everything at once, with its place, before a byte is written."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_conv.errors import CannotRun, UsageMistake
from cdisc_conv.model.xpt import XptColumn
from cdisc_conv.read.xpt import read_xpt
from cdisc_conv.write.xpt import XptWriter, write_xpt


def text(*values: str | None, dtype: str = "str") -> pd.Series:
    return pd.Series(list(values), dtype=dtype)


def refused(frame: pd.DataFrame, path, **options) -> list[tuple[str, str, list[int]]]:
    with pytest.raises(CannotRun) as caught:
        write_xpt(frame, path, name=options.pop("name", "T"), **options)
    assert not path.exists()
    return [(f.code.id, place_of(f), [r.row for r in f.rows]) for f in caught.value.findings]


def place_of(finding) -> str:
    return ".".join(p for p in (finding.place.dataset, finding.place.variable) if p)


DATES = pd.Series(pd.to_datetime(["2014-07-02", None]))
TIMED = pd.Series(pd.to_datetime(["2014-07-02T00:00:00", "2014-07-02T10:30:00"]))
REFUSED = [
    ("nine letters", {"ABCDEFGHI": text("x")}, {}, [("FILE020", "T.ABCDEFGHI", [])]),
    ("lower case", {"a": text("x")}, {}, [("FILE020", "T.a", [])]),
    ("digit first", {"1A": text("x")}, {}, [("FILE020", "T.1A", [])]),
    ("blank in name", {"A B": text("x")}, {}, [("FILE020", "T.A B", [])]),
    ("Chinese name", {"性别": text("x")}, {}, [("FILE020", "T.性别", [])]),
    ("dataset name", {"A": text("x")}, {"name": "TOOLONGNAME"}, [("FILE020", "TOOLONGNAME", [])]),
    ("no columns", {}, {}, [("FILE036", "T", [])]),
    ("label of 41", {"A": text("x")}, {"labels": {"A": "y" * 41}}, [("FILE021", "T.A", [])]),
    ("dataset label of 41", {"A": text("x")}, {"label": "y" * 41}, [("FILE021", "T", [])]),
    ("label not ASCII", {"A": text("x")}, {"labels": {"A": "é"}}, [("FILE025", "T.A", [])]),
    ("length 0", {"A": text("x")}, {"lengths": {"A": -1}}, [("FILE022", "T.A", []), ("FILE024", "T.A", [1])]),
    ("length 201", {"A": text("x")}, {"lengths": {"A": 201}}, [("FILE022", "T.A", [])]),
    ("number of 9 bytes", {"A": [1]}, {"lengths": {"A": 9}}, [("FILE022", "T.A", [])]),
    ("201 bytes", {"A": text("x" * 200, "y" * 201)}, {}, [("FILE023", "T.A", [2])]),
    ("over its length", {"A": text("xx", "", "xxx")}, {"lengths": {"A": 2}}, [("FILE024", "T.A", [3])]),
    ("not ASCII", {"A": text("a", "é", None, "≤ 5")}, {}, [("FILE025", "T.A", [2, 4])]),
    ("not Windows-1252", {"A": text("é", "中")}, {"encoding": "cp1252"},
     [("FILE025", "T.A", [2]), ("FILE040", "T.A", [1])]),
    ("a pair torn apart", {"A": pd.Series(["x", "\ud800"], dtype=object)}, {}, [("FILE030", "T.A", [2])]),
    ("mixed", {"A": pd.Series(["x", 1, None, 2.5], dtype=object)}, {}, [("FILE030", "T.A", [2, 4])]),
    ("object numbers", {"A": pd.Series([1, 2], dtype=object)}, {}, [("FILE030", "T.A", [1, 2])]),
    ("bytes", {"A": pd.Series([b"x"], dtype=object)}, {}, [("FILE030", "T.A", [1])]),
    ("dates as objects", {"A": pd.Series([date(2014, 7, 2)], dtype=object)}, {}, [("FILE030", "T.A", [1])]),
    ("no values, no type", {"A": pd.Series([None], dtype=object)}, {}, [("FILE029", "T.A", [])]),
    ("bool", {"A": [True]}, {}, [("FILE029", "T.A", [])]),
    ("boolean", {"A": pd.Series([True, None], dtype="boolean")}, {}, [("FILE029", "T.A", [])]),
    ("complex", {"A": [1j]}, {}, [("FILE029", "T.A", [])]),
    ("dates", {"A": DATES}, {}, [("FILE029", "T.A", [])]),
    ("dates, other format", {"A": DATES}, {"formats": {"A": "8.2"}}, [("FILE029", "T.A", [])]),
    ("zoned", {"A": DATES.dt.tz_localize("UTC")}, {"formats": {"A": "DATE9."}}, [("FILE029", "T.A", [])]),
    ("durations", {"A": DATES - DATES[0]}, {}, [("FILE029", "T.A", [])]),
    ("times cut off", {"A": TIMED}, {"formats": {"A": "DATE9."}}, [("FILE031", "T.A", [2])]),
    ("format without point", {"A": [1]}, {"formats": {"A": "DATE9"}}, [("FILE032", "T.A", [])]),
    ("long format", {"A": [1]}, {"formats": {"A": "ABCDEFGHI9."}}, [("FILE032", "T.A", [])]),
    ("option for nothing", {"A": [1]}, {"labels": {"B": "x"}}, [("FILE037", "T.B", [])]),
    ("system name", {"A": [1]}, {"os": "NINECHARS"}, [("FILE039", "T", []), ("FILE039", "T", [])]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "options", "expected"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED]
)
def test_refused(columns, options, expected, tmp_path):
    assert refused(pd.DataFrame(columns), tmp_path / "t.xpt", **options) == expected


def test_all_slips_at_once(tmp_path):
    frame = pd.DataFrame({"lower": [1.0, np.inf], "NAMETOOLONG": text("é", "x"), "B": [True, False]})
    found = refused(frame, tmp_path / "t.xpt", labels={"B": "l" * 50})
    assert sorted(code for code, *_ in found) == [
        "FILE020", "FILE020", "FILE021", "FILE025", "FILE026", "FILE029",
    ]  # fmt: skip


def test_two_columns_of_one_name(tmp_path):
    frame = pd.DataFrame([[1.0, 2.0]], columns=["A", "A"])
    assert refused(frame, tmp_path / "t.xpt") == [("FILE035", "T.A", [])]


def test_place_that_cannot_be_written(tmp_path):
    assert refused(pd.DataFrame({"A": [1]}), tmp_path / "none" / "t.xpt") == [("FILE038", "T", [])]
    frame = pd.DataFrame({"A": text("x")})
    with pytest.raises(UsageMistake, match="utf-16"):
        write_xpt(frame, tmp_path / "t.xpt", encoding="utf-16")


def test_only_values_hold_data(tmp_path):
    frame = pd.DataFrame({"A": text("SECRET" * 40), "M": pd.Series(["SECRET"], dtype=object), "N": [1e300]})
    frame.loc[0, "M"] = 17
    with pytest.raises(CannotRun) as caught:
        write_xpt(frame, tmp_path / "t.xpt", name="T")
    for finding in caught.value.findings:
        said = finding.as_dict(values=False)
        assert "SECRET" not in str(said) and "1e+300" not in str(said)
        assert finding.rows[0].value in {"SECRET" * 40, "17", "1e+300"}


ACCEPTED = [
    ("ints", pd.Series([1, -2], dtype="int8"), [1.0, -2.0]),
    ("nullable ints", pd.Series([1, None], dtype="Int64"), [1.0, np.nan]),
    ("float32", pd.Series([0.5, np.nan], dtype="float32"), [0.5, np.nan]),
    ("nullable floats", pd.Series([0.1, None], dtype="Float64"), [0.1, np.nan]),
    ("Arrow ints", pd.Series([1, None], dtype="int64[pyarrow]"), [1.0, np.nan]),
    ("text", text("a", None), ["a", ""]),
    ("nullable text", text("a", None, dtype="string"), ["a", ""]),
    ("Arrow text", text("a", None, dtype="string[pyarrow]"), ["a", ""]),
    ("object text", text("a", None, dtype="object"), ["a", ""]),
    ("categories", pd.Series(["b", None, "a", "b"], dtype="category"), ["b", "", "a", "b"]),
    ("number categories", pd.Series([2.5, None], dtype="category"), [2.5, np.nan]),
    ("200 bytes", text("x" * 200, "y"), ["x" * 200, "y"]),
    ("control characters", text("a\0b", "\n", " c"), ["a\0b", "\n", " c"]),
    ("no rows", pd.Series([], dtype="float64"), []),
    ("no rows of text", text(), []),
]


@pytest.mark.parametrize(("values", "expected"), [c[1:] for c in ACCEPTED], ids=[c[0] for c in ACCEPTED])
def test_accepted(values, expected, tmp_path):
    path = tmp_path / "t.xpt"
    assert not len(write_xpt(pd.DataFrame({"N": [7.0] * len(values), "A": values}), path))
    assert path.stat().st_size % 80 == 0
    kind = "str" if values.dtype not in ("float64",) and any(isinstance(v, str) for v in expected) else None
    wanted = pd.Series(expected, dtype=kind, name="A")
    read = read_xpt(path)
    if expected:
        pd.testing.assert_series_equal(read["A"], wanted)
    assert len(read) == len(pyreadstat.read_xport(path)[0]) == len(expected)


def test_dates_become_what_their_format_says(tmp_path):
    path = tmp_path / "t.xpt"
    frame = pd.DataFrame({"DT": DATES, "DTM": TIMED, "CUT": TIMED.dt.normalize().astype("datetime64[s]")})
    write_xpt(frame, path, formats={"DT": "date9.", "DTM": "DATETIME20.", "CUT": "E8601DA10."})
    read = read_xpt(path)
    assert read["DT"].tolist()[0] == 19906 and np.isnan(read["DT"][1])  # SAS: '02JUL2014'd
    assert read["DTM"].tolist() == [1719878400, 1719916200]
    other, _ = pyreadstat.read_xport(path)
    assert other["DT"][0] == date(2014, 7, 2)
    assert other["DTM"][1] == datetime(2014, 7, 2, 10, 30)


def test_metadata_reach_other_readers(tmp_path):
    path = tmp_path / "anything.xpt"
    frame = pd.DataFrame({"USUBJID": text("01-001"), "AVAL": [1.5], "ADT": [20000.0]})
    options = {
        "labels": {"USUBJID": "Unique Subject Identifier", "AVAL": "x" * 40},
        "lengths": {"USUBJID": 20},
    }
    options |= {
        "formats": {"AVAL": "8.2", "ADT": "DATE9.", "USUBJID": "$20."},
        "informats": {"ADT": "DATE9."},
    }
    write_xpt(frame, path, name="ADXX", label="A dataset", created=datetime(2024, 2, 29, 13, 5, 9), **options)
    _, meta = pyreadstat.read_xport(path)
    assert (meta.table_name, meta.file_label) == ("ADXX", "A dataset")
    assert meta.creation_time == meta.modification_time == datetime(2024, 2, 29, 13, 5, 9)
    assert meta.column_labels == ["Unique Subject Identifier", "x" * 40, None]
    assert meta.variable_storage_width == {"USUBJID": 20, "AVAL": 8, "ADT": 8}
    assert list(meta.original_variable_types.values()) == ["$20", "8.2", "DATE9"]
    facts = read_xpt(path).attrs["xpt"]
    assert facts["created"] == facts["library_modified"] == "29FEB24:13:05:09"
    assert facts["variables"]["ADT"]["informat"] == "DATE9."


def test_same_data_same_bytes_and_a_fixed_time(tmp_path):
    frame = pd.DataFrame({"A": text("x", "é"), "B": [1, 2]})
    found = write_xpt(frame, tmp_path / "a.xpt", encoding="utf-8")
    write_xpt(frame, tmp_path / "b.xpt", name="A", encoding="utf-8")
    assert (tmp_path / "a.xpt").read_bytes() == (tmp_path / "b.xpt").read_bytes()
    assert b"01JAN60:00:00:00" in (tmp_path / "a.xpt").read_bytes()
    assert [(f.code.id, [r.row for r in f.rows]) for f in found] == [("FILE040", [2])]
    assert pyreadstat.read_xport(tmp_path / "a.xpt")[0]["A"].tolist() == ["x", "é"]


def test_trailing_blanks_are_said(tmp_path):
    found = write_xpt(pd.DataFrame({"N": [1, 2, 3], "A": text("x", "y ", " ")}), tmp_path / "t.xpt")
    assert [(f.code.id, str(f.severity), [r.row for r in f.rows]) for f in found] == [
        ("FILE033", "warning", [2, 3])
    ]


def test_not_strict(tmp_path):
    frame = pd.DataFrame({"lower": text("x" * 1000)})
    found = write_xpt(frame, tmp_path / "t.xpt", strict=False, name="T")
    assert [(f.code.id, str(f.severity)) for f in found] == [("FILE020", "warning")]
    pd.testing.assert_frame_equal(read_xpt(tmp_path / "t.xpt"), frame)


def test_in_pieces_gives_the_same_bytes(tmp_path):
    rng = np.random.default_rng(1)
    n = 1000
    frame = pd.DataFrame({"A": rng.choice(["x", "yy", ""], n), "B": rng.normal(size=n)}).astype({"A": "str"})
    columns = [XptColumn("A", "Text", length=2), XptColumn("B", numeric=True, format="8.3")]
    write_xpt(frame, tmp_path / "t.xpt", labels={"A": "Text"}, formats={"B": "8.3"})
    with XptWriter(tmp_path / "p.xpt", columns, name="T") as writer:
        for start in range(0, n, 77):
            writer.write(frame.iloc[start : start + 77])
    assert (tmp_path / "p.xpt").read_bytes() == (tmp_path / "t.xpt").read_bytes()


def test_pieces_are_checked_with_their_row_numbers(tmp_path):
    writer = XptWriter(tmp_path / "p.xpt", [XptColumn("A", length=2)], name="T")
    writer.write(pd.DataFrame({"A": text("a", "b")}))
    with pytest.raises(CannotRun) as caught:
        writer.write(pd.DataFrame({"A": text("c", "ddd")}))
    assert [(f.code.id, [r.row for r in f.rows]) for f in caught.value.findings] == [("FILE024", [4])]
    with pytest.raises(UsageMistake):
        writer.write(pd.DataFrame({"B": text("c")}))


printable = st.text(
    st.characters(min_codepoint=1, max_codepoint=0x3000, exclude_categories=["Cs"]), max_size=12
)


@given(st.lists(st.tuples(printable, printable), max_size=30), st.sampled_from(["utf-8", "gb18030"]))
@settings(max_examples=150, deadline=None)
def test_text_survives(tmp_path_factory, rows, encoding):
    path = tmp_path_factory.mktemp("x") / "t.xpt"
    frame = pd.DataFrame(rows, columns=["A", "B"]).astype("str")
    write_xpt(frame, path, encoding=encoding)
    wanted = frame.apply(lambda column: column.str.rstrip(" ")).astype("str")
    pd.testing.assert_frame_equal(read_xpt(path, encoding=encoding), wanted)


@given(st.lists(st.binary(min_size=3, max_size=3), min_size=1, max_size=20))
@settings(deadline=None)
def test_any_bytes_are_read_and_written_again(tmp_path_factory, values):
    folder = tmp_path_factory.mktemp("x")
    write_xpt(pd.DataFrame({"N": [1.0] * len(values), "A": text(*["abc"] * len(values))}), folder / "a.xpt")
    data = (folder / "a.xpt").read_bytes()
    head, pad = data[: 13 * 80], data[13 * 80 + 11 * len(values) :]
    data = head + b"".join(bytes([0x41, 0x10, 0, 0, 0, 0, 0, 0]) + v for v in values) + pad
    (folder / "a.xpt").write_bytes(data)
    write_xpt(read_xpt(folder / "a.xpt"), folder / "b.xpt", name="A")
    assert (folder / "b.xpt").read_bytes() == data
