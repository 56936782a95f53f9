"""cdisc_conv: raw CRF exports in, CDISC submission package (SDTM, ADaM, define.xml) out.

import cdisc_conv

result = cdisc_conv.build("btrial", raw="examples/btrial/raw", out="out/btrial")
frame = cdisc_conv.read_xpt("dm.xpt")
cdisc_conv.write_xpt(frame, "copy.xpt")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_WHERE = {
    "build": "cdisc_conv.api",
    "check": "cdisc_conv.api",
    "read_xpt": "cdisc_conv.read.xpt",
    "write_xpt": "cdisc_conv.write.xpt",
    "BuildResult": "cdisc_conv.model.result",
    "Finding": "cdisc_conv.findings",
    "CannotRun": "cdisc_conv.errors",
    "UsageMistake": "cdisc_conv.errors",
}
__all__ = ["BuildResult", "CannotRun", "Finding", "UsageMistake", "build", "check", "read_xpt", "write_xpt"]

if TYPE_CHECKING:
    from cdisc_conv.api import build, check
    from cdisc_conv.errors import CannotRun, UsageMistake
    from cdisc_conv.findings import Finding
    from cdisc_conv.model.result import BuildResult
    from cdisc_conv.read.xpt import read_xpt
    from cdisc_conv.write.xpt import write_xpt


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for, so that importing the package costs nothing."""
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'cdisc_conv' has no attribute '{name}'")
