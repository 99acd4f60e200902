"""Counts of people from which no small group can be read or computed.

Rare people are made less particular until nobody stands out: k-anonymity by local recoding (Samarati and Sweeney
1998). Every person ends up in one group of at least the required size, or in none. Every published figure is a sum
over such groups, so anything computed from figures is a sum over groups too. docs/decisions/0017-needs-and-report.md
has the method and its limits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import TypeVar

LEAST = 5
"""The smallest group that is shown."""
T = TypeVar("T", bound=Hashable)
Groups = Mapping[frozenset[T], int]
"""How many people have exactly these traits. The empty set: nothing is said about them."""


def shielded(counts: Groups[T], least: int = LEAST, complete: frozenset[T] = frozenset()) -> dict[frozenset[T], int]:
    """The people in groups of at least `least`. The rest, without traits, is empty or at least as large, too.

    The total stays the same; it is nobody if there are fewer than `least` people. `complete`: all possible traits, if
    each person is known to have one of them. Then the rest is made so large that its parts cannot be told.
    """
    groups: Counter[frozenset[T]] = Counter()
    for traits, people in counts.items():
        if people:
            groups[traits] += people
    if groups.total() < least:
        return {}
    often = _often(groups)
    _recode(groups, least, often)
    while _tells(groups, least, complete):
        smallest = min(people for traits, people in groups.items() if traits)
        # All groups of that size go: if one were picked by its name, the others' numbers would reveal the hidden
        # ones.
        for group in [traits for traits, people in groups.items() if traits and people == smallest]:
            groups[frozenset()] += groups.pop(group)
    return {traits: people for traits, people in groups.items() if people}


def none_or_enough(*groups: int, least: int = LEAST) -> bool:
    """Whether none of these groups is small, so that a share of them reveals nobody."""
    return all(people == 0 or people >= least for people in groups)


def having(groups: Groups[T], *traits: T) -> int:
    """How many people, at least, have all of these traits, as far as that may be said."""
    wanted = frozenset(traits)
    return sum(people for group, people in groups.items() if wanted <= group)


def single(counts: Mapping[T | None, int]) -> dict[frozenset[T], int]:
    """Counts by one trait for each person (None: not known), in the form that `shielded` takes."""
    return {frozenset(() if trait is None else (trait,)): people for trait, people in counts.items()}


def shown(groups: Groups[T]) -> dict[T, int]:
    """The counts of groups with one trait, by the trait. The rest is left out."""
    return {next(iter(traits)): people for traits, people in groups.items() if traits}


def _recode(groups: Counter[frozenset[T]], least: int, often: Mapping[T, int]) -> None:
    """Takes the rarest trait from the most particular small group, until no small group is left."""
    while small := [one for one in groups if one and groups[one] < least]:
        group = max(small, key=lambda one: (len(one), -groups[one], _names(one)))
        rarest = min(group, key=lambda trait: (often[trait], str(trait)))
        groups[group - {rarest}] += groups.pop(group)


def _tells(groups: Counter[frozenset[T]], least: int, complete: frozenset[T]) -> bool:
    """Whether the rest reveals somebody.

    It does if it is small, or if its size can only mean that each hidden group has `least` - 1 people.
    """
    rest = groups[frozenset()]
    if not rest or len(groups) == 1:
        return False
    hidden = complete - frozenset[T]().union(*groups)
    return rest < least or (bool(complete) and rest == (least - 1) * len(hidden))


def _often(groups: Counter[frozenset[T]]) -> Counter[T]:
    often: Counter[T] = Counter()
    for traits, people in groups.items():
        for trait in traits:
            often[trait] += people
    return often


def _names(traits: frozenset[T]) -> list[str]:
    return sorted(map(str, traits))
