"""By the clock: the team is reminded of people who wait, and those who lead it of people whom nobody answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.office import worked
from bot.core.threads import PREFIX, Event
from bot.db.staff.staff import Member
from bot.db.threads import threads
from bot.db.threads.threads import Thread
from bot.services.staff import notices
from bot.services.staff.texts import staff_text
from bot.services.threads import lines
from bot.services.turn import Turn

REMINDED, URGED = 1, 2


def look_after(turn: Turn) -> None:
    """Pass on whatever was left lying, and remind of those who wait."""
    lines.look_around(turn)
    office = turn.content.town.office_hours
    for one in threads.waiting(turn.connection, turn.now - timedelta(hours=office.remind)):
        _remind(turn, one)


def waited(turn: Turn, since: datetime) -> timedelta:
    """How much of the office's hours has gone by since then."""
    town = turn.content.town
    return worked(town.office_hours, since, turn.now, town.clock, town.closed)


def _remind(turn: Turn, one: Thread) -> None:
    office = turn.content.town.office_hours
    so_long = waited(turn, max(filter(None, (one.waiting_since, one.snoozed_until))))
    if one.nudged < REMINDED and so_long >= timedelta(hours=office.remind):
        threads.change(turn.connection, one.id, nudged=REMINDED)
        if threads.group(turn.connection) is not None:
            lines.note(turn, one.id, Event.WAITS)
            lines.move(turn, one.id)
        else:
            _tell(turn, one, "reminded", lines.answering(turn, one))
    if one.nudged < URGED and so_long >= timedelta(hours=office.urge):
        threads.change(turn.connection, one.id, nudged=URGED)
        _tell(turn, one, "urged", lines.coordinators(turn))


def _tell(turn: Turn, one: Thread, what: str, members: list[Member]) -> None:
    since = int(one.waiting_since.timestamp()) if one.waiting_since is not None else 0
    text = staff_text(f"thread.{what}", number=one.participant_id)
    notices.tell(turn, members, text, f"{PREFIX}{one.id}.{what}.{since}", about=one.participant_id)
