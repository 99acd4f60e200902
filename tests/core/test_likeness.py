"""Who may be registered twice: which reasons are enough, and which pair is the most likely."""

from __future__ import annotations

import pytest

from bot.core.likeness import CROWD, Pair, Profile, pairs, rare

RARE = {"born": 1990, "job": "baker"}


def ids(*people: Profile) -> list[tuple[int, int]]:
    """The pairs that are found, by their ids."""
    return [(one.first, one.second) for one in pairs(people)]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (Profile(1, "amina haddad", "ar"), Profile(2, "haddad amina", "ar"), True),
        (Profile(1, "amina haddad", "ar"), Profile(2, "amina hadad", "ar"), True),
        (Profile(1, "amina haddad", "ar"), Profile(2, "amina haddad", "fa"), False),
        (Profile(1, "amina haddad", "ar", RARE), Profile(2, "amina haddad", "fa", {"born": 1990}), True),
        (Profile(1, "", "ar", RARE), Profile(2, "amina haddad", "ar", RARE), True),
        (Profile(1, "", "ar", RARE), Profile(2, "amina haddad", "ar", {"born": 1990}), False),
        (Profile(1, "layla saleh", "ar", RARE), Profile(2, "amina haddad", "ar", RARE), False),
    ],
)
def test_two_reasons_of_different_kinds_are_needed(one: Profile, other: Profile, found: bool) -> None:
    assert ids(one, other) == ids(other, one) == ([(1, 2)] if found else [])


def test_the_most_likely_pair_comes_first_then_the_newest() -> None:
    said = [Profile(1, "amina haddad", "ar"), Profile(2, "amina hadad", "ar"), Profile(3, "amina haddad", "ar")]
    assert ids(*said) == [(1, 3), (2, 3), (1, 2)]
    assert ids(*(Profile(number, "amina haddad", "ar") for number in (1, 2, 3))) == [(2, 3), (1, 3), (1, 2)]
    (pair,) = pairs([Profile(5, "amina haddad", "ar", RARE), Profile(4, "amina haddad", "ar", RARE)])
    assert pair == Pair(4, 5, same_name=True, near_name=False, same_language=True, same=("born", "job"))
    assert pair.weight == 9


def test_a_name_that_many_share_says_nothing() -> None:
    crowd = [Profile(number, "amina haddad", "ar") for number in range(CROWD + 1)]
    assert pairs(crowd) == []
    assert len(pairs(crowd[:CROWD])) == CROWD * (CROWD - 1) // 2


def test_an_answer_is_rare_if_few_give_it() -> None:
    said = [*({"job": "baker"} for _ in range(2)), *({"job": "driver"} for _ in range(3)), {"job": "pilot"}]
    assert rare(said) == [{"job": "baker"}] * 2 + [{}] * 3 + [{"job": "pilot"}]
