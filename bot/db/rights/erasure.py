"""Erasing: everything about a chat and its participants goes, and leaves the file as well.

On SQLite a mark in the file (`user_version`, written in the same transaction) says that the storage still has to
forget: it outlives a kill between the commit and the scrub.

Staff who are participants too: what hangs on their chat goes, their place in the team stays until an admin removes
them. It says nothing of what they told as a participant, and no right vanishes by a tap that nobody in the team sees.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, select

from bot.db.outbox import thread_deliveries
from bot.db.people import merging, parting
from bot.db.rights import desk_pages
from bot.db.schema import chat, inbox, participant, partner, staff
from bot.db.schema import merging as merged

SCRUB = "lotse.scrub"
"""Key on a SQLite connection: what must be scrubbed after this commit, `LOG` or `ALL`."""
ERASED = "lotse.erased"
"""Key on a connection: the chats, and people of chats that others go on with, that this transaction erases."""
LOG = "log"
"""The write-ahead log at once, the rest when there is time: nobody's answers were in it."""
ALL = "all"


def erase_chat(connection: Connection, chat_id: int) -> None:
    """Delete a chat with everything that hangs on it, and the raw updates that still wait.

    What was put into another chat's profile, and can still be taken out, goes as well.
    """
    if (put_together := merging.of_chat(connection, chat_id)) is not None:
        parting.take_apart(connection, put_together, put_together.at)
    people = connection.execute(select(participant.c.id).where(participant.c.chat_id == chat_id)).scalars().all()
    for person in people:
        thread_deliveries.leave(connection, person)
        desk_pages.take_away(connection, person)
    connection.execute(delete(inbox).where(inbox.c.chat_id == chat_id, inbox.c.body.is_not(None)))
    connection.execute(delete(chat).where(chat.c.id == chat_id))
    connection.info.setdefault(ERASED, []).append(chat_id)
    scrub(connection, ALL if people else LOG)


def erase_person(connection: Connection, chat_id: int, participant_id: int) -> None:
    """Delete one of several people of a phone with everything that hangs on them; the chat is the others'.

    Raw updates that still wait may hold their words, and go too.
    """
    thread_deliveries.leave(connection, participant_id)
    desk_pages.take_away(connection, participant_id)
    connection.execute(delete(inbox).where(inbox.c.chat_id == chat_id, inbox.c.body.is_not(None)))
    connection.execute(delete(participant).where(participant.c.id == participant_id))
    connection.info.setdefault(ERASED, []).append(person_mark(chat_id, participant_id))
    scrub(connection, ALL)


def person_mark(chat_id: int, participant_id: int) -> str:
    """What one of several of a phone is called in the list of who was erased."""
    return f"{chat_id}.{participant_id}"


def scrub(connection: Connection, depth: str) -> None:
    """After this commit the storage has to forget what was deleted; PostgreSQL does so by its own vacuum."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA user_version=1")
        connection.info[SCRUB] = ALL if depth == ALL else connection.info.get(SCRUB, LOG)


def erase_without_consent(connection: Connection, before: datetime, since: datetime | None = None) -> int:
    """Delete the chats that have come to no consent since `before` and from which nothing waits; how many.

    `since`: only those that are no older; without it everybody's chat is looked at.
    Staff and partners need no consent: their chat stays while they belong to the team, or speak for a partner. A
    chat whose profile was put into another one stays as long as both can be taken apart.
    """
    unheard = exists().where(inbox.c.chat_id == chat.c.id, inbox.c.body.is_not(None), inbox.c.parked.is_(None))
    without = without_consent()
    if since is not None:
        without &= chat.c.created_at >= since
    old = select(chat.c.id).where(chat.c.created_at < before, without, ~unheard).with_for_update(skip_locked=True)
    gone = 0
    for chat_id in list(connection.execute(old).scalars()):
        # Looked at again under the lock: they may have consented a moment ago.
        if connection.execute(select(chat.c.id).where(chat.c.id == chat_id, without)).first() is not None:
            erase_chat(connection, chat_id)
            gone += 1
    return gone


def without_consent() -> ColumnElement[bool]:
    """Chats of nobody who has agreed, or needs not."""
    # A group of the team has a negative number: it is nobody's chat.
    without = (
        (chat.c.id > 0)
        & ~exists().where(participant.c.chat_id == chat.c.id)
        & ~exists().where(staff.c.person_id == chat.c.id, staff.c.removed_at.is_(None))
        & ~exists().where(partner.c.person_id == chat.c.id, partner.c.ended_at.is_(None))
    )
    return without & ~exists().where(merged.c.chat_id == chat.c.id)
