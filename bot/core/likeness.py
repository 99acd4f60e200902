"""Finds people who may be registered twice: pairs of profiles, each with the reasons.

A name alone is no reason, because many people share names. Common answers are no reason either. It takes two reasons
of different kinds: the same or nearly the same name, plus the same language or a rare answer. Two rare answers and
the same language are enough where a name is missing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import combinations

NEAR = 0.84
"""How alike two names must be, from 0 to 1. One mistake in six letters gives about this value."""
CROWD = 15
"""The largest group that is compared. If more people share part of a name, or answers, it means nothing."""
TELLING = 2
"""So many rare answers in common count as much as a name."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared: the folded name, the language, and `rare`, the answers by question that few people give."""

    id: int
    name: str
    language: str
    rare: Mapping[str, Hashable] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who may be one, the smaller id first. `same`: the questions where both gave the same rare answer."""

    first: int
    second: int
    same_name: bool
    near_name: bool
    same_language: bool
    same: tuple[str, ...]

    @property
    def weight(self) -> int:
        """How strong the reasons are. Higher is stronger."""
        return 4 * self.same_name + 3 * self.near_name + self.same_language + 2 * len(self.same)


def pairs(people: Sequence[Profile]) -> list[Pair]:
    """The pairs that may be one person, the most likely first."""
    by_id = {one.id: one for one in people}
    near = {two for group in _groups(people) for two in combinations(group, 2)}
    found = [pair for first, second in near if (pair := _compared(by_id[first], by_id[second])) is not None]
    return sorted(found, key=lambda one: (-one.weight, -one.second, -one.first))


def near_names(one: str, other: str) -> bool:
    """Whether two folded names differ only by a mistake or by the order of their parts."""
    if not one or not other:
        return False
    mine, theirs = sorted(one.split()), sorted(other.split())
    return mine == theirs or SequenceMatcher(None, " ".join(mine), " ".join(theirs)).ratio() >= NEAR


def _groups(people: Sequence[Profile]) -> Iterator[list[int]]:
    """Groups of ids of people who are worth comparing with each other."""
    groups: defaultdict[Hashable, list[int]] = defaultdict(list)
    for one in people:
        parts = sorted(one.name.split())
        groups["whole", *parts].append(one.id)
        for part in set(parts):
            groups["part", part[:4]].append(one.id)
        for two in combinations(sorted(one.rare.items(), key=lambda item: item[0]), TELLING):
            groups["said", one.language, two].append(one.id)
    return (group for group in groups.values() if 1 < len(group) <= CROWD)


def _compared(one: Profile, other: Profile) -> Pair | None:
    language = one.language == other.language
    same = tuple(name for name, value in one.rare.items() if other.rare.get(name) == value)
    if not (language or same):
        return None
    same_name = bool(one.name) and one.name == other.name
    near = not same_name and near_names(one.name, other.name)
    named = same_name or near
    differ = bool(one.name) and bool(other.name) and not named
    told = language and len(same) >= TELLING
    if differ or not (told or named):
        return None
    first, second = sorted((one.id, other.id))
    return Pair(first, second, same_name, near, language, same)


def rare(said: Sequence[Mapping[str, Hashable]], share: float = 0.2) -> list[dict[str, Hashable]]:
    """Each person's rare answers. An answer is rare if at most this share of people (or two people) give it."""
    often = Counter((name, value) for one in said for name, value in one.items())
    most = max(2, int(len(said) * share))
    return [{name: value for name, value in one.items() if often[name, value] <= most} for one in said]
