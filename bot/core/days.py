"""Days and times of day, as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from bot.core.folding import fold
from bot.core.months import month_named, within

_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_WRITTEN_TIME = re.compile(
    r"(?P<hour>[01]?[0-9]|2[0-3])(?: ?(?:h|uhr))?(?: ?(?P<minute>[0-5][0-9]))?(?: ?(?:h|uhr))?"
)
_CENTURY = 2000
_SHORT_YEAR, _LONG_YEAR = 2, 4


def day_of(value: str) -> date | None:
    """The day of a stored value (`2027-01-12`). None if it is not a day."""
    if not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def month_within(value: str) -> bool:
    """Whether the value is a month that a calendar can show."""
    return within(value)


def time_within(value: str) -> bool:
    """Whether a stored value is a time of day, like `18:00`."""
    return _TIME.fullmatch(value) is not None


def read_day(text: str, names: Mapping[str, int], today: date) -> date | None:
    """The day that the words mean. None if it is not clear.

    Reads "12.1.2027", "12.01.27", "2027-01-12" and "12. Januar 2027". Without a year ("12.1."), it is the next such
    day, today included. `names` maps folded names of months to their numbers.
    """
    words = fold(text).split()
    if len(words) == 3 and len(words[0]) == _LONG_YEAR:  # noqa: PLR2004 - year, month, day
        words.reverse()
    if len(words) not in {2, 3} or not words[0].isdecimal():
        return None
    month = int(words[1]) if words[1].isdecimal() else month_named(words[1], names)
    if month is None:
        return None
    if len(words) == 2:  # noqa: PLR2004 - a day and a month
        found = (_day(year, month, int(words[0])) for year in range(today.year, today.year + 5))
        return next((day for day in found if day is not None and day >= today), None)
    year = int(words[2]) if words[2].isdecimal() and len(words[2]) in {_SHORT_YEAR, _LONG_YEAR} else None
    if year is None:
        return None
    return _day(year if year >= _CENTURY else _CENTURY + year, month, int(words[0]))


def read_time(text: str) -> str | None:
    """The time that the words mean, as `18:00`. Reads "18", "18:30", "8.15 Uhr" and "18 h 30". None if unclear."""
    found = _WRITTEN_TIME.fullmatch(" ".join(fold(text).split()))
    return None if found is None else f"{int(found['hour']):02}:{int(found['minute'] or 0):02}"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
