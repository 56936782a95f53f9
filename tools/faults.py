"""Nightly runs killed, starved and disturbed on purpose: is the published package whole each time?

    python tools/faults.py --kills 200 --others 20        (`make faults`)

A small study has two states of its raw exports, A and B, whose packages are known beforehand from plain
builds. Nights go from one state to the other and are disturbed: `kill -9` at a random moment (of the
command, of the study's process, of both), a full disk, an output that cannot be written, raw files that
change or vanish while they are read, two runs at once. After each

- the published package is exactly that of A or that of B, file by file, and a reader that followed
  `current` all the while never saw anything else;
- the audit of log and packages passes;
- the next night succeeds and publishes the state that the raw exports then have (`gates:` let an older
  export pass).
"""

from __future__ import annotations

import argparse
import errno
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STUDY = ROOT / "tests" / "data" / "hand"
CONFIG = """
defaults:
  workspace: ws
  keep: {{runs: 3}}
  gates: {{older: note, rows_fewer: note, subjects_fewer: note}}
studies:
  hand: {{raw: raw, out: {out}}}
summary: summary
"""
GOOD = ("published", "unchanged")
MIB = 1 << 20


def main() -> None:
    """Run the faults that were asked for and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--others", type=int, default=20, help="of each other kind of fault")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        told = run(Path(folder), chosen.kills, chosen.others, chosen.seed, _say)
    _say(json.dumps(told, indent=1))
    sys.exit(bool(told["lost"]))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run(
    folder: Path, kills: int, others: int, seed: int, say: Callable[[str], None], brief: bool = False
) -> dict[str, object]:
    """All faults in a folder of their own (`brief`: but for those that need a disk of their own or long).

    The figures; `lost` lists what should not have happened.
    """
    say(f"seed {seed}")
    bench = Bench(folder, random.Random(seed))
    bench.prepare()
    began = time.monotonic()
    bench.many("kill -9", kills, bench.killed, say)
    bench.many("file size limit", others, bench.limited, say)
    bench.many("two runs at once", others, bench.twice, say)
    if brief:
        return bench.figures(began)
    bench.many("raw files disturbed", others, bench.disturbed, say)
    if bench.mounts():
        with bench.small_disk():
            bench.many("disk full", others, bench.full, say)
            bench.many("output not writable", others, bench.read_only, say)
    else:
        bench.told["not run here"] = {"disk full, output not writable": "no file system may be mounted"}
        bench.many("output not writable", others, bench.no_permission, say)
    return bench.figures(began)


@dataclass
class Bench:
    """The study, its two states, and what was seen."""

    folder: Path
    random: random.Random
    nights: int = 0
    reads: int = 0
    lost: list[str] = field(default_factory=list)
    told: dict[str, dict[str, object]] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)
    out: Path = Path()
    state: str = "A"
    full_night: float = 1.0

    def prepare(self) -> None:
        """Both states, what plain builds make of them, and a first night."""
        from cdisc_conv import build

        shutil.copytree(STUDY, self.folder / "ws", ignore=shutil.ignore_patterns("raw", "expected"))
        for state in "AB":
            raw = self.folder / state
            shutil.copytree(STUDY / "raw", raw)
            if state == "B":
                events = raw / "events.csv"
                events.write_bytes(events.read_bytes().replace(b"Cough", b"Nausea"))
                assert events.read_bytes() != (STUDY / "raw" / "events.csv").read_bytes()
            for path in raw.rglob("*"):
                os.utime(path, (1_700_000_000, 1_700_000_000))
            out = self.folder / f"built-{state}"
            build("hand", workspace=self.folder / "ws", raw=raw, out=out)
            self.packages[tree(out / "m5")] = state
        self.use(self.folder / "out")
        self.set_raw("A")
        begin = time.monotonic()
        assert self.night() == "published"
        self.full_night = time.monotonic() - begin

    def use(self, out: Path) -> None:
        """Write to another output folder from now on."""
        self.out = out
        (self.folder / "n.yaml").write_text(CONFIG.format(out=out), encoding="utf-8")

    def set_raw(self, state: str) -> None:
        """The raw exports in state A or B, their times those of the state."""
        raw = self.folder / "raw"
        shutil.rmtree(raw, ignore_errors=True)
        shutil.copytree(self.folder / state, raw)
        self.state = state

    def start(self, **how: object) -> subprocess.Popen[bytes]:
        """A night begins, in a session of its own."""
        self.nights += 1
        command = [sys.executable, "-m", "cdisc_conv", "nightly", str(self.folder / "n.yaml")]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        return subprocess.Popen(
            [*command, "--format", "json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
            **how,
        )

    def end(self, process: subprocess.Popen[bytes]) -> str:
        """The verdict of a night that comes to its end; the exit code where it said nothing."""
        said = process.communicate()[0]
        try:
            return str(json.loads(said)["studies"][0]["verdict"])
        except ValueError:
            return f"exit {process.returncode}"

    def night(self, **how: object) -> str:
        """A whole night; its verdict."""
        return self.end(self.start(**how))

    def many(self, name: str, times: int, fault: Callable[[], str], say: Callable[[str], None]) -> None:
        """A fault again and again; after each all must hold and the next night succeed."""
        ended: Counter[str] = Counter()
        moved = 0
        for number in range(times):
            before = self.published()
            self.set_raw("B" if self.state == "A" else "A")
            with self.reader():
                ended[fault()] += 1
                moved += self.published() != before
                where = f"{name} {number + 1}"
                self.check(where)
                verdict = self.night()
            if verdict not in GOOD or self.published() != self.state:
                self.lost.append(f"{where}: the next night was {verdict}, published {self.published()}")
            self.check(f"after {where}")
            if (number + 1) % 10 == 0:
                say(f"{name}: {number + 1} of {times}, {len(self.lost)} lost")
        self.told[name] = {"times": times, "ended": dict(ended), "new package": moved, "old": times - moved}

    def published(self) -> str:
        """Which state the published package is of; "other" when of none, but whole; "?" when not whole."""
        run = (self.out / "current").resolve()
        state = self.packages.get(tree(run / "m5"))
        return state or ("other" if agrees(run) else "?")

    def check(self, where: str) -> None:
        """The package whole, the audit passed."""
        from cdisc_conv.nightly.audit import audit

        state = self.published()
        if state == "?" or (state == "other" and "raw files" not in where):
            self.lost.append(f"{where}: the published package is neither that of A nor that of B")
        done = audit(self.out)
        if not done.passed:
            self.lost += [f"{where}: {f.message}" for f in done.findings if f.severity.rank == 0]

    @contextmanager
    def reader(self) -> Iterator[None]:
        """Someone reads the published package all the while."""
        stop = threading.Event()

        def read() -> None:
            while not stop.is_set():
                if self.published() == "?":
                    self.lost.append("a reader saw a package that is not whole")
                self.reads += 1
                time.sleep(0.02)

        thread = threading.Thread(target=read)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def killed(self) -> str:
        """`kill -9` at a random moment, of the command, of the study's process, or of both."""
        log = self.out / "log" / "runs.jsonl"
        lines = log.read_bytes().count(b"\n")
        process = self.start()
        whom = self.random.choice(("command", "study", "both"))
        if self.random.random() < 0.5:
            moment = self.random.uniform(0, self.full_night)
        else:  # around the publication, which is over in a few milliseconds
            while process.poll() is None and log.read_bytes().count(b"\n") < lines + 2:
                time.sleep(0.0005)
            moment = self.random.uniform(0, 0.01)
        with suppress(subprocess.TimeoutExpired):
            process.wait(moment)
        below = children(process.pid)
        victims = {"command": [process.pid], "study": below, "both": [process.pid, *below]}[whom]
        over = process.poll() is not None
        for pid in victims:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.end(process)
        wait_for(below)
        return "over before" if over else f"killed: {whom}"

    def limited(self) -> str:
        """No file may grow beyond a random size: writing fails half way."""
        limit = int(2 ** self.random.uniform(4, 17))
        return self.night(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))

    def disturbed(self) -> str:
        """A raw file is written anew in pieces, or vanishes and comes back, while the night runs.

        A half written file that stands still is an export like any other: what comes of it is "other".
        """
        stop = threading.Event()
        victim = self.folder / "raw" / self.random.choice(("events.csv", "vitals.csv", "people.csv"))
        whole = victim.read_bytes()

        def disturb() -> None:
            while not stop.is_set():
                if self.random.random() < 0.5:
                    victim.unlink(missing_ok=True)
                else:
                    victim.write_bytes(whole[: len(whole) // 2])
                time.sleep(self.random.uniform(0, 0.003))
                victim.write_bytes(whole)
                time.sleep(self.random.uniform(0, 0.003))

        thread = threading.Thread(target=disturb)
        thread.start()
        ended = self.night()
        stop.set()
        thread.join()
        self.set_raw(self.state)
        return ended

    def twice(self) -> str:
        """Two nights begin together."""
        first = self.start()
        time.sleep(self.random.uniform(0, self.full_night / 2))
        second = self.start()
        ended = sorted((self.end(first), self.end(second)))
        if not set(ended) & set(GOOD):
            self.lost.append(f"two runs at once: {ended}")
        return " and ".join(ended)

    @staticmethod
    def mounts() -> bool:
        """Whether a small file system may be mounted here."""
        with tempfile.TemporaryDirectory() as place:
            done = subprocess.run(
                ["mount", "-t", "tmpfs", "-o", "size=64k", "faults", place], capture_output=True, check=False
            )
            if done.returncode == 0:
                subprocess.run(["umount", place], check=True)
            return done.returncode == 0

    @contextmanager
    def small_disk(self) -> Iterator[None]:
        """An output folder on a disk of its own, which can be made small."""
        disk, before = self.folder / "disk", self.out
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "faults", str(disk)], check=True)
        try:
            self.use(disk / "out")
            assert self.night() == "published"
            yield
        finally:
            self.use(before)
            subprocess.run(["umount", "-l", str(disk)], check=True)

    def remount(self, option: str) -> None:
        """Another size, or read only."""
        subprocess.run(["mount", "-o", f"remount,{option}", str(self.folder / "disk")], check=True)

    def full(self) -> str:
        """The disk has only some bytes left."""
        used = shutil.disk_usage(self.folder / "disk").used
        self.remount(f"size={used + 4096 * self.random.randrange(0, 200)}")
        ended = self.night()
        self.remount("size=64m")
        return ended

    def read_only(self) -> str:
        """The disk cannot be written; at first or from some moment on."""
        self.remount("ro")
        ended = self.night()
        self.remount("rw")
        return ended

    def no_permission(self) -> str:
        """The output folder may not be written (this says nothing when run by root)."""
        modes = {p: p.stat().st_mode for p in (self.out, *self.out.rglob("*")) if p.is_dir()}
        for path in modes:
            path.chmod(0o500)
        ended = self.night()
        for path, mode in modes.items():
            path.chmod(mode)
        return ended

    def figures(self, began: float) -> dict[str, object]:
        """What was done and seen; the log is whole from its first line to its last."""
        self.check("at the end")
        return {
            "nights": self.nights,
            "reads of the published package": self.reads,
            "seconds": round(time.monotonic() - began),
            **self.told,
            "lost": self.lost,
        }


def tree(folder: Path) -> str:
    """One hash of all files below a folder, by a way of its own."""
    made = hashlib.sha256()
    try:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            made.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    except OSError as e:
        if e.errno != errno.ENOENT:
            raise
        return ""
    return made.hexdigest()


def agrees(run: Path) -> bool:
    """Whether the files of a run are those of its own list."""
    try:
        told = json.loads((run / "night" / "published.json").read_text(encoding="utf-8"))["files"]
        return bool(told) and all(
            hashlib.sha256((run / name).read_bytes()).hexdigest() == digest for name, digest in told.items()
        )
    except OSError:
        return False


def children(pid: int) -> list[int]:
    """The processes that a process started, and theirs."""
    found = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *children(child)]
    return found


def wait_for(pids: list[int]) -> None:
    """Until processes that were orphaned are gone."""
    for pid in pids:
        for _ in range(1000):
            state = ""
            with suppress(OSError):
                state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            if state in ("", "Z"):
                break
            time.sleep(0.005)


if __name__ == "__main__":
    main()
