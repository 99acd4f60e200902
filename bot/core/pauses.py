"""Finds meetings that follow a longer pause than usual."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_low

WEEK = timedelta(days=7)


def after_pause(starts: Iterable[datetime]) -> frozenset[datetime]:
    """The meetings after a pause of at least a week that is twice as long as usual. Mostly they follow holidays."""
    ordered = sorted(starts)
    gaps = [later - earlier for earlier, later in pairwise(ordered)]
    if not gaps:
        return frozenset()
    # A difference of up to a day makes no pause: meetings of one week start at different hours.
    longest = max(WEEK, 2 * median_low(gaps) - timedelta(days=1))
    return frozenset(start for start, gap in zip(ordered[1:], gaps, strict=True) if gap >= longest)
