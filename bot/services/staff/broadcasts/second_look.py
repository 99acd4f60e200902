"""What another member does with a broadcast that was handed in: release it, or send it back with a word."""

from __future__ import annotations

from bot.core.broadcasts import Stage
from bot.core.folding import one_line
from bot.core.message import Text
from bot.db.broadcasts import reviews
from bot.db.staff.staff import Member
from bot.services import places
from bot.services.reply import Reply
from bot.services.staff.broadcasts import releasing
from bot.services.staff.broadcasts.composing import broadcast_gone, locked_broadcast
from bot.services.staff.broadcasts.sending_pages import REFUSING
from bot.services.staff.next_page import at_page, page_before
from bot.services.staff.texts import staff_text
from bot.services.visit import Visit


def release(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Send it under the name of this member, who has not written it."""
    one = locked_broadcast(visit, arguments[0])
    if one is None:
        return broadcast_gone(visit, tapped)
    done = releasing.release(visit.turn, one, member)
    return at_page(visit, f"broadcast.{one.id}", tapped, _word("sending", done=done), changed=done)


def take_back(visit: Visit, _: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Take it back from whoever was to release it: it is a draft again."""
    one = locked_broadcast(visit, arguments[0])
    if one is None:
        return broadcast_gone(visit, tapped)
    done = one.stage is Stage.DRAFT and reviews.take_back(visit.turn.connection, one.id)
    return at_page(visit, f"broadcast.{one.id}", tapped, _word("saved", done=done))


def write(visit: Visit, member: Member, text: str) -> Reply | None:
    """Words on the page that asks why: it goes back to its author with them. None on any other page."""
    name, *arguments = page_before(visit)
    if visit.place != places.STAFF or name != REFUSING or len(arguments) != 1:
        return None
    one, reason = locked_broadcast(visit, arguments[0]), one_line(text)
    if one is None:
        return broadcast_gone(visit, None)
    if not reason or len(reason) > releasing.LONGEST_REFUSAL:
        return visit.reply(staff_text("problem.too_long", most=releasing.LONGEST_REFUSAL))
    done = releasing.refuse(visit.turn, one, member, reason)
    return at_page(visit, f"broadcast.{one.id}", None, _word("sent_back", done=done))


def _word(key: str, *, done: bool) -> Text:
    return staff_text(f"toast.{key}" if done else "toast.unchanged")
