"""What a frame's transport file is to look like: options given, else the frame's attrs, else defaults."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from cdisc_conv.codes import file as codes
from cdisc_conv.findings import Finding, Place
from cdisc_conv.model import xpt
from cdisc_conv.write.xpt_checks import as_bytes, refusal
from cdisc_conv.write.xpt_columns import Refused, Source, source_of

_SLICE = 1 << 18


def plan_header(
    facts: Mapping[str, Any],
    path: Path,
    name: str | None,
    label: str | None,
    created: datetime | None,
    sas_version: str | None,
    os: str | None,
) -> xpt.XptHeader:
    """The headers' texts; `created` sets all four times, `sas_version` and `os` both places."""
    when = xpt.timestamp(created or xpt.EPOCH)

    def fact(key: str, given: str | None, default: str) -> str:
        return str(facts.get(key, default)) if given is None else given

    time = None if created is None else when
    return xpt.XptHeader(
        name=fact("name", name, path.stem.upper()),
        label=fact("label", label, ""),
        type=fact("type", None, ""),
        created=fact("created", time, when),
        modified=fact("modified", time, when),
        sas_version=fact("sas_version", sas_version, "9.4"),
        os=fact("os", os, "PYTHON"),
        library_created=fact("library_created", time, when),
        library_modified=fact("library_modified", time, when),
        library_sas_version=fact("library_sas_version", sas_version, "9.4"),
        library_os=fact("library_os", os, "PYTHON"),
    )


def plan_columns(
    frame: pd.DataFrame,
    facts: Mapping[str, Any],
    options: Mapping[str, Mapping[str, Any]],
    encoding: str,
    place: Place,
    strict: bool,
) -> tuple[list[xpt.XptColumn], list[Finding]]:
    """The variables of a frame, and options that name none of them."""
    names = [str(c) for c in frame.columns]
    variables = facts.get("variables", {})
    findings: list[Finding] = []
    columns = []
    for i, name in enumerate(names):
        series, known = frame.iloc[:, i], variables.get(name, {})
        form = str(options["formats"].get(name, known.get("format", "")))
        source = source_of(series, form if xpt.is_format(form) else "", known.get("numeric"))
        if isinstance(source, Refused):
            findings.append(refusal(place, name, source, series, 0))
        columns.append(_column(source, name, known, options, encoding, strict))
    if facts.get("version") == 8:
        columns = [_without_record(c) for c in columns]
    findings += [
        codes.XPT_STRANGE_OPTION.at(Place(dataset=place.dataset, variable=name), option=option)
        for option, given in options.items()
        for name in given
        if name not in names
    ]
    return columns, findings


def _without_record(c: xpt.XptColumn) -> xpt.XptColumn:
    return xpt.XptColumn(c.name, c.label, c.numeric, c.length, c.format, c.informat)


def _column(
    source: Source | Refused,
    name: str,
    known: Mapping[str, Any],
    options: Mapping[str, Mapping[str, Any]],
    encoding: str,
    strict: bool,
) -> xpt.XptColumn:
    def fact(key: str, option: str) -> Any:
        return options[option].get(name, known.get(key, ""))

    numeric = source.numeric if isinstance(source, Source) else bool(known.get("numeric", False))
    length = fact("length", "lengths") or _length(source, encoding, strict)
    return xpt.XptColumn(
        name,
        str(fact("label", "labels")),
        numeric,
        int(length),
        str(fact("format", "formats")),
        str(fact("informat", "informats")),
        bytes.fromhex(known.get("namestr", "")),
    )


def _length(source: Source | Refused, encoding: str, strict: bool) -> int:
    """8 for numbers; for text the bytes of the longest value, as far as they are allowed."""
    if isinstance(source, Refused) or source.numeric:
        return 8
    longest = 1
    rows = len(source.values)
    for start in range(0, rows, _SLICE):
        array = as_bytes(source.part(start, min(start + _SLICE, rows)), encoding)
        longest = max(longest, int(np.max(pc.binary_length(array).to_numpy(), initial=0)))
    return min(longest, xpt.MAX_TEXT) if strict else longest
