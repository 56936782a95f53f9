"""The return code of PROC COMPARE out of a comparison, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cdisc_conv.model.difference import (
    ATTRIBUTE_BITS,
    Attribute,
    RowCounts,
    Variable,
    VariableDiff,
    Verdict,
)

DSLABEL, DSTYPE, INFORMAT, FORMAT, LENGTH, LABEL = 1, 2, 4, 8, 16, 32
BASEOBS, COMPOBS, BASEVAR, COMPVAR, VALUE, TYPE, ERROR = 64, 128, 1024, 2048, 4096, 8192, 32768


def sysinfo(
    attributes: Iterable[Attribute],
    only: tuple[Sequence[Variable], Sequence[Variable]],
    variables: Iterable[VariableDiff],
    rows: RowCounts,
    open_keys: int,
) -> int:
    """The bits. `open_keys` are those of keys that are there more than once and whose rows do not agree."""
    code = open_keys
    for attribute in attributes:
        code |= attribute.bit
    code |= BASEVAR if only[0] else 0
    code |= COMPVAR if only[1] else 0
    code |= BASEOBS if rows.only_base else 0
    code |= COMPOBS if rows.only_compare else 0
    for variable in variables:
        code |= VALUE if variable.unequal else 0
        code |= TYPE if variable.base.type != variable.compare.type and not _comparable(variable) else 0
    return code


def _comparable(variable: VariableDiff) -> bool:
    return variable.compared or variable.why == "key"


def verdict(code: int, *, values_only: bool) -> Verdict:
    """Equal when no bit is set (of those that count)."""
    if code & ERROR:
        return Verdict.CANNOT_COMPARE
    counted = code & ~ATTRIBUTE_BITS if values_only else code
    return Verdict.DIFFERENT if counted else Verdict.EQUAL
