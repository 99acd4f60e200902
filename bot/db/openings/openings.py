"""Who was told about which openings by a message, or is interested in them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from bot.core.broadcasts import cause
from bot.db.outbox.deliveries import Kind, State
from bot.db.schema import broadcast, delivery, interest

_NOT_HEARD = (State.SKIPPED.value, State.FAILED.value, State.BLOCKED.value)


def told(connection: Connection, chats: Collection[int], openings: Collection[str]) -> frozenset[tuple[int, str]]:
    """Which of these chats got or will get a message about which of these openings, as (chat, opening)."""
    about = select(broadcast.c.id, broadcast.c.offer_id).where(broadcast.c.offer_id.in_(openings))
    causes = {cause(row.id): row.offer_id for row in connection.execute(about)}
    if not causes:
        return frozenset()
    rows = connection.execute(
        select(delivery.c.chat_id, delivery.c.cause).where(
            delivery.c.cause.in_(causes),
            delivery.c.chat_id.in_(chats),
            delivery.c.kind == Kind.BROADCAST.value,
            delivery.c.state.not_in(_NOT_HEARD),
        )
    )
    return frozenset((row.chat_id, causes[row.cause]) for row in rows)


def interested(
    connection: Connection, participants: Collection[int], openings: Collection[str]
) -> frozenset[tuple[int, str]]:
    """Which of these people were ever interested in which of these openings, as (participant, opening)."""
    rows = connection.execute(
        select(interest.c.participant_id, interest.c.offer_id).where(
            interest.c.participant_id.in_(participants), interest.c.offer_id.in_(openings)
        )
    )
    return frozenset((row.participant_id, row.offer_id) for row in rows)
