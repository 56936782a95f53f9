"""The process of one study: its job comes in on stdin, its report goes out on stdout, all else on stderr."""

from __future__ import annotations

import ctypes
import json
import os
import pickle
import signal
import sys
import tempfile

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Run one study's night."""
    _die_with_parent()
    answer = os.dup(1)
    os.dup2(2, 1)  # what a study's own verbs print is no part of the report
    job = pickle.load(sys.stdin.buffer)  # from our own parent
    from cdisc_conv.nightly.folders import Folders
    from cdisc_conv.nightly.night import Night

    # What a killed run leaves of its intermediate files is then cleared by the next.
    os.environ["TMPDIR"] = tempfile.tempdir = str(Folders(job.out).work.absolute())
    report = Night(job, lambda text: print(text, file=sys.stderr, flush=True)).run()  # noqa: T201
    with os.fdopen(answer, "w", encoding="utf-8") as f:
        json.dump(report.as_dict(), f)


def _die_with_parent() -> None:
    """Where the system can (Linux), end when the nightly command is killed: nothing goes on unseen."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (AttributeError, OSError):
        return


if __name__ == "__main__":
    main()
