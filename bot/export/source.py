"""The database, opened to be read while the bot runs: no lock is taken, nothing is written, no table is changed."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.db.engine import EXAMPLES, DatabaseRefused, UseCase
from bot.db.migrate import revision
from bot.db.resealing import check
from bot.db.schema import HEAD

T = TypeVar("T")
_PATIENCE = 5.0
"""Seconds to wait where the bot has the file for itself for a moment."""


def read(url: str, use_case: UseCase[T]) -> T:
    """What a use case finds in one state of the database: others may write meanwhile, it does not see that.

    Raises:
        DatabaseRefused: with a text for the operator: not there, unreachable, of another revision or with
            another key.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise DatabaseRefused(f"DATABASE_URL is no address. {EXAMPLES}") from None
    backend = address.get_backend_name()
    if backend == "sqlite":
        return _read_sqlite(Path(address.database or ""), use_case)
    if backend == "postgresql":
        return asyncio.run(_read_postgres(address.set(drivername="postgresql+asyncpg"), use_case))
    raise DatabaseRefused(f"DATABASE_URL names {backend}. {EXAMPLES}")


def _read_sqlite(path: Path, use_case: UseCase[T]) -> T:
    if not path.is_file():
        raise DatabaseRefused(f"There is no database {path}. Start Lotse once, or set DATABASE_URL or DATA_DIR.")

    def connect() -> sqlite3.Connection:
        address = f"file:{quote(str(path.resolve()))}?mode=ro"
        return sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    try:
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("BEGIN")  # one state from here on
            return _checked(connection, use_case)
    except DBAPIError as error:
        raise DatabaseRefused(f"Cannot read {path}: {error.orig}.") from error
    finally:
        engine.dispose()


async def _read_postgres(address: URL, use_case: UseCase[T]) -> T:
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - it brings the whole ORM along

    engine = create_async_engine(address, poolclass=NullPool, hide_parameters=True)
    try:
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            return await connection.run_sync(lambda plain: _checked(plain, use_case))
    except (OSError, DBAPIError) as error:
        # No more than the kind of error: the driver's own words may hold the password.
        where = f"{address.host or 'the local socket'}, database {address.database}"
        why = type(error.orig if isinstance(error, DBAPIError) else error).__name__
        raise DatabaseRefused(f"Cannot read PostgreSQL at {where}: {why}. Check DATABASE_URL.") from error
    finally:
        await engine.dispose()


def _checked(connection: Connection, use_case: UseCase[T]) -> T:
    found = revision(connection)
    if found != HEAD:
        raise DatabaseRefused(
            f"The database is at revision {found or 'none'}, this Lotse reads {HEAD}. Stop the bot and run"
            " `lotse migrate`, or take the Lotse that goes with the database."
        )
    check(connection)
    return use_case(connection)
