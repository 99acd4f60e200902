"""A line that members of the team are sent in their own chat, without asking for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.core.message import Screen, Text
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.services.deliveries import stored_screen
from bot.services.turn import Turn


def tell(
    turn: Turn,
    members: Sequence[Member],
    text: Text,
    cause: str | None = None,
    *,
    at: datetime | None = None,
    urgent: bool = False,
    about: int | None = None,
) -> int:
    """Write to these members, if they have a chat with us; how many have.

    Each hears of the same `cause` once; None: every call is a new one. `about` is the participant, if there is one;
    `at`: not now, but then.
    """
    key, params = stored_screen.to_row(Screen(((text,),)))
    why = cause or f"{text.key}:{turn.now.timestamp():.6f}"
    planned = Planned(why, Kind.NOTICE, at or turn.now, key, params, urgent=urgent, participant_id=about)
    reached = staff.reachable(turn.connection, members)
    deliveries.plan(turn.connection, [(chat_id, planned) for chat_id in reached])
    return len(reached)
