"""The hours over which a message is spread: none of them quiet, and none left out, through both clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.core.spreading import windows
from bot.core.timing import Quiet, local_time

BERLIN = ZoneInfo("Europe/Berlin")
NEVER = Quiet(time(0), time(0))
STARTS = [
    datetime(2026, 11, 25, 9, 0, tzinfo=UTC),
    datetime(2026, 11, 25, 23, 30, tzinfo=UTC),
    datetime(2026, 3, 27, 18, 0, tzinfo=UTC),
    datetime(2026, 10, 23, 18, 0, tzinfo=UTC),
]


def sunday(day: date) -> bool:
    return day.isoweekday() == 7


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("quiet", [Quiet(), Quiet(time(12), time(14), time(14)), Quiet(time(0, 30), time(9))])
def test_exactly_the_minutes_that_are_not_quiet(start: datetime, quiet: Quiet) -> None:
    end = start + timedelta(hours=75, minutes=20)
    found = windows(start, end, quiet, BERLIN, sunday)
    minutes = [start + timedelta(minutes=one) for one in range(75 * 60 + 20)]
    loud = [one for one in minutes if not quiet.covers(local_time(one, BERLIN), sunday)]
    inside = [one for one in minutes if any(window.start <= one < window.end for window in found)]
    assert inside == loud
    assert all(first.end <= second.start for first, second in pairwise(found))


def test_without_quiet_hours_it_is_one_stretch() -> None:
    start, end = STARTS[0], STARTS[0] + timedelta(hours=30)
    assert windows(start, end, NEVER, BERLIN, sunday) == ((start, end),)


def test_in_the_middle_of_the_night_there_is_none() -> None:
    start = STARTS[1]
    assert windows(start, start + timedelta(hours=2), Quiet(), BERLIN, sunday) == ()
