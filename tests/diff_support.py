"""A comparison in plain Python, row by row, to hold ours against; and small files of every format."""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cdisc_conv.write.xpt import write_xpt


def plain(value: Any) -> Any:
    """A value as SAS sees it: text without trailing blanks, -0 as 0, any NaN as one missing value."""
    if isinstance(value, str):
        return value.rstrip(" ")
    if value is None:
        return ""
    return "." if math.isnan(value) else value + 0.0


def brute(base: list[dict[str, Any]], compare: list[dict[str, Any]], ids: list[str]) -> dict[str, Any]:
    """What differs between two lists of rows: pairs by key, a dict lookup a row."""
    sides = []
    for rows in (base, compare):
        groups: dict[tuple[Any, ...], list[int]] = {}
        for n, row in enumerate(rows):
            groups.setdefault(tuple(plain(row[i]) for i in ids), []).append(n)
        sides.append(groups)
    mine, theirs = sides
    unequal, different = set(), False
    for key, rows in mine.items():
        others = theirs.get(key, [])
        if len(rows) == 1 and len(others) == 1:
            one, other = base[rows[0]], compare[others[0]]
            for name in one:
                if name not in ids and plain(one[name]) != plain(other[name]):
                    unequal.add((name, rows[0] + 1, others[0] + 1))
        elif others:
            sets = [
                Counter(tuple(plain(v) for v in table[n].values()) for n in found)
                for table, found in ((base, rows), (compare, others))
            ]
            different |= sets[0] != sets[1]
    only_base = {n + 1 for k, rows in mine.items() if k not in theirs for n in rows}
    only_compare = {n + 1 for k, rows in theirs.items() if k not in mine for n in rows}
    return {
        "unequal": unequal,
        "only_base": only_base,
        "only_compare": only_compare,
        "double_base": {n + 1 for rows in mine.values() if len(rows) > 1 for n in rows},
        "double_compare": {n + 1 for rows in theirs.values() if len(rows) > 1 for n in rows},
        "equal": not (unequal or only_base or only_compare or different),
    }


def frame(rows: list[dict[str, Any]], kinds: dict[str, str]) -> pd.DataFrame:
    """Rows as a frame; `kinds` says text or number of each column, also where there are no rows."""
    text = pd.StringDtype("pyarrow", na_value=float("nan"))
    return pd.DataFrame(
        {
            n: pd.array([r[n] for r in rows], dtype=text if kind == "text" else "float64")
            for n, kind in kinds.items()
        }
    )


def put(path: Path, table: pd.DataFrame) -> Path:
    """Write a frame in the format that the name says."""
    if path.suffix == ".xpt":
        write_xpt(table, path, name="TEST", encoding="utf-8")
    elif path.suffix == ".csv":
        table.to_csv(path, index=False)
    elif path.suffix == ".xlsx":
        table.to_excel(path, index=False)
    elif path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pandas(table, preserve_index=False), path)
    elif path.suffix == ".json":
        path.write_text(dataset_json(table))
    else:
        whole = json.loads(dataset_json(table))
        rows = whole.pop("rows")
        path.write_text("\n".join(json.dumps(x) for x in (whole, *rows)) + "\n")
    return path


def dataset_json(table: pd.DataFrame) -> str:
    """A frame as Dataset-JSON 1.1."""
    numeric = {n: table[n].dtype == "float64" for n in table}
    columns = [
        {"itemOID": f"IT.{n}", "name": n, "label": n, "dataType": "float" if numeric[n] else "string"}
        for n in table
    ]
    values = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    head = {"datasetJSONVersion": "1.1.0", "name": "TEST", "label": "", "records": len(table)}
    return json.dumps(head | {"columns": columns, "rows": values})
