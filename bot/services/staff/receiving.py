"""A calendar file that staff send is read; the page shows what it would do."""

from __future__ import annotations

from bot.content.calendar_file import Read, read
from bot.core.reminders import REGISTERED_FOR
from bot.core.roles import Right
from bot.db import chats
from bot.services import messages, screens
from bot.services.reply import Reply
from bot.services.staff import import_pages, team
from bot.services.staff.offer_pages import IMPORT
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn, Visitor
from bot.services.visit import load
from bot.services.written import Written


def wanted(turn: Turn, visitor: Visitor) -> bool:
    """Whether this visitor is asked for a calendar file now: nobody else's files are fetched."""
    member = team.member_of(turn, visitor)
    found = chats.load(turn.connection, visitor.chat_id)
    if member is None or found is None or not member.may(Right.CHANGE_OFFERS, turn.now):
        return False
    return found[0].detour == screens.STAFF and (found[0].focus or "").split(".")[0] == IMPORT


def receive(turn: Turn, visitor: Visitor, data: bytes | None, written: Written) -> Reply:
    """A file has come: it is read, and the page says what it would do. None: it is too large to be fetched."""
    visit = load(turn, visitor)
    if visit is None or visit.member is None or not wanted(turn, visitor):
        return messages.unreadable(turn, visitor, "only_words", written)
    offer = turn.content.offers.get((visit.chat.focus or "").partition(".")[2])
    if offer is None or offer.kind not in REGISTERED_FOR:
        return visit.reply(staff_text("toast.vanished"))
    found = Read((), ("too_large",)) if data is None else read(data, turn.content.town.zone, turn.now)
    import_pages.keep(turn, visit.member, offer.id, found.meetings, found.faults)
    return visit.reply()
