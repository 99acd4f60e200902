"""The pages about one date: what it is, moving it, another room, cancelling it."""

from __future__ import annotations

from datetime import timedelta

from bot.core.folding import number
from bot.core.message import Button, Screen, Text, Words
from bot.core.offers import Kind, Offer
from bot.core.roles import Right, may
from bot.db.offers import meetings
from bot.db.offers.meetings import Meeting
from bot.db.offers.registrations import Target
from bot.db.staff.staff import Member
from bot.services.reminders import reminding
from bot.services.staff.offers.offer_pages import (
    ATTENDANCE,
    CANCEL,
    DATES,
    MEETING,
    MOVE,
    PEOPLE,
    ROOMS,
    numbers,
    title,
    when,
)
from bot.services.staff.page import Page, back, go
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row

STEPS = (
    ((-7 * 24 * 60, "week_back"), (7 * 24 * 60, "week_on")),
    ((-24 * 60, "day_back"), (24 * 60, "day_on")),
    ((-60, "hour_back"), (60, "hour_on")),
    ((-15, "quarter_back"), (15, "quarter_on")),
)
"""The buttons that move a date: minutes on the wall clock, and the label."""


def room_names(turn: Turn, offer_id: str) -> list[str]:
    """The rooms that are in use for an offer."""
    found = meetings.of_offers(turn.connection, [offer_id], turn.now - timedelta(days=365))
    return list(dict.fromkeys(one.room for one in found if one.room))


def _other_rooms(turn: Turn, meeting: Meeting) -> list[tuple[int, str]]:
    """Rooms of the offer that a meeting is not in, each with its place among all of them."""
    return [(at, room) for at, room in enumerate(room_names(turn, meeting.offer_id)) if room != meeting.room]


def meeting_named(turn: Turn, word: str) -> tuple[Meeting, Offer] | None:
    """A meeting and its offer by the meeting's number; None where one of them is gone."""
    key = number(word)
    meeting = None if key is None else meetings.load(turn.connection, key)
    offer = None if meeting is None else turn.content.offers.get(meeting.offer_id)
    return None if meeting is None or offer is None else (meeting, offer)


def _meeting(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    known = meeting_named(turn, arguments[0])
    if known is None:
        return None
    meeting, offer = known
    lines: list[Text | Words] = [
        staff_text("offers.name", title=title(offer)),
        staff_text("meeting.when", when=when(turn, meeting.starts_at)),
    ]
    if where := reminding.where(meeting):
        lines.append(staff_text("meeting.where", where=Words(where)))
    if meeting.cancelled_at is not None:
        lines.append(staff_text("meeting.cancelled"))
    event = offer.kind is Kind.EVENT
    if event:
        lines.append(numbers(turn, offer, Target(offer.id, meeting.id)))
    rows: list[Row] = []
    if may(member.role, Right.SEE_REGISTRATIONS):
        of = meeting.id if event else 0
        rows.append((Button(staff_text("button.people"), go(f"{PEOPLE}.{offer.id}.{of}.0"), "👥"),))
    if may(member.role, Right.TAKE_ATTENDANCE):
        rows.append((Button(staff_text("button.attendance"), go(f"{ATTENDANCE}.{meeting.id}.0"), "✅"),))
    if may(member.role, Right.CHANGE_OFFERS) and meeting.ends_at > turn.now:
        rows += _changes(turn, meeting)
    return Screen((tuple(lines),), (*rows, back(f"{DATES}.{offer.id}.0")))


def _changes(turn: Turn, meeting: Meeting) -> list[Row]:
    if meeting.cancelled_at is not None:
        return [(Button(staff_text("button.reinstate"), f"reinstate.{meeting.id}", "↩️"),)]
    whole = Button(staff_text("button.change"), f"redate.{meeting.id}", "✏️")
    room = Button(staff_text("button.room"), go(f"{ROOMS}.{meeting.id}"), "🚪")
    return [
        (
            Button(staff_text("button.move"), go(f"{MOVE}.{meeting.id}.0"), "🗓"),
            *([room] if _other_rooms(turn, meeting) else []),  # a new room is written into the form
        ),
        *([(whole,)] if "change" in turn.content.forms else []),
        (Button(staff_text("button.cancel"), go(f"{CANCEL}.{meeting.id}"), "❌"),),
    ]


def _move(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Another time, put together by buttons; nothing changes before it is saved."""
    known, shift = meeting_named(turn, arguments[0]), minutes_of(arguments[1])
    if known is None or shift is None:
        return None
    meeting, offer = known
    old = when(turn, meeting.starts_at)
    lines: Block = (
        staff_text("offers.name", title=title(offer)),
        staff_text("move.old", when=old),
        staff_text("move.new", when=old + timedelta(minutes=shift)),
    )
    rows: list[Row] = [
        tuple(Button(staff_text(f"step.{label}"), go(f"{MOVE}.{meeting.id}.{shift + step}")) for step, label in line)
        for line in STEPS
    ]
    if shift:
        rows.append((Button(staff_text("button.save"), f"move.{meeting.id}.{shift}", "✅"),))
    return Screen((lines, (staff_text("move.told"),)), (*rows, back(f"{MEETING}.{meeting.id}")))


def minutes_of(word: str) -> int | None:
    """A shift in minutes, of at most a year."""
    digits = word.removeprefix("-")
    shift = int(word) if digits.isdecimal() and len(digits) < len("1000000") else None
    return shift if shift is not None and abs(shift) <= 366 * 24 * 60 else None


def _cancel(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    known = meeting_named(turn, arguments[0])
    if known is None:
        return None
    meeting, offer = known
    ask = staff_text("meeting.ask_cancel", title=title(offer), when=when(turn, meeting.starts_at))
    rows: tuple[Row, ...] = (
        (Button(staff_text("button.cancel_no"), go(f"{MEETING}.{meeting.id}")),),
        (Button(staff_text("button.cancel_yes"), f"cancel.{meeting.id}", "❌"),),
    )
    return Screen(((ask,), (staff_text("move.told"),)), rows)


def _rooms(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    known = meeting_named(turn, arguments[0])
    if known is None:
        return None
    meeting = known[0]
    rows: tuple[Row, ...] = tuple(
        (Button(staff_text("button.named", name=Words(room)), f"room.{meeting.id}.{index}"),)
        for index, room in _other_rooms(turn, meeting)
    )
    return Screen(((staff_text("meeting.ask_room"),),), (*rows, back(f"{MEETING}.{meeting.id}")))


PAGES: dict[str, Page] = {
    MEETING: Page(Right.SEE_OFFERS, _meeting, 1),
    MOVE: Page(Right.CHANGE_OFFERS, _move, 2),
    CANCEL: Page(Right.CHANGE_OFFERS, _cancel, 1),
    ROOMS: Page(Right.CHANGE_OFFERS, _rooms, 1),
}
