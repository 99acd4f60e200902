"""Erasing: everything about a chat and its participants goes, and leaves the file as well."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, exists, select

from bot.db.schema import chat, inbox, participant

SCRUB = "lotse.scrub"
"""Mark on a connection: after this commit, the storage itself has to forget what was deleted."""


def erase_chat(connection: Connection, chat_id: int) -> None:
    """Delete a chat with everything that hangs on it, and the raw updates that still wait."""
    connection.execute(delete(inbox).where(inbox.c.chat_id == chat_id))
    connection.execute(delete(chat).where(chat.c.id == chat_id))
    connection.info[SCRUB] = True


def erase_without_consent(connection: Connection, before: datetime) -> int:
    """Delete the chats that have come to no consent since `before`; how many."""
    old = select(chat.c.id).where(chat.c.created_at < before, ~exists().where(participant.c.chat_id == chat.c.id))
    gone = list(connection.execute(old).scalars())
    for chat_id in gone:
        erase_chat(connection, chat_id)
    return len(gone)
