"""The inbox: raw updates, stored before they are confirmed to the messenger, gone with their use case.

The id stays for a while, so that an update that comes again is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from sqlalchemy import Connection, and_, bindparam, delete, exists, func, or_, select, update

from bot.db.prepared import Prepared
from bot.db.schema import inbox, participant, replica
from bot.db.upsert import DIALECTS, insert_of

KEEP_IDS = timedelta(hours=48)
"""How long an id is remembered: the messenger repeats updates for 24 hours."""
KEEP_STRANGERS = timedelta(hours=24)
"""How long anything is kept of somebody who has not consented."""
KEEP_PARKED = timedelta(days=14)
"""How long an update that could not be handled is kept for whoever looks into it."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One raw update (JSON text) and the chat whose turn it is in (None: nobody's).

    Without a body it is only remembered as known.
    """

    update_id: int
    chat_id: int | None
    body: str | None
    attempts: int = 0


_STORE = {
    name: Prepared(
        insert_of(name, inbox).on_conflict_do_nothing().returning(inbox.c.update_id),
        tuple(one.name for one in inbox.c),
    )
    for name in DIALECTS
}


def store(
    connection: Connection, arrived: Iterable[Arrived], now: datetime, held_by: int | None = None
) -> frozenset[int]:
    """Store what is new, to be worked on by that replica; the ids that were new."""
    rows = [
        {
            "update_id": one.update_id,
            "chat_id": None if one.body is None else one.chat_id,
            "body": one.body,
            "received_at": now,
            "attempts": 0,
            "parked": None,
            "held_by": held_by,
        }
        for one in {one.update_id: one for one in arrived}.values()
    ]
    stored = _STORE[connection.dialect.name].rows_of_each(connection, rows) if rows else ()
    return frozenset(update_id for (update_id,) in stored)


_TAKE = Prepared(
    update(inbox)
    .where(inbox.c.update_id == bindparam("id"), inbox.c.body.is_not(None))
    .values(body=None, chat_id=None, parked=None)
)


def take(connection: Connection, update_id: int) -> bool:
    """Take an update for the use case of this transaction; False where it was already taken, once and for all."""
    return _TAKE.changed(connection, {"id": update_id}) == 1


def waiting(connection: Connection) -> list[Arrived]:
    """What was stored and not yet handled, in order of arrival."""
    columns = (inbox.c.received_at, inbox.c.update_id, inbox.c.chat_id, inbox.c.body, inbox.c.attempts)
    rows = connection.execute(select(*columns).where(inbox.c.body.is_not(None), inbox.c.parked.is_(None)))
    # Put in order here: asked for it, SQLite would walk the index of all that came in two days.
    return [Arrived(*row) for _, *row in sorted(rows, key=lambda row: (row.received_at, row.update_id))]


def waits(connection: Connection, chat_id: int) -> bool:
    """Whether something of this chat was stored and not yet handled."""
    of_chat = (inbox.c.chat_id == chat_id, inbox.c.body.is_not(None), inbox.c.parked.is_(None))
    return connection.execute(select(inbox.c.update_id).where(*of_chat).limit(1)).first() is not None


def take_over(connection: Connection, number: int) -> list[Arrived]:
    """What nobody who is there works on is that replica's from now on; in order of arrival (PostgreSQL)."""
    there = select(replica.c.number)
    left = (
        update(inbox)
        .where(
            inbox.c.body.is_not(None),
            inbox.c.parked.is_(None),
            or_(inbox.c.held_by.is_(None), inbox.c.held_by.not_in(there)),
        )
        .values(held_by=number)
        .returning(inbox.c.received_at, inbox.c.update_id, inbox.c.chat_id, inbox.c.body, inbox.c.attempts)
    )
    rows = sorted(connection.execute(left).all(), key=itemgetter(0, 1))
    return [Arrived(*row[1:]) for row in rows]


def load(connection: Connection, updates: Sequence[int]) -> list[Arrived]:
    """Those of these updates that wait, in the order of their ids."""
    rows = connection.execute(
        select(inbox.c.update_id, inbox.c.chat_id, inbox.c.body, inbox.c.attempts)
        .where(inbox.c.update_id.in_(updates), inbox.c.body.is_not(None), inbox.c.parked.is_(None))
        .order_by(inbox.c.update_id)
    )
    return [Arrived(*row) for row in rows]


def failed(connection: Connection, update_id: int) -> int:
    """Count a try that failed; how many there were."""
    row = connection.execute(
        update(inbox)
        .where(inbox.c.update_id == update_id)
        .values(attempts=inbox.c.attempts + 1)
        .returning(inbox.c.attempts)
    ).scalar()
    return row or 0


def park(connection: Connection, update_id: int, reason: str) -> None:
    """Set an update aside with a code of why; the ones behind it go on."""
    connection.execute(update(inbox).where(inbox.c.update_id == update_id).values(parked=reason[:64]))


def parked(connection: Connection) -> int:
    """How many updates are set aside."""
    return connection.execute(
        select(func.count()).where(inbox.c.parked.is_not(None), inbox.c.body.is_not(None))
    ).scalar_one()


def forget_old(connection: Connection, now: datetime) -> int:
    """Remove ids nobody will repeat, and parked updates nobody looked at; how many.

    A parked update of somebody who has not consented stays no longer than they do.
    """
    consented = exists().where(participant.c.chat_id == inbox.c.chat_id)
    done = delete(inbox).where(inbox.c.body.is_(None), inbox.c.received_at < now - KEEP_IDS)
    aside = delete(inbox).where(
        inbox.c.parked.is_not(None),
        or_(
            inbox.c.received_at < now - KEEP_PARKED,
            and_(inbox.c.received_at < now - KEEP_STRANGERS, ~consented),
        ),
    )
    return connection.execute(done).rowcount + connection.execute(aside).rowcount
