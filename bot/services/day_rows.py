"""A month as rows of buttons, a week to each, and times of day. Pure."""

from __future__ import annotations

from calendar import Calendar
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
    """The days of a month (`2027-01`) from today on, as `d.<day>`, below the months around; `chosen` has a dot.

    Seven share the width of a phone: a tick and a space before a number find no room.
    """
    year, month = year_and_month(shown)
    before, after = _step(year, month, -1), _step(year, month, 1)
    around = [Button(Month(year, month), NOTHING), _to(*after, "▶️")]
    if (year, month) > (today.year, today.month):
        around.insert(0, _to(*before, "◀️"))
    rows: list[Row] = [
        tuple(around),
        tuple(Button(staff_text(f"weekday.{one}"), NOTHING) for one in WEEKDAYS),
    ]
    weeks = _WEEKS.monthdatescalendar(year, month)
    rows += [
        tuple(_day(day, month, today, chosen) for day in week)
        for week in weeks
        if any(day.month == month and day >= today for day in week)
    ]
    return rows


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


def _day(day: date, month: int, today: date, chosen: str) -> Button:
    if day.month != month or day < today:
        return Button(staff_text("button.named", name=Words("·")), NOTHING)
    number = f"•{day.day}" if day.isoformat() == chosen else str(day.day)
    return Button(staff_text("button.named", name=Words(number)), f"d.{day.isoformat()}")


def _to(year: int, month: int, mark: str) -> Button:
    return Button(Month(None, month), f"d.{as_value(year, month)}", mark)


def _step(year: int, month: int, by: int) -> tuple[int, int]:
    count = year * _MONTHS + month - 1 + by
    return count // _MONTHS, count % _MONTHS + 1
