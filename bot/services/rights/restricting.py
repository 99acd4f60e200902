"""Somebody's data is only kept for a while (Art. 18 GDPR), set and lifted by the team; they are told of both.

They get nothing but what they asked for themselves: reminders and news of their own registrations, and talks.
"""

from __future__ import annotations

from bot.core.message import Screen, Text
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.people import participants
from bot.db.people import restricting as rows
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.deliveries import stored_screen
from bot.services.threads import naming
from bot.services.turn import Turn
from bot.services.view import ui


def restrict(turn: Turn, person: int, by: Member) -> bool:
    """Restrict it: it is only kept from now on; whether that is new."""
    return rows.restrict(turn.connection, person, turn.now) and _told(
        turn, person, by, Deed.RESTRICTED, ui("restricted.on")
    )


def lift(turn: Turn, person: int, by: Member) -> bool:
    """Lift that again; whether anything changed."""
    return rows.lift(turn.connection, person) and _told(turn, person, by, Deed.LIFTED, ui("restricted.off"))


def _told(turn: Turn, person: int, by: Member, deed: Deed, said: Text) -> bool:
    audit.note(turn, deed, by=by, about=person)
    naming.redraw(turn, person)
    where = participants.chat_of(turn.connection, person)
    if where is not None:
        key, params = stored_screen.to_row(Screen(((said,),)))
        cause = f"restricted:{person}:{turn.now.timestamp():.6f}"
        planned = Planned(cause, Kind.NOTICE, turn.now, key, params, participant_id=person)
        deliveries.plan(turn.connection, [(where[0], planned)])
    return True
