"""One use case written into the database from outside, whether a Lotse runs on it or not.

SQLite lets one connection write at a time, and the running Lotse waits for another one as long as a commit takes
(`BEGIN IMMEDIATE`, `busy_timeout`). So a second process may write for a moment where the tables are as this Lotse
knows them; docs/decisions/0011-staff.md says why that is enough.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError

from bot.db.engine import DatabaseRefused, T, UseCase, open_database
from bot.db.migrate import revision
from bot.db.resealing import meet
from bot.db.schema import HEAD


async def write(url: str, use_case: UseCase[T]) -> T:
    """The use case's result, once it is committed.

    A database that is not there, or not as this Lotse knows it, is opened as the bot opens it: brought to the newest
    revision where no Lotse runs on it, refused where one does.

    Raises:
        DatabaseRefused: with a text for the operator.
    """
    path = _sqlite_file(url)
    if path is not None:
        done = await asyncio.to_thread(_write_sqlite, url, path, use_case)
        if done is not None:
            return done[0]
    database = await open_database(url)
    try:
        return await database.run(use_case)
    finally:
        await database.close()


def _sqlite_file(url: str) -> Path | None:
    """The file of the address, where it is one of SQLite's."""
    try:
        address = make_url(url)
    except ArgumentError:
        return None
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


def _write_sqlite(url: str, path: Path, use_case: UseCase[T]) -> tuple[T] | None:
    """None where the file is not there, or of another revision."""
    from bot.db.sqlite import engine_for  # noqa: PLC0415 - only what is used is loaded

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
                meet(connection)
                result = (use_case(connection),)
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")
    return result
