"""Office hours: open or not, when next, and how long somebody waited while the office was open."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.office import Office, is_open, next_opening, worked, working_days_before, works_on
from bot.core.threads import bundle, usual_wait

BERLIN = ZoneInfo("Europe/Berlin")
MORNING, AFTERNOON = (time(9), time(12)), (time(13), time(16))
OFFICE = Office(dict.fromkeys(range(1, 5), (MORNING, AFTERNOON)) | {5: (MORNING,)})
HOLIDAY = date(2026, 11, 26)


def free(day: date) -> bool:
    return day.isoweekday() == 7 or day == HOLIDAY


@pytest.mark.parametrize(
    ("local", "opens"),
    [
        ("2026-11-25T09:00", None),
        ("2026-11-25T12:00", "2026-11-25T13:00"),
        ("2026-11-25T08:59", "2026-11-25T09:00"),
        ("2026-11-25T16:00", "2026-11-27T09:00"),  # the day after is a holiday
        ("2026-11-27T12:30", "2026-11-30T09:00"),  # a weekend
    ],
)
def test_when_somebody_answers_next(local: str, opens: str | None) -> None:
    moment = datetime.fromisoformat(local)
    assert next_opening(OFFICE, moment, free) == (None if opens is None else datetime.fromisoformat(opens))
    assert is_open(OFFICE, moment, free) is (opens is None)


def test_hours_until_midnight_go_over_into_those_of_the_next_day() -> None:
    night = Office({5: ((time(22), time()),), 6: ((time(), time(2)),)})
    friday = datetime.fromisoformat("2026-11-27T23:59:59")
    assert is_open(night, friday, free)
    assert is_open(night, friday + timedelta(seconds=1), free)
    over = datetime.fromisoformat("2026-11-28T02:00")
    assert next_opening(night, over, free) == over + timedelta(days=6, hours=20)
    start = datetime(2026, 11, 27, 20, tzinfo=UTC)
    assert worked(night, start, start + timedelta(days=1), BERLIN, free) == timedelta(hours=4)


def test_a_town_without_hours_answers_at_every_hour() -> None:
    assert next_opening(Office(), datetime.fromisoformat("2026-11-29T03:00"), free) is None
    start = datetime(2026, 11, 29, 3, tzinfo=UTC)
    assert worked(Office(), start, start + timedelta(hours=5), BERLIN, free) == timedelta(hours=5)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-25T08:00", "2026-11-25T11:00", 3),  # UTC: 9 to 12
        ("2026-11-25T10:00", "2026-11-25T13:00", 2),  # the break does not count
        ("2026-11-25T14:00", "2026-11-27T09:00", 2),  # an hour, a holiday, an hour
        ("2026-11-27T12:00", "2026-11-30T08:00", 0),
        ("2026-11-25T11:00", "2026-11-25T10:00", 0),
    ],
)
def test_how_much_of_a_time_was_office_hours(start: str, end: str, hours: int) -> None:
    first, last = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (start, end))
    assert worked(OFFICE, first, last, BERLIN, free) == timedelta(hours=hours)


def test_hours_are_those_of_the_wall_on_both_sides_of_a_clock_change() -> None:
    before, after = (datetime(2026, 10, day, 6, tzinfo=UTC) for day in (22, 29))
    assert worked(OFFICE, before, after, BERLIN, free) == timedelta(hours=6 + 3 + 6 * 3)


def test_the_usual_wait_is_in_the_middle_and_unknown_of_a_few() -> None:
    assert usual_wait([60] * 4) is None
    assert usual_wait([60, 60, 120, 9000, 90_000]) == 120


def test_short_words_share_a_message_and_a_long_one_goes_alone() -> None:
    assert bundle([10, 10, 10]) == 3
    assert bundle([4096, 1]) == 1
    assert bundle([1000, 1000, 1000]) == 2


@pytest.mark.parametrize(
    ("local", "days", "since"),
    [
        ("2026-12-04T10:00", 3, "2026-12-01T10:00"),
        ("2026-12-01T10:00", 3, "2026-11-25T10:00"),  # a weekend and a holiday lie in between
        ("2026-11-25T10:00", 0, "2026-11-25T10:00"),
        ("2026-11-29T10:00", 1, "2026-11-27T10:00"),
    ],
)
def test_working_days_are_those_on_which_somebody_is_there(local: str, days: int, since: str) -> None:
    found = working_days_before(OFFICE, datetime.fromisoformat(local), days, free)
    assert found == datetime.fromisoformat(since)


def test_a_town_without_hours_works_on_every_day_that_is_not_free() -> None:
    monday = datetime.fromisoformat("2026-11-30T10:00")
    assert working_days_before(Office(), monday, 2, free) == datetime.fromisoformat("2026-11-27T10:00")
    assert works_on(Office(), date(2026, 11, 28), free)
    assert not works_on(Office(), HOLIDAY, free)
    always = lambda _: True  # noqa: E731 - a town in which nobody ever works ends too
    assert working_days_before(Office(), monday, 2, always) < monday
