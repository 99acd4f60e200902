"""What could not be done for a talk and no row of it tells: whoever has to do something about it hears of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.message import Screen
from bot.core.threads import PREFIX, Job
from bot.db import deliveries
from bot.db.deliveries import Due, Kind, Planned
from bot.services import stored_screen
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn


def tell(turn: Turn, failed: Sequence[Due]) -> None:
    """These deliveries have failed for good: a picture that a member wanted to see cannot be shown."""
    for due in failed:
        if due.text_key == f"{PREFIX}{Job.SHOW}":
            key, params = stored_screen.to_row(Screen(((staff_text("thread.not_shown"),),)))
            planned = Planned(f"{PREFIX}not_shown.{due.id}", Kind.NOTICE, turn.now, key, params)
            deliveries.plan(turn.connection, [(due.chat_id, planned)])
