"""`cdisc-conv audit`: whatever is done to a log, its packages or its snapshots is found; honest ones pass."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from nightly_support import hand_place, lines, night, study_out

from cdisc_conv.cli import group
from cdisc_conv.errors import UsageMistake


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two packages published, then a night without change: eight lines."""
    place = hand_place(tmp_path_factory.mktemp("nights"))
    night(place)
    people = place / "raw" / "people.csv"
    people.write_bytes(people.read_bytes() + b"\n")
    night(place)
    night(place)
    assert [line["what"] for line in lines(study_out(place))].count("ended") == 3
    return study_out(place)


@pytest.fixture
def out(nights: Path, tmp_path: Path) -> Path:
    """A copy to be tampered with."""
    copy = tmp_path / "hand"
    shutil.copytree(nights, copy, symlinks=True)
    return copy


def audit(out: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(group, ["audit", str(out), *options])
    return done.exit_code, done.output


def text(out: Path) -> list[str]:
    return (out / "log/runs.jsonl").read_text("utf-8").splitlines(keepends=True)


def put(out: Path, kept: list[str]) -> None:
    (out / "log/runs.jsonl").write_text("".join(kept), "utf-8")


def swapped(kept: list[str]) -> list[str]:
    return [kept[0], kept[2], kept[1], *kept[3:]]


def told_anew(kept: list[str]) -> list[str]:
    """A line changed by someone who knows how its hash is made: the next line gives it away."""
    from cdisc_conv.nightly.runlog import line_hash

    line = json.loads(kept[2])
    line["verdict"] = "unchanged"
    line["hash"] = line_hash(line)
    return [*kept[:2], json.dumps(line) + "\n", *kept[3:]]


OTHER = '{"n": 5, "what": "ended"}\n'
LOGS: dict[str, tuple[Callable[[list[str]], list[str]], str, int]] = {
    "a word changed": (lambda k: [k[0], k[1], k[2].replace("published", "unchanged"), *k[3:]], "NIGHT060", 3),
    "a number changed": (lambda k: [k[0].replace('"n":1', '"n":7'), *k[1:]], "NIGHT060", 1),
    "changed with a hash that fits": (told_anew, "NIGHT060", 4),
    "first line removed": (lambda k: k[1:], "NIGHT060", 1),
    "a line removed": (lambda k: k[:3] + k[4:], "NIGHT060", 4),
    "a line put in twice": (lambda k: k[:4] + k[3:], "NIGHT060", 5),
    "a line of another log put in": (
        lambda k: [*k[:4], OTHER, *k[4:]],
        "NIGHT060",
        5,
    ),
    "two lines changed places": (swapped, "NIGHT060", 2),
    "a line that is no JSON": (lambda k: [*k[:4], "…\n", *k[5:]], "NIGHT060", 5),
    "an empty line": (lambda k: [*k[:4], "\n", *k[4:]], "NIGHT060", 5),
    "the last line removed": (lambda k: k[:-1], "NIGHT061", 0),
    "many last lines removed": (lambda k: k[:3], "NIGHT061", 0),
    "everything removed": (lambda k: [], "NIGHT061", 0),
}


@pytest.mark.parametrize("name", LOGS)
def test_a_log_that_was_tampered_with_is_found(out, name):
    change, code, line = LOGS[name]
    put(out, change(text(out)))
    exit_code, said = audit(out)
    assert exit_code == 1
    assert code in said
    assert not line or f"line {line} " in said


def shorter(out: Path, lines: int) -> None:
    """Lines taken off the end by someone who mends head.json as well."""
    kept = text(out)[:lines]
    put(out, kept)
    (out / "log/head.json").write_text(json.dumps({"lines": lines, "hash": json.loads(kept[-1])["hash"]}))


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "dataset changed": (lambda o: flip(next(o.glob("runs/*/m5/**/dm.xpt"))), "NIGHT062"),
    "file of a package removed": (lambda o: next(o.glob("runs/*/m5/**/define.xml")).unlink(), "NIGHT062"),
    "file put into a package": (lambda o: (next(o.glob("runs/*/m5")) / "x").write_text(""), "NIGHT062"),
    "list of a package's files gone": (
        lambda o: next(o.glob("runs/*/night/*.json")).unlink(),
        "NIGHT062",
    ),
    "dataset and list changed": (lambda o: relisted(sorted(o.glob("runs/*"))[0]), "NIGHT062"),
    "another package than the last in place": (lambda o: older(o), "NIGHT063"),
    "nothing in place": (lambda o: (o / "current").unlink(), "NIGHT063"),
    "a package that no line tells of": (lambda o: shutil.copytree(last(o), o / "runs/other"), "NIGHT061"),
    "the last package gone": (lambda o: shutil.rmtree(last(o)), "NIGHT063"),
    "an earlier package gone": (lambda o: shutil.rmtree(min(o.glob("runs/*"))), "NIGHT062"),
    "raw content changed": (
        lambda o: [flip(p) for p in o.glob("raw/objects/*/*")],
        "NIGHT066",
    ),
    "raw content gone": (lambda o: [p.unlink() for p in o.glob("raw/objects/*/*")], "NIGHT066"),
    "log cut, head.json mended, two nights gone": (lambda o: shorter(o, 3), "NIGHT061"),
    "log cut, head.json mended, one night gone": (lambda o: shorter(o, 6), "NIGHT061"),
    "head.json gone": (lambda o: (o / "log/head.json").unlink(), "NIGHT061"),
}


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def last(out: Path) -> Path:
    return max(out.glob("runs/*"))


def older(out: Path) -> None:
    (out / "current").unlink()
    (out / "current").symlink_to(Path("runs") / min(out.glob("runs/*")).name)


def relisted(run: Path) -> None:
    import hashlib

    path = next(run.glob("m5/**/dm.xpt"))
    flip(path)
    told = json.loads((run / "night/published.json").read_text())
    told["files"][path.relative_to(run).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    (run / "night/published.json").write_text(json.dumps(told))


@pytest.mark.parametrize("name", FILES)
def test_packages_and_snapshots_that_were_tampered_with_are_found(out, name):
    change, code = FILES[name]
    change(out)
    exit_code, said = audit(out)
    assert exit_code == 1
    assert code in said


def test_an_honest_log_passes_from_any_of_its_paths(nights):
    for path in (nights, nights / "log", nights / "log/runs.jsonl"):
        exit_code, said = audit(path)
        assert exit_code == 0
        assert "8 lines, 2 packages, no findings" in said


def test_a_log_that_stands_alone_is_held_against_itself(nights, tmp_path):
    alone = tmp_path / "copy.jsonl"
    kept = text(nights)
    alone.write_text("".join(kept))
    assert audit(alone)[0] == 0
    alone.write_text("".join([*kept[:2], *kept[3:]]))
    exit_code, said = audit(alone)
    assert exit_code == 1 and "NIGHT060" in said


def test_a_config_is_audited_study_by_study(nights):
    exit_code, said = audit(nights.parents[1] / "n.yaml", "--format", "json")
    assert exit_code == 0
    assert [(s["passed"], s["lines"], s["packages"]) for s in json.loads(said)] == [(True, 8, 2)]


def test_a_hash_kept_elsewhere_finds_a_log_that_was_written_anew(out):
    kept = lines(out)[-1]["hash"]
    assert audit(out, "--head", kept)[0] == 0
    shutil.rmtree(out / "nights")
    (out / "nights").mkdir()
    shorter(out, 6)
    assert audit(out)[0] == 0  # nothing in the folder tells any more
    assert audit(out, "--head", kept)[0] == 1


def test_a_line_whose_writing_was_cut_off_is_no_tampering(out):
    with (out / "log/runs.jsonl").open("a") as f:
        f.write('{"n":9,"at":"20')
    exit_code, said = audit(out)
    assert exit_code == 0
    assert "NIGHT064" in said


def test_what_was_looked_into_is_accepted_with_a_reason(out):
    flip(next(out.glob("runs/*/m5/**/dm.xpt")))
    assert audit(out)[0] == 1
    exit_code, said = audit(out, "--accept", "disk replaced on Monday")
    assert exit_code == 0
    assert "NIGHT065" in said and "disk replaced on Monday" in said
    assert lines(out)[-1]["what"] == "accepted"
    next(out.glob("runs/*/m5/**/ae.xpt")).unlink()
    assert audit(out)[0] == 1  # what comes later is not accepted with it


def test_a_folder_without_a_log_cannot_be_audited(tmp_path):
    done = CliRunner().invoke(group, ["audit", str(tmp_path)])
    assert isinstance(done.exception, UsageMistake)
