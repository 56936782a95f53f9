"""A few subjects of Btrial as a study of nightly runs: exports of a day, changed, with a manifest again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

from btrial_small import SUBJECTS, Row, edit, small_workspace
from nightly_support import night

CONFIG = """studies:
  btrial: {{workspace: workspace, raw: workspace/examples/btrial/raw, out: out/btrial{entry}}}
summary: summary
"""


class Days:
    """A study whose exports change from day to day; `manifest` says whether they come with one."""

    def __init__(
        self, place: Path, subjects: Iterable[str] = SUBJECTS, entry: str = "", *, manifest: bool = True
    ) -> None:
        self.place, self.manifest = place, manifest
        self.workspace = small_workspace(place, subjects)
        self.raw = self.workspace / "examples" / "btrial" / "raw"
        self.study = self.workspace / "specs" / "btrial" / "study.yaml"
        self.exported = 0
        (place / "n.yaml").write_text(CONFIG.format(entry=entry), "utf-8")
        if manifest:
            text = self.study.read_text("utf-8")
            wanted = "folder: examples/btrial/raw\n"
            assert wanted in text
            self.study.write_text(text.replace(wanted, f"{wanted}  manifest: manifest.csv\n"), "utf-8")

    def night(self, *options: str) -> dict:
        """List the files as a sender would, run the night; the report of the study."""
        if self.manifest:
            self.list_files()
        (report,) = night(self.place, *options)["studies"]
        return report

    def run(self, *options: str) -> dict:
        """Run the night with the files as they are."""
        (report,) = night(self.place, *options)["studies"]
        return report

    def list_files(self) -> None:
        """The sender's list; its time of export goes on only when a file is another."""
        path = self.raw / "manifest.csv"
        files = sorted(p for p in self.raw.rglob("*") if p.is_file() and p != path)
        facts = [(p.relative_to(self.raw).as_posix(), sha256(p.read_bytes()).hexdigest()) for p in files]
        if path.exists():
            rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
            if [(r["file"], r["sha256"]) for r in rows] == facts:
                return
        self.exported += 1
        text = "file,rows,sha256,exported_at\n"
        text += "".join(f"{f},,{h},2023-07-{14 + self.exported:02d}T18:30:00\n" for f, h in facts)
        path.write_text(text, "utf-8")

    def edit(self, file: str, change: Callable[[list[Row]], list[Row] | None]) -> None:
        """Change the rows of a CSV file."""
        edit(self.workspace, file, change)

    def rewrite(self, file: str, change: Callable[[bytes], bytes]) -> None:
        """Change the bytes of a file."""
        path = self.raw / file
        path.write_bytes(change(path.read_bytes()))

    def rename_column(self, file: str, old: str, new: str) -> None:
        """Another name in the header."""

        def change(data: bytes) -> bytes:
            head, rest = data.split(b"\n", 1)
            names = head.split(b",")
            assert old.encode() in names
            return b",".join(new.encode() if n == old.encode() else n for n in names) + b"\n" + rest

        self.rewrite(file, change)


def drift(report: dict) -> list[tuple[str, str, str]]:
    """Kind (without `drift-`), severity and place of each drift."""
    return [(f["name"].removeprefix("drift-"), f["severity"], f["at"]) for f in report["drift"]]
