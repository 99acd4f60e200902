"""`/staff`: the staff desk, for whoever belongs to the team; to everybody else a command nobody knows."""

from __future__ import annotations

from bot.core.roles import Standing
from bot.db import staff
from bot.services import messages, screens
from bot.services.reply import Reply
from bot.services.staff import team
from bot.services.staff.page import HOME
from bot.services.turn import Turn, Visitor
from bot.services.visit import load_or_begin

COMMAND = "staff"


def open_desk(turn: Turn, visitor: Visitor) -> Reply:
    """Lay the home page over whatever the chat shows."""
    member = team.member_of(turn, visitor)
    if member is None:
        return messages.command(turn, visitor, COMMAND)
    if member.standing(turn.now) is Standing.ACTIVE:
        staff.change(turn.connection, member.id, seen_at=turn.now)
    visit, _ = load_or_begin(turn, visitor)
    visit.look_at(screens.STAFF, HOME)
    return visit.reply()
