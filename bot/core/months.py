"""A month of a year, as people write it, and spans of calendar time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.core.folding import fold
from bot.core.questionnaire import Span

YEAR = re.compile(r"(19|20)[0-9]{2}")
_VALUE = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")
_MONTHS = 12


def as_value(year: int, month: int) -> str:
    """How a month is stored: "2026-03", so that earlier ones sort before later ones."""
    return f"{year:04}-{month:02}"


def within(value: str) -> bool:
    """Whether a stored value is a month."""
    return _VALUE.fullmatch(value) is not None


def year_and_month(value: str) -> tuple[int, int]:
    """The year and the month of a stored value."""
    year, month = value.split("-")
    return int(year), int(month)


def read_month(text: str, names: Mapping[str, int]) -> tuple[int | None, int | None]:
    """The year and the month the words say; (year, None) for a year alone, (None, None) where nothing is clear.

    "03/2026", "2026-3", "3.2026", "12.03.2026" (the day is left out) and names ("März 2026", "مارس ٢٠٢٦").
    `names` are folded names with their numbers; a beginning of at least three letters is enough where it fits one
    month only.
    """
    words = fold(text).split()
    years = [word for word in words if YEAR.fullmatch(word)]
    rest = [word for word in words if not YEAR.fullmatch(word)]
    if len(years) != 1:
        return None, None
    year = int(years[0])
    if not rest:
        return year, None
    named = {number for number in (_named(word, names) for word in rest) if number is not None}
    digits = [int(word) for word in rest if word.isdecimal()]
    if len(named) == 1:
        return year, named.pop()
    if named or not digits or any(not word.isdecimal() for word in rest):
        return None, None
    day_first = words.index(years[0]) > 0
    month = digits[-1] if day_first else digits[0]
    return (year, month) if 1 <= month <= _MONTHS else (None, None)


def _named(word: str, names: Mapping[str, int]) -> int | None:
    if word in names:
        return names[word]
    begun = {number for name, number in names.items() if name.startswith(word)} if len(word) >= 3 else set()  # noqa: PLR2004
    return begun.pop() if len(begun) == 1 else None


def later(moment: datetime, span: Span) -> datetime:
    """That much later: days by the day, months and years by the calendar (31 January and a month: 28 February)."""
    if span.unit == "day":
        return moment + timedelta(days=span.number)
    count = moment.month - 1 + span.number * (_MONTHS if span.unit == "year" else 1)
    year, month = moment.year + count // _MONTHS, count % _MONTHS + 1
    for day in range(moment.day, moment.day - 4, -1):
        try:
            return moment.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    raise ValueError(f"no day {span.number} {span.unit} after {moment.date()}")
