"""Several people on one phone: one of them speaks; for the others we keep where they were when they last did.

The chat's place, language and last sign are those of whoever speaks; what is meant of a participant stands here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from bot.db.schema import chat, participant


@dataclass(frozen=True, slots=True)
class Named:
    """One of a phone's people: the name they gave, and their number on the phone."""

    name: str | None
    nth: int


own_language = func.coalesce(participant.c.aside_language, chat.c.language).label("language")
"""A participant's language, of rows of both tables."""
own_screen = func.coalesce(participant.c.aside_screen, chat.c.screen).label("screen")
"""A participant's place in the conversation."""
last_seen = func.coalesce(participant.c.aside_since, chat.c.seen_at).label("seen_at")
"""A participant's last sign."""


def only_kept(connection: Connection, participants: Collection[int]) -> frozenset[int]:
    """Those of them whose data is only kept (Art. 18 GDPR): no list of people has them."""
    locked = participant.c.id.in_(participants), participant.c.restricted_at.is_not(None)
    return frozenset(connection.execute(select(participant.c.id).where(*locked)).scalars())


def set_aside(connection: Connection, participant_id: int, screen: str, language: str | None, now: datetime) -> None:
    """Somebody else speaks on the phone from now on: keep where this one was, and in which language."""
    values = {"aside_since": now, "aside_screen": screen, "aside_language": language}
    connection.execute(update(participant).where(participant.c.id == participant_id).values(values))


def speak(connection: Connection, participant_id: int) -> None:
    """This one speaks on the phone from now on."""
    values = dict.fromkeys(("aside_since", "aside_screen", "aside_language"))
    connection.execute(update(participant).where(participant.c.id == participant_id).values(values))


def next_number(connection: Connection, chat_id: int) -> int:
    """The number of the next one on a phone."""
    highest = select(func.max(participant.c.nth)).where(participant.c.chat_id == chat_id)
    return int(connection.execute(highest).scalar() or 0) + 1


def number_again(connection: Connection, chat_id: int, nth: int) -> int:
    """The number of somebody who comes back to a phone: theirs, or the next where another has it by now."""
    same = select(participant.c.id).where(participant.c.chat_id == chat_id, participant.c.nth == nth)
    return nth if connection.execute(same).first() is None else next_number(connection, chat_id)


def on_phones(connection: Connection, chat_ids: Collection[int]) -> dict[int, dict[int, Named]]:
    """The people of those of these chats that several share, by chat: each by key with their name, in order."""
    several = (
        select(participant.c.chat_id)
        .where(participant.c.chat_id.in_(list(chat_ids)))
        .group_by(participant.c.chat_id)
        .having(func.count() > 1)
    )
    people = select(participant.c.chat_id, participant.c.id, participant.c.name, participant.c.nth)
    found: dict[int, dict[int, Named]] = {}
    rows = connection.execute(people.where(participant.c.chat_id.in_(several)).order_by(participant.c.id))
    for chat_id, person, name, nth in rows:
        found.setdefault(chat_id, {})[person] = Named(name, nth)
    return found


def of_chat(connection: Connection, chat_id: int) -> list[int]:
    """The numbers of a phone's people, in order."""
    found = select(participant.c.id).where(participant.c.chat_id == chat_id).order_by(participant.c.id)
    return list(connection.execute(found).scalars())


def forget_begun(connection: Connection, before: datetime, begun: Collection[str], instead: str) -> int:
    """Forget the language of whoever began on somebody's phone before that, and has not consented; how many.

    `begun` are the places before a consent; `instead` is one where the phone's first speaks once more.
    """
    set_aside_for = select(participant.c.chat_id).where(participant.c.aside_since.is_not(None))
    mine = (chat.c.id.in_(set_aside_for), chat.c.screen.in_(list(begun)), chat.c.seen_at < before)
    values = {"screen": instead, "language": None, "detour": None, "focus": None}
    return connection.execute(update(chat).where(*mine).values(values)).rowcount
