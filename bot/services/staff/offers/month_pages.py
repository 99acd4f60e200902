"""The calendar: the meetings of a month, with how many there are on each day, and the list of one day."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

from bot.core.days import day_of, month_within
from bot.core.folding import number
from bot.core.message import Button, Screen, Words
from bot.core.months import as_value, year_and_month
from bot.core.roles import Right
from bot.core.timing import instant
from bot.db.offers import meetings
from bot.db.offers.meetings import Meeting
from bot.db.staff.staff import Member
from bot.services import day_rows
from bot.services.staff.offers.offer_pages import MEETING, title, when
from bot.services.staff.page import HOME, Entry, Page, back, go, paged
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row, local_day

MONTH, DAY, NOW = "month", "day", "now"
ENTRY = Entry("months.entry", f"{MONTH}.{NOW}", Right.SEE_OFFERS, "📅")
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
"""Small numbers: seven days share the width of a phone."""
MOST = 9
"""Meetings of a day that are counted: there is room for one digit, and for no arrow beside it."""


def _month(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """A month: beside each day how many meetings take place; a tap leads to them."""
    today = local_day(turn.content, turn.now)
    shown = as_value(today.year, today.month) if arguments[0] == NOW else arguments[0]
    if not month_within(shown):
        return None
    first = date(*year_and_month(shown), 1)
    held = _held(turn, first, (first + timedelta(days=31)).replace(day=1))
    often = Counter(when(turn, one.starts_at).date() for one in held if one.cancelled_at is None)
    cancelled = {when(turn, one.starts_at).date() for one in held} - often.keys()

    def button(day: date) -> Button:
        name = f"{day.day}{RAISED[min(often[day], MOST)]}" if often[day] else day_rows.numbered(day, today)
        label = staff_text("button.named", name=Words(name))
        meant = day in often or day in cancelled
        return Button(label, go(f"{DAY}.{day.isoformat()}.0") if meant else day_rows.NOTHING)

    rows = [*day_rows.around(shown, lambda month: go(f"{MONTH}.{month}")), day_rows.head_row()]
    rows += day_rows.weeks(shown, button)
    lines: Block = (staff_text("months.title", often.total()), staff_text("months.how", today=today))
    return Screen((lines,), (*rows, back(HOME)))


def _day(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The meetings of one day, each with its page."""
    day = day_of(arguments[0])
    if day is None:
        return None
    held = [one for one in _held(turn, day, day + timedelta(days=1)) if one.offer_id in turn.content.offers]
    shown, around = paged(f"{DAY}.{day.isoformat()}", held, number(arguments[1]) or 0)
    rows: list[Row] = [(_meeting(turn, one),) for one in shown]
    head: Block = (staff_text("months.day", len(held), day=day),)
    return Screen((head,), (*rows, *around, back(f"{MONTH}.{as_value(day.year, day.month)}")))


def _meeting(turn: Turn, one: Meeting) -> Button:
    name = title(turn.content.offers[one.offer_id])
    label = staff_text("months.meeting", at=when(turn, one.starts_at).time(), title=name)
    return Button(label, go(f"{MEETING}.{one.id}"), "❌" if one.cancelled_at is not None else "")


def _held(turn: Turn, first: date, last: date) -> list[Meeting]:
    """The meetings from the first day on and before the second, on the town's calendar."""
    start, end = (instant(datetime.combine(one, time()), turn.content.town.clock) for one in (first, last))
    return meetings.between(turn.connection, start, end)


PAGES: dict[str, Page] = {
    MONTH: Page(Right.SEE_OFFERS, _month, 1),
    DAY: Page(Right.SEE_OFFERS, _day, 2),
}
