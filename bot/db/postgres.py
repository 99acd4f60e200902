"""PostgreSQL: runs the same use cases, each in its own transaction on a pooled asyncpg connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from functools import partial
from time import monotonic, perf_counter
from typing import Any

import asyncpg
from sqlalchemy import Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot import alive, metrics, tracing
from bot.db import replica, wire
from bot.db.engine import DatabaseAway, DatabaseRefused, T, UseCase, nobody, numbers, place, unlisted
from bot.db.migrate import bring_up_to_date
from bot.db.outbox.deliveries import PLANNED
from bot.db.replica import Connect, Replica, connection_name
from bot.db.rights.erasure import ERASED

POOL = 10
LONGEST = 60.0
"""Seconds after which a transaction is given up, because a cut line says nothing."""
RESTS_SINCE = "rests_since"
"""Key in the pool's entry of a connection: when it was put back."""
LOCK_MILLISECONDS = "1000"
"""How long the connection that renews a lease waits for anybody's lock."""
RESTED = 1.0
"""Seconds in the pool after which a connection is tested before use. That takes three messages to the server."""
AGAIN = frozenset({"40001", "40P01"})
"""serialization_failure and deadlock_detected: PostgreSQL asks to run the transaction again."""
AWAY = ("08", "25006", "53", "57P", "58")
"""How the states of an unusable server begin: lost, read-only, out of room, shutting down."""
MEANING = {
    "3D000": "there is no such database",
    "28P01": "the password is wrong",
    "28000": "this user may not connect",
    "08P01": "what stands between (PgBouncer?) does not let us through; its log says why",
    "26000": wire.SHARED,
    "42P05": wire.SHARED,
}


class PostgresDatabase:
    """A pool of connections."""

    def __init__(self, engine: AsyncEngine, name: str, connect: Connect) -> None:
        self._engine = engine
        self._name = name
        self._connect = connect
        self.on_planned: Callable[[], None] = nobody
        self.on_erased: Callable[[Collection[int | str]], None] = unlisted

    @classmethod
    async def open(cls, url: URL) -> PostgresDatabase:
        """Connects, and migrates the tables to the newest revision."""
        # No query here runs long enough to be worth compiling. Counting an audience would wait longer for that.
        name = alive.name()
        settings = {"jit": "off"}
        named: dict[str, Any] = {"server_settings": {"application_name": connection_name(name)}}
        made = {"async_creator_fn": partial(wire.connect, settings=settings), **named, **numbers(url)}
        engine = create_async_engine(url, pool_size=POOL, max_overflow=0, hide_parameters=True, connect_args=made)
        _check_when_taken(engine)
        try:
            await wire.require_own_session(engine)
            async with engine.connect() as connection:
                await connection.run_sync(bring_up_to_date)
                await connection.commit()
        except (OSError, DBAPIError) as error:
            await engine.dispose()
            raise _refusal(url, error) from error
        except DatabaseRefused:
            await engine.dispose()
            raise
        aside = settings | {"lock_timeout": LOCK_MILLISECONDS}
        _, options = engine.dialect.create_connect_args(url)
        options.update(numbers(url), timeout=replica.PATIENCE, command_timeout=replica.PATIENCE)
        return cls(engine, name, partial(wire.connect, **options, **named, settings=aside))

    def replica(self, version: str) -> Replica:
        """See `Database.replica`."""
        return Replica(self._connect, self._name, version)

    async def renew(self) -> None:
        """See `Database.renew`."""
        await self._engine.dispose()

    async def run(self, use_case: UseCase[T]) -> T:
        """See `Database.run`."""

        def noted(connection: Connection) -> tuple[T, bool]:
            connection.info.pop(PLANNED, None)  # left over from a transaction that failed
            connection.info.pop(ERASED, None)
            result = use_case(connection)
            if erased := connection.info.pop(ERASED, None):
                self.on_erased(erased)
            return result, connection.info.pop(PLANNED, False)

        began = perf_counter()
        with tracing.span("transaction"):
            result, planned = await self._run(noted)
        metrics.TRANSACTION.observe(perf_counter() - began)
        if planned:
            self.on_planned()
        return result

    async def _run(self, use_case: UseCase[T]) -> T:
        for last in (False, False, True):
            try:
                async with asyncio.timeout(LONGEST), self._engine.begin() as connection:
                    return await connection.run_sync(use_case)
            except (
                PoolTimeout,
                OSError,
                asyncpg.InternalClientError,
            ) as error:  # the last one: cut in the middle of a word
                raise DatabaseAway(type(error).__name__) from error
            except DBAPIError as error:
                state = _state(error)
                if error.connection_invalidated or self._is_cut(error) or state.startswith(AWAY):
                    raise DatabaseAway(state or type(error).__name__) from error
                if last or state not in AGAIN:
                    raise
        raise AssertionError("the loop returns or raises")

    def _is_cut(self, error: DBAPIError) -> bool:
        """Whether the line broke, between two words or in the middle of one."""
        return isinstance(error, InterfaceError) or isinstance(
            error.orig, self._engine.dialect.loaded_dbapi.InternalClientError
        )

    async def tidy(self) -> None:
        """Does nothing: PostgreSQL's own autovacuum does it, see docs/operate.md."""

    async def close(self) -> None:
        """See `Database.close`."""
        await self._engine.dispose()


def _check_when_taken(engine: AsyncEngine) -> None:
    """Replaces lost connections when they are taken from the pool.

    `pool_pre_ping` would test each connection each time, which costs a tap a quarter of its messages to the server.
    The driver hears when the server ends a connection. A cut line says nothing, so a connection is tested after a
    rest.
    """

    def put_back(_: object, record: ConnectionPoolEntry) -> None:
        record.info[RESTS_SINCE] = monotonic()

    def taken(connection: Any, record: ConnectionPoolEntry, _: object) -> None:  # noqa: ANN401 - the driver's, adapted
        rests_since = record.info.get(RESTS_SINCE)
        if connection.driver_connection.is_closed():
            raise InvalidatePoolError
        if rests_since is not None and monotonic() - rests_since > RESTED:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError from error

    event.listen(engine.sync_engine, "checkin", put_back)
    event.listen(engine.sync_engine, "checkout", taken)


def _refusal(url: URL, error: OSError | DBAPIError) -> DatabaseAway | DatabaseRefused:
    """The error to raise if the database cannot be opened. Its type says whether it may pass."""
    state = _state(error)
    why = MEANING.get(state) or (f"SQLSTATE {state}" if state else type(error).__name__)
    if isinstance(error, wire.NoneToWrite):
        why = str(error)
    passes = isinstance(error, OSError) or state in AGAIN or state.startswith(AWAY)
    kind = DatabaseAway if passes else DatabaseRefused
    return kind(f"Cannot use PostgreSQL at {place(url)}: {why}. Check DATABASE_URL.")


def _state(error: BaseException) -> str:
    """PostgreSQL's own code of an error. Empty if it gave none."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(cause, "sqlstate", None) or "")
