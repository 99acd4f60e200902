"""A person erases themselves: the proof that remains, and the messages to delete at the messenger."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import BigInteger, Connection, and_, bindparam, delete, insert, or_, select, true, union, update

from bot.core.threads import TEXT, Passing
from bot.db import keys
from bot.db.prepared import Prepared
from bot.db.schema import (
    UtcTime,
    chat,
    consent,
    delivery,
    erasure_proof,
    going_message,
    participant,
    shown_message,
    thread,
    thread_message,
)
from bot.db.upsert import insert_into, insert_of

DELETABLE = timedelta(hours=48)
"""How long the messenger lets us delete a message of ours."""


@dataclass(frozen=True, slots=True)
class Going:
    """A message that is to be deleted at the messenger."""

    chat_id: int
    message_id: int
    page: bool = False
    """A page of the desk: a text of ours that can be emptied if it can no longer be deleted."""


@cache
def _remembered(dialect: str) -> Prepared:
    known = select(chat.c.id, bindparam("message", type_=BigInteger), bindparam("since", type_=UtcTime))
    row = known.where(chat.c.id == bindparam("chat"))
    statement = insert_of(dialect, shown_message).from_select(["chat_id", "message_id", "at"], row)
    return Prepared(statement.on_conflict_do_nothing())


def shown(connection: Connection, chat_id: int, message_id: int, at: datetime) -> None:
    """Remembers a card or a file in a chat. Does nothing if the chat is gone."""
    _remembered(connection.dialect.name).each(connection, [{"chat": chat_id, "message": message_id, "since": at}])


def forget_shown(connection: Connection, now: datetime) -> None:
    """Forgets messages that the messenger would no longer delete."""
    connection.execute(delete(shown_message).where(shown_message.c.at < now - DELETABLE))


def leave(connection: Connection, chat_id: int, now: datetime, stays: int | None, person: int | None = None) -> None:
    """A person's chat is about to be erased at their wish: notes the proof, and which messages are to be deleted.

    `person`: only this one of several on the phone. `stays`: the message that becomes the last word.
    """
    clear(connection, chat_id, now, stays, person)
    _prove(connection, chat_id, now, person)


def clear(
    connection: Connection,
    chat_id: int,
    now: datetime,
    stays: int | None,
    person: int | None = None,
    *,
    moves: bool = False,
) -> None:
    """Notes the messages of a chat that are to be deleted at the messenger: ours, and theirs to the team.

    `person`: only messages about this one, plus cards and files, because we do not know whose those are. `moves`: a
    picture that the team has no copy of stays, because the messenger copies it from here.
    """
    since = now - DELETABLE
    of_them = true() if person is None else delivery.c.participant_id == person
    talks = thread.c.participant_id == person
    said = thread_message.c
    in_talk = true() if person is None else said.thread_id.in_(select(thread.c.id).where(talks))
    alone = and_(said.kind != TEXT, said.state.in_((Passing.RECEIVED.value, Passing.DESK.value)))
    theirs = (
        select(shown_message.c.message_id, shown_message.c.at).where(shown_message.c.chat_id == chat_id),
        select(delivery.c.message_id, delivery.c.sent_at).where(
            delivery.c.chat_id == chat_id, delivery.c.message_id.is_not(None), delivery.c.edits.is_(None), of_them
        ),
        select(said.message_id, said.at).where(said.chat_id == chat_id, in_talk, true() if not moves else ~alone),
        select(said.copy_message, said.at).where(said.copy_chat == chat_id, in_talk),
        select(chat.c.card_message, chat.c.shown_at).where(chat.c.id == chat_id),
    )
    found: dict[int, datetime] = {
        number: at
        for number, at in connection.execute(union(*theirs))
        if number is not None and at is not None and at >= since and number != stays
    }
    go(connection, chat_id, found)


def go(connection: Connection, chat_id: int, messages: Mapping[int, datetime], *, page: bool = False) -> None:
    """Notes messages of a chat to delete at the messenger, each with the time it was sent."""
    if messages:
        rows = [{"chat_id": chat_id, "message_id": number, "at": at, "page": page} for number, at in messages.items()]
        connection.execute(insert_into(connection, going_message).on_conflict_do_nothing(), rows)


def _prove(connection: Connection, chat_id: int, now: datetime, person: int | None) -> None:
    columns = ("purpose", "language", "text_version", "given_at", "withdrawn_at")
    asked = (
        select(*(consent.c[name] for name in columns))
        .select_from(consent.join(participant, participant.c.id == consent.c.participant_id))
        .where(participant.c.chat_id == chat_id, true() if person is None else participant.c.id == person)
        .order_by(consent.c.id)
    )
    given = [
        {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row._mapping.items()}  # noqa: SLF001 - a row's public view
        for row in connection.execute(asked)
    ]
    if given:  # without any consent there is nothing to prove
        connection.execute(insert(erasure_proof), {"at": now, "mark": mark(chat_id), "consents": given})


def mark(chat_id: int) -> str:
    """The name of a chat in a proof. Only the chat's number together with the key file leads to it."""
    return keys.hashed(str(chat_id).encode(), "erasure", 16).hex()


def going(connection: Connection, most: int) -> list[Going]:
    """Messages that are to be deleted at the messenger."""
    columns = (going_message.c[name] for name in Going.__dataclass_fields__)
    return [Going(*row) for row in connection.execute(select(*columns).limit(most))]


def gone(connection: Connection, done: Collection[Going], now: datetime) -> list[int]:
    """Removes messages that are deleted, or too old to be. Returns the chats that are owed a card because of it."""
    each = [
        and_(going_message.c.chat_id == one.chat_id, going_message.c.message_id == one.message_id) for one in done
    ]
    too_old = and_(going_message.c.at < now - DELETABLE, ~going_message.c.page)
    connection.execute(delete(going_message).where(or_(too_old, *each)))
    return [one.chat_id for one in done if one.page and _was_card(connection, one)]


def _was_card(connection: Connection, one: Going) -> bool:
    """Whether a deleted message was the card of a person. They are owed a new one then."""
    version = chat.c.card_version + 1
    card = update(chat).where(chat.c.id == one.chat_id, chat.c.card_message == one.message_id)
    owed = card.values(card_message=None, card_version=version, card_since=version)
    return bool(connection.execute(owed).rowcount)


def forget_proofs(connection: Connection, before: datetime) -> int:
    """Deletes proofs that were kept long enough. Returns how many."""
    return connection.execute(delete(erasure_proof).where(erasure_proof.c.at < before)).rowcount
