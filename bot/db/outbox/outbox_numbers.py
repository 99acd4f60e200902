"""The outbox in numbers: how many deliveries are in each state, and what was sent lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from bot.db.outbox.deliveries import State
from bot.db.schema import delivery


@dataclass(frozen=True, slots=True)
class Count:
    """How many deliveries are in a state, since when the first is due, and how many were once in doubt."""

    number: int
    oldest: datetime
    doubted: int


def counts(connection: Connection) -> dict[State, Count]:
    """The outbox by state. States without a delivery are left out."""
    rows = connection.execute(
        select(
            delivery.c.state, func.count(), func.min(delivery.c.due_at), func.count(delivery.c.unknown_at)
        ).group_by(delivery.c.state)
    )
    return {State(state): Count(number, oldest, doubted) for state, number, oldest, doubted in rows}


def sent_since(connection: Connection, since: datetime, most: int) -> list[tuple[datetime, datetime]]:
    """When the newest deliveries sent since then were due and when they were sent, the newest first."""
    sent_at: ColumnElement[datetime] = delivery.c.sent_at
    rows = connection.execute(
        select(delivery.c.due_at, sent_at).where(sent_at >= since).order_by(sent_at.desc()).limit(most)
    )
    return [(due, sent) for due, sent in rows]
