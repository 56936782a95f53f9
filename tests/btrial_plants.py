"""Slips planted in raw rows of Btrial, as the tables of cases say: which row, and what to set in it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from btrial_small import RAW, Row, edit


def cells(text: str) -> Row:
    """`A=1; B=` as a mapping."""
    return dict(part.split("=", 1) for part in text.split("; ") if "=" in part)


def picked(rows: list[Row], subject: str, text: str) -> Row:
    """The first row of a subject that `row` or `at` describes; `A!x` is "A is not x"."""
    site, number = subject.split("-")
    wanted, barred = cells(text), [part.split("!", 1) for part in text.split("; ") if "!" in part]
    return next(
        r
        for r in rows
        if (r["SITE_NO"].strip().zfill(2), r["SUBJ_NO"].zfill(3)) == (site, number)
        and all(r[k] == v for k, v in wanted.items())
        and all(r[k] != v for k, v in barred)
    )


def kit_of_the_other_arm(kit: str) -> str:
    """A kit of the arm that a kit is not of, from the vendor's list."""
    sheet = openpyxl.load_workbook(RAW / "irt/unblinding.xlsx", read_only=True)["kit_list"]
    lines = list(sheet.iter_rows(values_only=True))
    number, arm = lines[0].index("KIT_NO"), lines[0].index("ARM_CODE")
    arms = {str(line[number]): line[arm] for line in lines[1:]}
    return next(k for k, a in sorted(arms.items()) if a != arms[kit])


def plant(workspace: Path, at: int, case: Row) -> str:
    """Make the change of a case; gives the ROW_ID of the row that was changed."""
    keys: list[str] = []

    def change(rows: list[Row]) -> list[Row]:
        if case["row"] == "+":
            site, number = case["subject"].split("-")
            own = [r for r in rows if (r["SITE_NO"], r["SUBJ_NO"]) == (site, number)]
            row = {**(own or rows)[0], "SITE_NO": site, "SUBJ_NO": number, "ROW_ID": f"PLANT-{at:03}"}
            rows.append(row)
        else:
            row = picked(rows, case["subject"], case["row"])
        row.update(cells(case["change"]))
        if "{kit" in row.get("KIT_NO", ""):
            row["KIT_NO"] = kit_of_the_other_arm(before[row["ROW_ID"]])
        keys.append(row["ROW_ID"])
        return rows

    before: dict[str, str] = {}
    edit(
        workspace, case["file"], lambda rows: before.update({r["ROW_ID"]: r.get("KIT_NO", "") for r in rows})
    )
    edit(workspace, case["file"], change)
    return keys[0]
