"""When a word of the team may be said: at once to whoever talks with it, else not in the person's night."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.threads import Author, Job
from bot.core.timing import fit
from bot.db import chats, threads
from bot.db.deliveries import Due
from bot.services import preferences
from bot.services.turn import Turn

TALKING = timedelta(hours=24)
"""Who has written within this time talks with the team: an answer comes whenever it is given."""
WORDS = (Job.SAY, Job.COPY)


def not_before(turn: Turn, due: Due) -> datetime | None:
    """The end of the person's night, where a word would come out of nothing; None: now."""
    if Job(due.text_key.rpartition(".")[2]) not in WORDS:
        return None
    one = threads.load(turn.connection, (due.params or {}).get("thread", 0))
    if one is None or due.chat_id != one.chat_id:
        return None
    last = threads.last_of(turn.connection, one.id, Author.PERSON)
    if last is not None and turn.now - last.at < TALKING:
        return None
    found, town = chats.load(turn.connection, one.chat_id), turn.content.town
    theirs = preferences.of(None if found is None else found[1], town)
    at = fit(turn.now, theirs.quiet, theirs.clock(town), town.free, earliest=turn.now)
    return None if at is None or at <= turn.now else at
