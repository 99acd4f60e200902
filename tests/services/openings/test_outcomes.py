"""What came of openings is told of five people and more."""

from __future__ import annotations

from collections import Counter
from itertools import product

from bot.core.broadcasts import Interest
from bot.services.figures.reporting_openings import BEST, interested


def test_no_outcome_of_fewer_than_five_people_is_told_or_can_be_computed() -> None:
    by_figures: dict[object, set[tuple[int, ...]]] = {}
    for counts in product(range(8), repeat=len(BEST)):
        states = [[state] for state, number in zip(BEST, counts, strict=True) for _ in range(number)]
        people, outcomes = interested(states)
        assert all(number >= 5 for number in outcomes.values())
        by_figures.setdefault((people, tuple(sorted(outcomes.items()))), set()).add(counts)
    for possible in by_figures.values():
        for one in map(set, zip(*possible, strict=True)):
            assert len(one) > 1 or min(one) >= 5 or one == {0}, possible


def test_whoever_has_several_interests_counts_once_with_the_best() -> None:
    people, outcomes = interested([[Interest.LOST, Interest.WON]] * 5 + [[Interest.OPEN]] * 5)
    assert (people, Counter(outcomes)) == (10, Counter({Interest.WON: 5, Interest.OPEN: 5}))
