"""`init`: what it makes checks, builds, and is never written over anything."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import cdisc_conv
from cdisc_conv.cli import group, main
from cdisc_conv.cli._init_raw import as_yaml, date_column, formats_of
from cdisc_conv.findings import Findings
from cdisc_conv.read.study import read_study


def init(*arguments: object) -> str:
    result = CliRunner().invoke(group, ["init", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.output


def codes_of(findings) -> set[str]:
    return {f.code.id for f in findings if f.severity == "error"}


@pytest.fixture
def made(tmp_path) -> Path:
    init(tmp_path / "ws", "--study", "first")
    return tmp_path / "ws"


def test_what_init_makes_checks_and_builds(made):
    assert codes_of(cdisc_conv.check("first", workspace=made)) == set()
    result = cdisc_conv.build("first", workspace=made, out=made / "out")
    assert [f for f in result.findings if f.severity != "note"] == []
    assert dict(result.records) == {"DM": 4, "AE": 4, "SUPPAE": 3}
    ae = cdisc_conv.read_xpt(next((made / "out").rglob("ae.xpt")))
    assert list(ae["AESTDTC"]) == ["2024-01-20", "2024-02", "2024-03-02", "2024-01-25"]
    assert list(ae["AESTDY"].isna()) == [False, True, False, False]
    assert ae["AESTDY"].iloc[0] == 6  # 15 to 20 January, first day 1


def test_init_never_overwrites(made, capsys):
    before = {p: p.read_bytes() for p in made.rglob("*") if p.is_file()}
    with pytest.raises(SystemExit) as end:
        main(["init", str(made), "--study", "first"])
    assert end.value.code == 2
    assert "exists already; nothing was written" in capsys.readouterr().err
    assert {p: p.read_bytes() for p in made.rglob("*") if p.is_file()} == before


def test_a_second_study_joins_a_workspace(made):
    (made / "README.md").write_text("mine\n")
    init(made, "--study", "second")
    assert (made / "README.md").read_text() == "mine\n"
    assert codes_of(cdisc_conv.check("second", workspace=made)) == set()


@pytest.mark.parametrize("name", ["1st", "a/b", "../up", "standards", "a b"])
def test_a_study_name_is_a_plain_word(tmp_path, name):
    with pytest.raises(SystemExit) as end:
        main(["init", str(tmp_path / "ws"), "--study", name])
    assert end.value.code == 2
    assert not (tmp_path / "ws").exists()


VISITS = "SITE,SUBJ,Visit Date,US,RANGE: x,NOTE\n1,1,03/04/2024,3/14/2024,5,a\n1,2,05/06/2024,1/2/2024,6,b\n"


@pytest.fixture
def raw(tmp_path) -> Path:
    folder = tmp_path / "raw"
    (folder / "lab").mkdir(parents=True)
    (folder / "visits.csv").write_text(VISITS)
    (folder / "lab" / "visits.csv").write_text("SITE,SUBJ,T\n1,1,2024-03-01 08:00\n1,2,2024-03\n")
    (folder / "class.csv").write_text("CODE,TEXT\nA,Active\n")
    (folder / "crf.pdf").write_bytes(b"%PDF-1.4")
    with pd.ExcelWriter(folder / "lab.xlsx") as book:
        pd.DataFrame({"SITE": ["1"], "SUBJ": ["1"]}).to_excel(book, sheet_name="Results", index=False)
        pd.DataFrame({"SITE": ["1"], "SUBJ": ["1"]}).to_excel(book, sheet_name="性别", index=False)
    return folder


def test_raw_files_get_their_entries(tmp_path, raw):
    init(tmp_path / "ws", "--study", "seen", "--raw", raw)
    findings = Findings()
    study, findings = read_study(tmp_path / "ws" / "specs" / "seen", "seen", "study.yaml")
    assert {(f.name, f.file, f.sheet) for f in study.forms.values()} == {
        ("class", "class.csv", ""),
        ("lab_results", "lab.xlsx", "Results"),
        ("lab_性别", "lab.xlsx", "性别"),
        ("visits", "lab/visits.csv", ""),
        ("visits_2", "visits.csv", ""),
    }
    assert study.raw_folder == "../raw"
    assert study.not_read == ("crf.pdf",)
    assert study.forms["class"].subject is None
    assert study.forms["visits"].column_dates == {"T": ("YYYY-MM-DD HH:MM",)}
    # day or month first is left open, and said at its line; what the data decide is not
    assert [f.code.id for f in findings] == ["MAP901"]
    assert study.forms["visits_2"].column_dates["US"] == ("M/D/YYYY",)
    text = (tmp_path / "ws" / "specs" / "seen" / "study.yaml").read_text("utf-8")
    assert "Visit Date: DD/MM/YYYY    # seen: 03/04/2024 (2 of 2)" in text
    assert "Visit Date: MM/DD/YYYY    # seen: 03/04/2024 (2 of 2)" in text
    assert '# columns: SITE, SUBJ, Visit Date, US, "RANGE: x", NOTE' in text


def test_check_says_what_is_left_to_do(tmp_path, raw):
    init(tmp_path / "ws", "--study", "seen", "--raw", raw)
    findings = cdisc_conv.check("seen", workspace=tmp_path / "ws")
    assert codes_of(findings) == {"MAP901", "MAP002", "MAP006"}


def test_raw_may_be_a_zip(tmp_path):
    with zipfile.ZipFile(tmp_path / "raw.zip", "w") as z:
        z.writestr("visits.csv", VISITS)
    init(tmp_path / "ws", "--study", "z", "--raw", tmp_path / "raw.zip")
    assert "file: visits.csv" in (tmp_path / "ws" / "specs" / "z" / "study.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("value", "formats"),
    [
        ("2021-03-19", ["YYYY-MM-DD"]),
        ("2021/3/9", ["YYYY/M/D"]),
        ("20210319", ["YYYYMMDD"]),
        ("20211319", []),
        ("19MAR2021", ["DDMONYYYY"]),
        ("9-Mar-2021", ["D-MON-YYYY"]),
        ("19 March 2021", ["DD MON YYYY"]),
        ("2021年3月9日", ["YYYY年M月D日"]),
        ("03/04/2021", ["DD/MM/YYYY", "MM/DD/YYYY"]),
        ("13/04/2021", ["DD/MM/YYYY"]),
        ("04.13.2021", ["MM.DD.YYYY"]),
        ("2021-03-19T10:20:30", ["YYYY-MM-DDTHH:MM:SS"]),
        ("19MAR2021:10:20", ["DDMONYYYY:HH:MM"]),
        ("2021-02-30", []),
        ("2021-03", []),
        ("12345", []),
        ("19XYZ2021", []),
        ("", []),
    ],
)
def test_formats_of_a_value(value, formats):
    assert list(formats_of(value)) == formats


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (["2021-03-19", "2021-03-UN", "2021", ""], ("YYYY-MM-DD",)),
        (["2021-03-19", "19MAR2021", "2021-03-20"], ("[YYYY-MM-DD, DDMONYYYY]",)),
        (["01/02/2021", "31/12/2021"], ("DD/MM/YYYY",)),
        (["01/02/2021", "1/12/2021"], ("D/M/YYYY", "M/D/YYYY")),
        (["01/02/2021", "31/12/2021", "12/31/2021"], ("DD/MM/YYYY", "MM/DD/YYYY")),
        (["2021-03-19", "no", "none", "not"], None),
        (["", ""], None),
    ],
)
def test_formats_of_a_column(values, formats):
    found = date_column("X", pd.Series(values, dtype="str"))
    assert (found.formats if found else None) == formats


def test_odd_values_are_told_without_their_content():
    found = date_column("X", pd.Series(["2021-03-19", "2021-03-20", "see Smith 12"], dtype="str"))
    assert found.comments == ("1 of 3 look otherwise: xxx xxxxx 99 (1)",)


@pytest.mark.parametrize(
    "text", ["a: b", "#x", "- x", "yes", "No", "null", "1.0", "*a", "", "x #y", 'q"', "[a]"]
)
def test_texts_survive_yaml(text, tmp_path):
    from cdisc_conv.read.yaml import read_yaml

    (tmp_path / "x.yaml").write_text(f"{as_yaml('k ' + text)}: {as_yaml(text)}\n", encoding="utf-8")
    tree = read_yaml(tmp_path / "x.yaml", "x.yaml", Findings())
    (key,) = tree.entries
    assert key == "k " + text
    assert tree.entries[key].text == text
