"""What the team's own chats show of people: which message is about whom, so that it is deleted when they are erased.

A page of the desk is noted with its card, a list or picture when it is shown, words about a person when they are
read. Everything but the current page is deleted by itself while the messenger still allows it: a member can see it
again with a tap. `bot.telegram.clearing` does it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, literal, or_, select, true

from bot.core.threads import Author
from bot.db.outbox.deliveries import Kind
from bot.db.rights import leaving
from bot.db.schema import (
    UtcTime,
    chat,
    delivery,
    desk_page,
    erasure_proof,
    participant,
    staff,
    thread,
    thread_message,
)

STAYS = timedelta(hours=36)
"""How long an old page, a list and a picture stay in a member's chat. The messenger deletes up to 48 hours."""
PAGE, FILE, WORDS = "page", "file", "words"
"""PAGE: a text of ours, which can be emptied at any time. FILE: a file or picture of ours. WORDS: a member's message.
The last two can only be deleted."""


@dataclass(frozen=True, slots=True)
class Page:
    """Whom a page is about, and when it was drawn."""

    people: frozenset[int]
    at: datetime


@dataclass(frozen=True, slots=True)
class _Message:
    chat_id: int
    message_id: int
    at: datetime
    kind: str


def comes(connection: Connection, chat_id: int, message: int, page: Page) -> None:
    """A page is about to be drawn into a message. Noted before, in case nobody reports how that ended."""
    _note(connection, chat_id, message, page, PAGE)


def shown(connection: Connection, chat_id: int, message: int, page: Page, *, newest: bool) -> None:
    """A page is shown in a message. `newest`: nothing was drawn into it later.

    If a person on it was erased in between, it is deleted.
    """
    here = (desk_page.c.chat_id == chat_id, desk_page.c.message_id == message)
    since: datetime = connection.execute(select(func.min(desk_page.c.at)).where(*here)).scalar() or page.at
    if newest:
        connection.execute(delete(desk_page).where(*here))
    if _note(connection, chat_id, message, Page(page.people, since), PAGE) < len(page.people):
        _go(connection, [_Message(chat_id, message, since, PAGE)])


def handed_over(connection: Connection, chat_id: int, message: int, at: datetime, asked_at: datetime) -> None:
    """A list of people is in a chat as a file. It is deleted when the first of them is erased.

    If anybody was erased since it was asked for, it is deleted at once.
    """
    since = select(erasure_proof.c.id).where(erasure_proof.c.at >= asked_at).limit(1)
    if connection.execute(since).first() is not None:
        leaving.go(connection, chat_id, {message: at})
        return
    row = select(chat.c.id, literal(message, desk_page.c.message_id.type), literal(at, UtcTime), literal(FILE))
    names = ["chat_id", "message_id", "at", "kind"]
    connection.execute(insert(desk_page).from_select(names, row.where(chat.c.id == chat_id)))


def pictured(connection: Connection, chat_id: int, message: int, person: int, at: datetime) -> None:
    """Something from a person's talk was shown to a member. If the person was erased in between, it is deleted."""
    if not _note(connection, chat_id, message, Page(frozenset({person}), at), FILE):
        _go(connection, [_Message(chat_id, message, at, FILE)])


def wrote(connection: Connection, chat_id: int, message: int, page: Page) -> None:
    """A member's words are about these people."""
    _note(connection, chat_id, message, page, WORDS)


def _note(connection: Connection, chat_id: int, message: int, page: Page, kind: str) -> int:
    """Adds a row for each of these people who still exist. Returns how many."""
    if not page.people:
        return 0
    there = (chat.c.id == chat_id, participant.c.id.in_(page.people))
    rows = (
        select(
            chat.c.id,
            literal(message, desk_page.c.message_id.type),
            participant.c.id,
            literal(page.at, UtcTime),
            literal(kind),
        )
        .select_from(chat.join(participant, true()))
        .where(*there)
        .with_for_update(read=True, key_share=True, of=participant)
    )
    names = ["chat_id", "message_id", "participant_id", "at", "kind"]
    return connection.execute(insert(desk_page).from_select(names, rows)).rowcount


def take_pages(connection: Connection, person: int) -> None:
    """Words of a person were forgotten: the pages that show them are to be deleted."""
    theirs = (desk_page.c.participant_id == person, desk_page.c.kind == PAGE)
    _go(connection, _found(connection, *theirs))


def take_away(connection: Connection, person: int) -> None:
    """A person is about to be erased: whatever shows them in other chats is to be deleted."""
    # Waits for anybody who notes a page about them at this moment.
    me = select(participant.c.chat_id).where(participant.c.id == person).with_for_update()
    own = connection.execute(me).scalar()
    about = or_(desk_page.c.participant_id == person, desk_page.c.participant_id.is_(None))
    _go(connection, _found(connection, about, desk_page.c.chat_id != own))
    _go(connection, [one for one in _in_passing(connection, person) if one.chat_id != own])


def _in_passing(connection: Connection, person: int) -> list[_Message]:
    """What members wrote to and about a person at the desk, and messages to members that the person waits."""
    said = thread_message.c
    typed = (
        select(said.chat_id, said.message_id, said.at)
        .join_from(thread, thread_message)
        .where(
            thread.c.participant_id == person,
            said.author.in_((Author.STAFF.value, Author.NOTE.value)),
            said.chat_id > 0,  # a group's topic is deleted as a whole
            said.message_id.is_not(None),
        )
    )
    told = select(delivery.c.chat_id, delivery.c.message_id, delivery.c.sent_at).where(
        delivery.c.participant_id == person,
        delivery.c.kind == Kind.NOTICE.value,
        delivery.c.chat_id.in_(select(staff.c.person_id)),
        delivery.c.message_id.is_not(None),
        delivery.c.sent_at.is_not(None),
    )
    return [
        _Message(*row, kind) for asked, kind in ((typed, WORDS), (told, PAGE)) for row in connection.execute(asked)
    ]


def leave(connection: Connection, chat_id: int) -> None:
    """A person is no longer a member: what their chat shows of people is to be deleted."""
    _go(connection, _found(connection, desk_page.c.chat_id == chat_id))


def fade(connection: Connection, now: datetime) -> None:
    """Pages left long ago, lists and pictures are to be deleted. Notes about words are forgotten."""
    # Row by row, because otherwise both databases would read all chats.
    living = select(chat.c.card_message).where(chat.c.id == desk_page.c.chat_id).scalar_subquery()
    left = living.is_distinct_from(desk_page.c.message_id)
    _go(connection, _found(connection, desk_page.c.at < now - STAYS, desk_page.c.kind != WORDS, left))
    theirs = and_(desk_page.c.at < now - leaving.DELETABLE, desk_page.c.kind == WORDS)
    connection.execute(delete(desk_page).where(theirs))


def _found(connection: Connection, *which: ColumnElement[bool]) -> list[_Message]:
    columns = (desk_page.c[name] for name in _Message.__dataclass_fields__)
    return [_Message(*row) for row in connection.execute(select(*columns).where(*which))]


def _go(connection: Connection, messages: Iterable[_Message]) -> None:
    for one in set(messages):
        leaving.go(connection, one.chat_id, {one.message_id: one.at}, page=one.kind == PAGE)
        here = (desk_page.c.chat_id == one.chat_id, desk_page.c.message_id == one.message_id)
        connection.execute(delete(desk_page).where(*here))
