"""Deliveries of a broadcast that may or may not have arrived. Each waits for a human's decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select, update

from bot.core.broadcasts import cause
from bot.db.outbox.deliveries import PLANNED, Kind, State
from bot.db.schema import delivery

LEFT = "left"
"""The reason of one that stays as it is: a member decided so, or nothing more is sent."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """One that waits for a decision. `participant_id`: who it is for."""

    id: int
    participant_id: int | None


def number(connection: Connection, broadcast_id: int) -> int:
    """How many wait for a decision."""
    return int(connection.execute(select(func.count()).where(_waits(broadcast_id))).scalar_one())


def listed(connection: Connection, broadcast_id: int, skip: int, most: int) -> list[Doubted]:
    """Some of them, in the order they were planned, after the first `skip`."""
    wanted = select(delivery.c.id, delivery.c.participant_id).where(_waits(broadcast_id))
    return [Doubted(*row) for row in connection.execute(wanted.order_by(delivery.c.id).offset(skip).limit(most))]


def say_again(connection: Connection, broadcast_id: int, now: datetime, only: int | None = None) -> int:
    """Sends all of them again, or only this one. Returns how many."""
    connection.info[PLANNED] = True
    row = {"state": State.PLANNED.value, "next_at": now, "claimed_by": None}
    return connection.execute(update(delivery).where(_waits(broadcast_id, only)).values(row)).rowcount


def leave(connection: Connection, broadcast_id: int, only: int | None = None) -> int:
    """Leaves all of them, or only this one, as they are. They wait no longer. Returns how many."""
    return connection.execute(update(delivery).where(_waits(broadcast_id, only)).values(reason=LEFT)).rowcount


def _waits(broadcast_id: int, only: int | None = None) -> Any:  # noqa: ANN401 - SQLAlchemy's own
    its = and_(delivery.c.cause == cause(broadcast_id), delivery.c.kind == Kind.BROADCAST.value)
    waits = and_(its, delivery.c.state == State.UNKNOWN.value, delivery.c.reason.is_(None))
    return waits if only is None else and_(waits, delivery.c.id == only)
