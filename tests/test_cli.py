"""The command line: what it loads, what it prints, how it ends."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

import cdisc_conv
from cdisc_conv.cli import group, main

HEAVY = {"pandas", "numpy", "pyarrow", "lxml", "openpyxl", "pyreadstat", "jinja2", "ruamel"}


def loaded(*arguments: str) -> set[str]:
    """Top-level modules that a run of Python imports."""
    command = [sys.executable, "-X", "importtime", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize("arguments", [("--help",), ("build", "--help"), ("check", "--help")])
def test_help_loads_nothing_heavy(arguments):
    found = loaded("-m", "cdisc_conv", *arguments)
    assert "click" in found
    assert found & HEAVY == set()


def test_import_loads_nothing_heavy():
    assert loaded("-c", "import cdisc_conv") & HEAVY == set()


def test_help_lists_every_command():
    shown = CliRunner().invoke(group, ["--help"]).output
    for name in group.list_commands(None):
        line = next(x for x in shown.splitlines() if x.split()[:1] == [name])
        assert len(line.split()) > 2, f"{name} has no summary"


def test_public_names_load():
    for name in cdisc_conv.__all__:
        assert getattr(cdisc_conv, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = cdisc_conv.nothing


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nothing"], "No such command"),
        (["build"], "Missing argument"),
        (["build", "x", "--format", "xml"], "Invalid value"),
        (["verbs", "iso_dat"], "did you mean iso_date"),
        (["verbs", "qqqqqqqq"], "`cdisc-conv verbs` lists them"),
        (["check", "nothing", "--workspace", "."], "no study 'nothing'"),
    ],
)
def test_what_cannot_run_ends_with_2(arguments, says, capsys):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    shown = capsys.readouterr().err
    assert end.value.code == 2
    assert says in shown
    assert "Traceback" not in shown


def test_a_bug_keeps_its_traceback_and_ends_with_3(monkeypatch, capsys):
    def broken(*_):
        raise KeyError("broken")

    monkeypatch.setattr("cdisc_conv.pipeline.check", broken)
    with pytest.raises(SystemExit) as end:
        main(["check", "any"])
    shown = capsys.readouterr().err
    assert end.value.code == 3
    assert "Traceback" in shown and "KeyError" in shown and "bug of cdisc-conv" in shown


def test_verbs_are_listed_with_their_first_line():
    shown = CliRunner().invoke(group, ["verbs"]).output
    assert "upper " in shown and "sequence " in shown
    (line,) = [x for x in shown.splitlines() if x.startswith("coalesce ")]
    assert line.split(maxsplit=1)[1] == "The first of the values that is not missing, row by row."


def test_a_verb_is_explained():
    shown = CliRunner().invoke(group, ["verbs", "pad"]).output
    assert shown.startswith('pad(text: text, width: literal, fill: literal = "0") -> text\n')
    assert "SITEID: pad(SITE_NO, 2)" in shown


def test_verbs_as_json():
    shown = CliRunner().invoke(group, ["verbs", "study_day", "--format", "json"]).output
    (verb,) = json.loads(shown)
    assert verb["returns"] == "number"
    assert verb["parameters"][1] == {
        "name": "reference",
        "takes": "Dtc",
        "default": "DM.RFSTDTC",
        "star": "",
    }
