"""Messages to the team with a button that opens the desk. They are looked at once more when they are sent.

A row of the outbox holds the key and the number of a broadcast; no name.
"""

from __future__ import annotations

from bot.core.broadcasts import Stage
from bot.core.message import Button, Screen
from bot.db.broadcasts import broadcasts, reviews
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Due, Kind, Planned
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.services.staff.texts import PREFIX, staff_text
from bot.services.turn import Turn

LETTERS = f"{PREFIX}letter."
ASKED, REFUSED, RELEASED = "letter.asked", "letter.refused", "letter.released"
LOOK, ABOUT = "look", "about"
"""The verb of the button; in a row's parameters, the number of the broadcast."""


def plan(turn: Turn, key: str, broadcast_id: int, members: list[Member]) -> None:
    """Tell these members, if they have a chat with us; each call is a letter of its own."""
    cause = f"{key}:{broadcast_id}:{turn.now.timestamp():.3f}"
    planned = Planned(cause, Kind.NOTICE, turn.now, PREFIX + key, {ABOUT: broadcast_id}, urgent=True)
    deliveries.plan(turn.connection, [(chat, planned) for chat in staff.reachable(turn.connection, members)])


def about(due: Due) -> int:
    """The broadcast a letter is about."""
    return int((due.params or {}).get(ABOUT, 0))


def said(turn: Turn, due: Due) -> Screen | str:
    """The letter with its button, or why it is no longer said."""
    one, known = broadcasts.load(turn.connection, about(due)), reviews.load(turn.connection, about(due))
    if one is None:
        return "text_gone"
    key, is_draft = due.text_key.removeprefix(PREFIX), one.stage is Stage.DRAFT
    waits = is_draft and known is not None and known.handed_in_at is not None
    if (key == ASKED and not waits) or (key == REFUSED and (waits or not is_draft)):
        return "not_so"
    return Screen(((staff_text(key, number=one.id),),), ((Button(staff_text("button.look"), LOOK, "👁"),),))
