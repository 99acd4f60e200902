"""The inbox: raw updates, stored before they are confirmed to the messenger, gone with their use case.

The id stays for a while, so that an update that comes again is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from operator import itemgetter
from typing import cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Text,
    Update,
    and_,
    any_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from bot.db import keys
from bot.db.keys import MissingKey, UnknownKey
from bot.db.prepared import Prepared
from bot.db.schema import inbox, participant, replica
from bot.db.sealing import SealedText, is_sealed
from bot.db.upsert import insert_of

KEEP_IDS = timedelta(hours=48)
"""How long an id is remembered: the messenger repeats updates for 24 hours."""
KEEP_STRANGERS = timedelta(hours=24)
"""How long anything is kept of people who have not consented."""
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


@cache
def _storing(dialect: str) -> Prepared:
    statement = insert_of(dialect, inbox).on_conflict_do_nothing().returning(inbox.c.update_id)
    return Prepared(statement, tuple(one.name for one in inbox.c))


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
    stored = _storing(connection.dialect.name).rows_of_each(connection, rows) if rows else ()
    return frozenset(update_id for (update_id,) in stored)


_TAKE = Prepared(
    update(inbox)
    .where(inbox.c.update_id == bindparam("id"), inbox.c.body.is_not(None))
    .values(body=None, chat_id=None, parked=None)
)


def take(connection: Connection, update_id: int) -> bool:
    """Take an update for the use case of this transaction; False where it was already taken, once and for all."""
    return _TAKE.changed(connection, {"id": update_id}) == 1


_BODY = cast("SealedText", inbox.c.body.type)
# Bodies are opened one by one: a row that no key opens must not hold the others.
_COLUMNS = (
    inbox.c.received_at,
    inbox.c.update_id,
    inbox.c.chat_id,
    type_coerce(inbox.c.body, Text).label("sealed"),
    inbox.c.attempts,
)


def waiting(connection: Connection) -> list[Arrived]:
    """What was stored and not yet handled, in order of arrival."""
    rows = connection.execute(select(*_COLUMNS).where(inbox.c.body.is_not(None), inbox.c.parked.is_(None)))
    # Put in order here: asked for it, SQLite would walk the index of all that came in two days.
    return [_arrived(*row) for row in sorted(rows, key=itemgetter(0, 1))]


def waits(connection: Connection, chat_id: int) -> bool:
    """Whether something of this chat was stored and not yet handled."""
    of_chat = (inbox.c.chat_id == chat_id, inbox.c.body.is_not(None), inbox.c.parked.is_(None))
    return connection.execute(select(inbox.c.update_id).where(*of_chat).limit(1)).first() is not None


_NUMBERS = ARRAY(BigInteger)


def take_over(connection: Connection, number: int, doubtful: Collection[int] = ()) -> list[Arrived]:
    """Give that replica what no living process works on; in order of arrival (PostgreSQL).

    `doubtful`: updates that are its own already, should they be there, and that it does not work on.

    Raises:
        MissingKey: another process has sealed one of them with a key that is not here yet.
    """
    there = select(replica.c.number)
    whose: list[ColumnElement[bool]] = [inbox.c.held_by.is_(None), inbox.c.held_by.not_in(there)]
    if doubtful:  # as one parameter: there may be more of them than a statement takes
        among = inbox.c.update_id == any_(literal(list(doubtful), _NUMBERS))
        whose.append(and_(inbox.c.held_by == number, among))
    left = (
        update(inbox)
        .where(
            inbox.c.body.is_not(None),
            inbox.c.parked.is_(None),
            or_(*whose),
        )
        .values(held_by=number)
        .returning(*_COLUMNS)
    )
    rows = sorted(connection.execute(left).all(), key=itemgetter(0, 1))
    return [_arrived(*row, may_come=True) for row in rows]


def load(connection: Connection, updates: Sequence[int]) -> list[Arrived]:
    """Those of these updates that wait, in the order of their ids."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(inbox.c.update_id.in_(updates), inbox.c.body.is_not(None), inbox.c.parked.is_(None))
        .order_by(inbox.c.update_id)
    )
    return [_arrived(*row) for row in rows]


def _arrived(
    _: datetime, update_id: int, chat_id: int | None, sealed: str, attempts: int, *, may_come: bool = False
) -> Arrived:
    """A row again; without a body where no key opens it.

    Raises:
        MissingKey: its key is not here, and it may still come (`may_come`).
    """
    try:
        body = keys.open_sealed(sealed, _BODY.label) if is_sealed(sealed) else sealed
    except UnknownKey as error:
        if may_come and isinstance(error, MissingKey):
            raise
        body = None
    return Arrived(update_id, chat_id, body, attempts)


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
    return connection.execute(select(func.count()).where(_ASIDE)).scalar_one()


@dataclass(frozen=True, slots=True)
class Aside:
    """An update that is set aside: its number, the code of why, and when it came."""

    update_id: int
    reason: str
    received_at: datetime


_ASIDE = and_(inbox.c.parked.is_not(None), inbox.c.body.is_not(None))


def aside(connection: Connection) -> list[Aside]:
    """All that are set aside, in order of arrival."""
    columns = (inbox.c.update_id, inbox.c.parked, inbox.c.received_at)
    rows = connection.execute(select(*columns).where(_ASIDE))
    return [Aside(*row) for row in sorted(rows, key=itemgetter(2, 0))]


def retry(connection: Connection, updates: Collection[int] = ()) -> int:
    """Let what is set aside (of these, if any) wait again as if it had just come, nobody's; how many."""
    return connection.execute(_of(updates).values(parked=None, attempts=0, held_by=None)).rowcount


def drop(connection: Connection, updates: Collection[int] = ()) -> int:
    """Forget what is set aside (of these, if any) but its number; how many."""
    return connection.execute(_of(updates).values(body=None, chat_id=None, parked=None)).rowcount


def _of(updates: Collection[int]) -> Update:
    chosen = update(inbox).where(_ASIDE)
    return chosen.where(inbox.c.update_id.in_(updates)) if updates else chosen


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
