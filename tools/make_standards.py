"""Make the index beside each controlled terminology table: `python tools/make_standards.py`.

A CT table is published sorted by codelist: the codelist's own row, then its terms. The index gives each
codelist's bytes, so that a build reads only the codelists that a study uses.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from pathlib import Path

CT = Path(__file__).resolve().parent.parent / "specs" / "standards" / "ct"
COLUMNS = ("Code", "Submission Value", "Name", "Extensible", "Offset", "Length", "Terms", "Decodes")


def blocks(table: bytes) -> list[tuple[list[str], list[str], int, int]]:
    """Codelist row, NCI codes of its terms, byte offset and byte length of each codelist, in file order."""
    found: list[tuple[list[str], list[str], int, int]] = []
    offset = table.index(b"\n") + 1
    for line in table[offset:].splitlines(keepends=True):
        row = next(csv.reader([line.decode("utf-8")]))
        if row[1]:
            head, codes, start, length = found[-1]
            if row[1] != head[0]:
                raise ValueError(f"{row[0]} stands outside its codelist {row[1]}")
            found[-1] = (head, [*codes, row[0]], start, length + len(line))
        else:
            found.append((row, [], offset, len(line)))
        offset += len(line)
    return found


def is_code_list(head: list[str]) -> bool:
    """Whether a codelist holds short codes (test codes, parameter codes) rather than their names."""
    return head[3].endswith((" Code", " Short Name"))


def decodes(found: list[tuple[list[str], list[str], int, int]]) -> dict[str, str]:
    """Code list -> the list with exactly the same NCI codes, where there is one and it holds names."""
    same: dict[frozenset[str], list[list[str]]] = defaultdict(list)
    for head, codes, _, _ in found:
        same[frozenset(codes)].append(head)
    pairs: dict[str, str] = {}
    for heads in same.values():
        short, long = [h for h in heads if is_code_list(h)], [h for h in heads if not is_code_list(h)]
        if len(short) == len(long) == 1:
            pairs[short[0][0]] = long[0][0]
    return pairs


def index(table: bytes) -> str:
    """The index of a CT table, as CSV text."""
    found = blocks(table)
    pairs = decodes(found)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for head, codes, start, length in found:
        code, _, extensible, name, value = head[:5]
        writer.writerow((code, value, name, extensible, start, length, len(codes), pairs.get(code, "")))
    return out.getvalue()


def main() -> None:
    """Write `<package>.index.csv` beside every `<package>.csv` of every CT release."""
    for table in sorted(CT.glob("*/*.csv")):
        if not table.name.endswith(".index.csv"):
            table.with_suffix(".index.csv").write_bytes(index(table.read_bytes()).encode("utf-8"))


if __name__ == "__main__":
    main()
