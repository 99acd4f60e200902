"""Whoever of the staff has a broadcast before them that goes out sees how far it is, without a tap."""

from __future__ import annotations

from bot.core.broadcasts import Broadcast, Stage
from bot.core.roles import Standing
from bot.db import broadcasts, chats
from bot.db.deliveries import State
from bot.services import screens
from bot.services.broadcasting import AFTERGLOW
from bot.services.reply import Reply
from bot.services.staff.broadcast_pages import BROADCAST, found
from bot.services.turn import Turn, Visitor
from bot.services.visit import load

Numbers = tuple[int, int, tuple[tuple[State, int], ...], tuple[tuple[State, int], ...]]
"""How far a broadcast is, as its page shows it: number, revision, and by state its recipients and its last change."""


def watchers(turn: Turn) -> dict[int, Numbers]:
    """The chats that have a broadcast before them which goes out now, with what there is to be seen."""
    lately = turn.now - AFTERGLOW
    going = broadcasts.going_out(turn.connection)
    found: dict[int, Numbers] = {}
    for one in (one for one in going if one.reported_at is None or one.reported_at > lately):
        if looking := chats.looking_at(turn.connection, screens.STAFF, [f"{BROADCAST}.{one.id}"]):
            found |= dict.fromkeys(looking, _numbers(turn, one))
    return found


def _numbers(turn: Turn, one: Broadcast) -> Numbers:
    states = broadcasts.outcomes(turn.connection, one.id)
    changes = broadcasts.redrawn(turn.connection, one.id, one.rounds) if one.rounds else {}
    return one.id, one.revision, tuple(sorted(states.items())), tuple(sorted(changes.items()))


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
