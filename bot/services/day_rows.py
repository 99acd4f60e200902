"""A month as rows of buttons, a week to each, and times of day. Pure."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Callable
from datetime import date

from bot.core.days import day_of
from bot.core.message import Button, Month, Words
from bot.core.months import as_value, year_and_month
from bot.services.staff.texts import staff_text
from bot.services.view import Row

NOTHING = "nothing"
"""The verb of a button that only fills its place."""
WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_WEEKS = Calendar()
_MONTHS = 12


def month_rows(shown: str, today: date, chosen: str = "") -> list[Row]:
    """The days of a month (`2027-01`) from today on, as `d.<day>`, below the months around.

    `chosen` has a dot, today an arrow. Seven share the width of a phone: a tick and a space before a number find no
    room.
    """
    later = year_and_month(shown) > (today.year, today.month)
    rows = [*around(shown, lambda month: f"d.{month}", back=later), head_row()]
    rows += weeks(shown, lambda day: _day(day, today, chosen) if day >= today else None)
    return rows


def weeks(shown: str, button: Callable[[date], Button | None]) -> list[Row]:
    """The weeks of a month, with the button of each day; a day without one only fills its place.

    A week without any is left out. Whoever shows it puts the heads of `head_row` above.
    """
    year, month = year_and_month(shown)
    found = [
        [button(day) if day.month == month else None for day in week]
        for week in _WEEKS.monthdatescalendar(year, month)
    ]
    blank = Button(staff_text("button.named", name=Words("·")), NOTHING)
    return [tuple(one or blank for one in week) for week in found if any(week)]


def head_row() -> Row:
    """The days of the week, above a month."""
    return tuple(Button(staff_text(f"weekday.{one}"), NOTHING) for one in WEEKDAYS)


def around(shown: str, to: Callable[[str], str], *, back: bool = True) -> list[Row]:
    """The month, and below it the one before and the one behind it, to which the action `to` leads.

    A third of a small phone has no room for the longest month with its year.
    """
    year, month = year_and_month(shown)

    def other(by: int, mark: str) -> Button:
        there = _step(year, month, by)
        return Button(Month(None, there[1]), to(as_value(*there)), mark)

    before = (other(-1, "◀️"),) if back else ()
    return [(Button(Month(year, month), NOTHING),), (*before, other(1, "▶️"))]


def month_shown(draft: tuple[str, ...], chosen: str, today: date) -> str:
    """The month a calendar opens at: the one turned to, that of the answer there is, else this one."""
    if draft:
        return draft[0]
    day = day_of(chosen) or today
    return as_value(day.year, day.month)


def time_rows(times: tuple[str, ...], chosen: str) -> list[Row]:
    """Usual times of day as buttons, `o.<time>`."""
    buttons = [
        Button(staff_text("button.named", name=Words(time)), f"o.{time}", "✓" if time == chosen else "")
        for time in times
    ]
    return [tuple(buttons[start : start + 4]) for start in range(0, len(buttons), 4)]


def numbered(day: date, today: date, *, chosen: bool = False) -> str:
    """A day's number: a dot before the chosen one, an arrow before today."""
    return f"{'•' if chosen else '›' if day == today else ''}{day.day}"


def _day(day: date, today: date, chosen: str) -> Button:
    number = numbered(day, today, chosen=day.isoformat() == chosen)
    return Button(staff_text("button.named", name=Words(number)), f"d.{day.isoformat()}")


def _step(year: int, month: int, by: int) -> tuple[int, int]:
    count = year * _MONTHS + month - 1 + by
    return count // _MONTHS, count % _MONTHS + 1
