"""What is true about deliveries at the moment they are due: the seat, and what the person lets us write."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, false, select

from bot.core.seats import State
from bot.db.deliveries import Kind
from bot.db.schema import delivery, participant, registration


@dataclass(frozen=True, slots=True)
class World:
    """The seat a delivery is about, and its person's own settings; None where it is about none."""

    offer_id: str | None
    state: State | None
    held_until: datetime | None
    quiet: str | None
    muted: Sequence[str] | None
    weekly_cap: int | None


_LOAD = (
    select(
        delivery.c.id,
        registration.c.offer_id,
        registration.c.state,
        registration.c.held_until,
        participant.c.quiet,
        participant.c.muted,
        participant.c.weekly_cap,
    )
    .select_from(
        delivery.outerjoin(registration, delivery.c.registration_id == registration.c.id).outerjoin(
            participant, delivery.c.participant_id == participant.c.id
        )
    )
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)))
)


def load(connection: Connection, delivery_ids: Collection[int]) -> dict[int, World]:
    """The world of each delivery, by its id."""
    rows = connection.execute(_LOAD, {"ids": list(delivery_ids)})
    return {
        key: World(offer_id, None if state is None else State(state), *rest) for key, offer_id, state, *rest in rows
    }


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
