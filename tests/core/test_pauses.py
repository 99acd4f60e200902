"""Which meetings come after a pause."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.pauses import WEEK, after_pause

MONDAY = datetime(2027, 1, 4, 18)  # noqa: DTZ001 - as the clock shows it
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("days", "after"),
    [
        ([], []),
        ([0], []),
        ([0, 30], []),
        ([0, 7, 14, 21], []),
        ([0, 7, 21, 28], [21]),
        ([0, 14, 28, 56], [56]),
        ([0, 1, 2, 3, 7, 8, 9, 10, 14], []),  # four times a week
        ([0, 1, 2, 3, 7, 8, 9, 10, 21, 22], [21]),  # and a week without
        ([21, 0, 28, 7], [21]),  # in any order
    ],
)
def test_a_pause_is_a_week_or_more_and_twice_as_long_as_usual(days: list[int], after: list[int]) -> None:
    assert after_pause(MONDAY + day * DAY for day in days) == {MONDAY + day * DAY for day in after}


def test_meetings_of_a_week_at_other_hours_make_no_pause() -> None:
    starts = [
        MONDAY + day * DAY + timedelta(hours=hour) for day, hour in ((0, 0), (7, 2), (14, 0), (21, 3), (27, 20))
    ]
    assert after_pause(starts) == set()


@given(st.lists(st.integers(0, 400), unique=True))
def test_most_meetings_are_as_people_expect_them(days: list[int]) -> None:
    starts = [MONDAY + day * DAY for day in days]
    found = after_pause(starts)
    ordered = sorted(starts)
    assert len(found) <= max(0, len(days) - 1) // 2
    for start in found:
        assert start - ordered[ordered.index(start) - 1] >= WEEK
