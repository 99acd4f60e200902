"""What is true about deliveries when they are due: the seat, and what the person allows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, false, select

from bot.core.seats import State
from bot.db.outbox.deliveries import Kind
from bot.db.people.participants import Hours, consents
from bot.db.people.persons import last_seen, own_screen
from bot.db.schema import chat, consent, delivery, participant, registration


@dataclass(frozen=True, slots=True)
class World:
    """The seat that a delivery is about, and its person's settings. None for a delivery about no seat or person."""

    offer_id: str | None
    state: State | None
    held_until: datetime | None
    hours: Hours
    muted: Sequence[str] | None
    weekly_cap: int | None
    finished_at: datetime | None
    more: bool | None
    seen_at: datetime | None
    restricted: bool
    """Whether their data is only kept."""
    screen: str
    """Their place in the conversation."""
    purposes: frozenset[str]
    """The purposes that the person agrees to now."""


_COLUMNS = (
    registration.c.offer_id,
    registration.c.state,
    registration.c.held_until,
    participant.c.quiet,
    participant.c.zone,
    participant.c.muted,
    participant.c.weekly_cap,
    participant.c.finished_at,
    participant.c.more,
    last_seen,
    participant.c.restricted_at.is_not(None),
    own_screen,
)
_LOAD = (
    select(delivery.c.id, *_COLUMNS)
    .select_from(
        delivery.outerjoin(registration, delivery.c.registration_id == registration.c.id)
        .outerjoin(participant, delivery.c.participant_id == participant.c.id)
        .join(chat, delivery.c.chat_id == chat.c.id)
    )
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)))
)


_PURPOSES = (
    select(delivery.c.id, consent.c.purpose)
    .join_from(delivery, consent, delivery.c.participant_id == consent.c.participant_id)
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)), consent.c.withdrawn_at.is_(None))
)


def load(connection: Connection, delivery_ids: Collection[int]) -> dict[int, World]:
    """The world of each delivery, by its id."""
    ids = {"ids": list(delivery_ids)}
    agreed: dict[int, set[str]] = {}
    for key, purpose in connection.execute(_PURPOSES, ids):
        agreed.setdefault(key, set()).add(purpose)
    return {key: _world(columns, agreed.get(key, ())) for key, *columns in connection.execute(_LOAD, ids)}


def of_person(connection: Connection, participant_id: int, registration_id: int | None) -> World:
    """The world of a delivery that is not planned yet, to an existing person, about this registration or none."""
    seat = false() if registration_id is None else registration.c.id == registration_id
    people = participant.join(chat, participant.c.chat_id == chat.c.id).outerjoin(registration, seat)
    mine = select(*_COLUMNS).select_from(people).where(participant.c.id == participant_id)
    return _world(connection.execute(mine).one(), consents(connection, participant_id))


def _world(columns: Sequence[Any], purposes: Collection[str]) -> World:
    offer_id, state, held_until, quiet, zone, muted, cap, finished_at, more, seen_at, restricted, screen = columns
    return World(
        offer_id=offer_id,
        state=None if state is None else State(state),
        held_until=held_until,
        hours=Hours(quiet, zone),
        muted=muted,
        weekly_cap=cap,
        finished_at=finished_at,
        more=more,
        seen_at=seen_at,
        restricted=restricted,
        screen=screen,
        purposes=frozenset(purposes),
    )


_SENT = select(delivery.c.chat_id, delivery.c.sent_at).where(
    delivery.c.chat_id.in_(bindparam("chats", expanding=True)),
    delivery.c.sent_at > bindparam("since"),
    delivery.c.kind.not_in((Kind.NOTICE.value, Kind.TALK.value)),
    delivery.c.urgent == false(),
    delivery.c.edits.is_(None),
)


def sent_since(connection: Connection, chats: Collection[int], since: datetime) -> dict[int, list[datetime]]:
    """When each chat was sent something that counts towards its weekly cap, the oldest first."""
    found: dict[int, list[datetime]] = {}
    for chat_id, at in connection.execute(_SENT.order_by(delivery.c.sent_at), {"chats": list(chats), "since": since}):
        found.setdefault(chat_id, []).append(at)
    return found
