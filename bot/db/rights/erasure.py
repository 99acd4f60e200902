"""Erasing: deletes everything about a chat and its participants, also from the file.

On SQLite a mark in the file (`user_version`, written in the same transaction) says that the storage must still
forget. It survives a kill between the commit and the scrub.

Staff who are participants too: what belongs to their chat is deleted. Their place in the team stays until an admin
removes them. It contains nothing that they said as a participant, and no right vanishes by a tap that nobody in the
team sees.
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
"""Key on a connection: what this transaction erases, chats and single people of shared chats."""
LOG = "log"
"""Scrub only the write-ahead log now, and the rest when there is time. Enough if no answers were deleted."""
ALL = "all"


def erase_chat(connection: Connection, chat_id: int) -> None:
    """Deletes a chat with everything that belongs to it, and its waiting raw updates.

    What was merged into another chat's profile, and can still be separated, is deleted, too.
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
    """Deletes one of several people of a phone with everything that belongs to them. The chat stays for the others.

    Waiting raw updates may contain their words, and are deleted, too.
    """
    thread_deliveries.leave(connection, participant_id)
    desk_pages.take_away(connection, participant_id)
    connection.execute(delete(inbox).where(inbox.c.chat_id == chat_id, inbox.c.body.is_not(None)))
    connection.execute(delete(participant).where(participant.c.id == participant_id))
    connection.info.setdefault(ERASED, []).append(person_mark(chat_id, participant_id))
    scrub(connection, ALL)


def person_mark(chat_id: int, participant_id: int) -> str:
    """The name of one of several people of a phone in the list of erased chats."""
    return f"{chat_id}.{participant_id}"


def scrub(connection: Connection, depth: str) -> None:
    """Makes the storage forget what was deleted, after this commit. PostgreSQL does so by its own vacuum."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA user_version=1")
        connection.info[SCRUB] = ALL if depth == ALL else connection.info.get(SCRUB, LOG)


def erase_without_consent(connection: Connection, before: datetime, since: datetime | None = None) -> int:
    """Deletes chats without a consent since `before` from which no update waits. Returns how many.

    `since`: only chats that are no older; without it every chat is looked at.
    Staff and partners need no consent: their chat stays while they belong to the team, or speak for a partner. A chat
    whose profile was merged into another one stays as long as both can be separated.
    """
    unheard = exists().where(inbox.c.chat_id == chat.c.id, inbox.c.body.is_not(None), inbox.c.parked.is_(None))
    without = without_consent()
    if since is not None:
        without &= chat.c.created_at >= since
    old = select(chat.c.id).where(chat.c.created_at < before, without, ~unheard).with_for_update(skip_locked=True)
    gone = 0
    for chat_id in list(connection.execute(old).scalars()):
        # Checked again under the lock: they may have consented a moment ago.
        if connection.execute(select(chat.c.id).where(chat.c.id == chat_id, without)).first() is not None:
            erase_chat(connection, chat_id)
            gone += 1
    return gone


def without_consent() -> ColumnElement[bool]:
    """Chats with nobody who has agreed or needs no consent."""
    # A group of the team has a negative number. It is nobody's chat.
    without = (
        (chat.c.id > 0)
        & ~exists().where(participant.c.chat_id == chat.c.id)
        & ~exists().where(staff.c.person_id == chat.c.id, staff.c.removed_at.is_(None))
        & ~exists().where(partner.c.person_id == chat.c.id, partner.c.ended_at.is_(None))
    )
    return without & ~exists().where(merged.c.chat_id == chat.c.id)
