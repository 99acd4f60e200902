"""How far people came and how long it took, from what they said about their level over time.

Never about one person: a median covers at least five people and is in whole months.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from bot.core.shielding import LEAST, shielded, shown, single

MONTH = timedelta(days=365.2425 / 12)
Step = tuple[str, str]
"""A level, and the level that was reached from it."""


@dataclass(frozen=True, slots=True)
class Said:
    """At this moment a person said that they have this level."""

    person: int
    level: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Gained:
    """How many people rose in a period, by step. `people` is their total, None if fewer than five."""

    people: int | None = None
    steps: Mapping[Step, int] | None = None


def months_each(ladder: Sequence[str], said: Iterable[Said]) -> dict[Step, int]:
    """The median number of whole months for each step to the next level that at least five people took."""
    taken: defaultdict[Step, list[float]] = defaultdict(list)
    for first in _first_times(said).values():
        for step in pairwise(ladder):
            begun, reached = (first.get(level) for level in step)
            if begun is not None and reached is not None and begun < reached:
                taken[step].append((reached - begun) / MONTH)
    return {step: round(median(taken[step])) for step in pairwise(ladder) if len(taken[step]) >= LEAST}


def gained(ladder: Sequence[str], said: Collection[Said], begin: datetime, end: datetime) -> Gained:
    """How many people rose in a period, by step. They start at their level before it, or the first one in it."""
    steps: Counter[Step | None] = Counter()
    for person in _in_order(said).values():
        before = [one.level for one in person if one.at < begin and one.level in ladder]
        within = [one.level for one in person if begin <= one.at < end and one.level in ladder]
        levels = [*before[-1:], *within]
        if within and ladder.index(levels[-1]) > ladder.index(levels[0]):
            steps[levels[0], levels[-1]] += 1
    groups = shielded(single(steps))
    ranked = sorted(shown(groups).items(), key=lambda one: [ladder.index(level) for level in one[0]])
    return Gained(sum(groups.values()), dict(ranked)) if groups else Gained()


def _in_order(said: Iterable[Said]) -> dict[int, list[Said]]:
    people: defaultdict[int, list[Said]] = defaultdict(list)
    for one in sorted(said, key=lambda one: one.at):
        people[one.person].append(one)
    return people


def _first_times(said: Iterable[Said]) -> dict[int, dict[str, datetime]]:
    """When each person first said each level."""
    first: defaultdict[int, dict[str, datetime]] = defaultdict(dict)
    for one in said:
        known = first[one.person].get(one.level)
        first[one.person][one.level] = one.at if known is None else min(known, one.at)
    return first
