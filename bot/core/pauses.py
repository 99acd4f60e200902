"""Which meetings come after a longer pause than people are used to. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_low

WEEK = timedelta(days=7)


def after_pause(starts: Iterable[datetime]) -> frozenset[datetime]:
    """The meetings that follow on a pause of a week or more that is twice as long as usual, after holidays mostly."""
    ordered = sorted(starts)
    gaps = [later - earlier for earlier, later in pairwise(ordered)]
    if not gaps:
        return frozenset()
    # Up to a day longer or shorter does not make a pause: meetings of one week differ by their hour.
    longest = max(WEEK, 2 * median_low(gaps) - timedelta(days=1))
    return frozenset(start for start, gap in zip(ordered[1:], gaps, strict=True) if gap >= longest)
