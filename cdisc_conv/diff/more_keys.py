"""Where keys leave rows alike: further variables that would tell them apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cdisc_conv.diff.factor import Codes, counts, together
from cdisc_conv.diff.find_keys import candidates
from cdisc_conv.diff.frame import Loaded
from cdisc_conv.diff.match import Matched, Pair

MOST = 3
"""Further variables that are offered, at most."""
WORTH = 0.02
"""The share of rows that each of them must bring a partner of their own."""


def more_keys(
    base: Loaded, compare: Loaded, matched: Matched, keys: Sequence[Pair]
) -> tuple[list[str], float]:
    """Variables that, as further keys, pair most rows one to one, and the share of BASE's rows then paired.

    None when none helps. The first 200,000 rows are looked at.
    """
    names = [k.name for k in keys]
    found, rows = candidates(base, compare, matched.pairs, names)
    if not all(rows) or not set(names) <= found.keys():
        return [], 0.0
    have = together([found[n] for n in names], rows)
    best, more = _once(have), list[str]()
    while len(more) < MOST:
        tried = {n: together([have, found[n]], rows) for n in found if n not in (*names, *more)}
        once = {n: _once(codes) for n, codes in tried.items()}
        name = max(once, key=lambda n: once[n], default="")
        if not name or once[name] - best < WORTH * rows[0]:
            break
        have, best = tried[name], once[name]
        more.append(name)
    return more, best / rows[0]


def _once(codes: Codes) -> int:
    """How many keys are there just once on both sides."""
    a, b = counts(codes.base, codes.size), counts(codes.compare, codes.size)
    return int(np.count_nonzero((a == 1) & (b == 1)))
