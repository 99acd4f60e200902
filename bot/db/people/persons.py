"""Several people on one phone: one of them speaks. For the others we keep where they were when they last spoke.

The chat's place, language and last activity belong to the person who speaks. Those of a participant are here.
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
"""A participant's language, from rows of both tables."""
own_screen = func.coalesce(participant.c.aside_screen, chat.c.screen).label("screen")
"""A participant's place in the conversation."""
last_seen = func.coalesce(participant.c.aside_since, chat.c.seen_at).label("seen_at")
"""A participant's last activity."""


def only_kept(connection: Connection, participants: Collection[int]) -> frozenset[int]:
    """Those of them whose data is only kept (Art. 18 GDPR). No list of people shows them."""
    locked = participant.c.id.in_(participants), participant.c.restricted_at.is_not(None)
    return frozenset(connection.execute(select(participant.c.id).where(*locked)).scalars())


def set_aside(connection: Connection, participant_id: int, screen: str, language: str | None, now: datetime) -> None:
    """Another person speaks on the phone from now on. Keeps this one's place and language."""
    values = {"aside_since": now, "aside_screen": screen, "aside_language": language}
    connection.execute(update(participant).where(participant.c.id == participant_id).values(values))


def speak(connection: Connection, participant_id: int) -> None:
    """This person speaks on the phone from now on."""
    values = dict.fromkeys(("aside_since", "aside_screen", "aside_language"))
    connection.execute(update(participant).where(participant.c.id == participant_id).values(values))


def next_number(connection: Connection, chat_id: int) -> int:
    """The number of the next person on a phone."""
    highest = select(func.max(participant.c.nth)).where(participant.c.chat_id == chat_id)
    return int(connection.execute(highest).scalar() or 0) + 1


def number_again(connection: Connection, chat_id: int, nth: int) -> int:
    """The number of a person who comes back to a phone: their own, or the next one if somebody else has it now."""
    same = select(participant.c.id).where(participant.c.chat_id == chat_id, participant.c.nth == nth)
    return nth if connection.execute(same).first() is None else next_number(connection, chat_id)


def on_phones(connection: Connection, chat_ids: Collection[int]) -> dict[int, dict[int, Named]]:
    """The people of these chats, if several share the chat: by chat, then by id with their name, in order."""
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
    """The ids of a phone's people, in order."""
    found = select(participant.c.id).where(participant.c.chat_id == chat_id).order_by(participant.c.id)
    return list(connection.execute(found).scalars())


def forget_begun(connection: Connection, before: datetime, begun: Collection[str], instead: str) -> int:
    """Forgets the language of people who began on another's phone before then and did not consent. Returns how many.

    `begun`: the places before a consent. `instead`: the place at which the phone's first person speaks again.
    """
    set_aside_for = select(participant.c.chat_id).where(participant.c.aside_since.is_not(None))
    mine = (chat.c.id.in_(set_aside_for), chat.c.screen.in_(list(begun)), chat.c.seen_at < before)
    values = {"screen": instead, "language": None, "detour": None, "focus": None}
    return connection.execute(update(chat).where(*mine).values(values)).rowcount
