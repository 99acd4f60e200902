"""Whether the bot was away for so long that Telegram has thrown away what people wrote meanwhile.

One row among those of the alarms is none: it keeps when the bot was last seen running, and is written at each look.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.timing import local_time
from bot.db import alarms
from bot.db.staff import staff
from bot.services.health.seen import Seen
from bot.services.staff import notices
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn

ROW = "running"
"""The key of that row."""
KEPT = timedelta(hours=24)
"""How long Telegram keeps updates that nobody fetches."""


def look(turn: Turn, seen: Seen, last: datetime | None) -> None:
    """Tell the admins, once after a start, if the bot was `last` seen running too long ago; and note the moment."""
    if last is not None and seen.started_at is not None and last < seen.started_at - KEPT:
        text = staff_text("alarm.away", since=local_time(last, turn.content.town.clock))
        notices.tell(turn, staff.active_admins(turn.connection, turn.now), text, urgent=True)
    alarms.save(turn.connection, ROW, alarms.Row(since=turn.now))
