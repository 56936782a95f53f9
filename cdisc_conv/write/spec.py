"""A spec written out: its sheets as a folder of CSV files or as one `.xlsx` workbook.

    write_sheets(sheets, Path("specs/btrial/sdtm"))      # what read_sheets read, cell by cell
    write_sheets(sheets_of(spec), Path("spec.xlsx"))     # a spec as it stands, e.g. completed

Both ways keep every cell, and the same sheets give the same bytes.
"""

from __future__ import annotations

from pathlib import Path

from cdisc_conv.codes import spec as codes
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Place
from cdisc_conv.read.spec_layout import SHEETS, plain
from cdisc_conv.read.spec_sheets import Sheet, Sheets
from cdisc_conv.write.spec_tables import sheets_of
from cdisc_conv.write.spec_xlsx import workbook_bytes

__all__ = ["csv_bytes", "sheets_of", "write_sheets"]

_TO_QUOTE = set('",\r\n')
_FORBIDDEN = set('/\\:*?"<>|[]')


def write_sheets(sheets: Sheets, path: Path) -> None:
    """Write sheets to a folder (a `.csv` a sheet) or, where the name ends so, to an `.xlsx` workbook.

    A folder's other files are left as they are.
    Known sheets get their usual names (`analysis_displays.csv`, `Analysis Displays`), others keep theirs.
    Raises `CannotRun` (SPEC058) when a title or a cell cannot stand in the container.
    """
    if path.suffix.lower() == ".xlsx":
        data = workbook_bytes({_title(t): (s.header, *s.rows) for t, s in sheets.sheets.items()}, path.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return
    files = {_file_name(t, path.name): s for t, s in sheets.sheets.items()}
    path.mkdir(parents=True, exist_ok=True)
    for name, sheet in files.items():
        (path / name).write_bytes(csv_bytes(sheet))


def csv_bytes(sheet: Sheet) -> bytes:
    """A sheet as CSV: UTF-8, lines ended by LF, a cell quoted where it must be."""
    rows = (sheet.header, *sheet.rows) if sheet.header else ()
    return "".join(",".join(map(_quoted, row)) + "\n" for row in rows).encode("utf-8")


def _quoted(text: str) -> str:
    """A cell of a CSV file; a carriage return needs quotes too, which `csv` before Python 3.13 forgets."""
    return '"' + text.replace('"', '""') + '"' if set(text) & _TO_QUOTE else text


def _title(title: str) -> str:
    layout = SHEETS.get(plain(title))
    return layout.title if layout and plain(title) == plain(layout.title) else title


def _file_name(title: str, shown: str) -> str:
    if set(title) & _FORBIDDEN or title != title.strip() or title.startswith("."):
        raise CannotRun(
            codes.NOT_WRITABLE.at(Place(file=shown, sheet=title), reason="it is no name for a file")
        )
    known = plain(title) in SHEETS
    return (title.strip().lower().replace(" ", "_") if known else title) + ".csv"
