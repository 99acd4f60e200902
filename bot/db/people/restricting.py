"""People whose data is only kept (Art. 18 GDPR). They have no profile, so no audience, list or search has them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.db.audience import keeping
from bot.db.schema import participant

MOST = 200
"""The most people that a list shows, as everywhere."""


def restrict(connection: Connection, person: int, now: datetime) -> bool:
    """Restricts a person's data: it is only kept from now on. Returns whether that is new."""
    free = (participant.c.id == person, participant.c.restricted_at.is_(None))
    done = connection.execute(update(participant).where(*free).values(restricted_at=now)).rowcount
    _renew(connection, person)
    return bool(done)


def lift(connection: Connection, person: int) -> bool:
    """Lifts the restriction. Returns whether anything changed."""
    kept = (participant.c.id == person, participant.c.restricted_at.is_not(None))
    done = connection.execute(update(participant).where(*kept).values(restricted_at=None)).rowcount
    _renew(connection, person)
    return bool(done)


def everybody(connection: Connection) -> list[tuple[int, datetime]]:
    """The newest of them, each with since when."""
    since = participant.c.restricted_at
    wanted = select(participant.c.id, since).where(since.is_not(None)).order_by(since.desc()).limit(MOST)
    return [(person, at) for person, at in connection.execute(wanted)]


def _renew(connection: Connection, person: int) -> None:
    """Adds or removes the person's profile, in the same transaction."""
    keeping.mark(connection, person)
    keeping.refresh(connection, only=[person])
