"""What is true about deliveries at the moment they are due: the seat, and what the person lets us write."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, false, select

from bot.core.seats import State
from bot.db.deliveries import Kind
from bot.db.participants import Hours
from bot.db.schema import chat, consent, delivery, participant, registration


@dataclass(frozen=True, slots=True)
class World:
    """The seat a delivery is about, and its person's own settings; None where it is about none."""

    offer_id: str | None
    state: State | None
    held_until: datetime | None
    hours: Hours
    muted: Sequence[str] | None
    weekly_cap: int | None
    finished_at: datetime | None
    seen_at: datetime | None
    purposes: frozenset[str]
    """What the person agrees to now."""


_LOAD = (
    select(
        delivery.c.id,
        registration.c.offer_id,
        registration.c.state,
        registration.c.held_until,
        participant.c.quiet,
        participant.c.muted,
        participant.c.weekly_cap,
        participant.c.zone,
        participant.c.finished_at,
        chat.c.seen_at,
    )
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
    found = {}
    for row in connection.execute(_LOAD, ids):
        found[row.id] = World(
            offer_id=row.offer_id,
            state=None if row.state is None else State(row.state),
            held_until=row.held_until,
            hours=Hours(row.quiet, row.zone),
            muted=row.muted,
            weekly_cap=row.weekly_cap,
            finished_at=row.finished_at,
            seen_at=row.seen_at,
            purposes=frozenset(agreed.get(row.id, ())),
        )
    return found


_SENT = select(delivery.c.chat_id, delivery.c.sent_at).where(
    delivery.c.chat_id.in_(bindparam("chats", expanding=True)),
    delivery.c.sent_at > bindparam("since"),
    delivery.c.kind != Kind.NOTICE.value,
    delivery.c.urgent == false(),
    delivery.c.edits.is_(None),
)


def sent_since(connection: Connection, chats: Collection[int], since: datetime) -> dict[int, list[datetime]]:
    """When each chat was sent something that counts towards its weekly cap, the oldest first."""
    found: dict[int, list[datetime]] = {}
    for chat_id, at in connection.execute(_SENT.order_by(delivery.c.sent_at), {"chats": list(chats), "since": since}):
        found.setdefault(chat_id, []).append(at)
    return found
