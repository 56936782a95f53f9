"""Small tables beside the mapping pages (visits, tests, code maps), as text with places."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from cdisc_conv.codes.map import MAP900, MAP902
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Findings, Place
from cdisc_conv.model.mapping import TextTable


def read_table(path: Path, shown: str, findings: Findings) -> TextTable:
    """A CSV file with a header; cells trimmed, wholly blank rows passed over.

    A row with more cells than the header is a finding; a file that cannot be read raises `CannotRun`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CannotRun(MAP900.at(Place(file=shown), reason="the file does not exist")) from None
    except UnicodeDecodeError as e:
        raise CannotRun(MAP900.at(Place(file=shown), reason=f"not UTF-8 at byte {e.start}")) from None
    reader = csv.reader(io.StringIO(text, newline=""))
    header = tuple(c.strip() for c in next(reader, []))
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    for cells in reader:
        if not any(c.strip() for c in cells):
            continue
        if len(cells) != len(header):
            reason = f"{len(cells)} cells under a header of {len(header)}"
            findings.add(MAP900.at(Place(file=shown, line=reader.line_num), reason=reason))
            continue
        rows.append(tuple(c.strip() for c in cells))
        lines.append(reader.line_num)
    if len(set(header)) != len(header):
        findings.add(MAP902.at(Place(file=shown, line=1), hint="column names must differ"))
    return TextTable(path.stem, shown, header, tuple(rows), tuple(lines))
