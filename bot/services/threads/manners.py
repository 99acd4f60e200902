"""When a word of the team may be said: at once to whoever is talking with it, else not in the person's night.

An album waits until it is together: whether it is a note stands below one of its pictures only.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.threads import Author, Job
from bot.core.timing import fit
from bot.db import chats, inbox
from bot.db.outbox.deliveries import Due
from bot.db.threads import threads
from bot.services.preferences import preferences
from bot.services.turn import Turn

TALKING = timedelta(hours=24)
"""Whoever has written within this time is talking with the team: an answer comes whenever it is given."""
TOGETHER = timedelta(seconds=3)
"""How long after the last picture of an album nothing more of it is expected."""
WORDS = (Job.SAY, Job.COPY)


def not_before(turn: Turn, due: Due) -> datetime | None:
    """The end of the person's night, for a word out of the blue; or when its album is complete. None: now."""
    if Job.of(due.text_key) not in WORDS:
        return None
    one = threads.load(turn.connection, (due.params or {}).get("thread", 0))
    if one is None or due.chat_id != one.chat_id:
        return None
    last = threads.last_of(turn.connection, one.id, Author.PERSON)
    if last is not None and turn.now - last.at < TALKING:
        return _together(turn, due)
    found, town = chats.load(turn.connection, one.chat_id), turn.content.town
    theirs = preferences.of(None if found is None else found[1], town)
    at = fit(turn.now, theirs.quiet, theirs.clock(town), town.free, earliest=turn.now)
    return _together(turn, due) if at is None or at <= turn.now else at


def _together(turn: Turn, due: Due) -> datetime | None:
    """When the album of a picture is complete; None where it is, or where there is none."""
    one = next((each for each in threads.of_job(turn.connection, due.id) if each.album is not None), None)
    if one is None or one.album is None or one.chat_id is None:
        return None
    at = max(each.at for each in threads.album(turn.connection, one.chat_id, one.album)) + TOGETHER
    if inbox.waits(turn.connection, one.chat_id):  # perhaps a picture of it
        return max(at, turn.now + TOGETHER)
    return None if at <= turn.now else at
