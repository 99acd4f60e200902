"""Who is interested in what a broadcast offers, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.core.broadcasts import Interest
from bot.db.schema import interest


@dataclass(frozen=True, slots=True)
class Interested:
    """One person's interest. `partner` is whom they agreed to be told of; None: the team alone."""

    id: int
    participant_id: int
    broadcast_id: int
    partner: str | None
    state: Interest
    since: datetime


_COLUMNS = tuple(interest.c[name] for name in Interested.__dataclass_fields__)
LIVE = (Interest.OPEN.value, Interest.CALLED.value)


def of_person(connection: Connection, participant_id: int, broadcast_id: int) -> Interested | None:
    """A person's interest in one broadcast, withdrawn or not."""
    mine = select(*_COLUMNS).where(
        interest.c.participant_id == participant_id, interest.c.broadcast_id == broadcast_id
    )
    row = connection.execute(mine).first()
    return None if row is None else _interested(row)


def all_of_person(connection: Connection, participant_id: int) -> list[Interested]:
    """Everything a person is interested in, the newest first."""
    mine = (
        select(*_COLUMNS)
        .where(interest.c.participant_id == participant_id, interest.c.state != Interest.WITHDRAWN.value)
        .order_by(interest.c.id.desc())
    )
    return [_interested(row) for row in connection.execute(mine)]


def load(connection: Connection, number: int) -> Interested | None:
    """One interest by its number."""
    row = connection.execute(select(*_COLUMNS).where(interest.c.id == number)).first()
    return None if row is None else _interested(row)


def of_broadcast(connection: Connection, broadcast_id: int) -> list[Interested]:
    """Who is interested, in the order they said so; those who took it back are left out."""
    found = (
        select(*_COLUMNS)
        .where(interest.c.broadcast_id == broadcast_id, interest.c.state != Interest.WITHDRAWN.value)
        .order_by(interest.c.since, interest.c.id)
    )
    return [_interested(row) for row in connection.execute(found)]


def counts(connection: Connection, broadcast_id: int) -> dict[Interest, int]:
    """How many are in each state."""
    rows = connection.execute(
        select(interest.c.state, func.count())
        .where(interest.c.broadcast_id == broadcast_id)
        .group_by(interest.c.state)
    )
    return {Interest(state): number for state, number in rows}


def give(connection: Connection, one: Interested, language: str, text_version: str) -> None:
    """Somebody is interested, once more where they had taken it back; with the text they agreed to."""
    same = (interest.c.participant_id == one.participant_id, interest.c.broadcast_id == one.broadcast_id)
    row: dict[str, Any] = {
        "partner": one.partner,
        "language": language,
        "text_version": text_version,
        "state": one.state.value,
        "since": one.since,
        "changed_at": one.since,
        "changed_by": None,
        "nudged_at": None,
    }
    if not connection.execute(update(interest).where(*same).values(row)).rowcount:
        keys = {"participant_id": one.participant_id, "broadcast_id": one.broadcast_id}
        connection.execute(insert(interest).values(**keys, **row))


def change(connection: Connection, number: int, state: Interest, by: int | None, now: datetime) -> None:
    """Something became of it; `by` None: the person themselves."""
    row = {"state": state.value, "changed_at": now, "changed_by": by}
    connection.execute(update(interest).where(interest.c.id == number).values(row))


def forgotten(connection: Connection, before: datetime) -> Sequence[int]:
    """The broadcasts with people who wait since then for a call, and of whom the team was not told yet."""
    waiting = (
        interest.c.state == Interest.OPEN.value,
        interest.c.since < before,
        interest.c.nudged_at.is_(None),
    )
    return connection.execute(select(interest.c.broadcast_id).where(*waiting).distinct()).scalars().all()


def forget_old(connection: Connection, before: datetime) -> int:
    """Delete interests of which nothing was heard since then; how many."""
    return connection.execute(delete(interest).where(interest.c.changed_at < before)).rowcount


def nudged(connection: Connection, broadcast_id: int, now: datetime) -> None:
    """The team was told of those who wait."""
    waiting = (interest.c.broadcast_id == broadcast_id, interest.c.state == Interest.OPEN.value)
    connection.execute(update(interest).where(*waiting).values(nudged_at=now))


def _interested(row: Row[Any]) -> Interested:
    return Interested(row.id, row.participant_id, row.broadcast_id, row.partner, Interest(row.state), row.since)
