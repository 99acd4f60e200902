"""Broadcasts that wait for a second member's review, and why one was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from bot.db.schema import broadcast_review


@dataclass(frozen=True, slots=True)
class Review:
    """Who submitted a broadcast. It waits since `handed_in_at`. None: it does not wait, and `refusal` may say why."""

    broadcast_id: int
    handed_in_by: int | None
    handed_in_at: datetime | None
    refused_by: int | None = None
    refusal: str | None = None


_COLUMNS = tuple(broadcast_review.c[name] for name in Review.__dataclass_fields__)


def load(connection: Connection, broadcast_id: int) -> Review | None:
    """The review of a broadcast. None if it was never submitted."""
    row = connection.execute(select(*_COLUMNS).where(broadcast_review.c.broadcast_id == broadcast_id)).first()
    return None if row is None else Review(*row)


def save(connection: Connection, one: Review) -> None:
    """Writes a review. It replaces any earlier one."""
    values = {name: getattr(one, name) for name in Review.__dataclass_fields__}
    same = broadcast_review.c.broadcast_id == one.broadcast_id
    if not connection.execute(update(broadcast_review).where(same).values(values)).rowcount:
        connection.execute(insert(broadcast_review), values)


def take_back(connection: Connection, broadcast_id: int) -> bool:
    """Takes it back before anybody releases it. Returns whether it was waiting."""
    waits = (broadcast_review.c.broadcast_id == broadcast_id) & broadcast_review.c.handed_in_at.is_not(None)
    return bool(connection.execute(update(broadcast_review).where(waits).values(handed_in_at=None)).rowcount)
