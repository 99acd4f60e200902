"""Figures about the whole that are cheap enough to ask every few seconds: from indexes and small tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, literal_column, select

from bot.db.migrate import revision
from bot.db.outbox.deliveries import PRIORITIES, Kind
from bot.db.schema import UtcTime, delivery, inbox, replica

_PLANNED = delivery.c.state == literal_column("'planned'")
_CLAIMED = delivery.c.state == literal_column("'claimed'")
_NOW = bindparam("now", type_=UtcTime)
_OUTBOX = select(
    select(func.count()).select_from(delivery).where(_PLANNED).scalar_subquery(),
    select(func.count()).select_from(delivery).where(_PLANNED, delivery.c.next_at <= _NOW).scalar_subquery(),
    select(func.count()).select_from(delivery).where(_CLAIMED).scalar_subquery(),
    *(
        select(func.min(delivery.c.next_at))
        .where(_PLANNED, delivery.c.priority == literal_column(str(PRIORITIES[kind])))
        .scalar_subquery()
        for kind in (Kind.NOTICE, Kind.REMINDER)
    ),
)
_INBOX = select(
    func.count().filter(inbox.c.parked.is_(None)),
    func.count(inbox.c.parked),
    func.count().filter(inbox.c.parked.is_not(None), inbox.c.received_at > bindparam("lately", type_=UtcTime)),
    select(func.max(inbox.c.received_at)).scalar_subquery(),
).where(inbox.c.body.is_not(None))
_SERVING = select(
    replica.c.number, replica.c.name, replica.c.version, replica.c.started_at, replica.c.until < func.now()
).order_by(replica.c.number)


@dataclass(frozen=True, slots=True)
class Serving:
    """A process that serves the bot together with others. `late`: it has not renewed its lease in time."""

    number: int
    name: str
    version: str
    started_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """The database at one moment. `oldest_due`: since when an unsent notice or reminder is due.

    Broadcasts are left out there, because a large one is due for as long as it takes.
    """

    schema: str
    waiting: int
    parked: int
    parked_lately: int
    last_update: datetime | None
    planned: int
    due: int
    claimed: int
    oldest_due: datetime | None
    size: int
    """Bytes."""
    serving: tuple[Serving, ...] = ()
    """On PostgreSQL: the processes that share the work. The first one leads."""


def figures(connection: Connection, now: datetime, lately: datetime) -> Figures:
    """The figures now. `lately`: since when a parked update counts as new."""
    waiting, parked, parked_lately, last_update = connection.execute(_INBOX, {"lately": lately}).one()
    planned, due, claimed, *first = connection.execute(_OUTBOX, {"now": now}).one()
    oldest = min((one for one in first if one is not None and one <= now), default=None)
    return Figures(
        schema=revision(connection) or "none",
        waiting=waiting,
        parked=parked,
        parked_lately=parked_lately,
        last_update=last_update,
        planned=planned,
        due=due,
        claimed=claimed,
        oldest_due=oldest,
        size=size(connection),
        serving=tuple(Serving(*row) for row in connection.execute(_SERVING)),
    )


def size(connection: Connection) -> int:
    """The size of the database in bytes."""
    if connection.dialect.name == "sqlite":
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        found = pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    else:
        found = connection.execute(select(func.pg_database_size(func.current_database()))).scalar_one()
    return int(found)
