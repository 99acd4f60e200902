"""No small group can be read or computed from what is shown: tried by enumeration of all small tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.shielding import LEAST, Groups, having, shielded, shown, single

Traits = frozenset[str]
NONE: Traits = frozenset()
TRAITS = st.frozensets(st.sampled_from("abcd+"), max_size=4)
TABLES = st.dictionaries(TRAITS, st.integers(0, 12), max_size=14)


@given(TABLES)
def test_everybody_is_in_a_group_of_five_or_nobody_is_counted(counts: Mapping[Traits, int]) -> None:
    groups = shielded(counts)
    assert all(people >= LEAST for people in groups.values())
    total = sum(counts.values())
    assert sum(groups.values()) == (total if total >= LEAST else 0)


@given(TABLES)
def test_no_number_says_more_people_than_there_are(counts: Mapping[Traits, int]) -> None:
    groups = shielded(counts)
    for size in (1, 2):
        for traits in combinations("abcd+", size):
            assert having(groups, *traits) <= having(counts, *traits)


@given(TABLES)
def test_whatever_is_added_and_taken_away_leaves_no_small_group(counts: Mapping[Traits, int]) -> None:
    """All that figures of one table can be combined to are sums over its groups."""
    groups = list(shielded(counts).values())
    for chosen in product((0, 1), repeat=min(len(groups), 10)):
        people = sum(number for number, takes in zip(groups, chosen, strict=False) if takes)
        assert people == 0 or people >= LEAST


@given(TABLES, TABLES, st.data())
def test_two_tables_of_the_same_people_give_no_small_group_away(
    one: Mapping[Traits, int], other: Mapping[Traits, int], data: st.DataObject
) -> None:
    """What is in a sum of the one and of the other lies between bounds (Frechet) that never meet below five."""
    total = min(sum(one.values()), sum(other.values()))
    one, other = _first(one, total), _first(other, total)
    first, second = list(shielded(one).values()), list(shielded(other).values())
    if not first or not second:
        return
    left = sum(data.draw(st.lists(st.sampled_from(first), max_size=len(first), unique=True)))
    right = sum(data.draw(st.lists(st.sampled_from(second), max_size=len(second), unique=True)))
    low, high = max(0, left + right - total), min(left, right)
    assert not (low == high and 0 < low < LEAST)


def _first(counts: Mapping[Traits, int], people: int) -> dict[Traits, int]:
    """The first so many people of a table."""
    left, taken = people, {}
    for traits, number in counts.items():
        taken[traits] = min(number, left)
        left -= taken[traits]
    return taken


def tables(cells: list[Traits], people: int) -> Iterator[dict[Traits, int]]:
    """Every table of so many people: whoever sees their sum knows that it is one of these."""
    for borders in combinations(range(people + len(cells) - 1), len(cells) - 1):
        ends = (-1, *borders, people + len(cells) - 1)
        yield {cell: high - low - 1 for cell, low, high in zip(cells, ends, ends[1:], strict=False)}


ONE_OF = [NONE, *map(frozenset, "abc")]
SEVERAL = [NONE, *map(frozenset, ("a", "b", "c", "ab", "ac", "bc", "abc"))]
WITH_MORE = [NONE, *map(frozenset, ("m", "e", "me", "m+", "e+", "me+"))]


def published(groups: Groups[str], figures: Sequence[str]) -> tuple[int, ...]:
    """All that is shown of a table, on pages or in files: how many people, and how many have these traits."""
    return (sum(groups.values()), *(having(groups, *figure) for figure in figures))


def computed_back(
    cells: list[Traits], figures: Sequence[str], most: int, least: int, complete: frozenset[str] = frozenset()
) -> set[str]:
    """The small numbers that somebody finds who knows the method and all that is published.

    They are the same in every table of up to `most` people that leads to the same figures. Looked for are the people
    with exactly some traits, and those with at least some.
    """
    possible: defaultdict[object, list[dict[Traits, int]]] = defaultdict(list)
    for people in range(least, most + 1):
        for table in tables(cells, people):
            possible[published(shielded(table, least, complete), figures)].append(table)
    found = set()
    for alike in possible.values():
        exactly = {f"exactly {sorted(cell)}": {table[cell] for table in alike} for cell in cells if cell}
        with_all = {f"all of {figure}": {having(table, *figure) for table in alike} for figure in figures}
        for what, numbers in (exactly | with_all).items():
            if len(numbers) == 1 and 0 < min(numbers) < least:
                found.add(f"{what} in {[alike[0][cell] for cell in cells]}")
    return found


@pytest.mark.parametrize(
    ("cells", "figures", "most", "least"),
    [
        (ONE_OF, ("a", "b", "c"), 22, 5),
        (SEVERAL, ("a", "b", "c"), 9, 3),
        (WITH_MORE, ("m", "e", "m+", "e+"), 11, 3),
    ],
)
def test_whoever_knows_the_method_computes_no_hidden_number(
    cells: list[Traits], figures: Sequence[str], most: int, least: int
) -> None:
    assert computed_back(cells, figures, most, least) == set()


def test_nor_where_everybody_is_known_to_have_one_of_the_traits() -> None:
    cells = [frozenset(one) for one in "abcd"]
    found = computed_back(cells, "abcd", 22, 4, frozenset("abcd"))
    # All groups as large as a small one can be: nothing is shown but the sum, which says so.
    assert {one.partition(" in ")[2] for one in found} <= {"[3, 3, 3, 3]"}


def test_the_enumeration_finds_what_a_careless_method_gives_away() -> None:
    """Hiding small cells alone, with the sum beside: one hidden cell is what is missing to the sum."""
    possible = defaultdict(set)
    for a, b in product(range(9), repeat=2):
        possible[a if a >= LEAST else None, b if b >= LEAST else None, a + b].add((a, b))
    assert any(len(found) == 1 and 0 < min(next(iter(found))) < LEAST for found in possible.values())


def test_a_rest_that_is_small_takes_the_smallest_group_along() -> None:
    groups = shielded(single({"ar": 30, "uk": 9, "so": 2, None: 1}))
    assert shown(groups) == {"ar": 30}
    assert groups[NONE] == 12


def test_a_rare_need_is_left_out_before_the_time_of_day_is() -> None:
    counts = {frozenset({"evening"}): 9, frozenset({"evening", "childcare"}): 3}
    groups = shielded(counts)
    assert having(groups, "evening") == 12
    assert having(groups, "childcare") == 0


def test_fewer_than_five_people_are_nobody() -> None:
    assert shielded(single({"ar": 4})) == {}
