"""The yes to erasing somebody. Whether the member may was checked by `verbs`."""

from __future__ import annotations

from dataclasses import replace

from bot.db.people import participants
from bot.db.staff.staff import Member
from bot.services.reply import Reply
from bot.services.rights import erasing
from bot.services.staff.looking import participant_named
from bot.services.staff.next_page import at_page
from bot.services.staff.people.people_pages import PEOPLE, PERSON
from bot.services.staff.texts import staff_text
from bot.services.visit import Visit


def erase(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Erase them and tell them. The page that showed them goes as well, so what follows is a new message."""
    turn, found = visit.turn, participant_named(visit.turn, arguments[0])
    if found is None:
        return at_page(visit, f"{PEOPLE}.0", tapped, staff_text("toast.vanished"))
    where = participants.chat_of(turn.connection, found[0].id)
    if where is not None and where[0] == visit.chat.id:
        return at_page(visit, f"{PERSON}.{found[0].id}", tapped, staff_text("erase.yourself"))
    card = erasing.erase(turn, found[0].id, member)
    return replace(at_page(visit, f"{PEOPLE}.0", None, staff_text("erase.done")), elsewhere=card)
