"""Access to the database from outside the bot, whether or not a Lotse runs on it: reading, or one writing use case.

Reading sees one state, takes no lock, writes nothing and changes no table. SQLite lets one connection write at a
time, and the running Lotse waits for another writer for the length of a commit (`BEGIN IMMEDIATE`, `busy_timeout`).
So a second process may write for a moment, if the tables are as this Lotse knows them. docs/decisions/0011-staff.md
explains why that is enough.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, DBAPIError

from bot.db import resealing
from bot.db.engine import DatabaseDamaged, DatabaseRefused, T, UseCase, address, numbers, open_database, place
from bot.db.migrate import revision
from bot.db.schema import HEAD
from bot.db.sqlite import engine_for, is_damaged

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

PATIENCE = 5.0
"""Seconds to wait if the bot has the file to itself for a moment."""


def named(url: URL) -> str:
    """The name of a database for people to read, never with its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"PostgreSQL at {place(url)}"


def why(error: BaseException) -> str:
    """Only the kind of the error, because the text of PostgreSQL's driver may contain the password."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = str(getattr(cause, "sqlstate", None) or "")
    return f"{type(cause).__name__} {state}".strip()


def read(url: str, use_case: UseCase[T], *, check: bool = True) -> T:
    """The result of a use case that reads one state of the database. It does not see what others write meanwhile.

    `check`: refuse unless revision and key are those that this Lotse knows.

    Raises:
        DatabaseRefused: with a text for the operator: missing, unreachable, or not what `check` expects.
        DatabaseDamaged: it is not a database, or is damaged.
    """
    at = address(url)

    def looked(connection: Connection) -> T:
        if check:
            _known(connection)
        return use_case(connection)

    if at.get_backend_name() == "postgresql":
        return asyncio.run(_read_postgres(at, looked))
    return _read_sqlite(Path(str(at.database)), looked)


def _read_sqlite(path: Path, use_case: UseCase[T]) -> T:
    if not path.is_file():
        demo = path.parent / "demo"
        more = f" Here is that of a demo: DATA_DIR={demo}" if (demo / path.name).is_file() else ""
        what = f"There is no database {path}. Start Lotse once, or set DATABASE_URL or DATA_DIR."
        raise DatabaseRefused(what + more)
    try:
        with sqlite_file(path, "ro") as connection:
            connection.exec_driver_sql("BEGIN")  # one state from here on
            return use_case(connection)
    except DBAPIError as error:
        if is_damaged(error):
            raise DatabaseDamaged(f"{path} is damaged: {error.orig}.") from error
        raise DatabaseRefused(f"Cannot read {path}: {error.orig}.") from error


async def _read_postgres(at: URL, use_case: UseCase[T]) -> T:
    engine = postgres(at)
    try:
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            return await connection.run_sync(use_case)
    except (OSError, DBAPIError) as error:
        raise DatabaseRefused(f"Cannot read {named(at)}: {why(error)}. Check the address.") from error
    finally:
        await engine.dispose()


def _known(connection: Connection) -> None:
    found = revision(connection)
    if found != HEAD:
        raise DatabaseRefused(
            f"The database is at revision {found or 'none'}, this Lotse reads {HEAD}. Stop the bot and run"
            " `lotse migrate`, or take the Lotse that goes with the database."
        )
    resealing.check(connection)


@contextmanager
def sqlite_file(path: Path, mode: str) -> Iterator[Connection]:
    """One connection to a file in SQLite's `mode` (ro, rw). It does not begin or commit by itself."""

    def connect() -> sqlite3.Connection:
        uri = f"file:{quote(str(path.resolve()))}?mode={mode}"
        return sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    try:
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            yield connection
    finally:
        engine.dispose()


def postgres(at: URL) -> AsyncEngine:
    """An engine that closes each connection after use, and whose errors contain no values."""
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - it brings the whole ORM along

    return create_async_engine(at, poolclass=NullPool, hide_parameters=True, connect_args=numbers(at))


async def write(url: str, use_case: UseCase[T]) -> T:
    """The use case's result after its commit.

    A database that is missing, or not as this Lotse knows it, is opened in the way of the bot: migrated if no Lotse
    runs on it, refused if one does.

    Raises:
        DatabaseRefused: with a text for the operator.
    """
    at = address(url)
    if at.get_backend_name() == "sqlite":
        done = await asyncio.to_thread(_write_sqlite, url, Path(str(at.database)), use_case)
        if done is not None:
            return done[0]
    database = await open_database(url)
    try:
        return await database.run(use_case)
    finally:
        await database.close()


def _write_sqlite(url: str, path: Path, use_case: UseCase[T]) -> tuple[T] | None:
    """Like `write`, for a file. None if the file is missing or has another revision."""
    if not path.is_file():
        return None
    engine = engine_for(url)
    try:
        return _in_transaction(engine, use_case)
    except DatabaseError as error:
        raise DatabaseRefused(f"Cannot write {path}: {error.orig}.") from error
    finally:
        engine.dispose()


def _in_transaction(engine: Engine, use_case: UseCase[T]) -> tuple[T] | None:
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            result = None
            if revision(connection) == HEAD:
                resealing.meet(connection)
                result = (use_case(connection),)
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")
    return result
