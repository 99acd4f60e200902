"""A member who looks at a broadcast that is going out sees how far it has got, without a tap."""

from __future__ import annotations

from collections.abc import Collection

from bot.core.broadcasts import Broadcast
from bot.db import chats
from bot.db.broadcasts import broadcasts
from bot.db.outbox.deliveries import State
from bot.services import places
from bot.services.broadcasts.broadcasting import AFTERGLOW
from bot.services.reply import Reply
from bot.services.staff.broadcasts.broadcast_pages import BROADCAST
from bot.services.turn import Turn, Visitor
from bot.services.visit import load

Numbers = tuple[int, int, tuple[tuple[State, int], ...], tuple[tuple[State, int], ...]]
"""How far a broadcast is, as its page shows it: number, revision, and by state its recipients and its last change."""


def watchers(turn: Turn) -> dict[int, Numbers]:
    """The chats with a broadcast before them that is going out or changing, with the numbers their page shows."""
    lately = turn.now - AFTERGLOW
    going = {
        one.id: one
        for one in broadcasts.going_out(turn.connection)
        if one.reported_at is None or one.reported_at > lately
    }
    going |= {one.id: one for one in broadcasts.being_followed(turn.connection)}
    found: dict[int, Numbers] = {}
    for one in going.values():
        if looking := chats.looking_at(turn.connection, places.STAFF, [f"{BROADCAST}.{one.id}"]):
            found |= dict.fromkeys(looking, _numbers(turn, one))
    return found


def _numbers(turn: Turn, one: Broadcast) -> Numbers:
    states = broadcasts.outcomes(turn.connection, one.id)
    changes = broadcasts.redrawn(turn.connection, one.id, one.rounds) if one.rounds else {}
    return one.id, one.revision, tuple(sorted(states.items())), tuple(sorted(changes.items()))


def progress(turn: Turn, visitor: Visitor) -> Reply | None:
    """The card as it is now, in its place; None where something else is before them, or there is nothing new."""
    moving = (*broadcasts.going_out(turn.connection), *broadcasts.being_followed(turn.connection))
    return drawn_anew(turn, visitor, {f"{BROADCAST}.{one.id}" for one in moving})


def drawn_anew(turn: Turn, visitor: Visitor, pages: Collection[str]) -> Reply | None:
    """The page before a member, drawn anew; None where it is none of these, or no longer theirs to see."""
    visit = load(turn, visitor)
    if visit is None or visit.place != places.STAFF or visit.chat.focus not in pages or visit.member is None:
        return None
    return visit.redraw() if visit.member.is_active(turn.now) else None
