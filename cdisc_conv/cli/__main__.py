"""`python -m cdisc_conv.cli` is `cdisc-conv`."""

from __future__ import annotations

from cdisc_conv.cli import main

if __name__ == "__main__":
    main()
