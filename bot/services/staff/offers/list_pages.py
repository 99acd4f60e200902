"""The lists of people: who is registered, and who came; by name for members who may see names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core.attending import Attended
from bot.core.folding import number
from bot.core.message import Button, Screen, Text
from bot.core.roles import Right, may
from bot.core.seats import State
from bot.db.offers import registrations
from bot.db.offers.registrations import Registration, Target
from bot.db.people import participants
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.offers import attendance
from bot.services.staff.offers.meeting_pages import meeting_named
from bot.services.staff.offers.offer_pages import ATTENDANCE, DATES, FILE_VERB, MEETING, PEOPLE, numbers, title, when
from bot.services.staff.page import Page, back, files, paged
from bot.services.staff.texts import person_name, staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row

MARKS = {None: "⬜", Attended.PRESENT: "✅", Attended.EXCUSED: "📩", Attended.ABSENT: "❌"}


def _people(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Who is registered for an offer, or for one meeting of it."""
    offer, of = turn.content.offers.get(arguments[0]), number(arguments[1])
    if offer is None or of is None:
        return None
    target = Target(offer.id, of or None)
    live = registered(turn, target)
    shown, around = paged(f"{PEOPLE}.{offer.id}.{of}", live, number(arguments[2]) or 0)
    names = names_for(turn, member, shown)
    if names:
        audit.looked(turn, Deed.LIST_SEEN, by=member, what=f"{PEOPLE} {offer.id} {of}")
    lines = [staff_text(f"person.{one.state}", who=who(one, names)) for one in shown]
    asked = [one for one in shown if one.state is State.REQUESTED] if may(member.role, Right.APPROVE) else []
    rows: list[Row] = [
        (
            Button(staff_text("button.approve", who=who(one, names)), f"approve.{one.id}", "✅"),
            Button(staff_text("button.decline", who=who(one, names)), f"decline.{one.id}", "🚫"),
        )
        for one in asked
    ]
    if may(member.role, Right.CHANGE_REGISTRATIONS):
        rows.append((Button(staff_text("button.guest"), f"guest.{offer.id}.{of}", "➕"),))
    if may(member.role, Right.EXPORT_PEOPLE):  # past seats are in it too
        rows.append(files(f"{FILE_VERB}.{offer.id}.{of}"))
    head: Block = (staff_text("offers.name", title=title(offer)), numbers(turn, offer, target))
    up = f"{MEETING}.{of}" if of else f"{DATES}.{offer.id}.0"
    blocks = (head, tuple(lines)) if lines else (head,)
    return Screen(blocks, (*rows, *around, back(up)), about=_people_in(shown))


def registered(turn: Turn, target: Target) -> list[Registration]:
    """The live registrations of a target, in their order."""
    found_ = (registrations.load(turn.connection, seat.id) for seat in registrations.line(turn.connection, target))
    return [one for one in found_ if one is not None]


def names_for(turn: Turn, member: Member, several: Sequence[Registration]) -> dict[int, str]:
    """The names behind registrations, by number, where there is one and the member may see it."""
    if not may(member.role, Right.SEE_PEOPLE):
        return {}
    people = [one.participant_id for one in several if one.participant_id is not None]
    said = participants.names(turn.connection, people)
    names = {one.id: said.get(one.participant_id or 0) or (one.guest or {}).get("name", "") for one in several}
    return {key: name for key, name in names.items() if name}


def _people_in(several: Sequence[Registration]) -> frozenset[int]:
    """The participants among them; guests have no profile."""
    return frozenset(one.participant_id for one in several if one.participant_id is not None)


def who(one: Registration, names: Mapping[int, str]) -> Text:
    """The name of a registration in a list, else its number."""
    if one.participant_id is None and one.id not in names:
        return staff_text("person.guest", number=one.id)
    return person_name(names.get(one.id), one.participant_id or 0)


def _attendance(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The list of a meeting: a tap turns present to excused, absent, nothing."""
    known = meeting_named(turn, arguments[0])
    if known is None:
        return None
    meeting, offer = known
    entries = attendance.list_for(turn, meeting.id)
    shown, around = paged(f"{ATTENDANCE}.{meeting.id}", list(entries), number(arguments[1]) or 0)
    names = names_for(turn, member, [one.registration for one in shown])
    if names:
        audit.looked(turn, Deed.LIST_SEEN, by=member, what=f"{ATTENDANCE} {meeting.id}")
    rows: list[Row] = [
        (
            Button(
                staff_text("button.person", who=who(one.registration, names)),
                f"attend.{one.registration.id}.{meeting.id}",
                MARKS[one.attended],
            ),
        )
        for one in shown
    ]
    head: Block = (
        staff_text("offers.name", title=title(offer)),
        staff_text("meeting.when", when=when(turn, meeting.starts_at)),
    )
    what = staff_text("attendance.how") if entries else staff_text("attendance.nobody")
    about = _people_in([one.registration for one in shown])
    return Screen((head, (what,)), (*rows, *around, back(f"{MEETING}.{meeting.id}")), about=about)


PAGES: dict[str, Page] = {
    PEOPLE: Page(Right.SEE_REGISTRATIONS, _people, 3),
    ATTENDANCE: Page(Right.TAKE_ATTENDANCE, _attendance, 2),
}
