"""Whoever of the staff has a broadcast before them that goes out sees how far it is, without a tap."""

from __future__ import annotations

from bot.core.broadcasts import Stage
from bot.core.roles import Standing
from bot.db import broadcasts, chats
from bot.services import screens
from bot.services.broadcasting import AFTERGLOW
from bot.services.reply import Reply
from bot.services.staff.broadcast_pages import BROADCAST, found
from bot.services.turn import Turn, Visitor
from bot.services.visit import load


def watchers(turn: Turn) -> list[int]:
    """The chats that have a broadcast before them which goes out now."""
    lately = turn.now - AFTERGLOW
    going = broadcasts.going_out(turn.connection)
    focus = [f"{BROADCAST}.{one.id}" for one in going if one.reported_at is None or one.reported_at > lately]
    return chats.looking_at(turn.connection, screens.STAFF, focus) if focus else []


def progress(turn: Turn, visitor: Visitor) -> Reply | None:
    """The card as it is now, in its place; None where something else is before them by now, or nothing to be told."""
    visit = load(turn, visitor)
    name, *arguments = ((visit.chat.focus if visit is not None else None) or "").split(".")
    if visit is None or visit.place != screens.STAFF or name != BROADCAST or not arguments:
        return None
    one = found(turn, arguments[0])
    if one is None or one.stage is not Stage.SENDING or visit.member is None:
        return None
    if visit.member.standing(turn.now) is not Standing.ACTIVE:
        return None
    return visit.redraw()
