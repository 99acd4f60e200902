"""Months as people write them, and spans of calendar time."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import MAXYEAR, datetime, timedelta

from bot.core.folding import fold
from bot.core.questionnaire import Span

YEAR = re.compile(r"(19|20)[0-9]{2}")
_VALUE = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")
_MONTHS = 12
_DIGITS = re.compile(r"[0-9]{1,2}")
_MOST_NUMBERS = 2  # a day and a month
_LEAST_LETTERS = 3


def as_value(year: int, month: int) -> str:
    """The stored form of a month: "2026-03". Earlier months sort before later ones."""
    return f"{year:04}-{month:02}"


def within(value: str) -> bool:
    """Whether a stored value is a month."""
    return _VALUE.fullmatch(value) is not None


def year_and_month(value: str) -> tuple[int, int]:
    """The year and the month of a stored value."""
    year, month = value.split("-")
    return int(year), int(month)


def read_month(text: str, names: Mapping[str, int]) -> tuple[int | None, int | None]:
    """The year and the month that the words mean. (year, None) for only a year, (None, None) if it is not clear.

    Reads "03/2026", "2026-3", "3.2026", "12.03.2026" (the day is ignored) and names ("März 2026", "مارس ٢٠٢٦").
    `names` maps folded names to numbers. A name can have several words ("كانون الثاني"). At least its first three
    letters are enough, if they fit only one month.
    """
    words = fold(text).split()
    years = [word for word in words if YEAR.fullmatch(word)]
    rest = [word for word in words if not YEAR.fullmatch(word)]
    if len(years) != 1:
        return None, None
    year = int(years[0])
    if not rest:
        return year, None
    digits = [int(word) for word in rest if _DIGITS.fullmatch(word)]
    said = [word for word in rest if not _DIGITS.fullmatch(word)]
    named = _named(" ".join(said), names) or frozenset().union(*(_named(word, names) for word in said))
    if len(named) == 1 and len(digits) < _MOST_NUMBERS:
        return year, next(iter(named))
    if said or len(digits) > _MOST_NUMBERS:
        return None, None
    day_first = words.index(years[0]) > 0
    month = digits[-1] if day_first else digits[0]
    return (year, month) if 1 <= month <= _MONTHS else (None, None)


def month_named(words: str, names: Mapping[str, int]) -> int | None:
    """The number of the month that a folded name means. None if it could be several or none."""
    return next(iter(_named(words, names)), None)


def _named(words: str, names: Mapping[str, int]) -> frozenset[int]:
    """The number of the one month that the words name or begin to name. Empty if it could be several."""
    if words in names:
        return frozenset({names[words]})
    begun = {number for name, number in names.items() if name.startswith(words)}
    return frozenset(begun) if len(begun) == 1 and len(words) >= _LEAST_LETTERS else frozenset()


def later(moment: datetime, span: Span) -> datetime:
    """The moment that much later.

    Days are exact; months and years follow the calendar (31 January + 1 month: 28 February). A result after the last
    possible year is moved into that year.
    """
    if span.unit == "day":
        return moment + timedelta(days=span.number)
    count = moment.month - 1 + span.number * (_MONTHS if span.unit == "year" else 1)
    year, month = min(moment.year + count // _MONTHS, MAXYEAR), count % _MONTHS + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))
