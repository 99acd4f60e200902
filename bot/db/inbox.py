"""The inbox: raw updates. They are stored before they are confirmed to the messenger, and removed by their use case.

The id stays for a while, so that a repeated update is recognised.
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
"""How long an id is remembered. The messenger repeats updates for 24 hours."""
KEEP_STRANGERS = timedelta(hours=24)
"""How long anything is kept about people who have not consented."""
KEEP_PARKED = timedelta(days=14)
"""How long an update that could not be handled is kept for inspection."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One raw update (JSON text) and the chat in whose turn it is handled (None: no chat).

    Without a body, only its id is remembered.
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
    """Stores new updates, to be handled by the replica `held_by`. Returns the ids that were new."""
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
    """Takes an update for the use case of this transaction. False if it was already taken."""
    return _TAKE.changed(connection, {"id": update_id}) == 1


_BODY = cast("SealedText", inbox.c.body.type)
# Bodies are opened one by one, so that a row that no key opens does not stop the others.
_COLUMNS = (
    inbox.c.received_at,
    inbox.c.update_id,
    inbox.c.chat_id,
    type_coerce(inbox.c.body, Text).label("sealed"),
    inbox.c.attempts,
)


def waiting(connection: Connection) -> list[Arrived]:
    """Updates that were stored and not yet handled, in order of arrival."""
    rows = connection.execute(select(*_COLUMNS).where(inbox.c.body.is_not(None), inbox.c.parked.is_(None)))
    # Sorted here: with ORDER BY, SQLite would walk the index of all updates of two days.
    return [_arrived(*row) for row in sorted(rows, key=itemgetter(0, 1))]


def waits(connection: Connection, chat_id: int) -> bool:
    """Whether a stored update of this chat is not handled yet."""
    of_chat = (inbox.c.chat_id == chat_id, inbox.c.body.is_not(None), inbox.c.parked.is_(None))
    return connection.execute(select(inbox.c.update_id).where(*of_chat).limit(1)).first() is not None


_NUMBERS = ARRAY(BigInteger)


def take_over(connection: Connection, number: int, doubtful: Collection[int] = ()) -> list[Arrived]:
    """Gives that replica the updates that no living process handles, in order of arrival (PostgreSQL).

    `doubtful`: ids of updates that already belong to it, if they exist, and that it does not handle yet.

    Raises:
        MissingKey: another process has sealed one of them with a key that is not here yet.
    """
    there = select(replica.c.number)
    whose: list[ColumnElement[bool]] = [inbox.c.held_by.is_(None), inbox.c.held_by.not_in(there)]
    if doubtful:  # one parameter, because there may be more than a statement takes
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
    """Those of these updates that wait, by id."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(inbox.c.update_id.in_(updates), inbox.c.body.is_not(None), inbox.c.parked.is_(None))
        .order_by(inbox.c.update_id)
    )
    return [_arrived(*row) for row in rows]


def _arrived(
    _: datetime, update_id: int, chat_id: int | None, sealed: str, attempts: int, *, may_come: bool = False
) -> Arrived:
    """A row as a value. Without a body if no key opens it.

    Raises:
        MissingKey: its key is not here and may still come (`may_come`).
    """
    try:
        body = keys.open_sealed(sealed, _BODY.label) if is_sealed(sealed) else sealed
    except UnknownKey as error:
        if may_come and isinstance(error, MissingKey):
            raise
        body = None
    return Arrived(update_id, chat_id, body, attempts)


def failed(connection: Connection, update_id: int) -> int:
    """Counts a failed try. Returns how many there were."""
    row = connection.execute(
        update(inbox)
        .where(inbox.c.update_id == update_id)
        .values(attempts=inbox.c.attempts + 1)
        .returning(inbox.c.attempts)
    ).scalar()
    return row or 0


def park(connection: Connection, update_id: int, reason: str) -> None:
    """Sets an update aside with a code for the reason. The updates after it go on."""
    connection.execute(update(inbox).where(inbox.c.update_id == update_id).values(parked=reason[:64]))


def parked(connection: Connection) -> int:
    """How many updates are set aside."""
    return connection.execute(select(func.count()).where(_ASIDE)).scalar_one()


@dataclass(frozen=True, slots=True)
class Aside:
    """An update that is set aside: its id, the code of the reason, and when it came."""

    update_id: int
    reason: str
    received_at: datetime


_ASIDE = and_(inbox.c.parked.is_not(None), inbox.c.body.is_not(None))


def aside(connection: Connection) -> list[Aside]:
    """All updates that are set aside, in order of arrival."""
    columns = (inbox.c.update_id, inbox.c.parked, inbox.c.received_at)
    rows = connection.execute(select(*columns).where(_ASIDE))
    return [Aside(*row) for row in sorted(rows, key=itemgetter(2, 0))]


def retry(connection: Connection, updates: Collection[int] = ()) -> int:
    """Makes updates that were set aside (only these, if given) wait again as new and nobody's. Returns how many."""
    return connection.execute(_of(updates).values(parked=None, attempts=0, held_by=None)).rowcount


def drop(connection: Connection, updates: Collection[int] = ()) -> int:
    """Forgets updates that were set aside (only these, if given), except their ids. Returns how many."""
    return connection.execute(_of(updates).values(body=None, chat_id=None, parked=None)).rowcount


def _of(updates: Collection[int]) -> Update:
    chosen = update(inbox).where(_ASIDE)
    return chosen.where(inbox.c.update_id.in_(updates)) if updates else chosen


def forget_old(connection: Connection, now: datetime) -> int:
    """Removes ids that nobody repeats any more, and parked updates that nobody looked at. Returns how many.

    A parked update of a person who has not consented stays no longer than they do.
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
