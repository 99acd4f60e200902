"""Counts of people from which no small group can be read or computed. Pure.

Whoever is rare is made less particular until nobody stands out: k-anonymity by local recoding (Samarati and Sweeney
1998). Everybody ends in one group of at least so many, or nowhere. Every figure that is published is a sum over such
groups, so whatever is computed from figures is a sum over groups too. docs/decisions/0017-needs-and-report.md has the
method and its limits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import TypeVar

LEAST = 5
"""The smallest group that is shown."""
T = TypeVar("T", bound=Hashable)
Groups = Mapping[frozenset[T], int]
"""How many people have exactly these traits; the empty set: nothing is said of them."""


def shielded(counts: Groups[T], least: int = LEAST, complete: frozenset[T] = frozenset()) -> dict[frozenset[T], int]:
    """The people in groups of at least `least`; the rest, without traits, is none or as many as that, too.

    As many people as before, or nobody where there are fewer than `least`. `complete`: all traits there can be, where
    everybody is known to have one of them: then the rest is made so large that its parts cannot be told.
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
        # All of that size: were it one of them by its name, the others' numbers would tell of the hidden ones.
        for group in [traits for traits, people in groups.items() if traits and people == smallest]:
            groups[frozenset()] += groups.pop(group)
    return {traits: people for traits, people in groups.items() if people}


def none_or_enough(*groups: int, least: int = LEAST) -> bool:
    """Whether none of these groups is a small one: a share of them tells of nobody."""
    return all(people == 0 or people >= least for people in groups)


def having(groups: Groups[T], *traits: T) -> int:
    """How many people, at least, have all of these traits, as far as that may be said."""
    wanted = frozenset(traits)
    return sum(people for group, people in groups.items() if wanted <= group)


def single(counts: Mapping[T | None, int]) -> dict[frozenset[T], int]:
    """Counts by one trait of each person (None: not known), as `shielded` takes them."""
    return {frozenset(() if trait is None else (trait,)): people for trait, people in counts.items()}


def shown(groups: Groups[T]) -> dict[T, int]:
    """Groups of one trait each, by the trait; the rest is left out."""
    return {next(iter(traits)): people for traits, people in groups.items() if traits}


def _recode(groups: Counter[frozenset[T]], least: int, often: Mapping[T, int]) -> None:
    """Take the rarest trait away from the most particular of the small groups, until none is small."""
    while small := [one for one in groups if one and groups[one] < least]:
        group = max(small, key=lambda one: (len(one), -groups[one], _names(one)))
        rarest = min(group, key=lambda trait: (often[trait], str(trait)))
        groups[group - {rarest}] += groups.pop(group)


def _tells(groups: Counter[frozenset[T]], least: int, complete: frozenset[T]) -> bool:
    """Whether the rest gives somebody away: it is small, or each of its parts must be as large as small ones are."""
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
