"""Reactions in talks: an emoji that one side puts on a copy, for the other side's original message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from bot.core.threads import Author, Passing
from bot.db.schema import thread_message


@dataclass(frozen=True, slots=True)
class Reacted:
    """A message of a talk and what was put on its copy. `chat_id` and `message_id`: where it was written."""

    id: int
    thread_id: int
    author: Author
    chat_id: int
    message_id: int
    reaction: str | None
    by: int | None
    revision: int


_COLUMNS = select(
    thread_message.c.id,
    thread_message.c.thread_id,
    thread_message.c.author,
    thread_message.c.chat_id,
    thread_message.c.message_id,
    thread_message.c.reaction,
    thread_message.c.reaction_by,
    thread_message.c.reaction_revision,
).where(
    thread_message.c.chat_id.is_not(None),
    thread_message.c.message_id.is_not(None),
    thread_message.c.taken_back_at.is_(None),
)


def of_copy(connection: Connection, chat_id: int, message_id: int) -> Reacted | None:
    """What was passed on as this message. If several share it, the last one."""
    same = (thread_message.c.copy_chat == chat_id, thread_message.c.copy_message == message_id)
    return _reacted(connection.execute(_COLUMNS.where(*same).order_by(thread_message.c.id.desc()).limit(1)).first())


def load(connection: Connection, number: int) -> Reacted | None:
    """A message by its id. None if it was taken back."""
    return _reacted(connection.execute(_COLUMNS.where(thread_message.c.id == number)).first())


def outdated(connection: Connection, thread_id: int, author: Author) -> Reacted | None:
    """A message of the author's whose reaction must be passed on."""
    wanted = _COLUMNS.where(
        thread_message.c.thread_id == thread_id,
        thread_message.c.author == author.value,
        thread_message.c.state == Passing.SENT.value,
        thread_message.c.reaction_said < thread_message.c.reaction_revision,
    )
    return _reacted(connection.execute(wanted.order_by(thread_message.c.id).limit(1)).first())


def put(connection: Connection, number: int, emoji: str | None, by: int | None) -> None:
    """Sets what is on the copy from now on. None: nothing."""
    values = {"reaction": emoji, "reaction_by": by, "reaction_revision": thread_message.c.reaction_revision + 1}
    connection.execute(update(thread_message).where(thread_message.c.id == number).values(**values))


def note_said(connection: Connection, number: int, revision: int) -> None:
    """Notes that this change has been passed on, or cannot be."""
    connection.execute(update(thread_message).where(thread_message.c.id == number).values(reaction_said=revision))


def _reacted(row: Any) -> Reacted | None:  # noqa: ANN401 - a row
    if row is None:
        return None
    number, thread_id, author, chat_id, message_id, reaction, by, revision = row
    return Reacted(number, thread_id, Author(author), chat_id, message_id, reaction, by, revision)
