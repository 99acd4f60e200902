"""Attendance: the list of a meeting, and who was absent twice."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.attending import Attended
from bot.core.offers import Kind
from bot.core.seats import State
from bot.db.offers import attendances, meetings, registrations
from bot.db.offers.registrations import Registration
from bot.services.offers.seats import Terms
from bot.services.turn import Turn


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: who has a seat, and whether they came; None: nobody has said."""

    registration: Registration
    attended: Attended | None


def mark(turn: Turn, registration_id: int, meeting_id: int, attended: Attended | None, by: int) -> bool:
    """Write down whether somebody came; None takes it back. False: there is no such seat at that meeting."""
    seat = registrations.load(turn.connection, registration_id)
    held = meetings.load(turn.connection, meeting_id)
    if seat is None or held is None or held.cancelled_at is not None or seat.state is not State.REGISTERED:
        return False
    if seat.offer_id != held.offer_id or seat.meeting_id not in {None, meeting_id}:
        return False
    if attended is None:
        attendances.unmark(turn.connection, registration_id, meeting_id)
    else:
        attendances.mark(turn.connection, registration_id, meeting_id, attended, turn.now, by)
    return True


def list_for(turn: Turn, meeting_id: int) -> tuple[Entry, ...]:
    """Everybody with a firm seat at a meeting, in the order in which they got it, and whether they came."""
    held = meetings.load(turn.connection, meeting_id)
    if held is None:
        return ()
    came = attendances.of_meeting(turn.connection, meeting_id)
    seats = registrations.at_meeting(turn.connection, held.offer_id, meeting_id)
    return tuple(Entry(one, came.get(one.id)) for one in seats if one.state is State.REGISTERED)


def absent_twice_in_a_row(turn: Turn, terms: Terms, meeting_id: int) -> tuple[Registration, ...]:
    """Who was absent at this meeting of a course and at the one before it; each is told of once.

    Whoever was excused, or of whom nobody has said anything, was not absent. Cancelled meetings do not count.
    """
    held = meetings.load(turn.connection, meeting_id)
    offer = None if held is None else terms.offers.get(held.offer_id)
    if held is None or held.cancelled_at is not None or offer is None or offer.kind is not Kind.COURSE:
        return ()
    before = meetings.before(turn.connection, held)
    if before is None:
        return ()
    keys = attendances.tell_of_both(turn.connection, meeting_id, before.id, turn.now)
    found = (registrations.load(turn.connection, key) for key in keys)
    return tuple(one for one in found if one is not None and one.state is State.REGISTERED)
