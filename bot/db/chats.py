"""Chats: who speaks in them, in which language, and which card they show."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, func, insert, or_, select, update

from bot.db.prepared import Prepared
from bot.db.rights import desk_pages, leaving
from bot.db.rights.desk_pages import Page
from bot.db.schema import UtcTime, chat, participant

LONGEST_FOCUS = 64
"""The most letters that fit into the column."""
MOST_DOUBLINGS = 6
"""The limit of doublings: in the end a card that never arrives is tried again every half an hour."""


@dataclass(frozen=True, slots=True)
class ChatRow:
    """A row of `chat`. `bot.db.schema` describes the columns."""

    id: int
    language: str | None
    source: str | None
    created_at: datetime
    seen_at: datetime
    blocked_at: datetime | None
    screen: str
    detour: str | None
    focus: str | None
    card_version: int
    card_since: int
    shown_version: int
    card_message: int | None
    shown_at: datetime | None


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """A row of `participant`. `draft` is a tuple of lines."""

    id: int
    created_at: datetime
    finished_at: datetime | None = None
    at: str | None = None
    draft: tuple[str, ...] = ()
    from_summary: bool = False
    more: bool = False
    refreshing: bool = False
    offered: Mapping[str, str] | None = None
    quiet: str | None = None
    muted: Sequence[str] | None = None
    weekly_cap: int | None = None
    zone: str | None = None
    name: str | None = None
    aside_since: datetime | None = None
    aside_screen: str | None = None
    aside_language: str | None = None
    nth: int = 1
    restricted_at: datetime | None = None


_CHAT = tuple(chat.c[name] for name in ChatRow.__dataclass_fields__)
_PARTICIPANT = tuple(participant.c[name] for name in ParticipantRow.__dataclass_fields__)
_DRAFT = tuple(ParticipantRow.__dataclass_fields__).index("draft")
_LOAD = Prepared(
    select(*_CHAT, *_PARTICIPANT)
    .select_from(chat.outerjoin(participant))
    .where(chat.c.id == bindparam("id"))
    .order_by(participant.c.id)
    .with_for_update(of=chat)
)


def load(connection: Connection, chat_id: int) -> tuple[ChatRow, ParticipantRow | None] | None:
    """The chat and the participant who speaks. None for an unknown chat. Locked like `with_all`."""
    found = with_all(connection, chat_id)
    return None if found is None else (found[0], speaker(found[1]))


def with_all(connection: Connection, chat_id: int) -> tuple[ChatRow, tuple[ParticipantRow, ...]] | None:
    """The chat and everybody on its phone. None for an unknown chat. Locked until the transaction ends."""
    rows = _LOAD.rows(connection, {"id": chat_id})
    if not rows:
        return None
    people = (row[len(_CHAT) :] for row in rows)
    return ChatRow(*rows[0][: len(_CHAT)]), tuple(_person(*own) for own in people if own[0] is not None)


def speaker(people: Sequence[ParticipantRow]) -> ParticipantRow | None:
    """The person of a phone who speaks: the first who is not set aside. None if all are."""
    return next((one for one in people if one.aside_since is None), None)


def _person(*columns: Any) -> ParticipantRow:  # noqa: ANN401 - as many kinds as columns
    """The columns as a value."""
    draft = columns[_DRAFT]
    return ParticipantRow(*(*columns[:_DRAFT], tuple(draft.split("\n")) if draft else (), *columns[_DRAFT + 1 :]))


def language_of(connection: Connection, chat_id: int) -> str | None:
    """The language of a chat, empty if none was chosen. None if the chat does not exist. Takes no lock."""
    row = connection.execute(select(chat.c.language).where(chat.c.id == chat_id)).first()
    return None if row is None else row.language or ""


def zone_of(connection: Connection, chat_id: int) -> str | None:
    """The time zone of the participant who speaks in a chat. None: the town's, or nobody speaks."""
    speaks = (participant.c.chat_id == chat_id, participant.c.aside_since.is_(None))
    mine = select(participant.c.zone).where(*speaks).order_by(participant.c.id).limit(1)
    found: str | None = connection.execute(mine).scalar()
    return found


def create(connection: Connection, row: ChatRow) -> None:
    """Stores a new chat."""
    connection.execute(insert(chat), {name: getattr(row, name) for name in ChatRow.__dataclass_fields__})


def begun(chat_id: int, screen: str, source: str | None, now: datetime) -> ChatRow:
    """A new chat in which nothing was said yet."""
    return ChatRow(
        id=chat_id,
        language=None,
        source=source,
        created_at=now,
        seen_at=now,
        blocked_at=None,
        screen=screen,
        detour=None,
        focus=None,
        card_version=0,
        card_since=0,
        shown_version=0,
        card_message=None,
        shown_at=None,
    )


_UPDATES: dict[tuple[str, ...], Prepared] = {}


def save(connection: Connection, chat_id: int, changes: Mapping[str, Any]) -> None:
    """Changes the named columns of a chat."""
    names = tuple(changes)
    if names not in _UPDATES:
        _UPDATES[names] = Prepared(
            update(chat)
            .where(chat.c.id == bindparam("key"))
            .values({name: bindparam(f"new_{name}") for name in names})
        )
    new = {f"new_{name}": value for name, value in changes.items()}
    _UPDATES[names].changed(connection, {"key": chat_id, **new})


_SHOWN = Prepared(
    update(chat)
    .where(
        chat.c.id == bindparam("key"),
        bindparam("version", type_=Integer).between(chat.c.shown_version, chat.c.card_version),
    )
    .values(
        shown_version=bindparam("version"),
        card_message=bindparam("message"),
        shown_at=func.coalesce(bindparam("at", type_=UtcTime), chat.c.shown_at),
    )
)


@dataclass(frozen=True, slots=True)
class Mark:
    """The card of that version is in the chat as that message, since the messenger's time `at`.

    `at` is None if the message was already there in this form. `new`: the card was another message before. `page`:
    whom the card shows, if it is a page of the desk or replaces one.
    """

    chat_id: int
    version: int
    message: int
    at: datetime | None
    new: bool = False
    page: Page | None = None


def shown(connection: Connection, marks: Sequence[Mark]) -> None:
    """Stores which cards are really shown in their chats."""
    rows = [{"key": one.chat_id, "version": one.version, "message": one.message, "at": one.at} for one in marks]
    _SHOWN.each(connection, rows)
    for one in marks:
        if one.new and one.at is not None:
            leaving.shown(connection, one.chat_id, one.message, one.at)
        if one.page is not None:
            newest = connection.execute(select(chat.c.shown_version).where(chat.c.id == one.chat_id)).scalar()
            desk_pages.shown(connection, one.chat_id, one.message, one.page, newest=newest == one.version)


def blocked(connection: Connection, chat_id: int, since: datetime | None) -> None:
    """The person blocked the bot at that time, or (None) unblocked it."""
    connection.execute(update(chat).where(chat.c.id == chat_id).values(blocked_at=since))


def refused(connection: Connection, chat_id: int, at: datetime, now: datetime) -> bool:
    """Notes that the messenger reported the bot as blocked at `at`. Returns False if the person was active since.

    Activity later than now comes from a wrong clock and proves nothing.
    """
    unseen = update(chat).where(chat.c.id == chat_id, or_(chat.c.seen_at <= at, chat.c.seen_at > now))
    return bool(connection.execute(unseen.values(blocked_at=at)).rowcount)


def looking_at(connection: Connection, detour: str, focus: Collection[str]) -> list[int]:
    """The chats that show such a screen about one of these."""
    wanted = select(chat.c.id).where(chat.c.detour == detour, chat.c.focus.in_(focus), chat.c.blocked_at.is_(None))
    return list(connection.execute(wanted).scalars())


def owed(connection: Connection, now: datetime, quiet: timedelta) -> list[int]:
    """Chats that do not show their newest card, after `quiet`. The wait doubles with each card that got lost."""
    rows = connection.execute(
        select(chat.c.id, chat.c.seen_at, chat.c.card_version - chat.c.shown_version)
        .where(chat.c.card_version > chat.c.shown_version, chat.c.blocked_at.is_(None))
        .order_by(chat.c.seen_at)
    )
    return [key for key, seen_at, lost in rows if now - seen_at >= quiet * 2 ** min(lost - 1, MOST_DOUBLINGS)]
