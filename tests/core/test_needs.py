"""The needs board as a whole: its lines, and what somebody finds who has all its figures and knows the method."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, time

from bot.core.conditions import Fact, Test
from bot.core.needs import COURSE, Axes, Board, Found, Hours, Share, Supply, board, step_up, times_of
from bot.core.shielding import LEAST
from tests.core.test_shielding import tables

AXES = Axes("level", "times", {"e": Hours(start=time(17))}, "storage", views=("field",))
LADDER = ("A", "B", "C")
TYPES = [*(("A", times, field) for times in ("", "e") for field in ("", "x")), ("B", "", ""), ("B", "e", "")]
"""Who there is, by what they said; nothing was said where it is empty."""
MOST = 12


def found(numbers: Iterable[int]) -> list[Found]:
    """So many people of each type, in both tables."""
    several = []
    for (level, times, field), people in zip(TYPES, numbers, strict=True):
        several.append(Found(COURSE, {"level": level, "times": (times,) if times else None}, people))
        several.append(Found("field", {"level": level, "field": field or None}, people))
    return several


def shown(figures: Board) -> object:
    """Every figure about people."""
    lines = frozenset((one.level, one.time, one.people) for one in figures.lines)
    return figures.people, tuple(figures.levels.items()), lines, figures.views["field"] if figures.views else ()


def hidden(numbers: Sequence[int]) -> dict[str, int]:
    """How many people have exactly, and at least, these answers."""
    counts: dict[str, int] = defaultdict(int)
    for said, people in zip(TYPES, numbers, strict=True):
        level, times, field = said
        counts[f"exactly {said}"] += people
        for known in {level, level + times, level + field}:
            counts[f"all of {known}"] += people
    return counts


def test_whoever_has_all_figures_of_the_board_computes_no_hidden_number() -> None:
    cells = [frozenset({str(number)}) for number in range(len(TYPES))]
    alike: dict[object, dict[str, set[int]]] = {}
    for people in range(LEAST, MOST + 1):
        for table in tables(cells, people):
            numbers = tuple(table.values())
            known = alike.setdefault(shown(board(AXES, LADDER, found(numbers), ())), defaultdict(set))
            for what, number in hidden(numbers).items():
                known[what].add(number)
    assert len(alike) > MOST, "nearly nothing is ever shown"
    small = [
        (figures, what)
        for figures, known in alike.items()
        for what, numbers in known.items()
        if len(numbers) == 1 and 0 < min(numbers) < LEAST
    ]
    assert small == []


def test_the_next_level_is_needed_and_above_the_highest_none() -> None:
    assert [step_up(LADDER, level) for level in ("A", "C", "gone")] == ["B", None, None]
    (line,) = board(AXES, LADDER, found([0, 0, 7, 0, 0, 0]), ()).lines
    assert (line.level, line.goal, line.people, line.seats) == ("A", "B", 7, 0)


def test_seats_are_those_of_courses_that_begin_low_enough_and_lead_to_the_next_level() -> None:
    evening, nothing = frozenset({"e"}), frozenset[str]()
    supply = [
        Supply("fits", "A", "B", evening, nothing, 3),
        Supply("fits_all", None, "B", evening, nothing, 4),
        Supply("too_high", "B", "B", evening, nothing, 5),
        Supply("elsewhere", "A", "C", evening, nothing, 6),
        Supply("by_day", "A", "B", nothing, nothing, 7),
    ]
    (line,) = board(AXES, LADDER, found([0, 0, 7, 0, 0, 0]), supply).lines
    assert (line.seats, line.offers) == (7, ("fits", "fits_all"))
    endless = [*supply, Supply("endless", "A", "B", evening, nothing, None)]
    assert board(AXES, LADDER, found([0, 0, 7, 0, 0, 0]), endless).lines[0].seats is None


def test_what_lacks_most_seats_comes_first_then_what_more_people_need() -> None:
    def levels(free_below: int | None, free_above: int | None) -> list[str]:
        evening = frozenset({"e"})
        supply = [
            Supply("below", "A", "B", evening, frozenset(), free_below),
            Supply("above", "B", "C", evening, frozenset(), free_above),
        ]
        return [one.level for one in board(AXES, LADDER, found([0, 0, 7, 0, 0, 6]), supply).lines]

    assert levels(3, 0) == ["B", "A"]
    assert levels(1, 0) == ["A", "B"]
    assert levels(20, None) == ["A", "B"]
    assert levels(None, 20) == ["B", "A"]
    assert levels(None, None) == ["A", "B"]


def test_whose_needs_do_not_count_are_not_on_the_board() -> None:
    who = Fact("level", Test.AT_LEAST, "B", LADDER)
    axes = Axes("level", "times", AXES.hours, "storage", views=("field",), who=who)
    figures = board(axes, LADDER, found([0, 0, 7, 0, 0, 5]), ())
    assert figures.people == 5
    assert [one.level for one in figures.lines] == ["B"]


def test_a_course_is_at_a_time_of_day_if_half_of_its_meetings_are() -> None:
    noon, night = datetime(2027, 1, 11, 12, 0), datetime(2027, 1, 11, 18, 0)  # noqa: DTZ001 - local times
    assert times_of(AXES, [noon, night]) == {"e"}
    assert times_of(AXES, [noon, noon, night]) == frozenset()
    weekend = Axes("level", "times", {"w": Hours(days=frozenset({6, 7}))}, "storage")
    assert times_of(weekend, [noon]) == frozenset()
    assert times_of(weekend, [datetime(2027, 1, 16, 10, 0)]) == {"w"}  # noqa: DTZ001


def test_what_was_said_to_a_view_stands_beside_the_seats_at_any_time() -> None:
    evening, nothing = frozenset({"e"}), frozenset[str]()
    supply = [Supply("fits", "A", "B", evening, nothing, 3), Supply("by_day", "A", "B", nothing, nothing, 7)]
    figures = board(AXES, LADDER, found([0, 7, 0, 0, 0, 0]), supply)
    assert figures.views["field"] == (Share("A", "x", 7, "B", 10, ("fits", "by_day")),)
    assert figures.share("A", "field", "x") == figures.views["field"][0]
    assert figures.share("B", "field", "x") is None
    highest = board(AXES, ("A",), found([0, 7, 0, 0, 0, 0]), supply)
    assert highest.views["field"] == (Share("A", "x", 7, None, 0, ()),)
