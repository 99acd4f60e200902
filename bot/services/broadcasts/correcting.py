"""What is corrected of a broadcast that has gone out, beside its texts: buttons, link, last useful day, picture.

Copies that stand in chats are changed by the outbox, like every correction; each language stays as it is released.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.core.broadcasts import LIVE, STANDING, Attachment, Broadcast, Stage
from bot.db.broadcasts import broadcasts
from bot.services.broadcasts.broadcasting import AFTERGLOW, redraw
from bot.services.turn import Turn

UNTIL = "last_useful_at"


def correct(turn: Turn, one: Broadcast, **columns: Any) -> frozenset[str]:  # noqa: ANN401 - a column's value
    """Correct something other than a text in a message that stands in chats: copies follow. The columns that changed.

    A new last useful day counts for everybody who waits, and a later one also for those for whom it came too late.
    No copy mentions the last day: where only that changes, copies stay as they are.
    """
    one = broadcasts.load(turn.connection, one.id, lock=True) or one
    other = {name: value for name, value in columns.items() if getattr(one, name) != value}
    if one.stage not in STANDING or not other:
        return frozenset()
    broadcasts.change(turn.connection, one.id, **other)
    if UNTIL in other:
        _useful_until(turn, one, other[UNTIL])
    if other.keys() - {UNTIL}:
        redraw(turn, one, None)
    return frozenset(other)


def _useful_until(turn: Turn, one: Broadcast, until: datetime) -> None:
    if one.stage in LIVE and until > one.last_useful_at:
        broadcasts.take_up(turn.connection, one.id, ("too_late",), turn.now)
        broadcasts.change(turn.connection, one.id, follow_until=turn.now + AFTERGLOW)
    broadcasts.useful_until(turn.connection, one.id, until)
    if one.stage is Stage.PAUSED:
        broadcasts.hold(turn.connection, one.id, until)


def exchange(turn: Turn, one: Broadcast, media: Attachment) -> bool:
    """Another picture or file takes the place of the one that stands in chats; whether there was one."""
    one = broadcasts.load(turn.connection, one.id, lock=True) or one
    if one.stage not in STANDING or one.media is None:
        return False
    broadcasts.attach(turn.connection, one.id, media)
    redraw(turn, one, None)
    return True
