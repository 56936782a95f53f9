"""Exceptions: each means "cannot go on"; everything else is a finding.

    CdiscConvError          the root; never raised itself
    ├── CannotRun           wrong input that stops the run; carries findings (exit code 2)
    └── UsageMistake        a call that cannot be meant, said in one line (exit code 2)

A bug raises whatever Python raises and keeps its traceback (exit code 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdisc_conv.findings import Finding


class CdiscConvError(Exception):
    """Root of the exceptions of cdisc_conv."""


class CannotRun(CdiscConvError):
    """The run stops here; `findings` say why, each with its place."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings
        super().__init__("; ".join(f"{f.place}: {f.code.id} {f.message}" for f in findings))


class UsageMistake(CdiscConvError):
    """A call that cannot be meant; the text says what to do instead."""
