"""The catalogue of finding codes, one module a family; a new kind of finding is one line there."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from cdisc_conv.findings import Code


def catalogue() -> dict[str, Code]:
    """Every code by id, in order of id."""
    found: dict[str, Code] = {}
    for info in iter_modules(__path__):
        module = import_module(f"{__name__}.{info.name}")
        for value in vars(module).values():
            if isinstance(value, Code):
                if value.id in found and found[value.id] is not value:
                    raise ValueError(f"code {value.id} is given twice")
                found[value.id] = value
    return dict(sorted(found.items()))
