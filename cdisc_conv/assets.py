"""Where the files shipped with the package are: in the wheel, or in the checkout."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def assets() -> Path:
    """The folder that holds `specs/`, `mappings/` and `templates/` as shipped."""
    packed = _HERE / "_assets"
    return packed if packed.is_dir() else _HERE.parent
