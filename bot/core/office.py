"""Office hours: when the team answers, when it answers next, and how long people waited during them.

Local times are naive: what the clock on the office wall shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.timing import FreeDay, instant, local_time

LOOK_AHEAD = 30
"""How many days ahead the next opening is searched for."""
LOOK_BACK = 60
"""How many days back working days are counted."""
DAY = timedelta(days=1)
Hours = tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True)
class Office:
    """When the team answers: hours by ISO weekday in `days`. A town without any is treated as always open.

    Hours that end at 0:00 end with the day. After `remind` hours of waiting the team is reminded, after `urge` hours
    the coordinators are.
    """

    days: Mapping[int, Hours] = field(default_factory=dict)
    remind: int = 4
    urge: int = 8


def is_open(office: Office, local: datetime, free: FreeDay) -> bool:
    """Whether the team answers at this moment."""
    return not office.days or any(start <= local < end for start, end in _ranges(office, local.date(), free))


def next_opening(office: Office, local: datetime, free: FreeDay) -> datetime | None:
    """When the team answers next. None if it answers now, or if no opening is in sight."""
    if is_open(office, local, free):
        return None
    for ahead in range(LOOK_AHEAD):
        for start, _ in _ranges(office, local.date() + DAY * ahead, free):
            if start > local:
                return start
    return None


def works_on(office: Office, day: date, free: FreeDay) -> bool:
    """Whether the team works on that day. In a town without hours: on every day that is not free."""
    return not free(day) and (not office.days or bool(office.days.get(day.isoweekday())))


def working_days_before(office: Office, local: datetime, days: int, free: FreeDay) -> datetime:
    """The latest moment that is this many whole working days ago."""
    day, left = local, days
    for _ in range(LOOK_BACK):
        if left == 0:
            break
        day -= DAY
        left -= works_on(office, day.date(), free)
    return day


def worked(office: Office, start: datetime, end: datetime, zone: ZoneInfo, free: FreeDay) -> timedelta:
    """How much of the time between two moments was office hours. All of it in a town without hours."""
    if not office.days or end <= start:
        return max(end - start, timedelta(0))
    day, last = local_time(start, zone).date(), local_time(end, zone).date()
    total = timedelta(0)
    while day <= last:
        for opens, closes in _ranges(office, day, free):
            total += max(min(instant(closes, zone), end) - max(instant(opens, zone), start), timedelta(0))
        day += DAY
    return total


def _ranges(office: Office, day: date, free: FreeDay) -> Iterator[tuple[datetime, datetime]]:
    """The opening hours of a day, as (start, end). None on a free day."""
    for start, end in () if free(day) else office.days.get(day.isoweekday(), ()):
        yield datetime.combine(day, start), datetime.combine(day if start < end else day + DAY, end)
