"""Why two datasets differ: what changed between two runs, and values followed to the raw rows they are of.

The study worked out by hand is built twice; between the runs one raw cell and one derivation are changed.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from diff_made import comparison, difference
from support import HAND

import cdisc_conv
from cdisc_conv import pipeline
from cdisc_conv.cli import group
from cdisc_conv.diff.compare import compare_files
from cdisc_conv.diff.why import FOLLOWED, SUBJECTS, chosen, runs_apart, why
from cdisc_conv.engine.shown import alike
from cdisc_conv.model.why import Why
from cdisc_conv.read.run import run_above
from cdisc_conv.read.xpt import read_xpt

COUGH = "USUBJID=HAND-01-007 AEDECOD=COUGH AESTDTC=2024-03-04 AESPID=3"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two packages, old and new, and the workspace as it was for the new one."""
    root = tmp_path_factory.mktemp("why")
    space = root / "space"
    shutil.copytree(HAND, space)
    cdisc_conv.build("hand", workspace=space, out=root / "old")
    change(
        space / "raw/events.csv", "E3,2024-01-01,3,Cough,2024-03-04,no", "E3,2024-01-01,3,Cough,2024-03-04,Y"
    )
    change(space / "mappings/hand/ae.yaml", "AESTDY: study_day(AESTDTC)", "AESTDY: study_day(AESTDTC) + 10")
    cdisc_conv.build("hand", workspace=space, out=root / "new")
    return root


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def xpt(package: Path, name: str) -> Path:
    return next(package.rglob(f"{name}.xpt"))


def reasons(root: Path, base: Path, compare: Path) -> Why:
    def present(run):
        return pipeline.present(run.study, pipeline.Options(workspace=root / "space"))

    return why(compare_files(base, compare), (run_above(base), run_above(compare)), present)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(group, [str(a) for a in arguments])


def test_what_changed_between_two_runs(workspace):
    old, new = (run_above(xpt(workspace / n, "ae")) for n in ("old", "new"))
    apart = runs_apart(old, new)
    assert [(c.kind, c.name, c.what) for c in apart.changes] == [
        ("raw data", "events.csv", "changed"),
        ("mapping", "mappings/hand/ae.yaml", "changed"),
    ]
    assert apart.same == ("spec", "study", "program", "library")
    assert runs_apart(old, old).changes == ()


def test_a_differing_value_is_followed_to_its_raw_rows(workspace):
    found = reasons(workspace, xpt(workspace / "old", "ae"), xpt(workspace / "new", "ae"))
    by_variable = {}
    for f in found.followed:
        by_variable.setdefault(f.variable, f)
    serious = by_variable["AESER"]
    assert (serious.record, serious.base, serious.compare) == (COUGH, "N", "Y")
    assert [(i.name, i.value, i.row.file, i.row.row) for i in serious.trace.inputs] == [
        ("SERIOUS", "Y", "events.csv", 4)
    ]
    assert serious.touched == ("events.csv", "mappings/hand/ae.yaml")
    assert by_variable["AESTDY"].trace.derivation == "study_day(AESTDTC) + 10"
    assert [f.note for f in found.followed] == [""] * len(found.followed)
    assert found.left_out + len(found.followed) == 3  # one AESER, two AESTDY
    assert found.notes == ()


def test_a_policy_that_changed_is_named(tmp_path):
    """The value is made with policy.shift, which stands in study.yaml."""
    space = tmp_path / "space"
    shutil.copytree(HAND, space)
    change(space / "mappings/hand/ae.yaml", "study_day(AESTDTC)", "study_day(AESTDTC) + number(policy.shift)")
    study = space / "specs/hand/study.yaml"
    text = study.read_text("utf-8")
    for name, shift in (("old", "1"), ("new", "2")):
        study.write_text(text.replace("policies: {", f'policies: {{shift: "{shift}", '), "utf-8")
        cdisc_conv.build("hand", workspace=space, out=tmp_path / name)
    found = reasons(tmp_path, xpt(tmp_path / "old", "ae"), xpt(tmp_path / "new", "ae"))
    assert {f.variable for f in found.followed} == {"AESTDY"}
    assert {f.touched for f in found.followed} == {("specs/hand/study.yaml",)}


def test_a_row_that_only_ours_has_is_followed_by_the_key_that_keeps_it_from_its_nearest(workspace, tmp_path):
    """The other program has COUGH a day later, and no third event of its subject at all."""
    new = xpt(workspace / "new", "ae")
    (keys,) = {d.keys.variables for d in [compare_files(new, new)]}
    rows = read_xpt(new)[list(keys)]
    own = rows[(rows.USUBJID == "HAND-01-007") & (rows.AEDECOD == "COUGH")].iloc[0]
    other = rows.copy()
    other.loc[own.name, "AESTDTC"] = "2024-03-05"
    lost = other.index[other.index != own.name][0]
    other.drop(index=lost).to_csv(tmp_path / "ae.csv", index=False)
    found = reasons(workspace, tmp_path / "ae.csv", new)
    moved, lone = found.followed
    assert (moved.variable, moved.base, moved.compare) == ("AESTDTC", "2024-03-05", "2024-03-04")
    assert (moved.trace.value, moved.trace.inputs[0].row.file) == ("2024-03-04", "events.csv")
    assert moved.note.startswith("a row of COMPARE only; nearest is row ")
    assert (lone.variable, lone.compare) == (keys[-1], rows.loc[lost, keys[-1]])
    assert lone.note == "a row of COMPARE only; there is none near it"
    assert found.notes == ("more rows without a partner that are listed and not followed: 1",)


def test_the_way_back_is_said_to_be_todays_when_texts_moved_on(workspace, tmp_path):
    shutil.copytree(workspace / "space", tmp_path / "space")
    change(tmp_path / "space/mappings/hand/ae.yaml", "+ 10", "+ 20")
    change(tmp_path / "space/raw/events.csv", "Cough,2024-03-04,Y", "Cough,2024-03-04,N")
    found = reasons(tmp_path, xpt(workspace / "old", "ae"), xpt(workspace / "new", "ae"))
    notes = {f.variable: f.note for f in found.followed}
    assert notes["AESER"] == "built again now, the value is N"
    assert notes["AESTDY"].startswith("built again now, the value is ")
    assert [n.partition(" changed")[0] for n in found.notes] == ["texts", "raw files"]


def test_a_supplemental_qualifier_is_followed_to_its_parent(workspace, tmp_path):
    table = tmp_path / "suppae.csv"
    head = "STUDYID,USUBJID,RDOMAIN,IDVAR,IDVARVAL,QNAM,QLABEL,QVAL,QORIG,QEVAL"
    row = "HAND,HAND-01-007,AE,AESEQ,2,AETRTEM,Treatment Emergent Flag,N,Derived,SPONSOR"
    table.write_text(f"{head}\n{row}\n", encoding="utf-8")
    found = reasons(workspace, table, xpt(workspace / "new", "suppae"))
    assert [(f.variable, f.trace.name, f.trace.value, f.note) for f in found.followed] == [
        ("QVAL", "AE.AETRTEM", "Y", "")
    ]


def test_files_that_are_no_package_of_ours_have_no_way_back(tmp_path):
    diff = comparison([difference("AETERM", "a", "b")])
    found = why(diff, (None, None), lambda run: pytest.fail("nothing to read"))
    assert found.notes == ("neither side is a package of cdisc_conv: nothing to follow",)
    for text in ("", "no json", "[]", '{"tool": 1}', '{"tool": {"name": "other"}}'):
        (tmp_path / "run").mkdir(exist_ok=True)
        (tmp_path / "run/run.json").write_text(text, encoding="utf-8")
        assert run_above(tmp_path / "m5/ae.xpt") is None


def test_few_subjects_and_every_variable_are_followed():
    found = [
        difference(f"V{n}", "a", "b", subject=f"S{s}", base_row=s) for n in range(4) for s in range(n, 30)
    ]
    rows = chosen(comparison(found), FOLLOWED)
    assert len(rows) == FOLLOWED
    assert {r["variable"] for r in rows} == {"V0", "V1", "V2", "V3"}
    assert len({r["subject"] for r in rows}) <= SUBJECTS
    assert len({(r["variable"], r["base_row"]) for r in rows}) == FOLLOWED


@pytest.mark.parametrize(
    ("built", "shown", "same"),
    [
        ("2024-03-05", "23440", True),
        ("2024-03-05", "2024-03-05", True),
        ("2024-03-05", "23441", False),
        ("1", "1.0", True),
        ("", ".", True),
        ("", "A", False),
        ("Y", "N", False),
        ("1960-01-02T00:00:00", "86400", True),
    ],
)
def test_the_same_value_in_other_words(built, shown, same):
    assert alike(built, shown) is same


def test_on_the_command_line(workspace, tmp_path):
    page = tmp_path / "why.html"
    old, new = workspace / "old", workspace / "new"
    options = ("--workspace", workspace / "space", "--explain")
    told = run("diff", old, new, *options, "--out", page)
    assert told.exit_code == 1
    assert "mapping: mappings/hand/ae.yaml changed" in told.stdout
    assert "SERIOUS 'Y'  <- events.csv row 4 E3" in told.stdout
    assert "SERIOUS" in page.read_text(encoding="utf-8")
    made = json.loads(run("diff", old, new, *options, "--format", "json").stdout)
    assert [w["dataset"] for w in made["why"]] == ["ADTTE", "AE"]
    assert run("diff", old, new, *options, "--out", tmp_path / "why.xlsx").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("SUPPAE", "--subject", "HAND-01-007", "--where", "AESEQ=2"), 0, "AE.AETRTEM ["),
        (("TS", "--where", "TSPARMCD=ACTSUB", "-v", "TSVAL"), 0, "TS.TSVAL [TSPARMCD=ACTSUB TSSEQ=1] = "),
        (("AE",), 2, "AE is about subjects; say which with --subject USUBJID"),
        (("AE", "--subject", "HAND-99-999"), 2, "no raw form has subject HAND-99-999"),
        (("AE", "--subject", "HAND-01-007", "--where", "AESEQ=9"), 2, "AE has no such record of HAND-01-007"),
        (("SUPPAE", "--subject", "HAND-01-007", "--param", "NO"), 2, "SUPPAE has no QNAM NO; it has AETRTEM"),
        (("AE", "--subject", "HAND-01-007"), 0, "3 records; pick one with --where"),
    ],
)
def test_explain_for_any_dataset(arguments, code, said):
    told = run("explain", *arguments, "--study", "hand", "--workspace", HAND)
    text = told.stdout + (str(told.exception) if told.exit_code else "")
    assert said in text
    assert told.exit_code in (code, 1)  # main() turns the exception into 2


def test_explain_names_a_record_once():
    told = run(
        "explain", "ADTTE", "--subject", "HAND-01-007", "--study", "hand", "--workspace", HAND, "-v", "ADT"
    )
    assert told.exit_code == 0
    assert told.stdout.count("AESPID=1") <= 2  # where the row is said to fit, and on its first value
    assert "START '2024-03-05'  <- events.csv row 2 E1" in told.stdout
