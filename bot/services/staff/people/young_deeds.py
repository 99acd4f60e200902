"""A member of the team types the code of somebody under 16, and opens their chat. `verbs` has asked for the right."""

from __future__ import annotations

from bot.db.staff.staff import Member
from bot.services import places
from bot.services.reply import Reply
from bot.services.rights import accompanying
from bot.services.staff.next_page import at_page
from bot.services.staff.page import HOME
from bot.services.staff.people.young_pages import YOUNG
from bot.services.staff.texts import staff_text
from bot.services.visit import Visit


def write(visit: Visit, member: Member, text: str) -> Reply | None:
    """Take words on that page as a code."""
    if visit.place != places.STAFF or visit.chat.focus != YOUNG:
        return None
    if not accompanying.typed(visit.turn, member, text):
        return visit.reply(staff_text("young.no_code"))
    return visit.reply()


def open_(visit: Visit, member: Member, _: tuple[str, ...], tapped: int | None) -> Reply:
    """Open the chat, on the member's word."""
    done = accompanying.open_with(visit.turn, member, places.NOTICE)
    return at_page(visit, HOME, tapped, staff_text("toast.young_opened" if done else "toast.vanished"))
