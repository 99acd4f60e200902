"""Who may be the same person twice: pairs of profiles, each with the reasons why. Pure.

A name alone is no reason, for many have the same; neither are answers that many give. Two reasons of different kinds
are needed: a name that is the same or nearly so, and a language, or an answer few others give.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import combinations

NEAR = 0.84
"""Likeness of two names, as one mistake in six letters has it."""
CROWD = 15
"""Where more people than that share part of a name, or answers, nothing is concluded."""
TELLING = 2
"""Rare answers in common that tell as much as a name."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared: the folded name, the language, and answers by question; `rare` those few people give."""

    id: int
    name: str
    language: str
    rare: Mapping[str, Hashable] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who may be one: the older number first. `same` are the questions with the same rare answer."""

    first: int
    second: int
    same_name: bool
    near_name: bool
    same_language: bool
    same: tuple[str, ...]

    @property
    def weight(self) -> int:
        """How strong the reasons are."""
        return 4 * self.same_name + 3 * self.near_name + self.same_language + 2 * len(self.same)


def pairs(people: Sequence[Profile]) -> list[Pair]:
    """Pairs who may be one person, the likeliest first."""
    by_id = {one.id: one for one in people}
    near = {tuple(sorted(two)) for group in _groups(people) for two in combinations(group, 2)}
    found = [pair for first, second in near if (pair := _compared(by_id[first], by_id[second])) is not None]
    return sorted(found, key=lambda one: (-one.weight, -one.second, -one.first))


def near_names(one: str, other: str) -> bool:
    """Whether two folded names are one with a mistake, or with its parts in another order."""
    if not one or not other:
        return False
    mine, theirs = sorted(one.split()), sorted(other.split())
    return mine == theirs or SequenceMatcher(None, " ".join(mine), " ".join(theirs)).ratio() >= NEAR


def _groups(people: Sequence[Profile]) -> Iterator[list[int]]:
    """Groups of people who are worth comparing with each other."""
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
    """Each person's answers that few give: at most that share of all people, though two may always share one."""
    often = Counter((name, value) for one in said for name, value in one.items())
    most = max(2, int(len(said) * share))
    return [{name: value for name, value in one.items() if often[name, value] <= most} for one in said]
