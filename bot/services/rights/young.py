"""What somebody under 16 does on their phone: sees a code, asks for another one, starts again."""

from __future__ import annotations

from bot.db.people import accompanying as codes
from bot.services import places
from bot.services.reply import Reply
from bot.services.rights import accompanying
from bot.services.visit import Visit


def show_code(visit: Visit, tapped: int | None) -> Reply:
    """A new code stands above the card."""
    code = accompanying.new_code(visit.turn, visit.chat.id)
    visit.go(places.YOUNG)
    return visit.reply(code, tapped=tapped)


def begin_anew(visit: Visit) -> None:
    """Start again: the age is asked once more."""
    codes.drop(visit.turn.connection, visit.chat.id)
    visit.go(places.AGE)
