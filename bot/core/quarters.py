"""Quarters of a year, with the names that reports use: `2026-Q4`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.core.timing import instant

_NAME = re.compile(r"(20\d{2})-Q([1-4])")
_IN_A_YEAR = 4
_MONTHS = 3


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter. `number` is 1 to 4."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-Q{self.number}"

    @property
    def first(self) -> date:
        """The first day of the quarter."""
        return date(self.year, (self.number - 1) * _MONTHS + 1, 1)

    @property
    def before(self) -> Quarter:
        """The previous quarter."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, _IN_A_YEAR)

    @property
    def after(self) -> Quarter:
        """The next quarter."""
        return Quarter(self.year, self.number + 1) if self.number < _IN_A_YEAR else Quarter(self.year + 1, 1)

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The first moment of this quarter and of the next one, by the clocks of a zone."""
        begin, end = (instant(datetime.combine(day, time.min), zone) for day in (self.first, self.after.first))
        return begin, end


def quarter_of(day: date) -> Quarter:
    """The quarter that contains a day."""
    return Quarter(day.year, (day.month - 1) // _MONTHS + 1)


def read_quarter(name: str) -> Quarter | None:
    """The quarter with this name. None for any other word."""
    match = _NAME.fullmatch(name)
    return None if match is None else Quarter(int(match[1]), int(match[2]))
