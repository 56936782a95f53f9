"""toxicity_grade: the grade of a laboratory value by a table of limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cdisc_conv.language.arguments import refused
from cdisc_conv.language.verb import verb

if TYPE_CHECKING:
    from cdisc_conv.language.context import Context
    from cdisc_conv.language.verb import Column, Number, Rows

_COMPARE = {">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal}
_OF = ("", "LLN", "ULN", "BASE")


@verb(
    returns="number",
    sentence="highest {grade} of the table's rows{where: where }{keys: with } whose limit {value} is beyond: "
    "{limit} times {of} (lower limit of normal {low}, upper limit of normal {high}, baseline {base}); "
    "0 where it is beyond none",
    drops=True,
)
def toxicity_grade(
    ctx: Context,
    value: Number,
    grade: Rows,
    sign: Rows,
    limit: Rows,
    of: Rows,
    low: Number,
    high: Number,
    base: Number,
    where: Rows | None = None,
    **keys: Column,
) -> Number:
    """The highest grade whose limit a value is beyond, by a small table such as that of CTCAE; 0 for none.

        grade: toxicity_grade(AVAL, number(ctcae.GRADE), ctcae.SIGN, number(ctcae.LIMIT), ctcae.OF,
                              low=ANRLO, high=ANRHI, base=BASE, where=ctcae.SIDE == "HIGH", PARAMCD=PARAMCD)

    Each row of the table says: grade so much where the value is `>`, `>=`, `<` or `<=` the limit.  The limit
    is a number in the value's unit (`of` blank) or a multiple of a reference: LLN is the row's `low`, ULN its
    `high`, BASE its `base`.  `keys` choose the rows of the table, as for `lookup`.
    A value that no row is for has no grade (missing), nor has a missing value.  Where a limit of normal is
    missing, a value beyond none of the other limits has no grade, since the lowest cannot be told; rows that
    compare with a missing baseline are passed over.
    """
    rows = [_row(ctx, *cells) for cells in zip(sign.values, of.values, strict=True)]
    kept = np.ones(len(rows), dtype=bool) if where is None else where.values.to_numpy(dtype=bool)
    values = value.to_numpy(dtype="float64", na_value=np.nan)
    references = {"": np.ones(len(values)), "LLN": low, "ULN": high, "BASE": base}
    found = np.full(len(values), np.nan)
    unclear = np.zeros(len(values), dtype=bool)
    for at in np.flatnonzero(kept):
        compare, reference = rows[at]
        asked = _asked(grade, keys, int(at), len(values)) & ~np.isnan(values)
        beyond = np.asarray(references[reference], dtype="float64") * float(limit.values.iloc[at])
        # decimal limits: 30 is not above 0.5 times 60, whatever the last binary digit says
        hit = asked & compare(np.round(values, 9), np.round(beyond, 9))
        found = np.where(asked, np.fmax(found, np.where(hit, float(grade.values.iloc[at]), 0.0)), found)
        if reference != "BASE":
            unclear |= asked & np.isnan(beyond)
    return pd.Series(np.where(unclear & (found == 0), np.nan, found), index=ctx.index)


def _row(ctx: Context, sign: Any, of: Any) -> tuple[Any, str]:
    """What a row of the table compares by and with; refused when it cannot be read."""
    reference = "" if pd.isna(of) else str(of).strip()
    if sign not in _COMPARE or reference not in _OF:
        reason = f"has a row with sign {sign!r} and reference {reference!r} in its table"
        raise refused(ctx, "toxicity_grade", f"{reason}; it reads {' '.join(_COMPARE)} and LLN, ULN, BASE")
    return _COMPARE[sign], reference


def _asked(table: Rows, keys: dict[str, Column], at: int, size: int) -> Any:
    """Which of our rows a row of the table is for."""
    asked = np.ones(size, dtype=bool)
    for name, ours in keys.items():
        asked &= (ours == table.column(name).iloc[at]).fillna(False).to_numpy(dtype=bool)
    return asked
