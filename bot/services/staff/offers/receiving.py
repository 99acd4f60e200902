"""A calendar file from a member is read, and a page shows what it would do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bot.content.calendar_file import Read, read
from bot.core.reminders import REGISTERED_FOR
from bot.core.roles import Right
from bot.db import chats
from bot.services import messages, places
from bot.services.reply import Reply
from bot.services.staff.members import team
from bot.services.staff.offers import import_pages
from bot.services.staff.offers.offer_pages import IMPORT
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn, Visitor
from bot.services.visit import load
from bot.services.written import Written


def wanted(turn: Turn, visitor: Visitor) -> Callable[[bytes], Read] | None:
    """The function that reads a calendar file from this visitor; it may take a moment, so call it in a thread.

    None where they were not asked for one: nobody else's files are fetched.
    """
    member = team.member_of(turn, visitor)
    found = chats.load(turn.connection, visitor.chat_id)
    if member is None or found is None or not member.may(Right.CHANGE_OFFERS, turn.now):
        return None
    at_page = found[0].detour == places.STAFF and (found[0].focus or "").split(".")[0] == IMPORT
    return partial(read, zone=turn.content.town.zone, since=turn.now) if at_page else None


def receive(turn: Turn, visitor: Visitor, found: Read, written: Written) -> Reply:
    """A file has come and was read: the page says what it would do."""
    visit = load(turn, visitor)
    if visit is None or visit.member is None or wanted(turn, visitor) is None:
        return messages.unreadable(turn, visitor, "only_words", written)
    offer = turn.content.offers.get((visit.chat.focus or "").partition(".")[2])
    if offer is None or offer.kind not in REGISTERED_FOR:
        return visit.reply(staff_text("toast.vanished"))
    import_pages.keep(turn, visit.member, offer.id, found.meetings, found.faults)
    return visit.reply()
