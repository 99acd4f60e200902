"""A connection to either database, for tests that look at all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import create_async_engine

from bot.db.sqlite import engine_for

CHEAP_INDEXES: Mapping[str, str] = {"random_page_cost": "1.1"}
"""For disks without a moving arm. Otherwise PostgreSQL thinks a whole table of a few thousand rows is cheap."""


def on(url: str, look: Callable[[Engine, Connection], None], **settings: str) -> None:
    """Runs something on a connection to either database, with settings for PostgreSQL. Does not commit by itself."""
    if url.startswith("sqlite"):
        engine = engine_for(url)
        with engine.connect() as connection:
            connection.begin()
            connection.exec_driver_sql("BEGIN")
            look(engine, connection)
        engine.dispose()
        return

    async def look_at_postgres() -> None:
        remote = create_async_engine(url, connect_args={"server_settings": {"jit": "off", **settings}})
        try:
            async with remote.connect() as connection:
                await connection.run_sync(lambda tx: look(remote.sync_engine, tx))
        finally:
            await remote.dispose()

    asyncio.run(look_at_postgres())


def keep(connection: Connection) -> None:
    """Commits what was done on such a connection, and goes on."""
    _end(connection, "COMMIT")


def undo(connection: Connection) -> None:
    """Rolls back what was done on such a connection since the last commit, and goes on."""
    _end(connection, "ROLLBACK")


def _end(connection: Connection, how: str) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(how)
        connection.exec_driver_sql("BEGIN")
    elif how == "COMMIT":
        connection.commit()
    else:
        connection.rollback()
