"""cdisc-conv diff on the command line: exit codes, what the screen says, options that cannot be meant."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from cdisc_conv.cli import main

DATA = Path(__file__).parent / "data"
AE = DATA / "xpt" / "ae.xpt"
BASE = "USUBJID,AESEQ,AETERM,AVAL\n01,1,HEADACHE,1.5\n01,2,NAUSEA,2\n02,1,RASH,3\n03,1,COUGH,4\n03,1,COLD,5\n"
COMPARE = "USUBJID,AESEQ,AETERM,AVAL\n02,1,RASH,3\n01,2,\x1b[31mnausea,2\n01,1,HEADACHE,1.75\n04,1,=1+1,0\n"


@pytest.fixture
def sides(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "base.csv").write_text(BASE)
    (tmp_path / "compare.csv").write_text(COMPARE)
    return str(tmp_path / "base.csv"), str(tmp_path / "compare.csv")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["diff", *arguments])
    said = capsys.readouterr()
    code = end.value.code
    assert isinstance(code, int)
    return code, said.out, said.err


def test_equal(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, str(AE), str(AE))
    assert code == 0
    assert "SYSINFO 0" in out
    assert "EQUAL" in out


def test_different(capsys: pytest.CaptureFixture[str], sides: tuple[str, str]) -> None:
    code, out, _ = run(capsys, *sides, "--id", "USUBJID,AESEQ")
    assert code == 1
    assert "SYSINFO 4288 = BASEOBS 64 + COMPOBS 128 + VALUE 4096" in out  # 64 + 128 + 4096, by hand
    assert "3 paired, 2 of them with a value that differs" in out
    assert "2 only in BASE, 1 only in COMPARE" in out
    assert "\x1b[31m" not in out  # a value cannot paint the screen
    assert r"\x1b[31mnausea" in out
    assert "0.25" in out


def test_json(capsys: pytest.CaptureFixture[str], sides: tuple[str, str]) -> None:
    code, out, _ = run(capsys, *sides, "--id", "USUBJID", "--id", "AESEQ", "--format", "json", "--rows", "1")
    told = json.loads(out)
    assert (code, told["exit_code"], told["sysinfo"], told["unequal"]) == (1, 1, 4288, 2)
    assert [told["differences"][n] for n in ("rows", "shown")] == [2, 1]
    assert told["differences"]["values"][0]["variable"] == "AETERM"
    assert told["duplicates"]["rows"] == 2


def test_no_keys_and_by_position(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name, text in (("a", "X,Y\n1,1\n1,1\n1,1\n"), ("b", "X,Y\n1,1\n1,1\n1,2\n")):
        (tmp_path / f"{name}.csv").write_text(text)
    files = str(tmp_path / "a.csv"), str(tmp_path / "b.csv")
    code, out, _ = run(capsys, *files)
    assert (code, "SYSINFO 32768" in out, "--by-position" in out) == (2, True, True)
    code, out, _ = run(capsys, *files, "--by-position")
    assert (code, "3 paired, 1 of them" in out) == (1, True)


def test_a_sheet_by_name(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    with pd.ExcelWriter(book) as writer:
        pd.DataFrame({"ID": ["a"], "X": ["1"]}).to_excel(writer, sheet_name="one", index=False)
        pd.DataFrame({"ID": ["a"], "X": ["2"]}).to_excel(writer, sheet_name="two", index=False)
    assert run(capsys, f"{book}!one", f"{book}!two", "--id", "ID")[0] == 1
    assert run(capsys, f"{book}!one", f"{book}!one", "--id", "ID")[0] == 0
    code, out, _ = run(capsys, str(book), f"{book}!one")
    assert (code, "RAW041" in out) == (2, True)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--id", "NOPE"], "FILE104"),
        (["--drop", "AETRM"], "did you mean AETERM?"),
        (["--map", "AETERM=NOPE"], "FILE106"),
        (["--map", "AETERM"], "--map takes"),
        (["--tolerance", "AVAL=near"], "--tolerance takes"),
        (["--tolerance", "AVAL=absolute:x"], "--tolerance takes"),
        (["--normalise-text", "upper"], "--normalise-text takes"),
        (["--method", "exact", "--criterion", "1"], "--criterion"),
        (["--by-position", "--id", "AESEQ"], "exclude each other"),
        (["--out", "x.docx"], ".docx"),
        (["--out", "{base}"], "one of the two files"),
    ],
)
def test_options_that_cannot_be_meant(
    capsys: pytest.CaptureFixture[str], sides: tuple[str, str], options: list[str], word: str
) -> None:
    before = Path(sides[0]).read_bytes()
    code, out, err = run(capsys, *sides, *(o.replace("{base}", sides[0]) for o in options))
    assert code == 2
    assert word in out + err
    assert Path(sides[0]).read_bytes() == before
    assert "Traceback" not in err


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str], sides: tuple[str, str]) -> None:
    code, out, _ = run(capsys, sides[0], "nothing.csv")
    assert (code, "there is no such file" in out) == (2, True)
    code, _, err = run(capsys, sides[0], str(DATA))
    assert (code, "two files or two folders" in err) == (2, True)
