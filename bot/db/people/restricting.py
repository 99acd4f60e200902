"""People whose data is only kept (Art. 18 GDPR): they have no profile, so no audience, list or search knows them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.db.audience import keeping
from bot.db.schema import participant

MOST = 200
"""People a list shows, as everywhere."""


def restrict(connection: Connection, person: int, now: datetime) -> bool:
    """Restrict it: it is only kept from now on; whether that is new."""
    free = (participant.c.id == person, participant.c.restricted_at.is_(None))
    done = connection.execute(update(participant).where(*free).values(restricted_at=now)).rowcount
    _renew(connection, person)
    return bool(done)


def lift(connection: Connection, person: int) -> bool:
    """Lift that again; whether anything changed."""
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
    """The profile comes or goes with it, in the same transaction."""
    keeping.mark(connection, person)
    keeping.refresh(connection, only=[person])
