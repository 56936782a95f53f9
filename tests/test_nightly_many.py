"""Several studies in a night: one that crashes, hangs or is broken stops no other; who is told what."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from nightly_support import hand_place, lines, night, study_out

from cdisc_conv.nightly.audit import audit

VERB = '''from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Text


@verb(returns="text", sentence="{text}")
def ends(ctx: Context, text: Text) -> Text:
    """What goes in, but for what happens on the way."""
    HOW
    return text
'''
WAYS = {
    "killed": ("os.kill(os.getpid(), signal.SIGKILL)", "crashed", "killed by SIGKILL"),
    "leaves": ("os._exit(7)", "crashed", "exit code 7"),
    "a bug": ("raise ZeroDivisionError('secret of subject 7')", "crashed", "ZeroDivisionError"),
    "hangs": ("time.sleep(600)", "crashed", "took longer than"),
    "prints": ('print(\'{"verdict": "made up"}\', flush=True)', "published", ""),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_study_that_ends_badly_stops_no_other(tmp_path, way):
    how, verdict, why = WAYS[way]
    place = hand_place(tmp_path, ", timeout: 60s")
    with_verb(place, how)
    (place / "n.yaml").write_text(
        'defaults: {workspace: ws, raw: raw, out: "out/{study}"}\n'
        f"studies:\n  bad: {{study: bad, timeout: {'8s' if way == 'hangs' else '5m'}}}\n  hand: {{}}\n"
        f"summary: sum\nat_once: 2\n"
    )
    content = night(place)
    bad, good = content["studies"]
    assert (bad["verdict"], good["verdict"]) == (verdict, "published")
    assert why in "".join(bad["why"])
    assert "secret" not in json.dumps(content)
    assert content["exit"] == (3 if verdict == "crashed" else 1)
    if way == "a bug":
        (said,) = (place / "out/bad/nights").glob("*/output.log")
        assert "Traceback" in said.read_text()
    page = (place / "sum" / "index.html").read_text("utf-8")
    assert f'<span class="tag {verdict}">{verdict}</span>' in page


def with_verb(place: Path, how: str) -> None:
    """A second study, which has a verb of its own."""
    for part in ("specs", "mappings"):
        shutil.copytree(place / "ws" / part / "hand", place / "ws" / part / "bad")
    (place / "ws/mappings/bad/verbs.py").write_text(VERB.replace("HOW", how), "utf-8")
    study = place / "ws/specs/bad/study.yaml"
    study.write_text(study.read_text("utf-8") + "verbs: verbs.py\n", "utf-8")
    page = place / "ws/mappings/bad/ae.yaml"
    text = page.read_text("utf-8")
    assert "AETERM:" in text
    page.write_text(re.sub(r"AETERM:\s*(.*)", r"AETERM: ends(\1)", text, count=1), "utf-8")


def test_old_packages_go_by_policy_and_the_log_says_so(tmp_path):
    place = hand_place(tmp_path, ", keep: {runs: 2, nights: 3, raw: runs}")
    runs = []
    for _ in range(4):
        runs.append(night(place)["studies"][0]["run"])
        with (place / "raw" / "people.csv").open("a") as f:
            f.write("\n")
    out = study_out(place)
    assert sorted(p.name for p in (out / "runs").iterdir()) == runs[2:]
    assert sorted(p.name for p in (out / "nights").iterdir()) == runs[1:]
    assert len(list((out / "raw/snapshots").iterdir())) == 2
    assert len(list((out / "raw/objects").glob("??/*"))) == 5  # three files that stayed, two states of one
    removed = [run for line in lines(out) if line["what"] == "removing" for run in line["runs"]]
    assert removed == runs[:2]
    assert audit(out).passed


def test_the_published_package_is_kept_however_old(tmp_path):
    place = hand_place(tmp_path, ", keep: {runs: 1, nights: 1}")
    first = night(place)["studies"][0]["run"]
    for _ in range(2):
        assert night(place)["studies"][0]["current"] == first
    assert [p.name for p in (study_out(place) / "runs").iterdir()] == [first]


POLICIES = {
    "with_findings": ("published", 1),
    "no_new_errors": ("published", 1),
    "clean": ("blocked", 2),
}


@pytest.mark.parametrize("policy", POLICIES)
def test_a_package_with_errors_is_published_as_the_policy_says(tmp_path, policy):
    place = hand_place(tmp_path, f", publish: {policy}")
    verdict, code = POLICIES[policy]
    content = night(place)
    assert (content["studies"][0]["verdict"], content["exit"]) == (verdict, code)
    accepted = night(place, "--accept", "hand")["studies"][0]
    assert accepted["verdict"] == ("published" if verdict == "blocked" else "unchanged")


def test_a_new_error_holds_the_package_back_where_that_is_the_policy(tmp_path):
    place = hand_place(tmp_path, ", publish: no_new_errors")
    first = night(place)["studies"][0]["run"]
    doses = place / "raw" / "doses.csv"
    text = doses.read_text()
    day = next(c for c in text.splitlines()[1].split(",") if c.endswith("2024"))
    doses.write_text(text.replace(day, "99XXX2024", 1))
    (report,) = night(place)["studies"]
    assert (report["verdict"], report["current"]) == ("blocked", first)
    assert "errors that the last good run had not" in report["why"][0]
    assert [f["severity"] for f in report["findings"]["new"] if f["severity"] == "error"]
    doses.write_text(text)
    (report,) = night(place, "--fail-on", "new")["studies"]
    assert (report["verdict"], report["findings"]["new"]) == ("unchanged", [])


def test_what_is_told_outside_has_no_value_of_a_subject(tmp_path, server):
    told = tmp_path / "told.json"
    program = f"import sys; open({str(told)!r}, 'wb').write(sys.stdin.buffer.read())"
    place = hand_place(tmp_path)
    with (place / "n.yaml").open("a") as f:
        f.write(
            f"notify:\n- command: {json.dumps([sys.executable, '-c', program])}\n- webhook: {server.url}\n"
        )
    (report,) = night(place)["studies"]
    content = json.loads(told.read_text("utf-8"))
    assert json.loads(server.got[0]) == content
    (study,) = content["studies"]
    assert (study["name"], study["verdict"], study["run"]) == ("hand", "published", report["run"])
    assert study["log"]["hash"] == lines(study_out(place))[-1]["hash"]
    assert study["findings"] == report["findings"]["tally"]
    for secret in ("HAND-", "Cough", "headache", "2024-02-30", "events.csv", "E4"):
        assert secret not in told.read_text("utf-8")
        assert secret not in (study_out(place) / "log/runs.jsonl").read_text("utf-8")


def test_a_hook_that_fails_is_a_finding_and_not_the_end(tmp_path):
    place = hand_place(tmp_path)
    hooks = "- command: [no-such-program]\n- command: ['false']\n- webhook: http://127.0.0.1:9/\n"
    hooks += "- {command: [sleep, '9'], timeout: 1s}\n- {command: [no-such-program], when: problem}\n"
    night(place)
    with (place / "n.yaml").open("a") as f:
        f.write("notify:\n" + hooks)
    content = night(place, "--fail-on", "new")
    assert [f["code"] for f in content["findings"]] == ["NIGHT050"] * 4
    assert [f["place"]["line"] for f in content["findings"]] == [6, 7, 8, 9]
    assert content["studies"][0]["verdict"] == "unchanged"
    assert content["exit"] == 0


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    """A web server of our own that keeps what it gets."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.server.got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    made = HTTPServer(("127.0.0.1", 0), Handler)
    made.got, made.url = [], f"http://127.0.0.1:{made.server_port}/"
    thread = Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()
