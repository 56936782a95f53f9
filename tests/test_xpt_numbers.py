"""IBM doubles: against published examples, an independent conversion, and other readers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdisc_conv.errors import CannotRun
from cdisc_conv.model.ibm import from_ibm, malformed, missing_letters, rounded, special_missing, to_ibm
from cdisc_conv.read.xpt import read_xpt
from cdisc_conv.write.xpt import write_xpt

LETTERS = "_ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def ibm_bytes(x: float) -> bytes:
    """The definition, in rational numbers: sign * fraction * 16**(exponent - 64), 1/16 <= fraction < 1."""
    value, exponent = abs(Fraction(x)), 64
    if value == 0:
        return bytes(8)
    while value >= 1:
        value, exponent = value / 16, exponent + 1
    while value < Fraction(1, 16):
        value, exponent = value * 16, exponent - 1
    fraction = value * 2**56
    assert fraction.denominator == 1
    return bytes([exponent | (0x80 if x < 0 else 0)]) + int(fraction).to_bytes(7, "big")


def words(data: bytes) -> np.ndarray:
    return np.frombuffer(data, ">u8").astype(np.uint64)


@pytest.mark.parametrize(
    ("value", "hexes"),
    [
        (1.0, "4110000000000000"),  # SAS TS-140
        (2.0, "4120000000000000"),
        (3.0, "4130000000000000"),
        (-1.0, "c110000000000000"),
        (100.0, "4264000000000000"),
        (-118.625, "c276a00000000000"),  # IBM, Principles of Operation
        (0.1, "401999999999999a"),
        (0.0, "0000000000000000"),
    ],
)
def test_known_numbers(value, hexes):
    assert to_ibm(np.array([value])).astype(">u8").tobytes().hex() == hexes
    assert from_ibm(words(bytes.fromhex(hexes)))[0] == value


fitting = st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda x: x == 0 or 2.0**-260 <= abs(x) < 2.0**252
)


@given(st.lists(fitting, min_size=1, max_size=50))
@settings(max_examples=200)
def test_every_double_has_the_ibm_form_of_the_definition(values):
    made = to_ibm(np.array(values)).astype(">u8").tobytes()
    assert made == b"".join(map(ibm_bytes, values))
    back = from_ibm(words(made))
    assert back.tolist() == values
    assert not rounded(words(made)).any() and not malformed(words(made)).any()


@given(st.integers(0, 2**56 - 1), st.integers(0, 127), st.booleans())
def test_any_ibm_double_is_read_to_the_nearest(fraction, exponent, negative):
    data = bytes([exponent | (0x80 if negative else 0)]) + fraction.to_bytes(7, "big")
    exact = (-1 if negative else 1) * Fraction(fraction) / 2**56 * Fraction(16) ** (exponent - 64)
    if fraction:
        read = from_ibm(words(data))[0]
        assert read == float(exact)
        assert rounded(words(data))[0] == (Fraction(read) != exact)
        assert malformed(words(data))[0] == (fraction < 2**52)


@pytest.mark.parametrize(
    "value", [1e-70, -1e-70, 7e75, -7e75, 2.0**-260, np.nextafter(2.0**252, 0), 5e-324 * 0]
)
def test_extremes_survive_a_file(value, tmp_path):
    path = tmp_path / "x.xpt"
    write_xpt(pd.DataFrame({"X": [value]}), path)
    assert read_xpt(path)["X"][0] == value
    assert pyreadstat.read_xport(path)[0]["X"][0] == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("value", "code"),
    [(np.inf, "FILE026"), (-np.inf, "FILE026"), (2.0**252, "FILE026"), (-1e300, "FILE026"),
     (5e-79, "FILE027"), (-5e-324, "FILE027")],
)  # fmt: skip
def test_numbers_without_an_ibm_form_are_refused(value, code, tmp_path):
    path = tmp_path / "x.xpt"
    with pytest.raises(CannotRun) as caught:
        write_xpt(pd.DataFrame({"OK": [1.0] * 3, "X": [0.0, value, np.nan]}), path, name="T")
    (finding,) = caught.value.findings
    assert (finding.code.id, str(finding.place), finding.count) == (code, "T.X", 1)
    assert [r.row for r in finding.rows] == [2]
    assert not path.exists()


def test_negative_zero_is_zero_to_every_reader(tmp_path):
    path = tmp_path / "x.xpt"
    write_xpt(pd.DataFrame({"X": [-0.0, 0.0, 1.0]}), path)
    assert read_xpt(path)["X"].tolist() == pyreadstat.read_xport(path)[0]["X"].tolist() == [0.0, 0.0, 1.0]
    assert path.read_bytes()[-80:-64] == bytes(16)


def test_special_missing_values_survive(tmp_path):
    path, again = tmp_path / "a.xpt", tmp_path / "b.xpt"
    values = [1.5, np.nan, *map(special_missing, LETTERS), -np.nan, 0.0]
    frame = pd.DataFrame({"X": values, "ID": [f"{i:03}" for i in range(len(values))]})
    write_xpt(frame, path)
    data = path.read_bytes()[13 * 80 :]  # 8 records, two namestrs in 4, the OBS record
    firsts = [data[i * 11] for i in range(len(values))]
    assert bytes(firsts[1:29]).decode() == "." + LETTERS
    read = read_xpt(path)
    assert read["X"].isna().sum() == 29
    assert bytes(missing_letters(read["X"].to_numpy())).decode() == "\0." + LETTERS + ".\0"
    assert read.attrs["xpt"]["variables"]["X"]["special_missing"] == dict.fromkeys(LETTERS, 1)
    write_xpt(read, again)
    assert again.read_bytes() == path.read_bytes()
    assert pd.read_sas(path, format="xport", encoding="cp1252")["X"].isna().sum() == 29


def test_letters_go_with_their_values():
    frame = pd.DataFrame({"X": [special_missing("B"), 2.0, special_missing("_"), np.nan], "K": [3, 2, 1, 0]})
    moved = pd.concat([frame.sort_values("K"), frame[frame["K"] == 3]]).reset_index(drop=True)
    assert bytes(missing_letters(moved["X"].to_numpy())) == b"._\0BB"


@pytest.mark.parametrize("letter", ["a", "1", "AB", "", "é"])
def test_no_such_missing_value(letter):
    with pytest.raises(ValueError, match="missing"):
        special_missing(letter)


@pytest.mark.parametrize(
    ("values", "lost"),
    [
        (pd.Series([2**53, -(2**53), 2**53 + 2]), []),
        (pd.Series([1, 2**53 + 1, -(2**63), 2**63 - 1]), [2, 4]),
        (pd.Series([2**64 - 1, 1], dtype="uint64"), [1]),
        (pd.Series([2**53 + 1, None], dtype="Int64"), [1]),
    ],
)
def test_integers_that_lose_digits(values, lost, tmp_path):
    frame = pd.DataFrame({"X": values})
    if not lost:
        write_xpt(frame, tmp_path / "x.xpt")
        assert read_xpt(tmp_path / "x.xpt")["X"].tolist() == values.tolist()
        return
    with pytest.raises(CannotRun) as caught:
        write_xpt(frame, tmp_path / "x.xpt")
    assert [(f.code.id, [r.row for r in f.rows]) for f in caught.value.findings] == [("FILE028", lost)]


def test_short_numbers(tmp_path):
    path = tmp_path / "x.xpt"
    write_xpt(pd.DataFrame({"X": [1, 65535, -3.5], "Y": [1.0, 2.0, np.nan]}), path, lengths={"X": 4, "Y": 3})
    read = read_xpt(path)
    assert read["X"].tolist() == [1.0, 65535.0, -3.5]
    assert read.attrs["xpt"]["row_length"] == 7
    assert pd.read_sas(path, format="xport", encoding="cp1252")["X"].tolist() == [1.0, 65535.0, -3.5]
    with pytest.raises(CannotRun) as caught:
        write_xpt(pd.DataFrame({"X": [1, 0.1]}), path, lengths={"X": 4})
    assert [(f.code.id, f.rows[0].row) for f in caught.value.findings] == [("FILE028", 2)]


def test_mainframe_numbers_are_said_when_rounded(tmp_path):
    path = tmp_path / "x.xpt"
    write_xpt(pd.DataFrame({"X": [1.0, 2.0, 3.0]}), path)
    data = path.read_bytes()
    for value, code in (("41ffffffffffffff", "FILE010"), ("4001000000000000", "FILE011")):
        changed = data[:-80] + data[-80:-72] + bytes.fromhex(value) + data[-64:]
        path.write_bytes(changed)
        (finding,) = read_xpt(path).attrs["findings"]
        assert (finding["code"], finding["rows"][0]["row"]) == (code, 2)
