"""What a member decides about a copy that may or may not have arrived: send it again, or leave it."""

from __future__ import annotations

from bot.core.broadcasts import LIVE
from bot.core.folding import number
from bot.db.outbox import doubted
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.broadcasts import broadcasting
from bot.services.reply import Reply
from bot.services.staff.broadcasts.broadcast_pages import BROADCAST, DOUBTED
from bot.services.staff.broadcasts.composing import broadcast_gone, locked_broadcast
from bot.services.staff.next_page import at_page
from bot.services.staff.texts import staff_text
from bot.services.visit import Visit


def say(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Send that copy again."""
    return _decide(visit, member, arguments, tapped, once_more=True)


def leave(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Leave that copy as it is."""
    return _decide(visit, member, arguments, tapped, once_more=False)


def _decide(
    visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None, *, once_more: bool
) -> Reply:
    turn, one, due = visit.turn, locked_broadcast(visit, arguments[0]), number(arguments[1])
    if one is None or due is None:
        return broadcast_gone(visit, tapped)
    done = 0
    if one.stage in LIVE and once_more:
        done = broadcasting.say_again(turn, one, due)
    elif one.stage in LIVE:
        done = doubted.leave(turn.connection, one.id, due)
    if done and once_more:
        audit.note(turn, Deed.SENT, by=member, what=f"{BROADCAST} {one.id}")
    toast = staff_text("toast.unchanged" if not done else "toast.goes_on" if once_more else "toast.saved")
    left = doubted.number(turn.connection, one.id)
    page = f"{DOUBTED}.{one.id}.{number(arguments[2]) or 0}" if left else f"{BROADCAST}.{one.id}"
    return at_page(visit, page, tapped, toast)
